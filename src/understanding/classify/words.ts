/**
 * What common English words mean, as 128 numbers each: near where the meaning is near, so that "cash" is heard where only "money" was taught.
 * Made by `scripts/build-words.ts`; read when it is first needed, and never by a bot that is spoken to in Chinese alone.
 *
 * Format: number of words and of dimensions (32 bits each, little-endian), a 32-bit float for each word, one signed byte for each of its
 * dimensions (times that float: the value), and the words themselves, in the order of the alphabet, one a line.
 */
import { readFileSync } from 'node:fs';
import type { Said } from '../said.ts';

export const DIMENSIONS = 128;

const FILE = new URL('./english.words', import.meta.url);

interface Table {
  readonly places: ReadonlyMap<string, number>;
  readonly scales: Float32Array;
  readonly bytes: Int8Array;
}

let table: Table | undefined;

/** How much the meaning of an utterance counts beside its letters and words, as lengths whose squares make 1 (measured: docs/understanding.md). */
export const SHARE = { words: 1 / Math.sqrt(1 + 0.6 ** 2), meaning: 0.6 / Math.sqrt(1 + 0.6 ** 2) } as const;

/** The sum of what its words mean, of length 1, in a buffer that is valid until the next call; zeros where no word is known. */
export function meaningOf(said: Said): Float32Array {
  meaning.fill(0);
  let square = 0;
  for (const { text } of said.words) {
    const first = text.charCodeAt(0);
    if (first < LETTER_A || first > LETTER_Z) continue;
    table ??= read();
    const place = placeOf(text, table.places);
    if (place !== undefined) add(place, table);
  }
  for (const value of meaning) square += value * value;
  const length = Math.sqrt(square);
  if (length > 0) for (let k = 0; k < DIMENSIONS; k++) meaning[k] = (meaning[k] as number) / length;
  return meaning;
}

const meaning = new Float32Array(DIMENSIONS);
const LETTER_A = 97;
const LETTER_Z = 122;

function add(place: number, { scales, bytes }: Table): void {
  const scale = scales[place] as number;
  const from = place * DIMENSIONS;
  for (let k = 0; k < DIMENSIONS; k++) meaning[k] = (meaning[k] as number) + scale * (bytes[from + k] as number);
}

/** The word, or the one it is a form of: "disputing" is not in the table, "dispute" is. */
function placeOf(word: string, places: Table['places']): number | undefined {
  const place = places.get(word);
  if (place !== undefined || word.length < SHORTEST_FORM) return place;
  for (const [ending, instead] of ENDINGS) {
    if (!word.endsWith(ending)) continue;
    const base = word.slice(0, -ending.length);
    const found = places.get(base + instead) ?? places.get(isDoubled(base) ? base.slice(0, -1) : '');
    if (found !== undefined) return found;
  }
  return undefined;
}

const SHORTEST_FORM = 4;
const ENDINGS = [
  ['s', ''],
  ['es', ''],
  ['ies', 'y'],
  ['ed', ''],
  ['ed', 'e'],
  ['ied', 'y'],
  ['ing', ''],
  ['ing', 'e'],
  ['ly', ''],
] as const;

/** "cancell" of "cancelling". */
function isDoubled(base: string): boolean {
  return base.length > 2 && base.at(-1) === base.at(-2);
}

function read(): Table {
  const file = readFileSync(FILE);
  const count = file.readUInt32LE(0);
  // A copy, since a float must lie at a multiple of four and a small file's place in Node's pool may not.
  const { buffer } = new Uint8Array(file);
  const from = 8 + 4 * count;
  const words = file.toString('utf8', from + DIMENSIONS * count).split('\n');
  return {
    places: new Map(words.map((word, place) => [word, place])),
    scales: new Float32Array(buffer, 8, count),
    bytes: new Int8Array(buffer, from, DIMENSIONS * count),
  };
}
