/**
 * Which flow is meant: TF-IDF similarity to the examples of each flow, over an inverted index.
 *
 * An example said word for word is one hash look-up. Else the query's features are read rarest first, and reading stops after a
 * fixed number of postings: the cost depends on the utterance, not on how many flows there are. What is left out are the features
 * that nearly every flow has, which decide least.
 */
import { features } from './feature.ts';
import { unwrap } from './phrase.ts';
import { Said } from './said.ts';

export interface Example {
  readonly flow: string;
  readonly text: string;
  /** How much of a full example it is: a description weighs less. */
  readonly weight: number;
}

export interface Ranked {
  readonly flow: string;
  /** 0 to 1. */
  readonly confidence: number;
}

export interface Triggers {
  /** The two or three flows that are closest, best first. */
  rank(said: Said): readonly Ranked[];
}

/** Postings read for one utterance at most. */
const BUDGET = 160;
/** Of the candidates, these many are compared example by example. */
const FINALISTS = 4;

interface Posting {
  readonly flows: Int32Array;
  readonly weights: Float32Array;
  readonly idf: number;
}

export function createTriggers(examples: readonly Example[]): Triggers {
  const flows = [...new Set(examples.map((example) => example.flow))];
  const index = new Map(flows.map((flow, i) => [flow, i]));
  const exact = exactIndex(examples);
  const bags = examples.map((example) => ({
    flow: index.get(example.flow) ?? 0,
    weight: example.weight,
    ids: idsOf(example.text),
  }));
  const idf = inverseFrequencies(bags, flows.length);
  const unknown = Math.log(1 + flows.length) + 1;
  const postings = invert(bags, idf, flows.length);
  const vectors = vectorsByFlow(bags, idf, flows.length);
  const scores = new Float64Array(flows.length);

  return {
    rank(said) {
      const key = anyNumber(said.key);
      const known = exact.get(key) ?? exact.get(unwrap(key));
      if (known !== undefined) return known;
      const { ids, count } = features(said);
      const query = weigh(ids, count, idf, unknown);
      if (query.norm === 0 || query.terms.length === 0) return [];
      const touched = accumulate(query.terms, postings, scores);
      const finalists = best(touched, scores, FINALISTS);
      const ranked = finalists.map((flow) => ({
        flow,
        score: scores[flow] ?? 0,
        nearest: nearest(query, vectors[flow]),
      }));
      for (const flow of touched) scores[flow] = 0;
      return confidences(ranked, query.norm, flows);
    },
  };
}

/** An example said as it is written: certain, or equally two flows'. */
function exactIndex(examples: readonly Example[]): ReadonlyMap<string, readonly Ranked[]> {
  const exact = new Map<string, Ranked[]>();
  for (const { flow, text, weight } of examples) {
    if (weight < 1) continue;
    const said = anyNumber(new Said(text).key);
    for (const key of new Set([said, unwrap(said)])) {
      const all = exact.get(key) ?? [];
      if (!all.some((ranked) => ranked.flow === flow)) all.push({ flow, confidence: 1 });
      exact.set(key, all);
    }
  }
  exact.delete('');
  return exact;
}

/** In an example, one number stands for all: "where is AB123456" is also how one asks for CN200001. */
function anyNumber(key: string): string {
  return /\d/.test(key) ? key.replaceAll(/[a-z]*\d[a-z\d]*/g, '0') : key;
}

interface Bag {
  readonly flow: number;
  readonly weight: number;
  readonly ids: readonly number[];
}

function idsOf(text: string): readonly number[] {
  const { ids, count } = features(new Said(text));
  return Array.from(ids.subarray(0, count));
}

/** Rare among flows, not among examples: ten phrasings of one flow may well share its words. */
function inverseFrequencies(bags: readonly Bag[], flows: number): ReadonlyMap<number, number> {
  const having = new Map<number, Set<number>>();
  for (const bag of bags)
    for (const id of bag.ids) {
      const set = having.get(id) ?? new Set();
      set.add(bag.flow);
      having.set(id, set);
    }
  return new Map([...having].map(([id, set]) => [id, Math.log((1 + flows) / set.size) + 0.1]));
}

function invert(bags: readonly Bag[], idf: ReadonlyMap<number, number>, flows: number): ReadonlyMap<number, Posting> {
  const sums = Array.from({ length: flows }, () => new Map<number, number>());
  for (const bag of bags)
    for (const id of bag.ids) {
      const sum = sums[bag.flow];
      sum?.set(id, (sum.get(id) ?? 0) + bag.weight);
    }
  const lists = new Map<number, [number, number][]>();
  for (const [flow, sum] of sums.entries()) {
    const weights = [...sum].map(([id, n]) => [id, Math.sqrt(n) * (idf.get(id) ?? 0)] as const);
    const norm = Math.sqrt(weights.reduce((total, [, weight]) => total + weight * weight, 0)) || 1;
    for (const [id, weight] of weights) {
      const list = lists.get(id) ?? [];
      list.push([flow, weight / norm]);
      lists.set(id, list);
    }
  }
  return new Map(
    [...lists].map(([id, list]) => {
      list.sort((a, b) => b[1] - a[1]);
      return [
        id,
        {
          flows: Int32Array.from(list, ([flow]) => flow),
          weights: Float32Array.from(list, ([, weight]) => weight),
          idf: idf.get(id) ?? 0,
        },
      ];
    }),
  );
}

/** A flow's own inverted index: which of its examples have a feature, and how much of each that is. */
interface Vectors {
  readonly terms: ReadonlyMap<number, { readonly examples: readonly number[]; readonly weights: readonly number[] }>;
  readonly sums: Float64Array;
}

function vectorsByFlow(bags: readonly Bag[], idf: ReadonlyMap<number, number>, flows: number): readonly Vectors[] {
  const byFlow = Array.from({ length: flows }, (): Bag[] => []);
  for (const bag of bags) byFlow[bag.flow]?.push(bag);
  return byFlow.map((own) => {
    const terms = new Map<number, { examples: number[]; weights: number[] }>();
    for (const [example, bag] of own.entries()) {
      const norm = Math.sqrt(bag.ids.reduce((sum, id) => sum + (idf.get(id) ?? 0) ** 2, 0)) || 1;
      for (const id of bag.ids) {
        const term = terms.get(id) ?? { examples: [], weights: [] };
        term.examples.push(example);
        term.weights.push((bag.weight * (idf.get(id) ?? 0)) / norm);
        terms.set(id, term);
      }
    }
    return { terms, sums: new Float64Array(own.length) };
  });
}

interface Query {
  /** Known features only, rarest first. */
  readonly terms: readonly { readonly id: number; readonly weight: number }[];
  /** Length of the whole query, with its unknown words: they make every flow less likely. */
  readonly norm: number;
}

function weigh(ids: Int32Array, count: number, idf: ReadonlyMap<number, number>, unknown: number): Query {
  const terms: { id: number; weight: number }[] = [];
  let square = 0;
  for (let i = 0; i < count; i++) {
    const id = ids[i] ?? 0;
    const weight = idf.get(id);
    if (weight !== undefined) terms.push({ id, weight });
    // An unknown feature counts less than its rarity says: most are halves of words that are merely inflected otherwise.
    square += weight === undefined ? unknown * unknown * 0.35 : weight * weight;
  }
  terms.sort((a, b) => b.weight - a.weight);
  return { terms, norm: Math.sqrt(square) };
}

function accumulate(terms: Query['terms'], postings: ReadonlyMap<number, Posting>, scores: Float64Array): number[] {
  const touched: number[] = [];
  let left = BUDGET;
  for (const term of terms) {
    const posting = postings.get(term.id);
    if (posting === undefined) continue;
    const length = Math.min(posting.flows.length, left);
    for (let i = 0; i < length; i++) {
      const flow = posting.flows[i] ?? 0;
      if (scores[flow] === 0) touched.push(flow);
      scores[flow] = (scores[flow] ?? 0) + term.weight * (posting.weights[i] ?? 0);
    }
    left -= length;
    if (left <= 0) break;
  }
  return touched;
}

function best(touched: readonly number[], scores: Float64Array, count: number): number[] {
  const top: number[] = [];
  for (const flow of touched) {
    const score = scores[flow] ?? 0;
    let place = top.length;
    while (place > 0 && (scores[top[place - 1] ?? 0] ?? 0) < score) place--;
    if (place >= count) continue;
    top.splice(place, 0, flow);
    if (top.length > count) top.pop();
  }
  return top;
}

/** Likeness to the flow's closest example, before division by the query's length. */
function nearest(query: Query, vectors: Vectors | undefined): number {
  if (vectors === undefined) return 0;
  const { terms, sums } = vectors;
  sums.fill(0);
  for (const { id, weight } of query.terms) {
    const term = terms.get(id);
    if (term === undefined) continue;
    for (let i = 0; i < term.examples.length; i++) {
      const example = term.examples[i] ?? 0;
      sums[example] = (sums[example] ?? 0) + weight * (term.weights[i] ?? 0);
    }
  }
  let most = 0;
  for (const sum of sums) if (sum > most) most = sum;
  return most;
}

function confidences(
  ranked: readonly { flow: number; score: number; nearest: number }[],
  norm: number,
  flows: readonly string[],
): Ranked[] {
  const mixed = ranked
    .map(({ flow, score, nearest }) => ({
      flow,
      likeness: (0.5 * score + 0.5 * nearest) / norm,
      nearest: nearest / norm,
    }))
    .sort((a, b) => b.likeness - a.likeness);
  const top = mixed[0]?.likeness ?? 0;
  const sum = mixed.reduce((total, one) => total + Math.exp(SHARPNESS * (one.likeness - top)), 0);
  return mixed.slice(0, 3).map((one) => ({
    flow: flows[one.flow] ?? '',
    // √(share × likeness): sure of the flow and close to what it was taught (design, understanding §0).
    confidence: Math.min(
      1,
      Math.sqrt((Math.exp(SHARPNESS * (one.likeness - top)) / sum) * Math.min(1, one.likeness * 1.15)),
    ),
  }));
}

const SHARPNESS = 12;
