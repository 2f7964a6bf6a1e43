import { describe, expect, test } from '@jest/globals';
import { afterOpenTime, isOpen, nextOpening, openTimeBetween } from '../../src/handoff/hours.ts';
import { BERLIN, HOUR, MINUTE } from './policy.ts';

const at = (text: string) => Date.parse(text);

describe('business hours', () => {
  test('are those of the place, in summer and in winter', () => {
    expect(isOpen(BERLIN, at('2026-07-01T07:00:00Z'))).toBe(true);
    expect(isOpen(BERLIN, at('2026-07-01T15:00:00Z'))).toBe(false);
    expect(isOpen(BERLIN, at('2026-11-23T07:59:59Z'))).toBe(false);
    expect(isOpen(BERLIN, at('2026-11-23T08:00:00Z'))).toBe(true);
    expect(isOpen(BERLIN, at('2026-11-23T16:00:00Z'))).toBe(false);
  });

  test('end on Friday and go on on Monday', () => {
    expect(nextOpening(BERLIN, at('2026-11-20T16:00:00Z'))).toBe(at('2026-11-23T08:00:00Z'));
  });

  test('leave out holidays, and end early on the day before', () => {
    expect(nextOpening(BERLIN, at('2026-12-24T11:00:00Z'))).toBe(at('2026-12-28T08:00:00Z'));
    expect(isOpen(BERLIN, at('2026-12-24T10:59:00Z'))).toBe(true);
  });

  test('are the only time that counts', () => {
    const friday = at('2026-11-20T15:50:00Z');
    expect(afterOpenTime(BERLIN, friday, 30 * MINUTE)).toBe(at('2026-11-23T08:20:00Z'));
    expect(afterOpenTime(BERLIN, friday, 10 * MINUTE)).toBe(at('2026-11-20T16:00:00Z'));
    expect(openTimeBetween(BERLIN, friday, at('2026-11-23T09:00:00Z'))).toBe(10 * MINUTE + HOUR);
  });

  test('count an hour that clocks leap over as none, and one that they show twice as two', () => {
    const night = { zone: 'Europe/Berlin', week: Array.from({ length: 7 }, () => [[60, 240]] as const), holidays: {} };
    const from = (day: string) => openTimeBetween(night, at(`${day}T00:00:00+01:00`), at(`${day}T12:00:00+01:00`));
    expect(from('2026-03-28')).toBe(3 * HOUR);
    expect(from('2026-03-29')).toBe(2 * HOUR);
    expect(from('2026-10-25')).toBe(4 * HOUR);
  });

  test('of who never opens promise nothing', () => {
    const never = { zone: 'UTC', week: [[], [], [], [], [], [], []], holidays: {} };
    expect(afterOpenTime(never, 0, 1)).toBeUndefined();
    expect(nextOpening(never, 0)).toBeUndefined();
  });

  test('of who gives none never end', () => {
    expect(afterOpenTime(undefined, 5, 10)).toBe(15);
    expect(isOpen(undefined, 0)).toBe(true);
  });
});
