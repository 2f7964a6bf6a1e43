import { borderIn } from '#channel';
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
    const at = borderIn(rest, fitting(rest));
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
