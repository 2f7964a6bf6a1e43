import { expect } from '@jest/globals';
import type { StoreTest } from './opened.ts';
import { at, turn } from './words.ts';

/** Who writes, what is remembered of her, and which addresses are hers. */
export function theCustomer(test: StoreTest): void {
  test('remembers a customer across her conversations once a door has named her', async ({ store, applied }) => {
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

  test('knows whose an address is until it is unlinked, before and after anybody has written from there', async ({
    store,
    applied,
  }) => {
    const { key } = await applied(turn('k1', { effects: [{ kind: 'customer', set: { size: 'M' } }] }));
    const code = { conversation: key, account: 'sms', address: '+1', code: '123456', until: 9_000, at: 1_000 };
    expect(await store.challenge(code)).toBe(true);
    expect(await store.answer({ conversation: key, code: '123457', at: 2_000 })).toBe(false);
    expect(await store.owner('sms', '+1')).toBeUndefined();
    expect(await store.answer({ conversation: key, code: '123456', at: 2_000 })).toBe(true);
    expect(await store.answer({ conversation: key, code: '123456', at: 2_000 })).toBe(false);
    const owner = await store.owner('sms', '+1');
    expect(owner).toMatchObject({ linked: true, attributes: { size: 'M' } });
    expect((await store.identities(owner?.key ?? 0)).map(({ account }) => account).toSorted()).toEqual(['sms', 'web']);
    const begun = turn('k2', { to: at('+1', 'sms'), known: { seq: 0, tail: 0, customer: owner?.key } });
    await applied(begun);
    expect((await store.load('sms', '+1'))?.customer).toEqual(owner);
    expect(await store.unlink('sms', '+1')).toBe(true);
    expect(await store.unlink('sms', '+1')).toBe(false);
    expect((await store.load('sms', '+1'))?.customer).toBeUndefined();
    expect(await store.owner('sms', '+1')).toBeUndefined();
  });

  test('takes five answers to a code, until it is too old, and sends three an hour', async ({ store, applied }) => {
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

  test('a customer’s addresses go with the name that she gets', async ({ store, applied }) => {
    const { key } = await applied(turn('k1', { effects: [{ kind: 'customer', set: { size: 'M' } }] }));
    const code = { conversation: key, account: 'sms', address: '+1', code: '1', until: 9_000, at: 1_000 };
    await store.challenge(code);
    await store.answer({ conversation: key, code: '1', at: 1_000 });
    const { version = 0 } = (await store.load('web', 'ann')) ?? {};
    await applied(turn('k2', { version, effects: [{ kind: 'identify', customer: 'C-1' }] }));
    expect(await store.owner('sms', '+1')).toMatchObject({ name: 'C-1', attributes: { size: 'M' } });
    expect(await store.owner('web', 'ann')).toMatchObject({ name: 'C-1' });
  });

  test('an address that is replaced by another one takes along whose it is', async ({ store, applied }) => {
    await applied(turn('k1', { identified: 'C-1' }));
    await store.readdress('web', 'ann', 'ann-2');
    expect(await store.owner('web', 'ann')).toBeUndefined();
    expect(await store.owner('web', 'ann-2')).toMatchObject({ name: 'C-1' });
  });

  test('keeps a ruling with its turn, for its address and nobody else, until it is taken back', async ({
    store,
    applied,
  }) => {
    const ruling = { out: 7 };
    await applied(turn('k', { effects: [{ kind: 'consent', ruling }] }));
    expect(await store.ruling('web', 'ann')).toEqual(ruling);
    expect(await store.ruling('sms', 'ann')).toBeUndefined();
    expect((await store.commit(turn('late', { effects: [{ kind: 'consent', ruling: null }] }))).outcome).toBe('stale');
    await store.readdress('web', 'ann', 'ann-2');
    expect(await store.ruling('web', 'ann')).toBeUndefined();
    expect(await store.ruling('web', 'ann-2')).toEqual(ruling);
    await applied(turn('k2', { to: at('ann-2'), version: 1, effects: [{ kind: 'consent', ruling: null }] }));
    expect(await store.ruling('web', 'ann-2')).toBeUndefined();
  });
}
