import { expect } from '@jest/globals';
import type { HeldEffect } from '../../../src/store/store.ts';
import type { StoreTest } from './opened.ts';
import { at, call, report, say, turn } from './words.ts';

/** What is to be done outside: held by one at a time, in order, and known after a crash. */
export function theOutbox(test: StoreTest): void {
  test('an effect that the committer holds is given to nobody else, until the hold runs out', async ({
    store,
    applied,
  }) => {
    const { held } = await applied(turn('k', { delivery: 'held', heldUntil: 5_000, effects: [say('a')] }));
    expect(held).toMatchObject([{ token: 1, work: { kind: 'send', seq: 2, message: { text: 'a' } } }]);
    expect(await store.claim({ now: 4_999, until: 9_000, limit: 9 })).toEqual([]);
    const claimed = await store.claim({ now: 6_000, until: 9_000, limit: 9 });
    expect(claimed).toMatchObject([{ id: held[0]!.id, token: 2 }]);
    // The first holder comes back late: what it says does not count any more.
    expect(await store.settle({ ...held[0]!, end: { kind: 'done', status: 'sent', at: 1 } })).toBe(false);
    expect(await store.settle({ ...claimed[0]!, end: { kind: 'done', status: 'sent', at: 1 } })).toBe(true);
    expect((await store.transcript('id-ann', 1, 9))[0]?.status).toBe('sent');
    expect(await store.claim({ now: 99_000, until: 99_999, limit: 9 })).toEqual([]);
  });

  test('what waits to be said is claimed together and in order, and nothing overtakes a retry', async ({
    store,
    applied,
  }) => {
    const { held } = await applied(turn('k', { delivery: 'held', effects: [say('a'), say('b')] }));
    await store.settle({ ...held[0]!, end: { kind: 'retry', due: 3_000, parts: 1, tries: 1 } });
    await store.release([held[1]!], 3_000);
    expect((await store.counts()).waiting).toBe(1);
    await applied(turn('k2', { version: 1, delivery: 'free', effects: [say('c')] }));
    expect(await store.nextEffect()).toBe(3_000);
    expect(await store.claim({ now: 2_999, until: 9_000, limit: 9 })).toEqual([]);
    const claimed = await store.claim({ now: 3_000, until: 9_000, limit: 9 });
    expect(claimed.map(({ work, tries }) => [work.kind === 'send' && [work.message.text, work.parts], tries])).toEqual([
      [['a', 1], 1],
      [['b', 0], 0],
      [['c', 0], 0],
    ]);
  });

  test('what is to be held waits behind what waits for a claim, and says so', async ({ store, applied }) => {
    const first = await applied(turn('k', { delivery: 'free', effects: [say('a')] }));
    const second = await applied(turn('k2', { version: 1, delivery: 'held', effects: [say('b')] }));
    expect([first.freed, second.freed, second.held]).toEqual([true, true, []]);
    const claimed = await store.claim({ now: 2_000, until: 9_000, limit: 9 });
    expect(claimed.map(({ work }) => work.kind === 'send' && work.message.text)).toEqual(['a', 'b']);
    const third = await applied(turn('k3', { version: 2, delivery: 'held', effects: [say('c')] }));
    expect([third.freed, third.held.length]).toEqual([false, 1]);
  });

  test('a claim leaves the sends of who is sending already, and takes its calls and everybody else', async ({
    store,
    applied,
  }) => {
    const { key } = await applied(
      turn('k', { delivery: 'free', effects: [say('a'), { ...call('c1', 1_500), notBefore: 1_500 }] }),
    );
    await applied(turn('k', { to: at('bob'), delivery: 'free', effects: [say('b')] }));
    const sending = (conversation: number) => conversation === key;
    const claimed = await store.claim({ now: 2_000, until: 9_000, limit: 9, sending });
    expect(claimed.map(({ work }) => work.kind).toSorted()).toEqual(['call', 'send']);
    expect(await store.claim({ now: 2_000, until: 9_000, limit: 9 })).toMatchObject([{ conversation: key }]);
  });

  test('tells who claims it after a crash what was being sent, and of nothing else', async ({ store, applied }) => {
    const { held } = await applied(
      turn('k', { delivery: 'held', begins: true, heldUntil: 5_000, effects: [say('a'), say('b')] }),
    );
    expect(held.map(({ begun }) => begun)).toEqual(['now', undefined]);
    expect((await store.transcript('id-ann', 1, 9)).map(({ status }) => status)).toEqual(['sending', 'queued']);
    const claimed = await store.claim({ now: 6_000, until: 9_000, limit: 9 });
    expect(claimed.map(({ begun }) => begun)).toEqual(['before', undefined]);
  });

  test('marks the next one with the end of the one before it', async ({ store, applied }) => {
    const { held } = await applied(turn('k', { delivery: 'held', begins: true, effects: [say('a'), say('b')] }));
    const next = { id: held[1]!.id, token: 1, part: 0 };
    expect(await store.settle({ ...held[0]!, next, end: { kind: 'done', status: 'sent', at: 1 } })).toBe(true);
    expect((await store.transcript('id-ann', 1, 9)).map(({ status }) => status)).toEqual(['sent', 'sending']);
    expect(await store.claim({ now: 99_000, until: 99_999, limit: 9 })).toMatchObject([{ begun: 'before' }]);
  });

  test('knows which part is being sent, and takes that back with a release, unless another holder left it open', async ({
    store,
    applied,
  }) => {
    const { held } = await applied(turn('k', { delivery: 'held', effects: [say('a')] }));
    expect(await store.begin(held[0]!, 2)).toBe(true);
    const [doubtful] = await store.claim({ now: 99_000, until: 199_000, limit: 9 });
    expect(doubtful).toMatchObject({ begun: 'before', work: { parts: 2 } });
    // The first holder comes back late.
    expect(await store.begin(held[0]!, 3)).toBe(false);
    await store.release([doubtful!], 99_000);
    const [again] = await store.claim({ now: 99_000, until: 199_000, limit: 9 });
    expect(again?.begun).toBe('before');
    await store.release([{ ...again!, begun: 'now' }], 99_000);
    expect((await store.claim({ now: 99_000, until: 199_000, limit: 9 }))[0]?.begun).toBeUndefined();
    expect((await store.transcript('id-ann', 1, 9))[0]?.status).toBe('queued');
  });

  test('remembers over a retry that nobody knows of an earlier part', async ({ store, applied }) => {
    const { held } = await applied(turn('k', { delivery: 'held', effects: [say('a')] }));
    await store.settle({ ...held[0]!, end: { kind: 'retry', due: 1, parts: 1, tries: 1, unsure: true } });
    const [claimed] = await store.claim({ now: 2_000, until: 9_000, limit: 9 });
    expect(claimed).toMatchObject({ tries: 1, work: { parts: 1, unsure: true, turn: 2, at: 1_000 } });
    expect(claimed?.begun).toBeUndefined();
  });

  test('what is sent as one message ends as one, and is reported as one', async ({ store, applied }) => {
    const { held } = await applied(turn('k', { delivery: 'held', effects: [say('a'), say('b'), say('c')] }));
    const [first, ...others] = held;
    await store.settle({ ...first!, others, end: { kind: 'retry', due: 500, parts: 1, tries: 1 } });
    const claimed = await store.claim({ now: 2_000, until: 9_000, limit: 9 });
    expect(claimed.map(({ work }) => work.kind === 'send' && [work.turn, work.parts])).toEqual([
      [2, 1],
      [2, 0],
      [2, 0],
    ]);
    const [again, ...rest] = claimed;
    await store.settle({ ...again!, others: rest, end: { kind: 'done', status: 'sent', at: 1 } });
    const statuses = async () => (await store.transcript('id-ann', 1, 9)).map(({ status }) => status);
    expect(await statuses()).toEqual(['sent', 'sent', 'sent']);
    expect(await store.progress(report('failed'))).toEqual([2, 3, 4].map((seq) => ({ seq, status: 'failed' })));
    expect(await statuses()).toEqual(['failed', 'failed', 'failed']);
  });

  test('ends what is told elsewhere as failed, with all that was said together, and lets the conversation know once', async ({
    store,
    applied,
  }) => {
    const { key, held } = await applied(turn('k', { delivery: 'held', effects: [say('a'), say('b')] }));
    const [first, ...others] = held;
    const event = { kind: 'signal', name: 'elsewhere', data: {} } as const;
    const settlement = { ...first!, others, end: { kind: 'elsewhere', event, at: 7 } } as const;
    expect(await store.settle(settlement)).toBe(true);
    expect(await store.settle(settlement)).toBe(false);
    expect(await store.take(key, 9)).toMatchObject([{ event, at: 7, seq: 0 }]);
    const statuses = (await store.transcript('id-ann', 0, 9)).flatMap(({ from, status }) =>
      from === 'bot' ? status : [],
    );
    expect(statuses).toEqual(['failed', 'failed']);
    expect(await store.dead(9)).toEqual([]);
    expect(await store.nextEffect()).toBeUndefined();
  });

  test('a call that must wait is free and due then; its result takes it away once', async ({ store, applied }) => {
    const { held } = await applied(turn('k', { effects: [call('c1', 7_000)] }));
    expect(held).toEqual([]);
    expect(await store.claim({ now: 6_999, until: 9_000, limit: 9 })).toEqual([]);
    const [claimed] = await store.claim({ now: 8_000, until: 9_000, limit: 9 });
    expect(claimed?.work).toMatchObject({ kind: 'call', id: 'c1' });
    const origin = { kind: 'effect', id: claimed!.id, token: claimed!.token } as const;
    await applied(turn('', { version: 1, origin }));
    expect((await store.commit(turn('', { version: 2, origin }))).outcome).toBe('gone');
  });

  test('keeps what could not be said, until an operator sends it again', async ({ store, applied }) => {
    const { held } = await applied(turn('k', { delivery: 'held', effects: [say('a')] }));
    await store.settle({ ...held[0]!, end: { kind: 'dead', code: 'blocked', at: 9 } });
    expect(await store.dead(9)).toMatchObject([
      { conversation: 'id-ann', seq: 2, code: 'blocked', message: { text: 'a' } },
    ]);
    expect((await store.transcript('id-ann', 1, 9))[0]?.status).toBe('failed');
    expect(await store.replayLetter(held[0]!.id, 2_000)).toBe(true);
    expect(await store.dead(9)).toEqual([]);
    expect(await store.claim({ now: 2_000, until: 9_000, limit: 9 })).toMatchObject([{ work: { seq: 2 } }]);
  });

  test('gives up together what was sent as one message, and has a letter for each', async ({ store, applied }) => {
    const { held } = await applied(turn('k', { delivery: 'held', effects: [say('a'), say('b')] }));
    const [first, ...others] = held;
    await store.settle({ ...first!, others, end: { kind: 'dead', code: 'blocked', at: 9 } });
    expect((await store.dead(9)).map(({ seq, code }) => [seq, code])).toEqual([
      [2, 'blocked'],
      [3, 'blocked'],
    ]);
    expect(await store.replayLetter(99, 2_000)).toBe(false);
    for (const { id } of await store.dead(9)) expect(await store.replayLetter(id, 2_000)).toBe(true);
    const again = await store.claim({ now: 2_000, until: 9_000, limit: 9 });
    expect(again.map(({ work }) => work.kind === 'send' && work.message.text)).toEqual(['a', 'b']);
  });

  test('ends what its holder knows only by its hold', async ({ store, applied }) => {
    const { held } = await applied(turn('k', { delivery: 'held', effects: [say('a')] }));
    const [{ id, token }] = held as [HeldEffect];
    expect(await store.settle({ id, token, end: { kind: 'done', status: 'sent', at: 1 } })).toBe(true);
    expect(await store.settle({ id, token, end: { kind: 'done', status: 'sent', at: 1 } })).toBe(false);
    expect((await store.transcript('id-ann', 1, 1))[0]?.status).toBe('sent');
  });

  test('a claim takes no more conversations than asked for, and each of them whole', async ({ store, applied }) => {
    for (const address of ['ann', 'bob'])
      await applied(turn('k', { to: at(address), delivery: 'free', effects: [say('a'), say('b')] }));
    const claim = () => store.claim({ now: 2_000, until: 9_000, limit: 1 });
    const [first, second, third] = [await claim(), await claim(), await claim()];
    expect([first, second, third].map(({ length }) => length)).toEqual([2, 2, 0]);
    expect(new Set(first.map(({ conversation }) => conversation)).size).toBe(1);
  });

  test('a call that need not wait is held by who commits it, and is free again when it is tried later', async ({
    store,
    applied,
  }) => {
    const { notBefore: _, ...now } = call('c1', 0);
    const { held } = await applied(turn('k', { effects: [now] }));
    expect(held).toMatchObject([{ token: 1, work: { kind: 'call', id: 'c1' } }]);
    expect(await store.claim({ now: 59_999, until: 99_000, limit: 9 })).toEqual([]);
    await store.settle({ ...held[0]!, end: { kind: 'retry', due: 5_000, parts: 0, tries: 2 } });
    expect(await store.claim({ now: 4_999, until: 99_000, limit: 9 })).toEqual([]);
    expect(await store.claim({ now: 5_000, until: 99_000, limit: 9 })).toMatchObject([
      { tries: 2, work: { id: 'c1' } },
    ]);
  });
}
