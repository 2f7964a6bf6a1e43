import { describe, expect, test } from '@jest/globals';
import { isDue, lastDue, parseCron } from '../../src/flow/value/cron.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The instants at which it is due on a day (and a bit), as UTC. */
function dueOn(schedule: string, from: string, timezone = 'UTC', length = DAY): string[] {
  const cron = parseCron(schedule);
  if (cron === undefined) throw new Error(`${schedule} is no schedule.`);
  const begin = Date.parse(from);
  return Array.from({ length: length / MINUTE }, (_, index) => begin + index * MINUTE)
    .filter((minute) => isDue(cron, minute, timezone))
    .map((minute) => new Date(minute).toISOString().slice(0, 16));
}

describe('a schedule', () => {
  test.each([
    ['0 9 * * *', ['2026-11-23T09:00']],
    ['30 8,18 * * *', ['2026-11-23T08:30', '2026-11-23T18:30']],
    ['0 */8 * * *', ['2026-11-23T00:00', '2026-11-23T08:00', '2026-11-23T16:00']],
    ['0 9-11 * * 1', ['2026-11-23T09:00', '2026-11-23T10:00', '2026-11-23T11:00']],
    ['0 9 * * MON-FRI', ['2026-11-23T09:00']],
    ['0 9 * nov *', ['2026-11-23T09:00']],
    ['20/20 9 * * *', ['2026-11-23T09:20', '2026-11-23T09:40']],
    ['0 9 * * 2', []],
    ['0 9 1 * *', []],
    ['0 9 * 12 *', []],
    // Either day, as cron has it.
    ['0 9 1 * 1', ['2026-11-23T09:00']],
    ['0 9 23 * 5', ['2026-11-23T09:00']],
  ])('“%s” is due on a Monday in November at %j', (schedule, due) => {
    expect(dueOn(schedule, '2026-11-23T00:00:00Z')).toEqual(due);
  });

  test('takes Sunday as 0 and as 7', () => {
    expect(dueOn('0 9 * * 0', '2026-11-22T00:00:00Z')).toEqual(['2026-11-22T09:00']);
    expect(dueOn('0 9 * * 7', '2026-11-22T00:00:00Z')).toEqual(['2026-11-22T09:00']);
  });

  test('is read off the clock of the business', () => {
    expect(dueOn('0 9 * * *', '2026-11-22T16:00:00Z', 'Asia/Shanghai')).toEqual(['2026-11-23T01:00']);
    expect(dueOn('0 9 * * 1', '2026-07-20T00:00:00Z', 'Europe/Berlin')).toEqual(['2026-07-20T07:00']);
  });

  test.each([
    '',
    'at nine',
    '0 9 * *',
    '0 9 * * * *',
    '60 9 * * *',
    '0 24 * * *',
    '0 9 0 * *',
    '0 9 * 13 *',
    '0 9 * * 8',
  ])('“%s” is none', (text) => {
    expect(parseCron(text)).toBeUndefined();
  });

  test.each([
    '5-1 9 * * *',
    '*/0 9 * * *',
    '0 9 31 2 *',
    '0 9 31 4,6 *',
    '0 9 * foo *',
    '0 9 * * mon-foo',
    '- 9 * * *',
  ])('“%s” would never be due', (text) => {
    expect(parseCron(text)).toBeUndefined();
  });

  test('may be due on a leap day only', () => {
    expect(dueOn('0 9 29 2 *', '2028-02-29T00:00:00Z')).toEqual(['2028-02-29T09:00']);
  });
});

describe('where clocks change', () => {
  // Berlin: 2026-03-29, 2:00 → 3:00; 2026-10-25, 3:00 → 2:00. New York: 2026-03-08 and 2026-11-01.
  test('an hour that is left out comes as soon as the clock is past it, once', () => {
    expect(dueOn('30 2 * * *', '2026-03-28T23:00:00Z', 'Europe/Berlin')).toEqual(['2026-03-29T01:00']);
    expect(dueOn('15,45 2 * * *', '2026-03-28T23:00:00Z', 'Europe/Berlin')).toEqual(['2026-03-29T01:00']);
    expect(dueOn('30 2 * * *', '2026-03-08T05:00:00Z', 'America/New_York')).toEqual(['2026-03-08T07:00']);
  });

  test('an hour that comes twice counts once, the first time', () => {
    expect(dueOn('30 2 * * *', '2026-10-24T22:00:00Z', 'Europe/Berlin', 26 * 60 * MINUTE)).toEqual([
      '2026-10-25T00:30',
    ]);
    expect(dueOn('30 1 * * *', '2026-11-01T04:00:00Z', 'America/New_York')).toEqual(['2026-11-01T05:30']);
  });

  test('what is due every so often goes on as time passes', () => {
    expect(dueOn('*/30 * * * *', '2026-10-25T00:00:00Z', 'Europe/Berlin', 2 * 60 * MINUTE)).toHaveLength(4);
    expect(dueOn('*/30 * * * *', '2026-03-29T00:00:00Z', 'Europe/Berlin', 2 * 60 * MINUTE)).toHaveLength(4);
  });

  test('nine in the morning is nine in the morning, every day, once', () => {
    // Clocks change there in April and October, by half an hour.
    for (const [month, days] of [
      ['04', 30],
      ['10', 31],
    ] as const) {
      const length = days * DAY;
      const due = dueOn('0 9 * * *', `2026-${month}-01T00:00:00Z`, 'Australia/Lord_Howe', length);
      expect(due).toHaveLength(days);
    }
  });
});

describe('the last time it was due', () => {
  const nine = parseCron('0 9 * * *')!;
  const at = (time: string) => Date.parse(`2026-11-23T${time}Z`);

  test('is the latest of those that were missed', () => {
    const often = parseCron('*/10 * * * *')!;
    expect(lastDue(often, { after: at('08:00:00'), until: at('09:07:30') }, 'UTC')).toBe(at('09:00:00'));
  });

  test('counts up to the present minute, and not the one that was looked at last', () => {
    expect(lastDue(nine, { after: at('08:59:00'), until: at('09:00:01') }, 'UTC')).toBe(at('09:00:00'));
    expect(lastDue(nine, { after: at('09:00:00'), until: at('09:30:00') }, 'UTC')).toBeUndefined();
    expect(lastDue(nine, { after: at('08:00:00'), until: at('08:59:59') }, 'UTC')).toBeUndefined();
  });
});
