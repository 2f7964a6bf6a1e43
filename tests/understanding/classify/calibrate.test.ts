import { describe, expect, test } from '@jest/globals';
import { calibrate, type Trial } from '../../../src/understanding/classify/calibrate.ts';

const curve = (trials: readonly Trial[]) => {
  const { slope, offset } = calibrate(trials);
  return (raw: number) => 1 / (1 + Math.exp(-(offset + slope * raw)));
};
const trials = (count: number, raw: number, right: number): Trial[] =>
  Array.from({ length: count }, (_, i) => ({ raw, right: i < count * right, stranger: false }));

describe('confidence', () => {
  test('is the share that was right among what was as like', () => {
    const p = curve([...trials(2_000, 0.2, 0.1), ...trials(2_000, 0.5, 0.6), ...trials(2_000, 0.8, 0.95)]);
    expect(p(0.2)).toBeCloseTo(0.1, 1);
    expect(p(0.5)).toBeCloseTo(0.6, 1);
    expect(p(0.8)).toBeCloseTo(0.95, 1);
  });

  test('falls when strangers look as like', () => {
    const own = trials(100, 0.5, 0.9);
    const strangers = Array.from({ length: 100 }, () => ({ raw: 0.5, right: false, stranger: true }));
    expect(curve([...own, ...strangers])(0.5)).toBeLessThan(curve(own)(0.5));
  });

  test('never falls with likeness, and few trials move it little', () => {
    const absurd = curve([...trials(5, 0.9, 0), ...trials(5, 0.1, 1)]);
    expect(absurd(0.9)).toBeGreaterThan(absurd(0.1));
    const usual = curve([]);
    expect(Math.abs(curve(trials(3, 0.5, 0))(0.5) - usual(0.5))).toBeLessThan(0.35);
  });
});
