/** From the best to the worst: a paragraph, a line, a sentence, a word. */
const BORDERS = [/\n\s*\n/gu, /\n/gu, /[.!?]\s|[。！？；]/gu, /\s/gu];

/**
 * A text in pieces of at most `limit` bytes in UTF-8, white space between two of them left out. Cut at the last border that a reader
 * would choose, in text without any between two characters as people count them, and never inside what `whole` finds: a link.
 */
export function splitBytes(text: string, limit: number, whole?: RegExp): readonly string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (Buffer.byteLength(rest) > limit) {
    const at = cut(rest, fitting(rest, limit), whole);
    pieces.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return rest === '' ? pieces : [...pieces, rest];
}

/** The most UTF-16 units from the beginning that have at most so many bytes. */
function fitting(text: string, limit: number): number {
  let bytes = 0;
  let units = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > limit) break;
    units += character.length;
  }
  return units;
}

/** A border far ahead would leave a scrap; a worse one further on reads better. */
function cut(text: string, most: number, whole: RegExp | undefined): number {
  const head = text.slice(0, most);
  const kept = whole === undefined ? [] : spansOf(text.slice(0, most + LONGEST_WHOLE), whole);
  const isFree = (at: number) => !kept.some(([from, to]) => at > from && at < to);
  for (const border of BORDERS) {
    const at = [...head.matchAll(border)].map(endOf).findLast((each) => each <= most && isFree(each));
    if (at !== undefined && at > most / 2) return at;
  }
  const broken = kept.find(([from, to]) => from > 0 && most > from && most < to);
  return broken?.[0] ?? graphemeIn(text, most);
}

function endOf({ index, 0: found }: RegExpExecArray): number {
  return index + found.trimEnd().length;
}

function spansOf(text: string, whole: RegExp): [from: number, to: number][] {
  return [...text.matchAll(whole)].map(({ index, 0: found }) => [index, index + found.length]);
}

/** UTF-16 units beyond the cut that are looked at for the end of what must stay whole. */
const LONGEST_WHOLE = 2_100;

const characters = new Intl.Segmenter();

/** One that is longer than that by itself (a tower of accents) is cut all the same. */
function graphemeIn(text: string, most: number): number {
  const window = Math.max(0, most - LONGEST_GRAPHEME);
  const borders = [...characters.segment(text.slice(window, most + LONGEST_GRAPHEME))].map(
    ({ index }) => index + window,
  );
  return borders.findLast((at) => at > window && at <= most) ?? most;
}

/** UTF-16 units that are looked at for a border: families of emoji have about 30. */
const LONGEST_GRAPHEME = 128;
