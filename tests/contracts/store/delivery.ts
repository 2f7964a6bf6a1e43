import { expect } from '@jest/globals';
import type { Progress } from '../../../src/store/store.ts';
import type { StoreTest } from './opened.ts';
import { report, say, turn } from './words.ts';

/** What platforms and customers tell of what was sent. */
export function theDelivery(test: StoreTest): void {
  test('a message goes on with what is reported of it, and never back', async ({ store, sent }) => {
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

  test('a failure that is reported is a dead letter with the platform’s code, until a proof of arrival', async ({
    store,
    sent,
  }) => {
    await sent(1);
    const changed = await store.progress({ ...report('failed'), code: '30003' });
    expect(changed).toEqual([{ seq: 2, status: 'failed' }]);
    expect(await store.dead(9)).toMatchObject([{ seq: 2, code: '30003', at: 7_000 }]);
    expect(await store.progress(report('delivered'))).toEqual([{ seq: 2, status: 'delivered' }]);
  });

  test('a message of several parts is delivered when all are, and has failed when one has', async ({ store, sent }) => {
    await sent(2);
    expect(await store.progress(report('delivered', { part: 1 }))).toEqual([]);
    expect(await store.progress(report('delivered', { part: 1 }))).toEqual([]);
    expect(await store.progress(report('delivered'))).toEqual([{ seq: 2, status: 'delivered' }]);
    expect(await store.progress(report('read', { part: 5 }))).toEqual([]);
    await sent(2, 1);
    expect(await store.progress(report('failed', { seq: 4, part: 1 }))).toEqual([{ seq: 4, status: 'failed' }]);
    expect(await store.progress(report('delivered', { seq: 4 }))).toEqual([]);
  });

  test('what is reported before the send has ended counts when it has', async ({ store, applied }) => {
    const { held } = await applied(turn('k', { delivery: 'held', effects: [say('a')] }));
    expect(await store.progress(report('delivered'))).toEqual([]);
    await store.settle({ ...held[0]!, end: { kind: 'done', status: 'unknown', at: 1 } });
    expect((await store.transcript('id-ann', 1, 1))[0]?.status).toBe('delivered');
    expect(await store.progress(report('read'))).toEqual([{ seq: 2, status: 'read' }]);
  });

  test('hears no report on what was not said by that account, and none on the customer’s own words', async ({
    store,
    sent,
  }) => {
    await sent(1);
    for (const wrong of [{ account: 'sms' }, { conversation: 'nobody' }, { seq: 1 }, { seq: 9 }, { part: 1 }])
      expect(await store.progress(report('delivered', wrong))).toEqual([]);
    expect((await store.transcript('id-ann', 0, 9)).map(({ status }) => status)).toEqual(['delivered', 'sent']);
  });

  test('keeps what the platform calls each part, over tries, and what it reads like after a change', async ({
    store,
    applied,
  }) => {
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

  test('what was seen is read, and never unread', async ({ store, applied }) => {
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

  test('what is reported failed before the send has ended is a dead letter when it has', async ({ store, applied }) => {
    const { held } = await applied(turn('k', { delivery: 'held', effects: [say('a')] }));
    expect(await store.progress({ ...report('failed'), code: '30003' })).toEqual([]);
    await store.settle({ ...held[0]!, end: { kind: 'done', status: 'sent', at: 1 } });
    expect((await store.transcript('id-ann', 1, 1))[0]?.status).toBe('failed');
    expect(await store.dead(9)).toMatchObject([{ seq: 2, code: '30003' }]);
  });

  test('what nobody knows of stays unknown until something is told', async ({ store, applied }) => {
    const { held } = await applied(turn('k', { delivery: 'held', effects: [say('a')] }));
    await store.settle({ ...held[0]!, end: { kind: 'done', status: 'unknown', at: 1 } });
    expect((await store.transcript('id-ann', 1, 1))[0]?.status).toBe('unknown');
    expect(await store.progress(report('delivered'))).toEqual([{ seq: 2, status: 'delivered' }]);
  });
}
