import { expect } from '@jest/globals';
import type { Effect } from '../../../src/effect.ts';
import type { StoreTest } from './opened.ts';
import { arrival, at, call, say, turn } from './words.ts';

/** What is forgotten, and what is not. */
export function thePruning(test: StoreTest): void {
  test('forgets what is old, page by page, and nothing that is still needed', async ({ store, applied }) => {
    const record: Effect = { kind: 'record', name: 'n', data: {} };
    await applied(turn('1', { effects: [record, say('old')] }));
    await applied(turn('2', { version: 1, delivery: 'free', effects: [record, say('unsent')] }));
    await applied(turn('3', { to: at('bob'), effects: [record] }));
    const late = { ...turn('4', { to: at('bob'), version: 1 }), arrival: { ...arrival('4', at('bob')), at: 2_000 } };
    await applied(late);
    let pruned = 0;
    let pages = 0;
    for (let after: number | undefined = 0; after !== undefined; pages += 1) {
      const page = await store.prune({ keys: 1_001, insights: 1_001, entries: 1_001, after, limit: 1 });
      pruned += page.pruned;
      after = page.next;
    }
    expect(pages).toBeGreaterThan(2);
    // Two insights (the last one stays), four lines.
    expect(pruned).toBe(6);
    expect(await store.insights(0, 9)).toHaveLength(1);
    const left = [...(await store.transcript('id-ann', 0, 9)), ...(await store.transcript('id-bob', 0, 9))];
    expect(left.map(({ seq, message }) => [seq, message.text])).toEqual([
      [4, 'unsent'],
      [2, '4'],
    ]);
    expect((await store.accept(arrival('4', at('bob')))).outcome).toBe('duplicate');
    expect(await store.accept(arrival('1'))).toMatchObject({ outcome: 'accepted', seq: 5 });
  });

  test('forgets what was done for customers long ago, and nothing else of them', async ({ store, applied }) => {
    const past = (day: number) => ({ flow: 'returns', at: `2026-11-0${day}T10:00:00.000Z` });
    const set = { memory: [past(1), past(5)], name: 'Ann' };
    await applied(turn('1', { effects: [{ kind: 'customer', set }] }));
    const memories = Date.parse('2026-11-03T00:00:00.000Z');
    expect((await store.prune({ memories, after: 0, limit: 9 })).pruned).toBe(1);
    expect((await store.load('web', 'ann'))?.customer?.attributes).toEqual({ memory: [past(5)], name: 'Ann' });
    expect((await store.prune({ memories, after: 0, limit: 9 })).pruned).toBe(0);
  });

  test('knows a key longer than the line that came with it', async ({ store, applied }) => {
    await applied(turn('1', { effects: [say('old')] }));
    await store.prune({ keys: 500, entries: 1_001, after: 0, limit: 9 });
    expect(await store.transcript('id-ann', 0, 9)).toEqual([]);
    expect((await store.accept(arrival('1'))).outcome).toBe('duplicate');
  });

  test('goes on while there is more to forget, and keeps the last insight, whose id is somebody’s cursor', async ({
    store,
    applied,
  }) => {
    const record: Effect = { kind: 'record', name: 'n', data: {} };
    const size: Effect = { kind: 'customer', set: { size: 'M' } };
    await applied(turn('1', { effects: [record, record, record, size, call('c1', 7_000)] }));
    const memories = Date.parse('2026-11-03T00:00:00.000Z');
    let pruned = 0;
    for (let after: number | undefined = 0; after !== undefined; ) {
      const page = await store.prune({ insights: 2_000, memories, after, limit: 1 });
      pruned += page.pruned;
      after = page.next;
    }
    expect(pruned).toBe(2);
    expect(await store.insights(0, 9)).toHaveLength(1);
    expect(await store.nextEffect()).toBe(7_000);
  });
}
