import { describe, expect, test } from '@jest/globals';
import { train } from '../../../src/understanding/classify/svm.ts';

/** Texts of single features: 0 speaks for class 0, 1 for class 1, 2 for neither. */
const SET = {
  starts: Int32Array.of(0, 1, 2, 3, 4),
  ids: Int32Array.of(0, 1, 2, 0),
  values: Float32Array.of(1, 1, 1, 1),
  members: Int32Array.of(0, 1, 2),
  labels: Int32Array.of(0, 1, -1, 1),
  costs: new Float32Array(4).fill(1),
  classes: 2,
  features: 3,
};

function weightsOf(set: typeof SET): number[][] {
  const all: number[][] = [];
  train(set, (label, weights) => {
    all[label] = [...weights];
  });
  return all;
}

describe('a support vector machine', () => {
  test('puts each class on its side, and strangers on neither', () => {
    const [first = [], second = []] = weightsOf(SET);
    const says = (weights: number[], feature: number) => (weights[feature] ?? 0) + (weights[3] ?? 0);
    expect([says(first, 0) > 0, says(first, 1) < 0, says(first, 2) < 0]).toEqual([true, true, true]);
    expect([says(second, 0) < 0, says(second, 1) > 0, says(second, 2) < 0]).toEqual([true, true, true]);
  });

  test('reaches the optimum: no example could lower the loss by another weight of its own', () => {
    const [first = []] = weightsOf(SET);
    // Two classes against one: by symmetry of the problem the margins of 1 and 2 are alike.
    expect(first[1]).toBeCloseTo(first[2] ?? 0, 1);
  });

  test('learns from its members alone', () => {
    expect(weightsOf(SET)).toEqual(weightsOf({ ...SET, labels: Int32Array.of(0, 1, -1, 0) }));
  });
});
