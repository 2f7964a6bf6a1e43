/** From the best to the worst: a paragraph, a line, a sentence, a word. */
const BORDERS = [/\n\s*\n/gu, /\n/gu, /[.!?]\s|[。！？；]/gu, /\s/gu];

/**
 * Where a reader would cut a text that is too long, so that its first piece has at most `most` UTF-16 units: at the last border, in
 * text without any between two characters as people count them. `isFree` keeps it from cutting in places where it must not.
 */
export function borderIn(text: string, most: number, isFree: (at: number) => boolean = anywhere): number {
  const head = text.slice(0, most + LONGEST_GRAPHEME);
  for (const border of BORDERS) {
    const last = [...head.matchAll(border)].map(endOf).findLast((at) => at <= most && isFree(at));
    // A border far ahead would leave a scrap; a worse one further on reads better.
    if (last !== undefined && last > most / 2) return last;
  }
  return graphemeIn(text, most);
}

/** Before the white space that it is made of. */
function endOf({ index, 0: found }: RegExpExecArray): number {
  return index + found.trimEnd().length;
}

/** The last border between two characters; one that is longer than that by itself (a tower of accents) is cut all the same. */
export function graphemeIn(text: string, most: number): number {
  const from = Math.max(0, most - LONGEST_GRAPHEME);
  // Looked at beyond the end, too: where a character ends is seen by what follows it.
  const near = [...characters.segment(text.slice(from, most + LONGEST_GRAPHEME))].map(({ index }) => index + from);
  const last = near.findLast((at) => at > from && at <= most);
  if (last !== undefined) return last;
  return isHalf(text.charCodeAt(most - 1)) && most > 1 ? most - 1 : most;
}

function isHalf(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function anywhere(): boolean {
  return true;
}

const characters = new Intl.Segmenter();

/** UTF-16 units: families of emoji have about 30. */
const LONGEST_GRAPHEME = 128;

/**
 * The pieces of a text, as `[from, to]` of each, white space between two of them left out. `fits` tells how many UTF-16 units a piece
 * may have that begins there.
 */
export function piecesOf(
  text: string,
  fits: (from: number) => number,
  isFree?: (at: number) => boolean,
): readonly (readonly [from: number, to: number])[] {
  const found: [number, number][] = [];
  const end = text.trimEnd().length;
  let from = 0;
  for (let most = fits(from); end - from > most; most = fits(from)) {
    const at =
      from + borderIn(text.slice(from, from + most + AHEAD), most, isFree && ((place) => isFree(from + place)));
    found.push([from, from + text.slice(from, at).trimEnd().length]);
    from = at + /^\s*/.exec(text.slice(at))![0].length;
  }
  found.push([from, end]);
  return found.filter(([start, to]) => to > start);
}

/** UTF-16 units beyond a piece that decide where it ends. */
const AHEAD = 2 * LONGEST_GRAPHEME;
