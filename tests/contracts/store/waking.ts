import { expect } from '@jest/globals';
import type { Effect } from '../../../src/effect.ts';
import type { JsonObject } from '../../../src/type.ts';
import type { StoreTest } from './opened.ts';
import { at, timer, turn } from './words.ts';

/** Timers and signals: what wakes a conversation. */
export function theWaking(test: StoreTest): void {
  test('a timer is replaced under its id, cancelled, due when it says, and taken once', async ({ store, applied }) => {
    const { key } = await applied(
      turn('k', {
        effects: [timer('a', 5_000), timer('b', 6_000), timer('a', 7_000), { kind: 'cancel_timer', id: 'b' }],
      }),
    );
    expect(await store.nextTimer()).toBe(7_000);
    expect(await store.due(6_999, 9)).toEqual([]);
    expect(await store.due(7_000, 9)).toEqual([{ conversation: key, id: 'a', due: 7_000 }]);
    const origin = { kind: 'timer', id: 'a', due: 7_000 } as const;
    const to = { ...at('ann'), key };
    expect((await store.accept({ to, origin, event: { kind: 'timer', id: 'a' }, at: 7_000 })).outcome).toBe('accepted');
    expect((await store.accept({ to, origin, event: { kind: 'timer', id: 'a' }, at: 7_001 })).outcome).toBe('gone');
    expect(await store.nextTimer()).toBeUndefined();
  });

  test('a signal wakes those whose match it has, once per key', async ({ store, applied }) => {
    const listen = (id: string, order: string): Effect => ({
      kind: 'listen',
      id,
      event: 'shipped',
      match: { order },
    });
    const { key } = await applied(turn('k', { effects: [listen('w', 'A')] }));
    await applied(turn('k', { to: at('bob'), effects: [listen('w', 'B')] }));
    const signal = { name: 'shipped', data: { order: 'A', by: 'post' }, key: 's1', at: 5 };
    expect(await store.signal(signal)).toEqual([key]);
    expect(await store.signal(signal)).toEqual([]);
    expect((await store.take(key, 9)).map(({ event }) => event)).toEqual([
      { kind: 'signal', name: 'shipped', data: signal.data },
    ]);
    await applied(turn('k2', { version: 1, effects: [{ kind: 'unlisten', id: 'w' }] }));
    expect(await store.signal({ ...signal, key: 's2' })).toEqual([]);
  });

  test('a signal finds each listener by what it matches, whatever kind of value that is', async ({
    store,
    applied,
  }) => {
    const matches: Record<string, JsonObject> = {
      everything: {},
      number: { n: 1 },
      text: { n: '1' },
      unset: { n: null },
      two: { a: true, n: 1 },
      deep: { order: { id: 'A', lines: [1, 2] } },
      'deep-and-plain': { order: { id: 'A' }, n: 1 },
    };
    for (const [address, match] of Object.entries(matches)) {
      const listen: Effect = { kind: 'listen', id: 'w', event: 'shipped', match };
      await applied(turn('k', { to: at(address), effects: [listen] }));
    }
    const woken = async (key: string, data: JsonObject) => {
      const keys = await store.signal({ name: 'shipped', data, key, at: 5 });
      return (await Promise.all(keys.map(async (one) => (await store.find(one))?.address))).toSorted();
    };
    expect(await woken('1', { n: 1 })).toEqual(['everything', 'number']);
    expect(await woken('2', { n: '1', a: true })).toEqual(['everything', 'text']);
    expect(await woken('3', { n: null })).toEqual(['everything', 'unset']);
    expect(await woken('4', { n: 1, a: true, order: { id: 'A' } })).toEqual([
      'deep-and-plain',
      'everything',
      'number',
      'two',
    ]);
    expect(await woken('5', { order: { lines: [1, 2], id: 'A' } })).toEqual(['deep', 'everything']);
  });
}
