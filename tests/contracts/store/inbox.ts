import { expect } from '@jest/globals';
import type { Effect } from '../../../src/effect.ts';
import type { FinishedTurn } from '../../../src/store/store.ts';
import type { StoreTest } from './opened.ts';
import { arrival, at, say, turn } from './words.ts';

/** What is accepted is turned once, in order, and a key changes something once. */
export function theInbox(test: StoreTest): void {
  test('begins a conversation with its first turn and finds it by address, key and public id', async ({
    store,
    applied,
  }) => {
    const committed = await applied(turn('k1', { effects: [say('hello')] }));
    const loaded = await store.load('web', 'ann');
    expect(loaded).toMatchObject({ key: committed.key, id: 'id-ann', version: 1, state: '{"n":1}', open: false });
    expect(await store.find(committed.key)).toEqual(loaded);
    expect(await store.find('id-ann')).toEqual(loaded);
    expect(await store.load('sms', 'ann')).toBeUndefined();
  });

  test('numbers what was said without gaps, in the order it was said', async ({ store, applied }) => {
    const first = await applied(turn('k1', { effects: [say('a'), say('b')] }));
    const second = await applied(turn('k2', { version: 1, effects: [say('c')] }));
    expect([first.seq, first.first, second.seq, second.first]).toEqual([1, 2, 4, 5]);
    const entries = await store.transcript('id-ann', 1, 3);
    expect(entries.map((entry) => [entry.seq, entry.from, entry.message.text])).toEqual([
      [2, 'bot', 'a'],
      [3, 'bot', 'b'],
      [4, 'customer', 'k2'],
    ]);
  });

  test('a key changes something once: the second commit answers as the first did', async ({ store, applied }) => {
    const first = await applied(turn('k1', { effects: [say('a')] }));
    const again = await store.commit(turn('k1', { version: 1, state: '{"n":9}', effects: [say('b')] }));
    expect(again).toEqual({ outcome: 'duplicate', key: first.key, id: 'id-ann', seq: 1 });
    const late = await store.commit(turn('k1', { version: 0 }));
    expect(late.outcome).toBe('duplicate');
    expect(await store.load('web', 'ann')).toMatchObject({ version: 1, state: '{"n":1}' });
    expect(await store.transcript('id-ann', 0, 9)).toHaveLength(2);
  });

  test('the same key twice at the same moment is accepted once', async ({ store }) => {
    const answers = await Promise.all([store.accept(arrival('k1')), store.accept(arrival('k1'))]);
    expect(answers.map(({ outcome }) => outcome)).toEqual(['accepted', 'duplicate']);
    const [key] = await store.backlog(9);
    expect(await store.take(key!, 9)).toHaveLength(1);
  });

  test('the same key in two conversations is two arrivals', async ({ store, applied }) => {
    await applied(turn('k1'));
    expect((await store.accept(arrival('k1', at('bob')))).outcome).toBe('accepted');
  });

  test('refuses a turn that was computed on an older version, and changes nothing', async ({ store, applied }) => {
    await applied(turn('k1'));
    expect(await store.commit(turn('k2', { version: 0, state: '{"n":9}', effects: [say('x')] }))).toEqual({
      outcome: 'stale',
    });
    expect(await store.load('web', 'ann')).toMatchObject({ version: 1, state: '{"n":1}' });
    expect(await store.transcript('id-ann', 0, 9)).toHaveLength(1);
    expect((await store.accept(arrival('k2'))).outcome).toBe('accepted');
  });

  test('gives open events in the order they were accepted, until each is turned', async ({ store, applied }) => {
    for (const key of ['a', 'b', 'c']) await store.accept(arrival(key));
    const [key] = await store.backlog(9);
    const open = await store.take(key!, 9);
    expect(open.map(({ event }) => event)).toEqual(['a', 'b', 'c'].map((text) => ({ kind: 'message', text })));
    expect((await store.load('web', 'ann'))?.open).toBe(true);
    await applied(turn('', { origin: { kind: 'inbox', id: open[0]!.id } }));
    expect((await store.take(key!, 9)).map(({ seq }) => seq)).toEqual([2, 3]);
  });

  test('an open event is turned once', async ({ store, applied }) => {
    await store.accept(arrival('a'));
    const [key] = await store.backlog(9);
    const [open] = await store.take(key!, 9);
    const origin = { kind: 'inbox', id: open!.id } as const;
    await applied(turn('', { origin }));
    expect((await store.commit(turn('', { origin, version: 1 }))).outcome).toBe('gone');
    expect((await store.load('web', 'ann'))?.version).toBe(1);
  });

  test('lists who waits longest first', async ({ store }) => {
    await store.accept(arrival('1', at('ann')));
    await store.accept(arrival('2', at('bob')));
    await store.accept(arrival('3', at('ann')));
    const ids = await Promise.all((await store.backlog(9)).map(async (key) => (await store.find(key))?.id));
    expect(ids).toEqual(['id-ann', 'id-bob']);
  });

  test('sets a failing event aside without its followers, and puts it back in front of them', async ({ store }) => {
    await store.accept(arrival('a'));
    await store.accept(arrival('b'));
    const [key] = await store.backlog(9);
    const [bad] = await store.take(key!, 1);
    await store.fail(bad!.id, { code: 'x', at: 5, quarantine: false });
    expect((await store.take(key!, 1))[0]).toMatchObject({ id: bad!.id, tries: 1 });
    await store.fail(bad!.id, { code: 'boom', at: 6, quarantine: true });
    expect((await store.take(key!, 9)).map(({ seq }) => seq)).toEqual([2]);
    expect(await store.quarantined(9)).toMatchObject([{ id: bad!.id, conversation: 'id-ann', code: 'boom', at: 6 }]);
    expect((await store.counts()).quarantined).toBe(1);
    expect(await store.replayEvent(bad!.id)).toBe(key);
    expect((await store.take(key!, 9)).map(({ seq, tries }) => [seq, tries])).toEqual([
      [1, 0],
      [2, 0],
    ]);
    expect(await store.replayEvent(bad!.id)).toBeUndefined();
  });

  test('lists conversations with an event that was tried before', async ({ store }) => {
    await store.accept(arrival('a'));
    await store.accept(arrival('b', at('bob')));
    const [, bob] = await store.backlog(9);
    expect(await store.tried(9)).toEqual([]);
    const [open] = await store.take(bob!, 1);
    await store.fail(open!.id, { code: 'x', at: 5, quarantine: false });
    expect(await store.tried(9)).toEqual([bob]);
  });

  test('keeps the redacted words instead of the customer’s', async ({ store, applied }) => {
    await applied(turn('4111111111111111', { redacted: '****1111' }));
    expect((await store.transcript('id-ann', 0, 9))[0]?.message).toEqual({ text: '****1111' });
    await store.accept(arrival('4222222222222'));
    const [key] = await store.backlog(9);
    const [open] = await store.take(key!, 9);
    await applied(
      turn('', { version: 1, origin: { kind: 'inbox', id: open!.id }, seq: open!.seq, redacted: '****2222' }),
    );
    expect((await store.transcript('id-ann', 1, 9))[0]?.message).toEqual({ text: '****2222' });
  });

  test('one operation that fails harms no other of the same moment', async ({ store }) => {
    const broken = { ...turn('bad', { to: at('eve') }), effects: [{ kind: 'timer', id: 'x', at: Symbol('no') }] };
    const outcomes = await Promise.allSettled([
      store.commit(turn('k1')),
      store.commit(broken as unknown as FinishedTurn),
      store.commit(turn('k1', { to: at('bob') })),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await store.load('web', 'ann')).toMatchObject({ version: 1 });
    expect(await store.load('web', 'bob')).toMatchObject({ version: 1 });
    expect(await store.load('web', 'eve')).toBeUndefined();
  });

  test('a turn by who knows the conversation is one like any other', async ({ store, applied }) => {
    const first = await applied(turn('k1', { effects: [say('a')] }));
    const to = { ...at('ann'), key: first.key };
    const known = { seq: 2, tail: first.tail, customer: undefined };
    const { shown: _, ...unshown } = arrival('k2', to);
    const set: Effect = { kind: 'customer', set: { size: 'M' } };
    const second = await applied({ ...turn(''), arrival: unshown, version: 1, known, effects: [set], redacted: '*' });
    expect(second).toMatchObject({ seq: 0, first: 3, tail: first.tail, customer: { attributes: { size: 'M' } } });
    const customer = second.customer!.key;
    const again = await store.commit(turn('k2', { to, version: 2, known: { ...known, customer } }));
    expect(again).toMatchObject({ outcome: 'duplicate', seq: 0 });
    // What it knows is of before: nothing is lost, and nothing is said at the wrong place.
    expect((await store.commit(turn('k3', { to, version: 1, known }))).outcome).toBe('stale');
    const third = await applied(turn('k3', { to, version: 2, known: { ...known, customer }, effects: [say('b')] }));
    expect([third.seq, third.first]).toEqual([3, 4]);
    const loaded = await store.load('web', 'ann');
    expect(loaded).toMatchObject({ version: 3, seq: 4, customer: { attributes: { size: 'M' } } });
    expect((await store.transcript('id-ann', 0, 9)).map(({ message }) => message.text)).toEqual(['k1', 'a', 'k3', 'b']);
  });

  test('a failure of an event that is not open any more changes nothing', async ({ store }) => {
    await store.fail(99, { code: 'x', at: 5, quarantine: true });
    expect(await store.quarantined(9)).toEqual([]);
  });

  test('keeps the files that came along', async ({ store }) => {
    const attachments = [{ id: 'f1', name: '1.png', type: 'image/png', size: 9, url: '/files/f1' }];
    const { shown, ...rest } = arrival('k1');
    await store.accept({ ...rest, shown: { ...shown!, attachments } });
    expect(await store.transcript('id-ann', 0, 9)).toMatchObject([{ attachments }]);
  });
}
