/** From the best to the worst: a paragraph, a line, a sentence, a word. */
const BORDERS = [/\n\s*\n/gu, /\n/gu, /[.!?]\s|[。！？]/gu, /\s/gu];

/**
 * Where to cut a text so that every piece has at most `limit` UTF-16 units: `[from, to]` of each, white space between two of them
 * left out. At the last border that a reader would choose; in text without any, between two characters as people count them.
 */
export function cuts(text: string, limit: number): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  let from = 0;
  while (text.length - from > limit) {
    const at = from + borderIn(text.slice(from, from + limit + LONGEST_GRAPHEME), limit);
    found.push([from, from + text.slice(from, at).trimEnd().length]);
    from = at + /^\s*/.exec(text.slice(at))![0].length;
  }
  found.push([from, text.trimEnd().length]);
  return found.filter(([start, end]) => end > start);
}

function borderIn(head: string, limit: number): number {
  for (const border of BORDERS) {
    const last = [...head.matchAll(border)]
      .map((match) => match.index + match[0].trimEnd().length)
      .findLast((at) => at <= limit);
    // A border far ahead would leave a scrap; a worse one further on reads better.
    if (last !== undefined && last > limit / 2) return last;
  }
  return graphemeIn(head, limit);
}

const characters = new Intl.Segmenter();

/** One that is longer than that by itself (a tower of accents) is cut all the same. */
function graphemeIn(head: string, limit: number): number {
  const window = Math.max(0, limit - LONGEST_GRAPHEME);
  const borders = [...characters.segment(head.slice(window))].map(({ index }) => index + window);
  return borders.findLast((at) => at > window && at <= limit) ?? limit;
}

/** UTF-16 units that are looked at for a border: families of emoji have about 30. */
const LONGEST_GRAPHEME = 128;
