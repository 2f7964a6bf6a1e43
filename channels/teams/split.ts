import { type Line, toMessage } from './markup.ts';

/** Lines in pieces that are written in at most `limit` UTF-16 units each: between lines, else sentences, words, characters. */
export function pieces(lines: readonly Line[], limit: number): readonly (readonly Line[])[] {
  const found: Line[][] = [];
  let piece: Line[] = [];
  for (const line of lines.flatMap((each) => short(each, limit))) {
    if (piece.length > 0 && toMessage([...piece, line]).length > limit) {
      found.push(piece);
      piece = [];
    }
    piece.push(line);
  }
  return piece.length === 0 ? found : [...found, piece];
}

/** A character is written as six at most. */
const LONGEST = 6;

/** A line that is too long alone loses its markup and keeps its words. */
function short(line: Line, limit: number): readonly Line[] {
  if (toMessage([line]).length <= limit) return [line];
  const text = line.runs.map((run) => (run.url === undefined ? run.text : `${run.text} ${run.url}`)).join('');
  return cut(text, Math.floor(limit / LONGEST)).map((words) => ({ runs: [{ text: words }], gap: false }));
}

/** From the best to the worst. */
const BORDERS = [/[.!?]\s|[。！？]/gu, /\s/gu];

function cut(text: string, limit: number): string[] {
  const found: string[] = [];
  let rest = text.trim();
  while (rest.length > limit) {
    const at = borderIn(rest.slice(0, limit));
    found.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return rest === '' ? found : [...found, rest];
}

function borderIn(head: string): number {
  for (const border of BORDERS) {
    const last = [...head.matchAll(border)].at(-1);
    // A border far ahead would leave a scrap.
    if (last !== undefined && last.index > head.length / 2) return last.index + last[0].length;
  }
  const window = Math.max(0, head.length - LONGEST_GRAPHEME);
  const borders = [...characters.segment(head.slice(window))].map(({ index }) => index + window);
  return borders.findLast((at) => at > window) ?? head.length;
}

const characters = new Intl.Segmenter();
/** UTF-16 units: families of emoji have about 30. */
const LONGEST_GRAPHEME = 128;
