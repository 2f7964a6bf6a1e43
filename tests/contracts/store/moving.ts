import { expect } from '@jest/globals';
import type { Effect } from '../../../src/effect.ts';
import type { Event } from '../../../src/event.ts';
import type { Whereabouts } from '../../../src/store/store.ts';
import type { StoreTest } from './opened.ts';
import { arrival, at, handoff, RESULT, turn } from './words.ts';

/** A conversation that goes on elsewhere, and an address that is replaced. */
export function theMoving(test: StoreTest): void {
  test('takes an invitation up once, with the arrival that brings it, and from no other time or place', async ({
    store,
    applied,
  }) => {
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

  test('has one invitation of a conversation at a time, which may be withdrawn', async ({ store, applied }) => {
    const { key } = await applied(turn('k1'));
    const invite = (id: string, code: string) => store.invite({ id, code, conversation: key, until: 9_000, at: 1_000 });
    const redeem = async (code: string) => (await store.redeem(code, arrival(code, at('ann', 'sms')), 'sms')).outcome;
    await invite('i1', 'AAAA2222');
    await invite('i2', 'BBBB2222');
    expect(await redeem('AAAA2222')).toBe('unknown');
    await store.withdraw(key, 'i1');
    await store.withdraw(key, 'i2');
    expect(await redeem('BBBB2222')).toBe('unknown');
  });

  test('hands a conversation on with who listens, what waits of the world’s, and who she is', async ({
    store,
    applied,
  }) => {
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

  test('moves a conversation to another address, once, and never onto another conversation', async ({
    store,
    applied,
  }) => {
    await applied(turn('k'));
    await store.readdress('web', 'ann', 'ann-2');
    await store.readdress('web', 'ann', 'ann-2');
    expect(await store.load('web', 'ann')).toBeUndefined();
    expect((await store.load('web', 'ann-2'))?.id).toBe('id-ann');
    await applied(turn('k', { to: at('bob') }));
    await expect(store.readdress('web', 'bob', 'ann-2')).rejects.toMatchObject({ code: 'store.address_taken' });
  });

  test('takes along what waits of the world, and leaves her own words, what the old app told, and what nobody there asked for', async ({
    store,
    applied,
  }) => {
    const { key } = await applied(turn('k1'));
    const events: readonly Event[] = [
      { kind: 'signal', name: 'shipped', data: {} },
      { kind: 'signal', name: 'channel.blocked', data: {} },
      { kind: 'result', call: 'nobodys', outcome: RESULT },
      { kind: 'agent', text: 'Hello', agent: 'Mia' },
      { kind: 'returned', outcome: 'solved' },
    ];
    for (const [index, event] of events.entries()) await store.accept({ ...arrival(`w${index}`), event });
    await applied(turn('there', { to: at('ann', 'sms') }));
    const event = { kind: 'notice', text: 'moved', values: {} } as const;
    const goes = { listeners: { never: 'x/1' }, calls: {} };
    const to = { account: 'sms', address: 'ann' };
    const moved = await applied(turn('k2', { version: 1, effects: [{ kind: 'hand_on', to, event, goes }] }));
    const kinds = async (of: number) => (await store.take(of, 9)).map((open) => open.event);
    expect(await kinds(key)).toEqual([events[1], events[2]]);
    expect(await kinds(moved.woken![0]!)).toEqual([event, events[0], events[3], events[4]]);
  });

  test('hands single things on to several, begins who is new, and leaves whose the conversation is', async ({
    store,
    applied,
  }) => {
    await applied(turn('k1', { to: at('bob', 'sms') }));
    const handed = (address: string): Effect => ({
      kind: 'hand_on',
      to: { account: 'sms', address },
      event: { kind: 'notice', text: address, values: {} },
    });
    const effects: Effect[] = [{ kind: 'customer', set: { size: 'M' } }, handed('bob'), handed('eve')];
    const { woken = [], customer } = await applied(turn('k1', { effects }));
    expect(customer?.attributes).toEqual({ size: 'M' });
    const told = await Promise.all(
      woken.map(async (key) => [(await store.find(key))?.address, (await store.take(key, 9)).length]),
    );
    expect(told).toEqual([
      ['bob', 1],
      ['eve', 1],
    ]);
    expect((await store.load('sms', 'eve'))?.customer).toBeUndefined();
  });

  test('takes nothing up by what has come before, or is gone', async ({ store, applied }) => {
    const { key } = await applied(turn('k1'));
    await store.invite({ id: 'i1', code: 'AAAA2222', conversation: key, until: 9_000, at: 1_000 });
    const there = at('ann', 'sms');
    await store.accept(arrival('r1', there));
    expect(await store.redeem('AAAA2222', arrival('r1', there), 'sms')).toMatchObject({ outcome: 'duplicate', seq: 1 });
    const gone = arrival('', there, { kind: 'timer', id: 'none', due: 5 });
    expect(await store.redeem('AAAA2222', gone, 'sms')).toEqual({ outcome: 'unknown' });
    expect(await store.take(key, 9)).toEqual([]);
    expect((await store.redeem('AAAA2222', arrival('r2', there), 'sms')).outcome).toBe('left');
  });
}
