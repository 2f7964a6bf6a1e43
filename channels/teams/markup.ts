import { type Run, runsIn, wordsOf } from '#channel';

/**
 * Markdown as Teams understands it, which is not one but two: a message's text becomes HTML, a card's stays markdown. So the markup is
 * taken apart into lines and runs first, and put together for the place it goes to; what a customer's own words look like is never
 * markup.
 */
export interface Line {
  readonly runs: readonly Run[];
  /** `-` or `2.` where it is an item of a list. */
  readonly bullet?: string;
  /** Is there an empty line before it? */
  readonly gap: boolean;
}

/** Never throws; what is not markup stays text. */
export function linesOf(markdown: string): readonly Line[] {
  const lines: Line[] = [];
  let gap = false;
  for (const line of markdown.split('\n')) {
    const [, bullet, item] = /^[ \t]{0,8}([-*]|\d{1,3}\.)[ \t]+(\S.*)$/.exec(line) ?? [];
    if (line.trim() === '') gap = lines.length > 0;
    else {
      const mark = bullet === undefined ? {} : { bullet: bullet === '*' ? '-' : bullet };
      lines.push({ runs: runsIn(item ?? line.trim()), ...mark, gap });
      gap = false;
    }
  }
  return lines;
}

/** Words that are nobody's markup. */
export function literal(text: string): readonly Line[] {
  return [{ runs: [{ text }], gap: false }];
}

/** What is read of it, on one line. */
export function plain(lines: readonly Line[]): string {
  return lines.map(({ runs }) => wordsOf(runs)).join(' ');
}

/** For `text` of a message: a line of its own needs an empty one before it, except in a list. */
export function toMessage(lines: readonly Line[]): string {
  return lines
    .map((line, index) => {
      const inList = line.bullet !== undefined && lines[index - 1]?.bullet !== undefined && !line.gap;
      return (index === 0 ? '' : inList ? '\n' : '\n\n') + written(line, 'message');
    })
    .join('');
}

/** For text blocks of a card, one for each line, a list being one. `gap`: apart from the one before. */
export function toBlocks(lines: readonly Line[]): readonly { readonly text: string; readonly gap: boolean }[] {
  const blocks: { text: string; gap: boolean; list: boolean }[] = [];
  for (const line of lines) {
    const last = blocks.at(-1);
    const list = line.bullet !== undefined;
    if (list && last?.list && !line.gap) last.text += `\n${written(line, 'card')}`;
    else blocks.push({ text: written(line, 'card'), gap: line.gap, list });
  }
  return blocks.map(({ text, gap }) => ({ text, gap }));
}

type Place = 'message' | 'card';

const MARKS = { bold: '**', italic: '_', strike: '~~' } as const;

function written({ runs, bullet }: Line, place: Place): string {
  const words = runs.map((run) => decorated(run, place)).join('');
  if (bullet !== undefined) return `${bullet} ${words}`;
  // "# 1" and "12. May" begin no heading and no list.
  return words.replace(/^(?:#{1,6}(?=\s)|[-+](?=\s)|\d{1,9}(?=[.)]\s))/, (mark) => beginning(mark, place));
}

function decorated({ text, style, url }: Run, place: Place): string {
  const words = escaped(text, place);
  const mark = style === undefined || style === 'code' ? '' : MARKS[style];
  const styled = mark + words + mark;
  // Whether characters of HTML are read inside of code is nowhere said: what has some is no code.
  if (style === 'code' && place === 'message' && !/[&<`]/.test(text)) return `\`${text}\``;
  return url === undefined
    ? styled
    : `[${styled}](${new URL(url).href.replaceAll(/[()]/g, (mark) => PARENTHESES[mark] ?? mark)})`;
}

const PARENTHESES: Readonly<Record<string, string>> = { '(': '%28', ')': '%29' };

/** In a message as characters of HTML, in a card with a backslash. */
function escaped(text: string, place: Place): string {
  return place === 'message'
    ? text.replaceAll(/[&<>*_`[\]~\\]/g, entity)
    : text.replaceAll(/[\\*_[\]]/g, (mark) => `\\${mark}`);
}

/** UTF-16 units that a character takes in a message. */
export function writtenLength(character: string): number {
  return escaped(character, 'message').length;
}

function beginning(mark: string, place: Place): string {
  const last = mark.slice(-1);
  if (/\d/.test(last)) return place === 'message' ? mark.slice(0, -1) + entity(last) : `${mark}\u200b`;
  return place === 'message' ? entity(mark.slice(0, 1)) + mark.slice(1) : `\\${mark}`;
}

function entity(mark: string): string {
  return `&#${mark.charCodeAt(0)};`;
}
