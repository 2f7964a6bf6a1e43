import { borderIn } from '#channel';

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

function cut(text: string, most: number, whole: RegExp | undefined): number {
  const kept = whole === undefined ? [] : spansOf(text.slice(0, most + LONGEST_WHOLE), whole);
  const isFree = (at: number) => !kept.some(([from, to]) => at > from && at < to);
  const at = borderIn(text, most, isFree);
  const broken = isFree(at) ? undefined : kept.find(([from, to]) => from > 0 && at > from && at < to);
  return broken?.[0] ?? at;
}

function spansOf(text: string, whole: RegExp): [from: number, to: number][] {
  return [...text.matchAll(whole)].map(({ index, 0: found }) => [index, index + found.length]);
}

/** UTF-16 units beyond the cut that are looked at for the end of what must stay whole. */
const LONGEST_WHOLE = 2_100;
