import { expect, test } from '@jest/globals';
import { Breakers } from '../../src/engine/breaker.ts';

test('refused secrets are tried again after longer and longer, and those that fail together count once', () => {
  const breakers = new Breakers();
  expect([breakers.refused('a', 0), breakers.refused('a', 3_999)]).toEqual([5_000, 5_000]);
  expect(breakers.refused('a', 5_000)).toBe(15_000);
  expect(breakers.refused('a', 14_000)).toBe(34_000);
  for (let now = 40_000; now < 4_000_000; now += 400_000) breakers.refused('a', now);
  expect(breakers.refused('a', 9_000_000)).toBe(9_300_000);
  expect(breakers.shut).toEqual(['a']);
});

test('who tries refused secrets goes alone, and one that passes ends it', () => {
  const breakers = new Breakers();
  breakers.refused('a', 0);
  expect(breakers.wait('a', 4_999)).toBe(5_000);
  expect(breakers.wait('a', 5_000)).toBeUndefined();
  expect(breakers.wait('a', 5_000)).toBe(6_000);
  expect([breakers.isShut('a', 5_999), breakers.isShut('a', 6_000), breakers.isShut('b', 0)]).toEqual([
    true,
    false,
    false,
  ]);
  breakers.passed('a');
  expect([breakers.wait('a', 5_000), breakers.shut]).toEqual([undefined, []]);
});

test('a pause lasts as long as the longest that was asked for, for its account only, and is not ended by what passes', () => {
  const breakers = new Breakers();
  breakers.pause('a', 9_000);
  breakers.pause('a', 4_000);
  breakers.passed('a');
  expect([breakers.wait('a', 8_999), breakers.wait('b', 0), breakers.shut]).toEqual([9_000, undefined, []]);
  expect([breakers.wait('a', 9_000), breakers.isShut('a', 0)]).toEqual([undefined, false]);
});
