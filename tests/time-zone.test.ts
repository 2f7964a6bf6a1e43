import { describe, expect, test } from '@jest/globals';
import { dateAt, instantAt, offsetAt, wallClock } from '../src/time-zone.ts';

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);

describe('the clock on the wall', () => {
  test.each([
    ['2026-01-15T12:00:00Z', 'Europe/Berlin', 1],
    ['2026-07-15T12:00:00Z', 'Europe/Berlin', 2],
    ['2026-07-15T12:00:00Z', 'Asia/Shanghai', 8],
    ['2026-01-15T12:00:00Z', 'America/St_Johns', -3.5],
    ['2026-01-15T12:00:00Z', 'UTC', 0],
    ['2026-01-15T12:00:00Z', 'Mars/Olympus', 0],
  ])('at %s in %s is %s hours ahead of UTC', (instant, zone, hours) => {
    expect(offsetAt(at(instant), zone)).toBe(hours * HOUR);
  });

  test('shows another day east of here', () => {
    expect(dateAt(at('2026-11-21T20:00:00Z'), 'Asia/Shanghai')).toBe('2026-11-22');
    expect(dateAt(at('2026-11-21T20:00:00Z'), 'UTC')).toBe('2026-11-21');
  });

  test.each(['Europe/Berlin', 'America/New_York', 'Asia/Shanghai', 'Australia/Lord_Howe', 'UTC'])(
    'is read back to the instant in %s, but in hours that are shown twice or never',
    (zone) => {
      for (let instant = at('2026-01-01T00:00:00Z'); instant < at('2027-01-01T00:00:00Z'); instant += 7 * HOUR) {
        const wall = wallClock(instant, zone);
        const back = instantAt(wall, zone);
        expect([instant, instant - HOUR, instant + HOUR, instant - HOUR / 2, instant + HOUR / 2]).toContain(back);
        if (offsetAt(instant - 3 * HOUR, zone) === offsetAt(instant + 3 * HOUR, zone)) expect(back).toBe(instant);
      }
    },
  );
});
