import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openDoors } from '../../src/bot/doors.ts';
import { createLog } from '../../src/log.ts';
import type { Listening } from '../../src/server/listen.ts';
import { House, type Person } from './house.ts';

const SECRET = 'shared with the business';

let house: House;
let doors: Listening;
beforeEach(async () => {
  house = await new House().open();
  const log = await createLog({ level: 'silent' });
  doors = await openDoors(house.bot, { port: 0, host: undefined, secret: SECRET, log });
});
afterEach(async () => {
  await doors.close(1_000);
  await house.close();
});

/** The business tells of something, for a customer and not for an address. */
async function tell(customer: string, id: string): Promise<number> {
  const body = JSON.stringify({ id, data: { about: 'tea' }, to: { customer } });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex');
  const answer = await fetch(`${doors.url}/events/shop.news`, {
    method: 'POST',
    headers: { 'x-parley-timestamp': timestamp, 'x-parley-signature': `sha256=${signature}` },
    body,
  });
  expect(answer.status).toBe(202);
  return ((await answer.json()) as { woken: number }).woken;
}

/** A customer with three addresses, who wrote last by SMS. */
async function known(): Promise<Record<'web' | 'sms' | 'wechat', Person>> {
  const people = {
    web: house.person('web', 'ann'),
    wechat: house.person('wechat', 'o1'),
    sms: house.person('sms', '+1'),
  };
  for (const one of Object.values(people)) {
    house.now += 60_000;
    await one.says('hello', { event: { kind: 'identified', customer: 'C1' } });
    await one.says('hello there');
  }
  return people;
}

async function stops(phone: Person): Promise<void> {
  await phone.says('STOP', { event: { kind: 'message', text: 'STOP', consent: { word: 'stop', answered: false } } });
  await phone.hears('opted out');
}

describe('what happens for a customer is told', () => {
  test('where she wrote last, and nowhere else', async () => {
    const { web, sms, wechat } = await known();
    expect(await tell('C1', 'n1')).toBe(1);
    await sms.hears('News about tea.');
    for (const other of [web, wechat]) expect(await other.said()).not.toContain('News about tea.');
  });

  test('once, however often the business tells', async () => {
    const { sms, web } = await known();
    await tell('C1', 'n1');
    await sms.hears('News about tea.');
    house.now += 60_000;
    await web.says('hello again');
    await tell('C1', 'n1');
    expect(await web.said()).not.toContain('News about tea.');
    expect((await sms.said()).filter((text) => text === 'News about tea.')).toHaveLength(1);
  });

  test('rather where she has said that she prefers it', async () => {
    const { web } = await known();
    await web.says('I prefer this', {
      event: { kind: 'identified', customer: 'C1', attributes: { preferred_channel: 'web' } },
    });
    const { sms } = { sms: house.person('sms', '+1') };
    house.now += 60_000;
    await sms.says('hello again');
    await tell('C1', 'n1');
    await web.hears('News about tea.');
  });

  test('not where she has opted out, but where she has not', async () => {
    const { sms, wechat } = await known();
    await stops(sms);
    await tell('C1', 'n1');
    await wechat.hears('News about tea.');
    expect(await sms.said()).not.toContain('News about tea.');
  });

  test('rather where the window is open than where it would have to wait', async () => {
    const { sms, wechat, web } = await known();
    await stops(sms);
    house.now += 3 * 86_400_000;
    await tell('C1', 'n1');
    await web.hears('News about tea.');
    expect(await wechat.said()).not.toContain('News about tea.');
  });

  test('by a task for a human where she may be told nowhere', async () => {
    const phone = house.person('sms', '+1');
    await phone.says('hello', { event: { kind: 'identified', customer: 'C1' } });
    await stops(phone);
    await tell('C1', 'n1');
    for (let left = 200; left > 0 && (await house.bot.store.handoffs(9)).length === 0; left -= 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    const [task] = await house.bot.store.handoffs(9);
    expect(task?.handoff).toMatchObject({
      mode: 'background',
      reason: 'customer.unreachable',
      attach: { signal: 'shop.news', data: { about: 'tea' } },
    });
    expect(await phone.said()).not.toContain('News about tea.');
  });

  test('to nobody whom nobody knows', async () => {
    expect(await tell('C9', 'n1')).toBe(0);
  });
});
