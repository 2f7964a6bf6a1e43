import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Call, Effect, Handoff } from '../../src/effect.ts';
import type { Allowance, Arrival, FinishedTurn, Origin, Progress, Store, Whereabouts } from '../../src/store/store.ts';
import type { JsonObject } from '../../src/type.ts';

/** What every store promises; run over each of them. */
export function storeContract(name: string, open: () => Promise<{ store: Store; end: () => Promise<void> }>): void {
  describe(`the store contract: ${name}`, () => {
    let store: Store;
    let end: () => Promise<void>;
    beforeEach(async () => {
      ({ store, end } = await open());
    });
    afterEach(() => end());

    test('begins a conversation with its first turn and finds it by address, key and public id', async () => {
      const committed = await applied(turn('k1', { effects: [say('hello')] }));
      const loaded = await store.load('web', 'ann');
      expect(loaded).toMatchObject({ key: committed.key, id: 'id-ann', version: 1, state: '{"n":1}', open: false });
      expect(await store.find(committed.key)).toEqual(loaded);
      expect(await store.find('id-ann')).toEqual(loaded);
      expect(await store.load('sms', 'ann')).toBeUndefined();
    });

    test('numbers what was said without gaps, in the order it was said', async () => {
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

    test('a key changes something once: the second commit answers as the first did', async () => {
      const first = await applied(turn('k1', { effects: [say('a')] }));
      const again = await store.commit(turn('k1', { version: 1, state: '{"n":9}', effects: [say('b')] }));
      expect(again).toEqual({ outcome: 'duplicate', key: first.key, id: 'id-ann', seq: 1 });
      const late = await store.commit(turn('k1', { version: 0 }));
      expect(late.outcome).toBe('duplicate');
      expect(await store.load('web', 'ann')).toMatchObject({ version: 1, state: '{"n":1}' });
      expect(await store.transcript('id-ann', 0, 9)).toHaveLength(2);
    });

    test('the same key twice at the same moment is accepted once', async () => {
      const answers = await Promise.all([store.accept(arrival('k1')), store.accept(arrival('k1'))]);
      expect(answers.map(({ outcome }) => outcome)).toEqual(['accepted', 'duplicate']);
      const [key] = await store.backlog(9);
      expect(await store.take(key!, 9)).toHaveLength(1);
    });

    test('the same key in two conversations is two arrivals', async () => {
      await applied(turn('k1'));
      expect((await store.accept(arrival('k1', at('bob')))).outcome).toBe('accepted');
    });

    test('refuses a turn that was computed on an older version, and changes nothing', async () => {
      await applied(turn('k1'));
      expect(await store.commit(turn('k2', { version: 0, state: '{"n":9}', effects: [say('x')] }))).toEqual({
        outcome: 'stale',
      });
      expect(await store.load('web', 'ann')).toMatchObject({ version: 1, state: '{"n":1}' });
      expect(await store.transcript('id-ann', 0, 9)).toHaveLength(1);
      expect((await store.accept(arrival('k2'))).outcome).toBe('accepted');
    });

    test('gives open events in the order they were accepted, until each is turned', async () => {
      for (const key of ['a', 'b', 'c']) await store.accept(arrival(key));
      const [key] = await store.backlog(9);
      const open = await store.take(key!, 9);
      expect(open.map(({ event }) => event)).toEqual(['a', 'b', 'c'].map((text) => ({ kind: 'message', text })));
      expect((await store.load('web', 'ann'))?.open).toBe(true);
      await applied(turn('', { origin: { kind: 'inbox', id: open[0]!.id } }));
      expect((await store.take(key!, 9)).map(({ seq }) => seq)).toEqual([2, 3]);
    });

    test('an open event is turned once', async () => {
      await store.accept(arrival('a'));
      const [key] = await store.backlog(9);
      const [open] = await store.take(key!, 9);
      const origin = { kind: 'inbox', id: open!.id } as const;
      await applied(turn('', { origin }));
      expect((await store.commit(turn('', { origin, version: 1 }))).outcome).toBe('gone');
      expect((await store.load('web', 'ann'))?.version).toBe(1);
    });

    test('lists who waits longest first', async () => {
      await store.accept(arrival('1', at('ann')));
      await store.accept(arrival('2', at('bob')));
      await store.accept(arrival('3', at('ann')));
      const ids = await Promise.all((await store.backlog(9)).map(async (key) => (await store.find(key))?.id));
      expect(ids).toEqual(['id-ann', 'id-bob']);
    });

    test('sets a failing event aside without its followers, and puts it back in front of them', async () => {
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

    test('keeps the redacted words instead of the customer’s', async () => {
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

    test('an effect that the committer holds is given to nobody else, until the hold runs out', async () => {
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

    test('what waits to be said is claimed together and in order, and nothing overtakes a retry', async () => {
      const { held, key } = await applied(turn('k', { delivery: 'held', effects: [say('a'), say('b')] }));
      await store.settle({ ...held[0]!, end: { kind: 'retry', due: 3_000, parts: 1, tries: 1 } });
      await store.release([held[1]!], 3_000);
      expect(await store.waiting()).toEqual([key]);
      await applied(turn('k2', { version: 1, delivery: 'free', effects: [say('c')] }));
      expect(await store.nextEffect()).toBe(3_000);
      expect(await store.claim({ now: 2_999, until: 9_000, limit: 9 })).toEqual([]);
      const claimed = await store.claim({ now: 3_000, until: 9_000, limit: 9 });
      expect(
        claimed.map(({ work, tries }) => [work.kind === 'send' && [work.message.text, work.parts], tries]),
      ).toEqual([
        [['a', 1], 1],
        [['b', 0], 0],
        [['c', 0], 0],
      ]);
    });

    test('what is to be held waits behind what waits for a claim, and says so', async () => {
      const first = await applied(turn('k', { delivery: 'free', effects: [say('a')] }));
      const second = await applied(turn('k2', { version: 1, delivery: 'held', effects: [say('b')] }));
      expect([first.freed, second.freed, second.held]).toEqual([true, true, []]);
      const claimed = await store.claim({ now: 2_000, until: 9_000, limit: 9 });
      expect(claimed.map(({ work }) => work.kind === 'send' && work.message.text)).toEqual(['a', 'b']);
      const third = await applied(turn('k3', { version: 2, delivery: 'held', effects: [say('c')] }));
      expect([third.freed, third.held.length]).toEqual([false, 1]);
    });

    test('a claim leaves the sends of who is sending already, and takes its calls and everybody else', async () => {
      const { key } = await applied(
        turn('k', { delivery: 'free', effects: [say('a'), { ...call('c1', 1_500), notBefore: 1_500 }] }),
      );
      await applied(turn('k', { to: at('bob'), delivery: 'free', effects: [say('b')] }));
      const sending = (conversation: number) => conversation === key;
      const claimed = await store.claim({ now: 2_000, until: 9_000, limit: 9, sending });
      expect(claimed.map(({ work }) => work.kind).toSorted()).toEqual(['call', 'send']);
      expect(await store.claim({ now: 2_000, until: 9_000, limit: 9 })).toMatchObject([{ conversation: key }]);
    });

    test('tells who claims it after a crash what was being sent, and of nothing else', async () => {
      const { held } = await applied(
        turn('k', { delivery: 'held', begins: true, heldUntil: 5_000, effects: [say('a'), say('b')] }),
      );
      expect(held.map(({ begun }) => begun)).toEqual(['now', undefined]);
      expect((await store.transcript('id-ann', 1, 9)).map(({ status }) => status)).toEqual(['sending', 'queued']);
      const claimed = await store.claim({ now: 6_000, until: 9_000, limit: 9 });
      expect(claimed.map(({ begun }) => begun)).toEqual(['before', undefined]);
    });

    test('marks the next one with the end of the one before it', async () => {
      const { held } = await applied(turn('k', { delivery: 'held', begins: true, effects: [say('a'), say('b')] }));
      const next = { id: held[1]!.id, token: 1, part: 0 };
      expect(await store.settle({ ...held[0]!, next, end: { kind: 'done', status: 'sent', at: 1 } })).toBe(true);
      expect((await store.transcript('id-ann', 1, 9)).map(({ status }) => status)).toEqual(['sent', 'sending']);
      expect(await store.claim({ now: 99_000, until: 99_999, limit: 9 })).toMatchObject([{ begun: 'before' }]);
    });

    test('knows which part is being sent, and takes that back with a release, unless another holder left it open', async () => {
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

    test('remembers over a retry that nobody knows of an earlier part', async () => {
      const { held } = await applied(turn('k', { delivery: 'held', effects: [say('a')] }));
      await store.settle({ ...held[0]!, end: { kind: 'retry', due: 1, parts: 1, tries: 1, unsure: true } });
      const [claimed] = await store.claim({ now: 2_000, until: 9_000, limit: 9 });
      expect(claimed).toMatchObject({ tries: 1, work: { parts: 1, unsure: true, turn: 2, at: 1_000 } });
      expect(claimed?.begun).toBeUndefined();
    });

    test('a message goes on with what is reported of it, and never back', async () => {
      await sent(1);
      const status = async (told: Progress['status'], code?: string) => {
        const changed = await store.progress({ ...report(told), ...(code === undefined ? {} : { code }) });
        return [changed.map((each) => each.status), (await store.transcript('id-ann', 1, 1))[0]?.status];
      };
      expect(await status('sent')).toEqual([[], 'sent']);
      expect(await status('delivered')).toEqual([['delivered'], 'delivered']);
      expect(await status('sent')).toEqual([[], 'delivered']);
      expect(await status('failed')).toEqual([[], 'delivered']);
      expect(await status('read')).toEqual([['read'], 'read']);
      expect(await status('delivered')).toEqual([[], 'read']);
    });

    test('a failure that is reported is a dead letter with the platform’s code, until a proof of arrival', async () => {
      await sent(1);
      const changed = await store.progress({ ...report('failed'), code: '30003' });
      expect(changed).toEqual([{ seq: 2, status: 'failed' }]);
      expect(await store.dead(9)).toMatchObject([{ seq: 2, code: '30003', at: 7_000 }]);
      expect(await store.progress(report('delivered'))).toEqual([{ seq: 2, status: 'delivered' }]);
    });

    test('a message of several parts is delivered when all are, and has failed when one has', async () => {
      await sent(2);
      expect(await store.progress(report('delivered', { part: 1 }))).toEqual([]);
      expect(await store.progress(report('delivered', { part: 1 }))).toEqual([]);
      expect(await store.progress(report('delivered'))).toEqual([{ seq: 2, status: 'delivered' }]);
      expect(await store.progress(report('read', { part: 5 }))).toEqual([]);
      await sent(2, 1);
      expect(await store.progress(report('failed', { seq: 4, part: 1 }))).toEqual([{ seq: 4, status: 'failed' }]);
      expect(await store.progress(report('delivered', { seq: 4 }))).toEqual([]);
    });

    test('what is reported before the send has ended counts when it has', async () => {
      const { held } = await applied(turn('k', { delivery: 'held', effects: [say('a')] }));
      expect(await store.progress(report('delivered'))).toEqual([]);
      await store.settle({ ...held[0]!, end: { kind: 'done', status: 'unknown', at: 1 } });
      expect((await store.transcript('id-ann', 1, 1))[0]?.status).toBe('delivered');
      expect(await store.progress(report('read'))).toEqual([{ seq: 2, status: 'read' }]);
    });

    test('hears no report on what was not said by that account, and none on the customer’s own words', async () => {
      await sent(1);
      for (const wrong of [{ account: 'sms' }, { conversation: 'nobody' }, { seq: 1 }, { seq: 9 }, { part: 1 }])
        expect(await store.progress(report('delivered', wrong))).toEqual([]);
      expect((await store.transcript('id-ann', 0, 9)).map(({ status }) => status)).toEqual(['delivered', 'sent']);
    });

    test('what is sent as one message ends as one, and is reported as one', async () => {
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

    test('keeps what the platform calls each part, over tries, and what it reads like after a change', async () => {
      const { held } = await applied(turn('k', { delivery: 'held', effects: [say('a')] }));
      const retry = { kind: 'retry', due: 1, parts: 1, tries: 1 } as const;
      await store.settle({ ...held[0]!, receipts: [{ part: 0, id: 'x' }], end: retry });
      const [again] = await store.claim({ now: 2_000, until: 9_000, limit: 9 });
      const end = { kind: 'done', status: 'sent', parts: 3, at: 1 } as const;
      await store.settle({ ...again!, receipts: [{ part: 2, id: 'z' }], end });
      expect([...(await store.receipts('id-ann', 2))]).toEqual(['x', undefined, 'z']);
      expect(await store.receipts('id-ann', 1)).toEqual([]);
      await store.revise('id-ann', 2, { text: 'A' });
      await store.revise('id-ann', 1, { text: 'not hers' });
      expect((await store.transcript('id-ann', 0, 9)).map(({ message }) => message.text)).toEqual(['k', 'A']);
    });

    test('counts down what a window lets us say, and joins the next one to it while it lasts longer', async () => {
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

    test('parks what the platform takes no more, tells a human once, and sends all of it when the window opens', async () => {
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

    test('ends what is told elsewhere as failed, with all that was said together, and lets the conversation know once', async () => {
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

    test('parks nothing behind a window that has opened meanwhile', async () => {
      const { held } = await applied({ ...opening('k', { until: 900 }), delivery: 'held', effects: [say('a')] });
      expect((await store.accept({ ...arrival('k2'), window: { until: 70_000 } })).outcome).toBe('accepted');
      await store.settle({
        ...held[0]!,
        end: { kind: 'park', due: 90_000, parts: 0, seen: 900, at: 1_000, handoff },
      });
      expect(await store.nextEffect()).toBe(1_000);
      expect(await store.handoffs(9)).toEqual([]);
    });

    test('lists conversations with an event that was tried before', async () => {
      await store.accept(arrival('a'));
      await store.accept(arrival('b', at('bob')));
      const [, bob] = await store.backlog(9);
      expect(await store.tried(9)).toEqual([]);
      const [open] = await store.take(bob!, 1);
      await store.fail(open!.id, { code: 'x', at: 5, quarantine: false });
      expect(await store.tried(9)).toEqual([bob]);
    });

    test('a call that must wait is free and due then; its result takes it away once', async () => {
      const { held } = await applied(turn('k', { effects: [call('c1', 7_000)] }));
      expect(held).toEqual([]);
      expect(await store.claim({ now: 6_999, until: 9_000, limit: 9 })).toEqual([]);
      const [claimed] = await store.claim({ now: 8_000, until: 9_000, limit: 9 });
      expect(claimed?.work).toMatchObject({ kind: 'call', id: 'c1' });
      const origin = { kind: 'effect', id: claimed!.id, token: claimed!.token } as const;
      await applied(turn('', { version: 1, origin }));
      expect((await store.commit(turn('', { version: 2, origin }))).outcome).toBe('gone');
    });

    test('keeps what could not be said, until an operator sends it again', async () => {
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

    test('a timer is replaced under its id, cancelled, due when it says, and taken once', async () => {
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
      expect((await store.accept({ to, origin, event: { kind: 'timer', id: 'a' }, at: 7_000 })).outcome).toBe(
        'accepted',
      );
      expect((await store.accept({ to, origin, event: { kind: 'timer', id: 'a' }, at: 7_001 })).outcome).toBe('gone');
      expect(await store.nextTimer()).toBeUndefined();
    });

    test('a signal wakes those whose match it has, once per key', async () => {
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

    test('a signal finds each listener by what it matches, whatever kind of value that is', async () => {
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

    test('remembers a customer across her conversations once a door has named her', async () => {
      await applied(turn('1', { effects: [{ kind: 'customer', set: { size: 'M', name: 'A.' } }] }));
      expect((await store.load('web', 'ann'))?.customer?.attributes).toEqual({ size: 'M', name: 'A.' });
      await applied(turn('2', { version: 1, identified: 'C-1' }));
      await applied(
        turn('1', { to: at('ann', 'sms'), identified: 'C-1', effects: [{ kind: 'customer', set: { name: 'Ann' } }] }),
      );
      expect((await store.load('web', 'ann'))?.customer).toMatchObject({
        name: 'C-1',
        attributes: { size: 'M', name: 'Ann' },
      });
      expect((await store.customer('C-1'))?.attributes).toEqual({ size: 'M', name: 'Ann' });
      expect(await store.customer('C-2')).toBeUndefined();
    });

    test('takes an invitation up once, with the arrival that brings it, and from no other time or place', async () => {
      const { key } = await applied(turn('k1'));
      const invitation = { id: 'i1', code: 'K7QM4XRT', conversation: key, until: 2_000, at: 1_000 };
      await store.invite(invitation);
      const redeem = (name: string, to: Whereabouts, when = 1_500, code = 'K7QM4XRT') =>
        store.redeem(code, { ...arrival(name, to), at: when }, 'sms');
      expect(await redeem('r1', at('ann', 'sms'), 1_500, 'K7QM4XRS')).toEqual({ outcome: 'unknown' });
      expect(await redeem('r2', at('ann', 'sms'), 2_000)).toEqual({ outcome: 'unknown' });
      expect(await redeem('r3', at('ann'))).toEqual({ outcome: 'here' });
      expect(await store.load('sms', 'ann')).toBeUndefined();
      const both = await Promise.all([redeem('r4', at('ann', 'sms')), redeem('r5', at('bob', 'sms'))]);
      expect(both.map(({ outcome }) => outcome)).toEqual(['left', 'unknown']);
      expect((await store.take(key, 9)).map(({ event }) => event)).toEqual([
        { kind: 'leaving', to: { account: 'sms', address: 'ann', channel: 'sms' }, invitation: 'i1' },
      ]);
      expect(await store.transcript('id-annsms', 0, 9)).toMatchObject([{ seq: 1, id: 'r4', from: 'customer' }]);
      expect((await store.accept(arrival('r4', at('ann', 'sms')))).outcome).toBe('duplicate');
    });

    test('has one invitation of a conversation at a time, which may be withdrawn', async () => {
      const { key } = await applied(turn('k1'));
      const invite = (id: string, code: string) =>
        store.invite({ id, code, conversation: key, until: 9_000, at: 1_000 });
      const redeem = async (code: string) => (await store.redeem(code, arrival(code, at('ann', 'sms')), 'sms')).outcome;
      await invite('i1', 'AAAA2222');
      await invite('i2', 'BBBB2222');
      expect(await redeem('AAAA2222')).toBe('unknown');
      await store.withdraw(key, 'i1');
      await store.withdraw(key, 'i2');
      expect(await redeem('BBBB2222')).toBe('unknown');
    });

    test('hands a conversation on with who listens, what waits of the world’s, and who she is', async () => {
      const listen = { kind: 'listen', id: '1', event: 'arrived', match: { id: 'A' } } as const;
      const { key } = await applied(
        turn('k1', { effects: [listen, { kind: 'customer', set: { size: 'M' } }, { ...handoff, id: 'asked' }] }),
      );
      const { key: there } = await applied(turn('k2', { to: at('ann', 'sms') }));
      await store.accept({ ...arrival('w1'), event: { kind: 'message', text: 'hers' } });
      await store.accept({ ...arrival('w2'), event: { kind: 'result', call: '1.a.1.1', outcome: RESULT } });
      const to = { account: 'sms', address: 'ann' };
      const goes = { listeners: { '1': 'x/1' }, calls: { '1.a.1.1': 'x/1.a.1.1' } };
      const event = { kind: 'notice', text: 'moved', values: {} } as const;
      const moved = await applied(turn('k3', { version: 1, effects: [{ kind: 'hand_on', to, event, goes }] }));
      expect(moved.woken).toEqual([there]);
      expect((await store.take(key, 9)).map((open) => open.event)).toEqual([{ kind: 'message', text: 'hers' }]);
      expect((await store.take(there, 9)).map((open) => open.event)).toEqual([
        event,
        { kind: 'result', call: 'x/1.a.1.1', outcome: RESULT },
      ]);
      expect(await store.signal({ name: 'arrived', data: { id: 'A' }, key: 's1', at: 2_000 })).toEqual([there]);
      expect(await store.handoffs(9)).toMatchObject([{ conversation: 'id-annsms' }]);
      expect((await store.find(there))?.customer).toEqual((await store.find(key))?.customer);
      // One that was being turned there meanwhile has moved on.
      expect((await store.commit(turn('k4', { to: at('ann', 'sms'), version: 1 }))).outcome).toBe('stale');
    });

    test('knows whose an address is until it is unlinked, before and after anybody has written from there', async () => {
      const { key } = await applied(turn('k1', { effects: [{ kind: 'customer', set: { size: 'M' } }] }));
      const code = { conversation: key, account: 'sms', address: '+1', code: '123456', until: 9_000, at: 1_000 };
      expect(await store.challenge(code)).toBe(true);
      expect(await store.answer({ conversation: key, code: '123457', at: 2_000 })).toBe(false);
      expect(await store.owner('sms', '+1')).toBeUndefined();
      expect(await store.answer({ conversation: key, code: '123456', at: 2_000 })).toBe(true);
      expect(await store.answer({ conversation: key, code: '123456', at: 2_000 })).toBe(false);
      const owner = await store.owner('sms', '+1');
      expect(owner).toMatchObject({ linked: true, attributes: { size: 'M' } });
      expect((await store.identities(owner?.key ?? 0)).map(({ account }) => account).toSorted()).toEqual([
        'sms',
        'web',
      ]);
      const begun = turn('k2', { to: at('+1', 'sms'), known: { seq: 0, tail: 0, customer: owner?.key } });
      await applied(begun);
      expect((await store.load('sms', '+1'))?.customer).toEqual(owner);
      expect(await store.unlink('sms', '+1')).toBe(true);
      expect(await store.unlink('sms', '+1')).toBe(false);
      expect((await store.load('sms', '+1'))?.customer).toBeUndefined();
      expect(await store.owner('sms', '+1')).toBeUndefined();
    });

    test('takes five answers to a code, until it is too old, and sends three an hour', async () => {
      const { key } = await applied(turn('k1'));
      const challenge = (when: number, conversation = key) =>
        store.challenge({ conversation, account: 'sms', address: '+1', code: '1', until: when + 100, at: when });
      const answer = (code: string, when: number) => store.answer({ conversation: key, code, at: when });
      expect(await challenge(1_000)).toBe(true);
      for (let tries = 0; tries < 5; tries += 1) expect(await answer('2', 1_001)).toBe(false);
      expect(await answer('1', 1_001)).toBe(false);
      expect(await challenge(2_000)).toBe(true);
      expect(await answer('1', 2_100)).toBe(false);
      expect(await challenge(3_000)).toBe(true);
      expect(await challenge(4_000)).toBe(false);
      const { key: other } = await applied(turn('k2', { to: at('bob') }));
      expect(await challenge(4_000, other)).toBe(false);
      expect(await challenge(3_700_000)).toBe(true);
    });

    test('a customer’s addresses go with the name that she gets', async () => {
      const { key } = await applied(turn('k1', { effects: [{ kind: 'customer', set: { size: 'M' } }] }));
      const code = { conversation: key, account: 'sms', address: '+1', code: '1', until: 9_000, at: 1_000 };
      await store.challenge(code);
      await store.answer({ conversation: key, code: '1', at: 1_000 });
      const { version = 0 } = (await store.load('web', 'ann')) ?? {};
      await applied(turn('k2', { version, effects: [{ kind: 'identify', customer: 'C-1' }] }));
      expect(await store.owner('sms', '+1')).toMatchObject({ name: 'C-1', attributes: { size: 'M' } });
      expect(await store.owner('web', 'ann')).toMatchObject({ name: 'C-1' });
    });

    test('an address that is replaced by another one takes along whose it is', async () => {
      await applied(turn('k1', { identified: 'C-1' }));
      await store.readdress('web', 'ann', 'ann-2');
      expect(await store.owner('web', 'ann')).toBeUndefined();
      expect(await store.owner('web', 'ann-2')).toMatchObject({ name: 'C-1' });
    });

    test('knows when a customer was heard last, and what has come in', async () => {
      const { key } = await applied(turn('k1', { effects: [say('a')] }));
      expect(await store.heard(key)).toBe(1_000);
      expect(await store.arrived(key, 'k1')).toBe(true);
      expect(await store.arrived(key, 'k2')).toBe(false);
    });

    test('what was seen is read, and never unread', async () => {
      await applied(turn('k', { effects: [say('a'), say('b')] }));
      expect(await store.seen('id-ann', 2)).toEqual([2]);
      expect(await store.seen('id-ann', 1)).toEqual([]);
      expect((await store.transcript('id-ann', 0, 9)).map(({ status }) => status)).toEqual([
        'delivered',
        'read',
        'delivered',
      ]);
      expect(await store.seen('id-ann', 99)).toEqual([3]);
      expect(await store.seen('nobody', 1)).toEqual([]);
    });

    test('moves a conversation to another address, once, and never onto another conversation', async () => {
      await applied(turn('k'));
      await store.readdress('web', 'ann', 'ann-2');
      await store.readdress('web', 'ann', 'ann-2');
      expect(await store.load('web', 'ann')).toBeUndefined();
      expect((await store.load('web', 'ann-2'))?.id).toBe('id-ann');
      await applied(turn('k', { to: at('bob') }));
      await expect(store.readdress('web', 'bob', 'ann-2')).rejects.toMatchObject({ code: 'store.address_taken' });
    });

    test('keeps a ruling with its turn, for its address and nobody else, until it is taken back', async () => {
      const ruling = { out: 7 };
      await applied(turn('k', { effects: [{ kind: 'consent', ruling }] }));
      expect(await store.ruling('web', 'ann')).toEqual(ruling);
      expect(await store.ruling('sms', 'ann')).toBeUndefined();
      expect((await store.commit(turn('late', { effects: [{ kind: 'consent', ruling: null }] }))).outcome).toBe(
        'stale',
      );
      await store.readdress('web', 'ann', 'ann-2');
      expect(await store.ruling('web', 'ann')).toBeUndefined();
      expect(await store.ruling('web', 'ann-2')).toEqual(ruling);
      await applied(turn('k2', { to: at('ann-2'), version: 1, effects: [{ kind: 'consent', ruling: null }] }));
      expect(await store.ruling('web', 'ann-2')).toBeUndefined();
    });

    test('keeps the last cursor of each account', async () => {
      expect(await store.cursor('kf')).toBeUndefined();
      await store.keepCursor('kf', 'a');
      await store.keepCursor('kf', 'b');
      await store.keepCursor('other', 'c');
      expect([await store.cursor('kf'), await store.cursor('other')]).toEqual(['b', 'c']);
    });

    test('finds what was offered last', async () => {
      const choices = [{ token: 't', label: 'Yes' }];
      const offer: Effect = { kind: 'send', from: 'bot', message: { text: '?', choices } };
      const { key } = await applied(turn('k', { effects: [offer, say('well?')] }));
      expect((await store.offered(key))?.choices).toEqual(choices);
      const form = { token: 'form1', title: 'Both', submit: 'Send', fields: [] };
      const shown: Effect = { kind: 'send', from: 'bot', message: { text: '?', form } };
      await applied(turn('k2', { version: 1, effects: [shown, say('well?')] }));
      expect((await store.offered(key))?.form).toEqual(form);
    });

    test('keeps handoffs, insights and flows, and forgets what is pruned', async () => {
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

    test('keeps documents of knowledge, each once, by rising key', async () => {
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

    test('forgets what is old, page by page, and nothing that is still needed', async () => {
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

    test('forgets what was done for customers long ago, and nothing else of them', async () => {
      const past = (day: number) => ({ flow: 'returns', at: `2026-11-0${day}T10:00:00.000Z` });
      const set = { memory: [past(1), past(5)], name: 'Ann' };
      await applied(turn('1', { effects: [{ kind: 'customer', set }] }));
      const memories = Date.parse('2026-11-03T00:00:00.000Z');
      expect((await store.prune({ memories, after: 0, limit: 9 })).pruned).toBe(1);
      expect((await store.load('web', 'ann'))?.customer?.attributes).toEqual({ memory: [past(5)], name: 'Ann' });
      expect((await store.prune({ memories, after: 0, limit: 9 })).pruned).toBe(0);
    });

    test('knows a key longer than the line that came with it', async () => {
      await applied(turn('1', { effects: [say('old')] }));
      await store.prune({ keys: 500, entries: 1_001, after: 0, limit: 9 });
      expect(await store.transcript('id-ann', 0, 9)).toEqual([]);
      expect((await store.accept(arrival('1'))).outcome).toBe('duplicate');
    });

    test('goes through all states, a page at a time', async () => {
      for (const address of ['a', 'b', 'c']) await applied(turn('k', { to: at(address) }));
      const first = await store.states(0, 2);
      const rest = await store.states(first[1]!.key, 9);
      expect([...first, ...rest].map(({ id, state }) => [id, state])).toEqual(
        ['a', 'b', 'c'].map((id) => [`id-${id}`, '{"n":1}']),
      );
    });

    test('tells where something may be said unasked, a page at a time, and to whom', async () => {
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

    test('one operation that fails harms no other of the same moment', async () => {
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

    async function sent(parts: number, version = 0): Promise<void> {
      const { held } = await applied(turn(`k${version}`, { version, delivery: 'held', effects: [say('a')] }));
      await store.settle({ ...held[0]!, end: { kind: 'done', status: 'sent', parts, at: 1 } });
    }

    async function applied(finished: FinishedTurn) {
      const commitment = await store.commit(finished);
      if (commitment.outcome !== 'applied') throw new Error(`not applied: ${commitment.outcome}`);
      return commitment;
    }
  });
}

function at(address: string, account = 'web'): Whereabouts {
  return { key: 0, id: `id-${address}${account === 'web' ? '' : account}`, account, address, locale: 'en' };
}

function arrival(key: string, to = at('ann'), origin: Origin = { kind: 'door', key }): Arrival {
  const shown = { id: key, from: 'customer', message: { text: key } } as const;
  return { to, origin, event: { kind: 'message', text: key }, at: 1_000, ...(origin.kind === 'door' ? { shown } : {}) };
}

function turn(key: string, over: Partial<FinishedTurn> & { to?: Whereabouts; origin?: Origin } = {}): FinishedTurn {
  const { to, origin, ...rest } = over;
  return {
    arrival: arrival(key, to, origin),
    version: 0,
    state: '{"n":1}',
    effects: [],
    delivery: 'fetched',
    heldUntil: 60_000,
    ...rest,
  };
}

/** Comes with a window. */
function opening(key: string, window: Allowance): FinishedTurn {
  const finished = turn(key);
  return { ...finished, arrival: { ...finished.arrival, window } };
}

function report(status: Progress['status'], over: Partial<Progress> = {}): Progress {
  return { account: 'web', conversation: 'id-ann', seq: 2, part: 0, status, at: 7_000, ...over };
}

const RESULT = { ok: true, value: 1 } as const;

const handoff: Handoff = {
  kind: 'handoff',
  id: 'h',
  mode: 'background',
  queue: 'default',
  priority: 'normal',
  reason: 'channel.window_closed',
  attach: {},
};

function say(text: string): Effect {
  return { kind: 'send', from: 'bot', message: { text } };
}

function call(id: string, notBefore: number): Call {
  return { kind: 'call', id, action: 'a.b', args: {}, effect: 'write', key: id, timeout: 1_000, notBefore };
}

function timer(id: string, when: number): Effect {
  return { kind: 'timer', id, at: when };
}
