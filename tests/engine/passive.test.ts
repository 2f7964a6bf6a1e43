import { describe, expect, test } from '@jest/globals';
import { Lane } from '../../src/engine/lane.ts';
import { Passives } from '../../src/engine/passive.ts';

const lane = new Lane('c1', 'oa', 'ann', 'wechat', '');
const other = new Lane('c2', 'oa', 'bob', 'wechat', '');
const reply = () => async () => undefined;
const LONG = 60_000;

describe('calls that wait to be answered', () => {
  test('are answered in the order they came, each with one thing, and by their own conversation', () => {
    const [first, second, bobs] = [reply(), reply(), reply()];
    const passives = new Passives();
    passives.offer(lane, first, LONG);
    passives.offer(other, bobs, LONG);
    passives.offer(lane, second, LONG);
    expect([passives.take(lane), passives.take(lane), passives.take(lane)]).toEqual([first, second, undefined]);
    expect(passives.take(other)).toBe(bobs);
  });

  test('wait on when what they brought comes once more', () => {
    const [first, again] = [reply(), reply()];
    const passives = new Passives();
    passives.offer(lane, first, LONG);
    passives.offer(lane, again, LONG);
    passives.withdraw(lane, again);
    expect([passives.take(lane), passives.take(lane)]).toEqual([first, undefined]);
  });

  test('are none where nobody called', () => {
    const passives = new Passives();
    passives.withdraw(lane, reply());
    expect(passives.take(lane)).toBeUndefined();
  });

  test('wait until their deadline and no longer', async () => {
    const passives = new Passives();
    passives.offer(lane, reply(), 1);
    const late = reply();
    passives.offer(lane, late, LONG);
    await new Promise((later) => setTimeout(later, 20));
    expect([passives.take(lane), passives.take(lane)]).toEqual([late, undefined]);
  });
});
