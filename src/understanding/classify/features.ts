/**
 * What an utterance consists of, as 32-bit hashes: words, pairs of neighbours and of next neighbours, and letter 2- to 5-grams within
 * each word; of Han single characters, pairs, and pairs with one between. Letter-grams forgive typing, pairs keep some order, and Chinese
 * needs no segmenter (measured: design, understanding §3).
 */
import { isHan, type Said, type Word } from '../said.ts';

/** Enough for 60 words; the rest of a long text adds little and must not cost. */
const MOST = 1_000;
/** A longer word is no word. */
const LONGEST_WORD = 24;
const SHORTEST_GRAM = 2;
const LONGEST_GRAM = 5;

const WORD = 0x811c9dc5 | 0;
const PAIR = 0x1b873593;
const SKIP = 0x27d4eb2f;
const GRAM = 0x85ebca6b | 0;
const PRIME = 0x01000193;
const MARK = 0x02;

const buffer = new Int32Array(MOST + 128);
const marked = new Uint16Array(LONGEST_WORD + 2);

/** All features, repeated ones too, in a buffer that is valid until the next call. */
export function featuresOf(said: Said): Int32Array {
  let count = 0;
  let before = 0;
  let earlier = 0;
  for (const word of said.words) {
    const id = identityOf(word);
    buffer[count++] = id;
    if (before !== 0) buffer[count++] = join(before, id, PAIR);
    if (earlier !== 0) buffer[count++] = join(earlier, id, SKIP);
    earlier = before;
    before = id;
    if (id !== NUMBER && !isHan(word.text.charCodeAt(0))) count = grams(word.text, count);
    if (count >= MOST) break;
  }
  return buffer.subarray(0, Math.min(count, MOST));
}

/** Any number and any identifier is the same word: which one it is says nothing about what is wished. */
const NUMBER = hash(WORD, '0');

function identityOf({ text }: Word): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code <= 57) return NUMBER;
  }
  return hash(WORD, text);
}

/** Of the word between two marks, so that beginnings and ends weigh more. */
function grams(word: string, start: number): number {
  const length = Math.min(word.length, LONGEST_WORD);
  marked[0] = MARK;
  for (let i = 0; i < length; i++) marked[i + 1] = word.charCodeAt(i);
  marked[length + 1] = MARK;
  let count = start;
  for (let from = 0; from < length + 1; from++) {
    let value = GRAM;
    const end = Math.min(from + LONGEST_GRAM, length + 2);
    for (let i = from; i < end; i++) {
      value = Math.imul(value ^ (marked[i] ?? 0), PRIME);
      if (i - from + 1 >= SHORTEST_GRAM && count < buffer.length) buffer[count++] = mixed(value);
    }
  }
  return count;
}

function join(first: number, second: number, kind: number): number {
  return mixed(Math.imul(Math.imul(first ^ kind, PRIME) ^ second, PRIME));
}

function hash(seed: number, text: string): number {
  let value = seed;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), PRIME);
  return mixed(value);
}

/** Zero stands for "none" in tables. */
function mixed(value: number): number {
  return value ^ (value >>> 15) || 1;
}
