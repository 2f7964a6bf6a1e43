import { sentencesOf } from './chunk.ts';
import type { Passage } from './passage.ts';
import type { Wanted } from './search-index.ts';
import { isLight, kindsAsked, wordsOf } from './words.ts';

/**
 * How sure it is that a passage answers the question, 0 to 1: the share of what the question is about that it speaks of, half of it
 * counted over the whole passage and half within its best sentence. Words that meet only by chance are spread over a passage; an answer
 * has them together. Headings belong to every sentence.
 */
export function nearness(about: readonly Wanted[], { heading, also = '', title, text }: Passage): number {
  const headed = new Set([...wordsOf(heading), ...kindsAsked(heading), ...wordsOf(also), ...kindsAsked(also)]);
  const above = new Set([...headed, ...wordsOf(title)]);
  const sentences = sentencesOf(text).map(wordsOf);
  const all = new Set([...above, ...sentences.flat()]);
  if (!speaksOf(about, all)) return 0;
  const best = Math.max(0, ...sentences.map((words) => coverage(about, new Set([...above, ...words]))));
  const near = (coverage(about, all) + best) / 2;
  return headed.size > 0 && !speaksOf(about, headed) ? near * BESIDE : near;
}

/** A passage under a heading that shares nothing with the question may speak of it in passing only. */
const BESIDE = 0.8;

/** Has it one of the question's own words, and not just those of asking? */
function speaksOf(about: readonly Wanted[], words: ReadonlySet<string>): boolean {
  return about.some(({ spellings }) => spellings.some(({ word }) => words.has(word) && !isLight(word)));
}

function coverage(about: readonly Wanted[], words: ReadonlySet<string>): number {
  let total = 0;
  let covered = 0;
  for (const { weight, spellings } of about) {
    total += weight;
    covered += weight * (spellings.find(({ word }) => words.has(word))?.likeness ?? 0);
  }
  return total === 0 ? 0 : covered / total;
}
