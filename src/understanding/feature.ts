/**
 * What an utterance consists of, as hashed features: words, pairs of neighbours and letter 4-grams of Latin words; single characters
 * and pairs of Han. Letter-grams forgive typing, pairs keep some order, and Chinese needs no segmenter (measured: design, understanding §3).
 */
import { isHan, type Said } from './said.ts';

const WORD = 0x811c9dc5 | 0;
const PAIR = 0x1b873593;
const GRAM = 0x85ebca6b | 0;
/** Enough for 300 words; the rest of a long text adds nothing. */
const MOST = 600;

const seen = new Int32Array(MOST);

/** Distinct features, in a buffer that is valid until the next call. */
export function features(said: Said): { readonly ids: Int32Array; readonly count: number } {
  let count = 0;
  let before = 0;
  for (const word of said.words) {
    const { text } = word;
    // Numbers and identifiers say nothing about what is wished.
    if (hasDigit(text)) continue;
    const id = hash(WORD, text, 0, text.length);
    count = put(id, count);
    if (before !== 0) count = put(Math.imul(before ^ PAIR, 0x01000193) ^ id, count);
    before = id;
    if (text.length > 2 && !isHan(text.charCodeAt(0))) count = grams(text, count);
    if (count >= MOST) break;
  }
  return { ids: seen, count };
}

function hasDigit(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code <= 57) return true;
  }
  return false;
}

/** 4-grams of the word between two marks, so that beginnings and ends weigh more. */
function grams(word: string, start: number): number {
  const marked = `<${word}>`;
  let count = start;
  for (let i = 0; i + 4 <= marked.length && i < 20; i++) count = put(hash(GRAM, marked, i, i + 4), count);
  return count;
}

function put(id: number, count: number): number {
  if (count >= MOST) return count;
  for (let i = 0; i < count && count < 80; i++) if (seen[i] === id) return count;
  seen[count] = id;
  return count + 1;
}

function hash(seed: number, text: string, from: number, to: number): number {
  let value = seed;
  for (let i = from; i < to; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value ^ (value >>> 15);
}
