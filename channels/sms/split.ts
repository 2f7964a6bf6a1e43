import { sizeOf } from './segments.ts';

/** Segments of one message: Twilio takes ten (1,600 characters at most, error 21617), and phones put as many together. */
export const MOST_SEGMENTS = 10;
/** UTF-16 units that are cut at a time, so that not even a book is looked at twice. */
const WINDOW = 1_530;
/** `(12/34) ` */
const MARK = 10;

/** A text in messages that the network carries. Several are marked (1/3), since networks may deliver them in any order. */
export function split(text: string): readonly string[] {
  if (fits(text)) return [text];
  const pieces = cut(text);
  return pieces.map((piece, index) => `(${index + 1}/${pieces.length}) ${piece}`);
}

function fits(text: string): boolean {
  return text.length <= 1_600 && sizeOf(text).segments <= MOST_SEGMENTS;
}

function cut(text: string): string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (!fits(pad(rest))) {
    const head = rest.slice(0, fitting(rest));
    const at = borderIn(head, rest);
    pieces.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return rest === '' ? pieces : [...pieces, rest];
}

/** The most UTF-16 units from the beginning that fit beside a mark. More text never needs fewer segments, so halving finds it. */
function fitting(text: string): number {
  let low = 1;
  let high = Math.min(text.length, WINDOW);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(pad(text.slice(0, middle)))) low = middle;
    else high = middle - 1;
  }
  return low;
}

function pad(text: string): string {
  return '0'.repeat(MARK) + text;
}

/** From the best to the worst: a paragraph, a line, a sentence, a word. */
const BORDERS = [/\n\s*\n/gu, /\n/gu, /[.!?]\s|[。！？]/gu, /\s/gu];

function borderIn(head: string, whole: string): number {
  for (const border of BORDERS) {
    const last = [...head.matchAll(border)].at(-1);
    // A border far ahead would leave a scrap; a worse one further on reads better.
    if (last !== undefined && last.index > head.length / 2) return last.index + last[0].length;
  }
  return graphemeIn(head, whole);
}

/** Between two characters as people count them; one that is longer by itself (a tower of accents) is cut all the same. */
function graphemeIn({ length }: string, whole: string): number {
  const from = Math.max(0, length - LONGEST_GRAPHEME);
  const borders = [...new Intl.Segmenter().segment(whole.slice(from, length + LONGEST_GRAPHEME))];
  const at = borders.map(({ index }) => index + from).findLast((index) => index > from && index <= length);
  if (at !== undefined) return at;
  const unit = whole.charCodeAt(length - 1);
  return unit >= 0xd800 && unit <= 0xdbff && length > 1 ? length - 1 : length;
}

const LONGEST_GRAPHEME = 128;
