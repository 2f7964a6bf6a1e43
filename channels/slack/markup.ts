/**
 * Our markdown as Slack understands it. It is taken apart into runs first, because a text that is cut in two must not be cut inside a
 * sequence of Slack's, and because what a customer or a model wrote must never become one.
 */
export interface Run {
  readonly text: string;
  readonly style?: 'bold' | 'italic' | 'code';
  readonly url?: string;
}

/** In this order: an escaped character, code, bold, italic, a labelled link, a bare address. Every repetition is bounded: time is linear. */
const MARKUP =
  /\\([\\*`[\]])|`([^`\n]{1,400})`|\*\*(?=\S)([^\n]{1,400}?\S?)\*\*(?!\*)|\*(?=[^\s*])([^*\n]{1,400})\*|\[([^[\]\n]{1,400})\]\((\S{1,2000}?)\)|(https?:\/\/[^\s<>|"'`，。！？；：、（）]{1,2000})/g;

/** Never throws; what is not markup stays text. */
export function runsOf(markdown: string): readonly Run[] {
  return inline(markdown.replaceAll(/^([ \t]{0,8})[-*][ \t]+(?=\S)/gm, '$1• '));
}

function inline(text: string): Run[] {
  const runs: Run[] = [];
  let end = 0;
  for (const match of text.matchAll(MARKUP)) {
    runs.push({ text: text.slice(end, match.index) }, ...runOf(match));
    end = match.index + match[0].length;
  }
  return [...runs, { text: text.slice(end) }].filter((run) => run.text !== '');
}

function runOf([whole, literal, code, bold, italic, label, url, bare]: RegExpExecArray): Run[] {
  if (literal !== undefined) return [{ text: literal }];
  if (code !== undefined) return [{ text: code, style: 'code' }];
  if (bold !== undefined) return inline(bold).map((run) => ({ style: 'bold', ...run }));
  if (italic !== undefined) return inline(italic).map((run) => ({ style: 'italic', ...run }));
  if (bare !== undefined) return address(bare);
  return label !== undefined && url !== undefined && isWeb(url) ? [{ text: label, url }] : [{ text: whole }];
}

/** "See https://shop.example." ends a sentence, not an address. */
function address(bare: string): Run[] {
  const [tail = ''] = /[.,;:!?)\]*_]+$/.exec(bare) ?? [];
  const url = bare.slice(0, bare.length - tail.length);
  return isWeb(url) ? [{ text: url, url }, { text: tail }] : [{ text: bare }];
}

/** http and https, nothing else. */
export function isWeb(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** What is read of it. */
export function plain(runs: readonly Run[]): string {
  return runs.map(({ text }) => text).join('');
}

/** The runs between two places of the plain text. */
export function slice(runs: readonly Run[], from: number, to: number): readonly Run[] {
  const part: Run[] = [];
  let at = 0;
  for (const run of runs) {
    const text = run.text.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (text !== '') part.push({ ...run, text });
    at += run.text.length;
  }
  return part;
}
