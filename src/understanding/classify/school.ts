/**
 * Everything there is to learn from, numbered: the flows' examples, and everyday sentences that belong to none of them.
 */
import { Said } from '../said.ts';
import { BACKGROUND } from './background.ts';
import { featuresOf } from './features.ts';
import { type Language, languageOf } from './language-of.ts';
import type { Training } from './svm.ts';
import { type Corpus, number, type Vocabulary, worthOf } from './vocabulary.ts';
import { DIMENSIONS, meaningOf, SHARE } from './words.ts';

export interface Example {
  readonly flow: string;
  readonly text: string;
  /** How much of a full example it is: a description weighs less. */
  readonly weight: number;
}

/** Of no flow: against all of them. */
export const NONE = -1;
/** An everyday sentence that is about this bot's business: it is not used. */
export const STRANGE = -2;

/** All texts, numbered. */
export interface School extends Corpus, Pick<Training, 'labels' | 'costs' | 'classes'> {
  /** What each text means, one after the other: zeros where no word of it is known. */
  readonly meanings: Float32Array;
  /** By example: how much of a full example it is. */
  readonly weights: Float32Array;
  readonly flows: readonly string[];
  readonly table: Pick<Vocabulary, 'hashes' | 'numbers' | 'size'>;
}

export function gather(examples: readonly Example[]): School {
  const flows = [...new Set(examples.map(({ flow }) => flow))];
  const index = new Map(flows.map((flow, i) => [flow, i]));
  const own = examples.map(({ text }) => new Said(text));
  const languages = new Set<Language>(own.map(languageOf));
  const strangers = [...languages].flatMap((language) => BACKGROUND[language]).map((text) => new Said(text));
  const all = [...own, ...strangers];
  const { corpus, table } = number(all.map((said) => featuresOf(said).slice()));
  const meanings = new Float32Array(all.length * DIMENSIONS);
  for (const [i, said] of all.entries()) meanings.set(meaningOf(said), i * DIMENSIONS);
  const labels = new Int32Array(all.length).fill(NONE);
  const weights = new Float32Array(labels.length).fill(1);
  for (const [i, { flow, weight }] of examples.entries()) {
    labels[i] = index.get(flow) ?? NONE;
    weights[i] = weight;
  }
  const costs = balanced(labels, weights, flows.length);
  const school = { ...corpus, meanings, labels, weights, costs, flows, classes: flows.length, table };
  for (const text of familiar(school, own.length)) labels[text] = STRANGE;
  return school;
}

/** So many times the typical number of examples are still fair. */
const FAIR = 2;

/** A flow of very many examples is not readier than one of few: each of them weighs less. */
function balanced(labels: Int32Array, weights: Float32Array, flows: number): Float32Array {
  const sizes = new Float64Array(flows);
  for (const label of labels) if (label >= 0) sizes[label] = (sizes[label] as number) + 1;
  const typical = sizes.toSorted()[flows >> 1] ?? 1;
  return weights.map((weight, text) => {
    const size = sizes[labels[text] as number] ?? 1;
    return weight * Math.min(1, (FAIR * typical) / size);
  });
}

/** Everyday sentences that share this much with an example are about this bot's business. */
const TOO_CLOSE = 0.45;

function familiar(school: School, own: number): number[] {
  const all = Int32Array.from(school.labels, (_, text) => text);
  const { worth } = worthOf(school, all, school.table.size);
  const values = weighted(school, all, worth);
  const seen = new Float32Array(school.table.size);
  const product = (text: number) => {
    let sum = 0;
    for (let at = school.starts[text] ?? 0; at < (school.starts[text + 1] ?? 0); at++)
      sum += (values[at] as number) * (seen[school.ids[at] as number] as number);
    return sum;
  };
  return [...all.subarray(own)].filter((text) => {
    const from = school.starts[text] ?? 0;
    const to = school.starts[text + 1] ?? 0;
    for (let at = from; at < to; at++) seen[school.ids[at] as number] = values[at] as number;
    const isClose = all.subarray(0, own).some((example) => product(example) > TOO_CLOSE);
    for (let at = from; at < to; at++) seen[school.ids[at] as number] = 0;
    return isClose;
  });
}

/** Counts × worth, each text of length 1. */
export function weighted({ starts, ids, counts }: Corpus, members: Int32Array, worth: Float32Array): Float32Array {
  const values = new Float32Array(ids.length);
  for (const text of members) {
    const start = starts[text] as number;
    const end = starts[text + 1] as number;
    let square = 0;
    for (let at = start; at < end; at++) {
      const value = (counts[at] as number) * (worth[ids[at] as number] as number);
      values[at] = value;
      square += value * value;
    }
    const length = Math.sqrt(square);
    for (let at = start; at < end; at++) values[at] = (values[at] as number) / length;
  }
  return values;
}

/** The same with what each text means behind its words, as features of the numbers from `table.size` on; still of length 1. */
export function meant(school: School, values: Float32Array): Pick<Training, 'starts' | 'ids' | 'values' | 'features'> {
  const { meanings, table } = school;
  const texts = school.labels.length;
  const whole = {
    starts: new Int32Array(texts + 1),
    ids: new Int32Array(values.length + meanings.length),
    values: new Float32Array(values.length + meanings.length),
    features: table.size + DIMENSIONS,
  };
  let at = 0;
  for (let text = 0; text < texts; text++) {
    const from = school.starts[text] as number;
    const to = school.starts[text + 1] as number;
    const meaning = meanings.subarray(text * DIMENSIONS, (text + 1) * DIMENSIONS);
    const isMeant = meaning.some((value) => value !== 0);
    whole.ids.set(school.ids.subarray(from, to), at);
    for (let i = from; i < to; i++) whole.values[at++] = (values[i] as number) * (isMeant ? SHARE.words : 1);
    for (let k = 0; isMeant && k < DIMENSIONS; k++) {
      whole.ids[at] = table.size + k;
      whole.values[at++] = (meaning[k] as number) * SHARE.meaning;
    }
    whole.starts[text + 1] = at;
  }
  return whole;
}
