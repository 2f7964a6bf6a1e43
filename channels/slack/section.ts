import { piecesOf, type Run, sliceOf, wordsOf } from '#channel';
import type { Block } from './block.ts';
import { mrkdwn, toMrkdwn } from './mrkdwn.ts';

/** Characters of a section's text, markup and escapes counted (https://docs.slack.dev/reference/block-kit/blocks/section-block). */
const LIMIT = 3_000;

/** A text as blocks, cut where a reader would. `expand`: Slack folds a long one otherwise. */
export function sections(runs: readonly Run[]): readonly Block[] {
  return fittingIn(runs).map((piece) => ({ type: 'section', expand: true, text: mrkdwn(piece) }));
}

/** What is written is longer than what is read, by how much depends on what it is: cut again what is still too long. */
function fittingIn(runs: readonly Run[], limit = LIMIT): readonly (readonly Run[])[] {
  const text = wordsOf(runs);
  if (text.trim() === '') return [];
  if (text.length <= limit && toMrkdwn(runs).length <= LIMIT) return [runs];
  const shorter = text.length <= limit ? Math.max(1, Math.floor(text.length / 2)) : limit;
  return piecesOf(text, () => shorter).flatMap(([from, to]) => fittingIn(sliceOf(runs, from, to), shorter));
}
