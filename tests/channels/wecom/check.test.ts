import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { check } from '../../../channels/wecom/check.ts';
import { openSimulator, type Simulator } from '../../../channels/wecom/simulator.ts';
import { accountAt } from './account.ts';

let wecom: Simulator;
beforeEach(async () => {
  wecom = await openSimulator();
});
afterEach(() => wecom.close());

const look = (given: object = {}, at: Partial<Simulator> = {}) =>
  check({ settings: accountAt({ ...wecom, ...at } as Simulator, given), signal: AbortSignal.timeout(5_000) });

describe('a look at a WeCom account', () => {
  test('tells that the secret is taken, and whom it may serve', async () => {
    const [kf = ''] = wecom.world.logs.keys();
    expect(await look()).toEqual([
      { ok: true, what: `WeCom takes the secret of ${wecom.corpId}` },
      { ok: true, what: `it may serve 售后 (${kf})` },
    ]);
  });

  test('names the customer service account that it may not serve', async () => {
    expect((await look({ open_kfid: 'wkOtherServiceDesk00' })).at(-1)).toMatchObject({
      ok: false,
      what: 'it may not serve wkOtherServiceDesk00',
    });
  });

  test('says what to do about a secret that is not taken', async () => {
    expect(await look({}, { secret: 'of_another_app' })).toMatchObject([
      { ok: false, what: expect.stringContaining('40001'), hint: expect.stringContaining('Secret') },
    ]);
  });
});
