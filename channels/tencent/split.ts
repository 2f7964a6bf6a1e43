/** Tencent counts texts in bytes of UTF-8: a Han character has three, an emoji four. */
export function bytesOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** From the best to the worst: a paragraph, a line, a sentence, a word. */
const BORDERS = [/\n\s*\n/gu, /\n/gu, /[.!?]\s|[。！？]/gu, /\s/gu];

/**
 * Where to cut a text so that every piece has at most `limit` bytes: `[from, to]` of each in UTF-16 units, white space between two of
 * them left out. At the last border that a reader would choose; in text without any, between two characters as people count them.
 */
export function cuts(text: string, limit: number): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  let from = 0;
  for (let most = fitting(text, from, limit); from + most < text.length; most = fitting(text, from, limit)) {
    const at = from + borderIn(text.slice(from, from + most + LONGEST_GRAPHEME), most);
    found.push([from, from + text.slice(from, at).trimEnd().length]);
    from = at + /^\s*/.exec(text.slice(at))![0].length;
  }
  found.push([from, text.trimEnd().length]);
  return found.filter(([start, end]) => end > start);
}

export function split(text: string, limit: number): readonly string[] {
  return cuts(text, limit).map(([from, to]) => text.slice(from, to));
}

/** UTF-16 units from `from` on that fit into `limit` bytes; never half a character. */
function fitting(text: string, from: number, limit: number): number {
  let bytes = 0;
  let at = from;
  while (at < text.length) {
    const point = text.codePointAt(at) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (bytes > limit) break;
    at += point < 0x10000 ? 1 : 2;
  }
  return at - from;
}

function borderIn(head: string, most: number): number {
  for (const border of BORDERS) {
    const last = [...head.matchAll(border)]
      .map((match) => match.index + match[0].trimEnd().length)
      .findLast((at) => at <= most);
    // A border far ahead would leave a scrap; a worse one further on reads better.
    if (last !== undefined && last > most / 2) return last;
  }
  return graphemeIn(head, most);
}

const characters = new Intl.Segmenter();

/** One that is longer than that by itself (a tower of accents) is cut all the same. */
function graphemeIn(head: string, most: number): number {
  const window = Math.max(0, most - LONGEST_GRAPHEME);
  const borders = [...characters.segment(head.slice(window))].map(({ index }) => index + window);
  return borders.findLast((at) => at > window && at <= most) ?? most;
}

/** UTF-16 units that are looked at for a border: families of emoji have about 30. */
const LONGEST_GRAPHEME = 128;
