import { isWeb } from './web-address.ts';

/** A stretch of text that looks one way. */
export interface Run {
  readonly text: string;
  readonly style?: 'bold' | 'italic' | 'code' | 'strike';
  /** Where it leads. */
  readonly url?: string;
}

/** In this order: an escaped character, code, bold, italic, a labelled link. Every repetition is bounded: time is linear. */
const MARKUP =
  /\\([\\*_`[\]])|`([^`\n]{1,400})`|\*\*(?=\S)([^\n]{1,400}?\S?)\*\*(?!\*)|\*(?=[^\s*])([^*\n]{1,400})\*|\[([^[\]\n]{1,400})\]\((\S{1,2000}?)\)/g;

/**
 * The markdown subset of messages, taken apart: what of it is a limit counts differs from app to app, a text that is cut in two must
 * not be cut inside a mark, and what a customer or a model wrote must never become one of the platform's. Never throws; what is not
 * markup stays text. Items of lists begin with a bullet.
 */
export function runsOf(markdown: string): readonly Run[] {
  return runsIn(withBullets(markdown));
}

/** The same, of one line or one item. */
export function runsIn(text: string): readonly Run[] {
  const runs: Run[] = [];
  let end = 0;
  for (const match of text.matchAll(MARKUP)) {
    runs.push({ text: text.slice(end, match.index) }, ...runsBehind(match));
    end = match.index + match[0].length;
  }
  return [...runs, { text: text.slice(end) }].filter((run) => run.text !== '');
}

function runsBehind([whole, literal, code, bold, italic, label, url]: RegExpExecArray): readonly Run[] {
  if (literal !== undefined) return [{ text: literal }];
  if (code !== undefined) return [{ text: code, style: 'code' }];
  if (bold !== undefined) return runsIn(bold).map((run) => ({ style: 'bold', ...run }));
  if (italic !== undefined) return runsIn(italic).map((run) => ({ style: 'italic', ...run }));
  return label !== undefined && url !== undefined && isWeb(url) ? [{ text: label, url }] : [{ text: whole }];
}

/** Markdown in an app that knows no markup: only words and addresses are left of it. */
export function withoutMarkup(markdown: string): string {
  return runsIn(markdown)
    .map(({ text, url }) => (url === undefined || url === text ? text : `${text}: ${url}`))
    .join('');
}

export function withBullets(markdown: string): string {
  return markdown.replaceAll(/^([ \t]{0,8})[-*][ \t]+(?=\S)/gm, '$1• ');
}

/** What is read of runs. */
export function wordsOf(runs: readonly Run[]): string {
  return runs.map(({ text }) => text).join('');
}

/** The runs between two places of the words. */
export function sliceOf(runs: readonly Run[], from: number, to: number): readonly Run[] {
  const part: Run[] = [];
  let at = 0;
  for (const run of runs) {
    const text = run.text.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (text !== '') part.push({ ...run, text });
    at += run.text.length;
  }
  return part;
}
