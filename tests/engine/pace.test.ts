import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MOMENT, Pace } from '../../src/engine/pace.ts';

const RATES = [
  { scope: 'account', messages: 5, per: 700 },
  { scope: 'conversation', messages: 2, per: 400 },
  { scope: 'conversation', messages: 3, per: 1_500 },
] as const;

test('no stretch of time has more calls than the rates allow, whoever comes when', () => {
  const caller = fc.record({ conversation: fc.integer({ min: 1, max: 3 }), later: fc.integer({ min: 0, max: 300 }) });
  fc.assert(
    fc.property(fc.array(caller, { maxLength: 80 }), (callers) => {
      const pace = new Pace();
      const calls: { at: number; conversation: number }[] = [];
      let now = 1_000;
      for (const { conversation, later } of callers) {
        now += later;
        const slot = pace.book({ account: 'sms', conversation }, RATES, now);
        expect(slot.at).toBeGreaterThanOrEqual(now);
        if (slot.booked) calls.push({ at: slot.at, conversation });
      }
      for (const { scope, messages, per } of RATES) {
        for (const { at, conversation } of calls) {
          const mine = calls.filter((call) => scope === 'account' || call.conversation === conversation);
          const stretch = mine.filter((call) => call.at >= at && call.at < at + per);
          expect(stretch.length).toBeLessThanOrEqual(messages);
        }
      }
    }),
  );
});

test('who has to wait long is told to come back when there will be room, one after the other', () => {
  const pace = new Pace();
  const rates = [{ scope: 'account', messages: 2, per: 10 * MOMENT }] as const;
  const slots = [1, 2, 3, 4, 5].map((conversation) => pace.book({ account: 'a', conversation }, rates, 0));
  expect(slots).toEqual([
    { at: 0, booked: true },
    { at: 0, booked: true },
    { at: 10 * MOMENT, booked: false },
    { at: 15 * MOMENT, booked: false },
    { at: 20 * MOMENT, booked: false },
  ]);
});

test('accounts do not wait for each other, and a clock that is set back holds nobody', () => {
  const pace = new Pace();
  const rates = [{ scope: 'account', messages: 1, per: 60_000 }] as const;
  const at = (account: string, now: number) => pace.book({ account, conversation: 1 }, rates, now);
  expect(at('a', 9_000_000).booked).toBe(true);
  expect(at('b', 9_000_000).booked).toBe(true);
  expect(at('a', 9_000_000).booked).toBe(false);
  expect(at('a', 5_000_000)).toEqual({ at: 5_000_000, booked: true });
});
