import { expect } from '@jest/globals';
import type { Effect } from '../../../src/effect.ts';
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

  test('who proves an address is one with whoever that was, and keeps a name over none', async ({ store, applied }) => {
    const prove = async (key: number, address: string) => {
      await store.challenge({ conversation: key, account: 'sms', address, code: '1', until: 9_000, at: 1_000 });
      expect(await store.answer({ conversation: key, code: '1', at: 1_000 })).toBe(true);
      return store.owner('sms', address);
    };
    const size = (value: string): Effect => ({ kind: 'customer', set: { size: value } });
    // Nothing is known of either.
    const ann = await applied(turn('k1'));
    const nobody = await prove(ann.key, '+1');
    expect(nobody).toEqual({ key: expect.any(Number), linked: true, attributes: {} });
    // The same address again changes nothing.
    expect(await prove(ann.key, '+1')).toEqual(nobody);
    // Something is known of who wrote from there.
    await applied(turn('k1', { to: at('+2', 'sms'), effects: [size('S')] }));
    const bob = await applied(turn('k1', { to: at('bob') }));
    expect(await prove(bob.key, '+2')).toMatchObject({ attributes: { size: 'S' } });
    expect((await store.load('web', 'bob'))?.customer).toMatchObject({ attributes: { size: 'S' } });
    // Who wrote from there has a name: it and her own words stay, those of who has none come to them.
    await applied(turn('k1', { to: at('+3', 'sms'), identified: 'C-3', effects: [size('L')] }));
    const eve = await applied(
      turn('k1', { to: at('eve'), effects: [{ kind: 'customer', set: { size: 'M', shoe: '39' } }] }),
    );
    expect(await prove(eve.key, '+3')).toMatchObject({ name: 'C-3', attributes: { size: 'L', shoe: '39' } });
    expect(await store.owner('sms', '+1')).toEqual(nobody);
    // Two with names are two: the address goes to who has proven it now.
    const zoe = await applied(turn('k1', { to: at('zoe'), identified: 'C-4' }));
    expect(await prove(zoe.key, '+3')).toMatchObject({ name: 'C-4' });
    // She has a name, and who wrote from there has none.
    expect(await prove(zoe.key, '+2')).toMatchObject({ name: 'C-4', attributes: { size: 'S' } });
    expect((await store.load('web', 'bob'))?.customer).toMatchObject({ name: 'C-4' });
    expect(await store.customer('C-3')).toMatchObject({ attributes: { size: 'L', shoe: '39' } });
  });

  test('lists addresses of a customer, the last proven first, and those of one moment by name', async ({
    store,
    applied,
  }) => {
    const { key } = await applied(turn('k1'));
    const proven: readonly (readonly [string, number])[] = [
      ['+3', 1_000],
      ['+2', 1_000],
      ['+9', 2_000],
    ];
    for (const [address, when] of proven) {
      await store.challenge({ conversation: key, account: 'sms', address, code: '1', until: 9_000, at: when });
      await store.answer({ conversation: key, code: '1', at: when });
    }
    const owner = await store.owner('sms', '+2');
    const listed = (await store.identities(owner!.key)).filter(({ account }) => account === 'sms');
    expect(listed.map(({ address }) => address)).toEqual(['+9', '+2', '+3']);
  });

  test('sends two hundred codes an hour for one account, whoever asks for whom', async ({ store, applied }) => {
    const challenge = (conversation: number, number: number, at = 1_000) =>
      store.challenge({ conversation, account: 'sms', address: `+${number}`, code: '1', until: 9_000, at });
    for (let count = 0; count < 200; ) {
      const { key } = await applied(turn('k1', { to: at(`a${count}`) }));
      for (let each = 0; each < 2; each += 1, count += 1) expect(await challenge(key, count)).toBe(true);
    }
    const { key } = await applied(turn('k1', { to: at('last') }));
    expect(await challenge(key, 200)).toBe(false);
    expect(await challenge(key, 200, 3_602_000)).toBe(true);
  });

  test('gives what a turn remembers to the name that it finds out', async ({ store, applied }) => {
    const effects: Effect[] = [
      { kind: 'customer', set: { size: 'M' } },
      { kind: 'identify', customer: 'C-1' },
    ];
    await applied(turn('k1', { effects }));
    expect(await store.customer('C-1')).toMatchObject({ attributes: { size: 'M' } });
    expect((await store.load('web', 'ann'))?.customer).toMatchObject({ name: 'C-1' });
  });
}
