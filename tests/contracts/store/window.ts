import { expect } from '@jest/globals';
import type { Effect } from '../../../src/effect.ts';
import type { StoreTest } from './opened.ts';
import { arrival, handoff, opening, say, turn } from './words.ts';

/** What a platform lets us say, and what waits for it. */
export function theWindow(test: StoreTest): void {
  test('counts down what a window lets us say, and joins the next one to it while it lasts longer', async ({
    store,
    applied,
  }) => {
    const window = { until: 50_000, messages: 3 };
    const { key, held } = await applied({ ...opening('k', window), delivery: 'held', effects: [say('a')] });
    expect(await store.allowance(key)).toEqual(window);
    const spent = { conversation: key, calls: 2 };
    await store.settle({ ...held[0]!, spent, end: { kind: 'done', status: 'sent', at: 1 } });
    expect(await store.allowance(key)).toEqual({ until: 50_000, messages: 1 });
    await store.accept({ ...arrival('k2'), window: { until: 40_000, messages: 3 } });
    expect(await store.allowance(key)).toEqual({ until: 50_000, messages: 3 });
    await store.accept({ ...arrival('k3'), window: { until: 60_000, messages: 1 } });
    expect(await store.allowance(key)).toEqual({ until: 60_000, messages: 1 });
    await store.accept({ ...arrival('k4'), window: { until: 40_000 } });
    expect(await store.allowance(key)).toEqual({ until: 60_000 });
    expect(await store.allowance(key + 1)).toBeUndefined();
  });

  test('parks what the platform takes no more, tells a human once, and sends all of it when the window opens', async ({
    store,
    applied,
  }) => {
    const { key, held } = await applied({
      ...opening('k', { until: 900 }),
      delivery: 'held',
      effects: [say('a'), say('b')],
    });
    const park = { kind: 'park', due: 90_000, parts: 0, seen: 900, at: 1_000, handoff } as const;
    await store.settle({ ...held[0]!, end: park });
    await store.release([held[1]!], 90_000);
    await applied(turn('k2', { version: 1, delivery: 'held', effects: [say('c')] }));
    expect(await store.claim({ now: 89_999, until: 99_000, limit: 9 })).toEqual([]);
    const [claimed] = await store.claim({ now: 90_000, until: 99_000, limit: 9 });
    await store.settle({ ...claimed!, end: { ...park, due: 95_000 } });
    expect(await store.handoffs(9)).toMatchObject([{ conversation: 'id-ann', handoff, status: 'open' }]);
    await store.claim({ now: 99_000, until: 99_001, limit: 9 }).then((all) => store.release(all, 99_000));
    const opened = await applied({ ...opening('k3', { until: 80_000 }), version: 2 });
    expect(opened.unparked).toBe(true);
    expect(await store.handoffs(9)).toMatchObject([{ status: 'closed' }]);
    const free = await store.claim({ now: 1_000, until: 99_000, limit: 9 });
    expect(free.map(({ work }) => work.kind === 'send' && work.message.text)).toEqual(['a', 'b', 'c']);
    expect(await store.allowance(key)).toEqual({ until: 80_000 });
  });

  test('parks nothing behind a window that has opened meanwhile', async ({ store, applied }) => {
    const { held } = await applied({ ...opening('k', { until: 900 }), delivery: 'held', effects: [say('a')] });
    expect((await store.accept({ ...arrival('k2'), window: { until: 70_000 } })).outcome).toBe('accepted');
    await store.settle({
      ...held[0]!,
      end: { kind: 'park', due: 90_000, parts: 0, seen: 900, at: 1_000, handoff },
    });
    expect(await store.nextEffect()).toBe(1_000);
    expect(await store.handoffs(9)).toEqual([]);
  });

  test('parks what no window was ever told of, and frees it by an arrival that waits in the inbox', async ({
    store,
    applied,
  }) => {
    const { key, held } = await applied(turn('k', { delivery: 'held', effects: [say('a')] }));
    await store.settle({
      ...held[0]!,
      end: { kind: 'park', due: 90_000, parts: 0, seen: 0, at: 1_000, handoff },
    });
    expect(await store.allowance(key)).toMatchObject({ until: 0 });
    const opened = await store.accept({ ...arrival('k2'), window: { until: 70_000 } });
    expect(opened).toMatchObject({ outcome: 'accepted', unparked: true });
    expect(await store.accept({ ...arrival('k3'), window: { until: 80_000 } })).not.toHaveProperty('unparked');
    expect(await store.nextEffect()).toBe(1_000);
  });

  test('lets a template pass what is parked, and nothing else', async ({ store, applied }) => {
    const { held } = await applied({ ...opening('k', { until: 900 }), delivery: 'held', effects: [say('a')] });
    await store.settle({
      ...held[0]!,
      end: { kind: 'park', due: 90_000, parts: 0, seen: 900, at: 1_000, handoff },
    });
    const template: Effect = { kind: 'send', from: 'bot', message: { text: 'b', template: 'notice' } };
    const passed = await applied(turn('k2', { version: 1, delivery: 'held', effects: [template, say('c')] }));
    expect(passed.held.map(({ work }) => work.kind === 'send' && work.message.text)).toEqual(['b']);
    const free = await applied(turn('k3', { version: 2, delivery: 'free', effects: [template] }));
    expect([free.held, free.freed]).toEqual([[], true]);
    expect(await store.nextEffect()).toBe(1_000);
  });

  test('keeps a template in line where nothing is parked', async ({ applied }) => {
    await applied(turn('k', { delivery: 'free', effects: [say('a')] }));
    const template: Effect = { kind: 'send', from: 'bot', message: { text: 'b', template: 'notice' } };
    expect(await applied(turn('k2', { version: 1, delivery: 'held', effects: [template] }))).toMatchObject({
      held: [],
      freed: true,
    });
  });
}
