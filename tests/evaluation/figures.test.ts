import { describe, expect, test } from '@jest/globals';
import { baselineOf, readBaseline, regressions } from '../../src/evaluation/baseline.ts';
import { differenceOf } from '../../src/evaluation/compare.ts';
import { auroc, figuresOf, isClosest } from '../../src/evaluation/figures.ts';
import type { Heard } from '../../src/evaluation/listen.ts';
import { referencesFor } from '../../src/evaluation/reference.ts';

function heard(flow: string | undefined, closest: string, became: Heard['became'], confidence = 0.9): Heard {
  return {
    text: '',
    locale: 'en',
    flow,
    became,
    flows: became === 'refused' ? [] : became === 'asked' ? [closest, 'c'] : [closest],
    closest: { flow: closest, confidence, share: 1, likeness: 1 },
    microseconds: 1,
  };
}

describe('figures', () => {
  const figures = figuresOf([
    heard('a', 'a', 'started'),
    heard('a', 'b', 'started', 0.8),
    heard('a', 'a', 'refused', 0.2),
    heard('c', 'a', 'asked', 0.6),
    heard(undefined, 'a', 'started', 0.5),
    heard(undefined, 'b', 'refused', 0.1),
  ]);

  test('tell the closest flow from what was done', () => {
    expect(figures.accuracy).toBe(2 / 4);
    expect(figures.own).toEqual({ right: 1 / 4, asked: 1 / 4, wrong: 1 / 4, refused: 1 / 4 });
  });

  test('weigh every flow alike in F1', () => {
    // a: 2 right of 3 meant and 3 taken; c: none of 1.
    expect(figures.macroF1).toBeCloseTo((4 / 6 + 0) / 2);
  });

  test('tell how well what belongs to no flow is refused', () => {
    expect(figures.outside?.refused).toBe(1 / 2);
    expect(figures.outside?.auroc).toBeCloseTo(7 / 8);
    expect(figures.outside?.curve.find(({ threshold }) => threshold === 0.3)).toEqual({
      threshold: 0.3,
      right: 1 / 4,
      refused: 1 / 2,
    });
  });

  test('name the pairs that are confused', () => {
    expect(figures.confused).toEqual([
      { flow: 'a', takenFor: 'b', times: 1 },
      { flow: 'c', takenFor: 'a', times: 1 },
    ]);
  });

  test('AUROC is 1 when told apart, ½ when alike', () => {
    expect(auroc([0.8, 0.9], [0.1, 0.7])).toBe(1);
    expect(auroc([0.5, 0.5], [0.5])).toBe(0.5);
    expect(auroc([0.1], [0.9, 0.8])).toBe(0);
  });
});

describe('a difference', () => {
  const right = heard('a', 'a', 'started');
  const wrong = heard('a', 'b', 'started');

  test('that is plain lies beyond chance', () => {
    const better = Array.from({ length: 200 }, (_, i) => (i % 10 === 0 ? wrong : right));
    const worse = Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? wrong : right));
    const { difference, from, to } = differenceOf(better, worse, isClosest);
    expect(difference).toBeGreaterThan(0.2);
    expect(from).toBeGreaterThan(0);
    expect(to).toBeGreaterThan(difference);
  });

  test('of one utterance may be chance', () => {
    const a = Array.from({ length: 50 }, () => right);
    const { from, to } = differenceOf(a, a.with(0, wrong), isClosest);
    expect(from).toBe(0);
    expect(to).toBeGreaterThan(0);
    expect(differenceOf(a, a.with(0, wrong), isClosest)).toEqual({ difference: 1 / 50, from, to });
  });
});

describe('a baseline', () => {
  const good = figuresOf([heard('a', 'a', 'started'), heard(undefined, 'a', 'refused', 0.1)]);
  const bad = figuresOf([heard('a', 'b', 'started'), heard(undefined, 'a', 'started', 0.5)]);

  test('tells each figure that has become worse, and none that has become better', () => {
    const before = baselineOf(new Map([['s', good]]));
    const after = baselineOf(new Map([['s', bad]]));
    expect(regressions(before, after).map(({ figure }) => figure)).toEqual(['accuracy', 'right', 'wrong', 'refused']);
    expect(regressions(after, before)).toEqual([]);
    expect(regressions({}, after)).toEqual([]);
  });

  test('is read back as written, and refused when it is none', () => {
    const written = baselineOf(new Map([['s', good]]));
    expect(readBaseline(JSON.stringify(written), 'b.json')).toEqual(written);
    expect(() => readBaseline('{"s": 1}', 'b.json')).toThrow(expect.objectContaining({ code: 'eval.baseline' }));
  });
});

describe('what others have reached', () => {
  const flows = (names: readonly string[], count: number, shots: number) =>
    Array.from({ length: count }, (_, i) => ({
      name: names[i] ?? `intent_${i}`,
      description: '',
      examples: { en: Array.from({ length: shots }, (_, k) => `example ${k}`) },
    }));
  const banking = ['edit_personal_details', 'card_swallowed'];

  test('is told for the public set it was reached on, with as many examples', () => {
    expect(referencesFor(flows(banking, 77, 10))[0]).toEqual({ system: 'ConveRT', accuracy: 83.3 });
    expect(referencesFor(flows(banking, 77, 120)).map(({ system }) => system)).toContain('BERT');
    expect(referencesFor(flows(['whisper_mode', 'pto_request_status'], 150, 100))[0]?.refused).toBe(26.7);
  });

  test('is not told for another bot, or another number of examples', () => {
    expect(referencesFor(flows(banking, 12, 10))).toEqual([]);
    expect(referencesFor(flows([], 77, 10))).toEqual([]);
    expect(referencesFor(flows(banking, 77, 5))).toEqual([]);
    expect(referencesFor([])).toEqual([]);
  });
});
