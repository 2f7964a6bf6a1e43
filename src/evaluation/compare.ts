/** Is one configuration better than another, or is it chance? The same utterances heard by both, drawn again and again (paired bootstrap). */
import type { Heard } from './listen.ts';

export interface Difference {
  /** Of the shares: the first minus the second. */
  readonly difference: number;
  /** Where 95 of 100 draws lie. When 0 is not between them, it is hardly chance. */
  readonly from: number;
  readonly to: number;
}

const DRAWS = 2_000;
const SEED = 1;

/** @param a and @param b the same utterances in the same order */
export function differenceOf(a: readonly Heard[], b: readonly Heard[], is: (each: Heard) => boolean): Difference {
  const gains = a.flatMap((each, i) => {
    const other = b[i];
    return each.flow === undefined || other === undefined ? [] : [Number(is(each)) - Number(is(other))];
  });
  if (gains.length === 0) return { difference: 0, from: 0, to: 0 };
  const random = generator(SEED);
  const draws = Float64Array.from({ length: DRAWS }, () => {
    let sum = 0;
    for (let i = 0; i < gains.length; i++) sum += gains[random() % gains.length] ?? 0;
    return sum / gains.length;
  }).sort();
  return {
    difference: gains.reduce((sum, gain) => sum + gain, 0) / gains.length,
    from: draws[Math.floor(DRAWS * 0.025)] ?? 0,
    to: draws[Math.ceil(DRAWS * 0.975) - 1] ?? 0,
  };
}

/** Mulberry32: the same interval every time. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
