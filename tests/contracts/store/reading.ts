import { expect } from '@jest/globals';
import type { Effect } from '../../../src/effect.ts';
import type { StoreTest } from './opened.ts';
import { arrival, at, say, turn } from './words.ts';

/** What is looked at: lists, pages, cursors, what is kept for others. */
export function theReading(test: StoreTest): void {
  test('knows when a customer was heard last, and what has come in', async ({ store, applied }) => {
    const { key } = await applied(turn('k1', { effects: [say('a')] }));
    expect(await store.heard(key)).toBe(1_000);
    expect(await store.arrived(key, 'k1')).toBe(true);
    expect(await store.arrived(key, 'k2')).toBe(false);
  });

  test('finds what was offered last', async ({ store, applied }) => {
    const choices = [{ token: 't', label: 'Yes' }];
    const offer: Effect = { kind: 'send', from: 'bot', message: { text: '?', choices } };
    const { key } = await applied(turn('k', { effects: [offer, say('well?')] }));
    expect((await store.offered(key))?.choices).toEqual(choices);
    const form = { token: 'form1', title: 'Both', submit: 'Send', fields: [] };
    const shown: Effect = { kind: 'send', from: 'bot', message: { text: '?', form } };
    await applied(turn('k2', { version: 1, effects: [shown, say('well?')] }));
    expect((await store.offered(key))?.form).toEqual(form);
  });

  test('keeps handoffs, insights and flows, and forgets what is pruned', async ({ store, applied }) => {
    const handoff: Effect = {
      kind: 'handoff',
      id: 'h',
      mode: 'transfer',
      queue: 'q',
      priority: 'normal',
      reason: 'r',
      attach: {},
    };
    await applied(turn('k', { effects: [handoff, { kind: 'record', name: 'flow.ended', data: { flow: 'x' } }] }));
    expect(await store.handoffs(9)).toMatchObject([{ conversation: 'id-ann', status: 'open', handoff }]);
    expect(await store.insights(0, 9)).toMatchObject([{ name: 'flow.ended', data: { flow: 'x' }, at: 1_000 }]);
    await store.keepFlow({ hash: 'h1', source: 'flow: x' });
    await store.keepFlow({ hash: 'h1', source: 'flow: x' });
    expect(await store.keptFlows()).toEqual([{ hash: 'h1', source: 'flow: x' }]);
    await store.dropFlow('h1');
    expect(await store.keptFlows()).toEqual([]);
  });

  test('keeps documents of knowledge, each once, by rising key', async ({ store }) => {
    const kept = (set: string, id: string, content: string) => ({ set, id, content, at: 1_000 });
    await store.keepDocument(kept('help', 'a', '1'));
    await store.keepDocument(kept('help', 'b', '2'));
    await store.keepDocument(kept('other', 'a', '3'));
    await store.keepDocument(kept('help', 'a', '4'));
    const [first, ...rest] = await store.documents(0, 9);
    expect([first, ...rest].map((document) => document?.content)).toEqual(['2', '3', '4']);
    expect(first).toMatchObject(kept('help', 'b', '2'));
    expect((await store.documents(first?.key ?? 0, 1)).map(({ content }) => content)).toEqual(['3']);
    expect(await store.dropDocument('help', 'a')).toBe(true);
    expect(await store.dropDocument('help', 'a')).toBe(false);
    expect((await store.documents(0, 9)).map(({ content }) => content)).toEqual(['2', '3']);
  });

  test('keeps the last cursor of each account', async ({ store }) => {
    expect(await store.cursor('kf')).toBeUndefined();
    await store.keepCursor('kf', 'a');
    await store.keepCursor('kf', 'b');
    await store.keepCursor('other', 'c');
    expect([await store.cursor('kf'), await store.cursor('other')]).toEqual(['b', 'c']);
  });

  test('goes through all states, a page at a time', async ({ store, applied }) => {
    for (const address of ['a', 'b', 'c']) await applied(turn('k', { to: at(address) }));
    const first = await store.states(0, 2);
    const rest = await store.states(first[1]!.key, 9);
    expect([...first, ...rest].map(({ id, state }) => [id, state])).toEqual(
      ['a', 'b', 'c'].map((id) => [`id-${id}`, '{"n":1}']),
    );
  });

  test('tells where something may be said unasked, a page at a time, and to whom', async ({ store, applied }) => {
    for (const address of ['a', 'b', 'c']) await applied(turn('k', { to: at(address) }));
    await applied(turn('k2', { to: at('b'), version: 1, effects: [{ kind: 'customer', set: { vip: true } }] }));
    await store.accept(arrival('k', at('d')));
    const first = await store.audience(0, 2);
    const rest = await store.audience(first[1]!.key, 9);
    expect([...first, ...rest].map(({ account, address }) => `${account}:${address}`)).toEqual([
      'web:a',
      'web:b',
      'web:c',
    ]);
    expect(first[0]).not.toHaveProperty('customer');
    expect(first[1]!.customer).toBe((await store.load('web', 'b'))!.customer!.key);
  });

  test('has nothing of a conversation that nobody began, and no word of who has not written', async ({
    store,
    applied,
  }) => {
    expect(await store.transcript('nobody', 0, 9)).toEqual([]);
    const { shown: _, ...unshown } = arrival('k1');
    const { key } = await applied({ ...turn(''), arrival: unshown, effects: [say('hello')] });
    expect(await store.heard(key)).toBeUndefined();
    expect(await store.offered(key)).toBeUndefined();
  });

  test('looks for what was offered no further back than the lines go', async ({ store, applied }) => {
    const choices = [{ token: 't', label: 'Yes' }];
    const offer: Effect = { kind: 'send', from: 'bot', message: { text: '?', choices } };
    const { key } = await applied(turn('k', { effects: [offer] }));
    const late = turn('k2', { version: 1, effects: [say('well?')] });
    await applied({ ...late, arrival: { ...late.arrival, at: 5_000 } });
    expect((await store.offered(key))?.choices).toEqual(choices);
    await store.prune({ entries: 2_000, after: 0, limit: 9 });
    expect(await store.offered(key)).toBeUndefined();
  });

  test('counts what waits, what is dead and what is set aside', async ({ store, applied }) => {
    expect(await store.counts()).toEqual({ quarantined: 0, dead: 0, oldestEffect: undefined, waiting: 0 });
    const { held } = await applied(turn('k', { delivery: 'held', effects: [say('a'), say('b')] }));
    await store.settle({ ...held[0]!, end: { kind: 'dead', code: 'blocked', at: 9 } });
    expect(await store.counts()).toEqual({ quarantined: 0, dead: 1, oldestEffect: 1_000, waiting: 0 });
  });

  test('looks for what was offered within a few lines', async ({ store, applied }) => {
    const choices = [{ token: 't', label: 'Yes' }];
    const offer: Effect = { kind: 'send', from: 'bot', message: { text: '?', choices } };
    const { key } = await applied(turn('k', { effects: [offer, ...Array.from({ length: 60 }, () => say('…'))] }));
    expect(await store.offered(key)).toBeUndefined();
  });

  test('takes writes, and nobody has left it open', async ({ store }) => {
    store.onFatal(() => {
      throw new Error('the store failed');
    });
    expect([store.health(), store.interrupted]).toEqual(['ok', false]);
  });
}
