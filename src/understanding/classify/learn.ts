/**
 * Learning from the flows' examples: their features, a weight for each, and then, on examples held back, how far to trust the outcome.
 * Deterministic: the same examples make the same model.
 */
import { Said } from '../said.ts';
import { BACKGROUND } from './background.ts';
import { calibrate, type Trial } from './calibrate.ts';
import { rank } from './classify.ts';
import { featuresOf } from './features.ts';
import { type Language, languageOf } from './language-of.ts';
import type { Examples, Model } from './model.ts';
import { heldBack } from './query.ts';
import { Rows } from './rows.ts';
import { type Training, train } from './svm.ts';
import { number, type Vocabulary, worthOf } from './vocabulary.ts';

export interface Example {
  readonly flow: string;
  readonly text: string;
  /** How much of a full example it is: a description weighs less. */
  readonly weight: number;
}

/** Raised whenever the same examples would make another model: what was kept is then learnt again. */
export const LEARNING = 1;

/** Of no flow: against all of them. */
const NONE = -1;
/** Examples of a flow are dealt to so many folds. */
const FOLDS = 8;
/** Each fold that is held back costs another training: two of them, or one where that is long (features × flows). */
const LONG = 1_000_000;

export function learn(examples: readonly Example[]): Model {
  const school = gather(examples);
  const everything = Int32Array.from(school.labels, (_, text) => text).filter(
    (text) => school.labels[text] !== STRANGE,
  );
  const model = study(school, everything);
  return { ...model, calibration: calibrate(trials(school, everything)) };
}

/** All texts, numbered. */
interface School extends Omit<Training, 'values' | 'members'> {
  /** By example: how much of a full example it is. */
  readonly weights: Float32Array;
  readonly flows: readonly string[];
  readonly counts: Float32Array;
  readonly table: Pick<Vocabulary, 'hashes' | 'numbers' | 'size'>;
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

/** An everyday sentence that is about this bot's business: it is not used. */
const STRANGE = -2;

function gather(examples: readonly Example[]): School {
  const flows = [...new Set(examples.map(({ flow }) => flow))];
  const index = new Map(flows.map((flow, i) => [flow, i]));
  const own = examples.map(({ text }) => new Said(text));
  const languages = new Set<Language>(own.map(languageOf));
  const strangers = [...languages].flatMap((language) => BACKGROUND[language]).map((text) => new Said(text));
  const { corpus, table } = number([...own, ...strangers].map((said) => featuresOf(said).slice()));
  const labels = new Int32Array(own.length + strangers.length).fill(NONE);
  const weights = new Float32Array(labels.length).fill(1);
  for (const [i, { flow, weight }] of examples.entries()) {
    labels[i] = index.get(flow) ?? NONE;
    weights[i] = weight;
  }
  const costs = balanced(labels, weights, flows.length);
  const school = { ...corpus, labels, weights, costs, flows, classes: flows.length, features: table.size, table };
  for (const text of familiar(school, own.length)) labels[text] = STRANGE;
  return school;
}

/** Everyday sentences that share this much with an example are about this bot's business. */
const TOO_CLOSE = 0.45;

function familiar(school: School, own: number): number[] {
  const all = Int32Array.from(school.labels, (_, text) => text);
  const { worth } = worthOf(school, all, school.features);
  const values = weighted(school, all, worth);
  const seen = new Float32Array(school.features);
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

function study(school: School, members: Int32Array): Model {
  const { worth, rare } = worthOf(school, members, school.features);
  const values = weighted(school, members, worth);
  const rows = new Rows(school.classes, school.features);
  train({ ...school, values, members }, (flow, weights) => rows.add(flow, weights));
  return {
    flows: school.flows,
    vocabulary: { ...school.table, worth, rare },
    ...rows.done(),
    examples: keep(school, members, values),
    calibration: { slope: 1, offset: 0 },
  };
}

/** Counts × worth, each text of length 1. */
function weighted({ starts, ids, counts }: School, members: Int32Array, worth: Float32Array): Float32Array {
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

/** The members' examples, flow by flow. */
function keep({ starts, ids, labels, weights, classes }: School, members: Int32Array, values: Float32Array): Examples {
  const own = members.filter((text) => (labels[text] as number) >= 0);
  own.sort((a, b) => (labels[a] as number) - (labels[b] as number) || a - b);
  const kept = {
    firsts: new Int32Array(classes + 1),
    starts: new Int32Array(own.length + 1),
    ids: new Int32Array(own.reduce((sum, text) => sum + lengthOf(starts, text), 0)),
  };
  const scaled = new Float32Array(kept.ids.length);
  let at = 0;
  for (const [place, text] of own.entries()) {
    const start = starts[text] as number;
    const length = lengthOf(starts, text);
    kept.ids.set(ids.subarray(start, start + length), at);
    for (let k = 0; k < length; k++) scaled[at + k] = (values[start + k] as number) * (weights[text] as number);
    at += length;
    kept.starts[place + 1] = at;
    const next = (labels[text] as number) + 1;
    kept.firsts[next] = (kept.firsts[next] as number) + 1;
  }
  for (let flow = 1; flow <= classes; flow++)
    kept.firsts[flow] = (kept.firsts[flow] as number) + (kept.firsts[flow - 1] as number);
  return { ...kept, values: scaled };
}

function lengthOf(starts: Int32Array, text: number): number {
  return (starts[text + 1] as number) - (starts[text] as number);
}

/** What models that have not seen a fold say of it. */
function trials(school: School, members: Int32Array): Trial[] {
  const { labels, weights } = school;
  const places = new Map<number, number>();
  const folds = Int32Array.from(members, (text) => {
    const label = labels[text] as number;
    const place = places.get(label) ?? 0;
    places.set(label, place + 1);
    return place % FOLDS;
  });
  const rounds = school.ids.length * school.classes > LONG ? 1 : 2;
  return Array.from({ length: rounds }, (_, fold) => {
    const model = study(
      school,
      members.filter((_, i) => folds[i] !== fold),
    );
    return [...members].flatMap((text, i): Trial[] => {
      const label = labels[text] as number;
      // What a flow's only example would have said cannot be known without it; and nobody says a description.
      const isLone = label !== NONE && (places.get(label) ?? 0) < 2;
      if (folds[i] !== fold || isLone || (weights[text] as number) < 1) return [];
      const [best] = rank(heldBack(school, text, model.vocabulary), model);
      return [{ raw: best?.raw ?? 0, right: label !== NONE && best?.flow === label, stranger: label === NONE }];
    });
  }).flat();
}
