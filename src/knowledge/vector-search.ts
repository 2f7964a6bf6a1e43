import type { Passage } from './passage.ts';

/** The passages whose vectors point most nearly where the question's does. One pass over all of them. */
export function nearIn(
  passages: readonly Passage[],
  vectorOf: (passage: Passage) => Float32Array | undefined,
  wanted: Float32Array,
  limit: number,
): readonly { readonly passage: Passage; readonly likeness: number }[] {
  const found = passages.flatMap((passage) => {
    const vector = vectorOf(passage);
    return vector?.length === wanted.length ? [{ passage, cosine: product(vector, wanted) }] : [];
  });
  const { mean, deviation } = spreadOf(found.map(({ cosine }) => cosine));
  // Among few, nothing can stand out by as much: see Samuelson's bound.
  const scale = Math.max(1, REACHED / (SHARE * Math.sqrt(Math.max(1, found.length - 1))));
  return found
    .toSorted((a, b) => b.cosine - a.cosine)
    .slice(0, limit)
    .map(({ passage, cosine }) => ({ passage, likeness: ((cosine - mean) / deviation) * scale }));
}

/** Standard deviations that the best of many is likely to stand out by, and how much of the bound it is to reach among few. */
const REACHED = 2.5;
const SHARE = 0.8;

function product(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}

function spreadOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
  return { mean, deviation: Math.sqrt(variance) || 1 };
}
