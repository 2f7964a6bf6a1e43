/** An utterance as a vector over a vocabulary: log-scaled counts × worth, length 1. */
import type { Said } from '../said.ts';
import { featuresOf } from './features.ts';
import type { School } from './school.ts';
import { numberOf, type Vocabulary } from './vocabulary.ts';
import { DIMENSIONS, meaningOf } from './words.ts';

/** Valid until the next one is made: its arrays are shared. */
export interface Query {
  readonly ids: Int32Array;
  readonly values: Float32Array;
  readonly count: number;
  /** How much of the utterance the vocabulary knows, 0 to 1: the length of its known part when the whole has length 1. */
  readonly known: number;
  /** What it means, of length 1; zeros where no word of it is known. */
  readonly meaning: Float32Array;
}

/** As many as `featuresOf` finds at most. */
const MOST = 1_200;
/** An unknown feature counts less than its rarity says: most are halves of words that are merely inflected otherwise. */
const UNKNOWN = 0.35;

const ids = new Int32Array(MOST);
const values = new Float32Array(MOST);
let seats = new Int32Array(0);

export function queryOf(said: Said, vocabulary: Vocabulary): Query {
  const features = featuresOf(said);
  if (seats.length < vocabulary.size) seats = new Int32Array(vocabulary.size);
  let count = 0;
  let unknown = 0;
  for (let i = 0; i < features.length; i++) {
    const id = numberOf(vocabulary, features[i] as number);
    if (id < 0) {
      unknown++;
      continue;
    }
    const seat = seats[id] as number;
    if (seat === 0) {
      ids[count] = id;
      values[count++] = 1;
      seats[id] = count;
    } else values[seat - 1] = (values[seat - 1] as number) + 1;
  }
  for (let i = 0; i < count; i++) {
    seats[ids[i] as number] = 0;
    values[i] = 1 + Math.log(values[i] as number);
  }
  return { ...scaled(count, unknown, vocabulary), meaning: meaningOf(said) };
}

/** A text of the corpus that was held back while the vocabulary's worths were counted. */
export function heldBack(corpus: School, text: number, vocabulary: Vocabulary): Query {
  let count = 0;
  let unknown = 0;
  const end = Math.min(corpus.starts[text + 1] as number, (corpus.starts[text] as number) + MOST);
  for (let at = corpus.starts[text] as number; at < end; at++) {
    const id = corpus.ids[at] as number;
    if (vocabulary.worth[id] === 0) {
      unknown++;
      continue;
    }
    ids[count] = id;
    values[count++] = corpus.counts[at] as number;
  }
  const meaning = corpus.meanings.subarray(text * DIMENSIONS, (text + 1) * DIMENSIONS);
  return { ...scaled(count, unknown, vocabulary), meaning };
}

function scaled(count: number, unknown: number, { worth, rare }: Vocabulary): Omit<Query, 'meaning'> {
  let square = 0;
  for (let i = 0; i < count; i++) {
    const value = (values[i] as number) * (worth[ids[i] as number] as number);
    values[i] = value;
    square += value * value;
  }
  const length = Math.sqrt(square);
  for (let i = 0; i < count; i++) values[i] = (values[i] as number) / length;
  return { ids, values, count, known: count === 0 ? 0 : length / Math.sqrt(square + unknown * rare * rare * UNKNOWN) };
}
