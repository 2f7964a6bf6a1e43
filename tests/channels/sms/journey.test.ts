import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Phone } from '../../../channels/sms/simulator/phone.ts';
import { openSimulator, type Simulator } from '../../../channels/sms/simulator.ts';
import { writeDemo } from '../../journeys/demo-folder.ts';
import { readCode } from '../../journeys/mailbox.ts';
import { endAll, Program, type Running, scratch, startShop, until } from '../../journeys/process.ts';
import { reference, WEBHOOK } from './account.ts';

const ANNA = '+14155552671';
let twilio: Simulator;

afterEach(async () => {
  await twilio.close();
  await endAll();
});

/** The demo's flows and shop, held by SMS. The bot can be killed and started again on the same data. */
class World {
  readonly #folder = scratch();
  readonly shop: Running;
  bot: Running | undefined;

  private constructor(shop: Running) {
    this.shop = shop;
  }

  static async open(options: { answers?: boolean } = {}): Promise<World> {
    const world = new World(await startShop(scratch()));
    twilio = await openSimulator({
      webhook: WEBHOOK,
      reach: () => world.bot?.url ?? 'http://127.0.0.1:1',
      sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds / 20)),
      ...options,
    });
    const account = {
      kind: 'sms',
      account_sid: twilio.accountSid,
      auth_token: reference('TWILIO_AUTH_TOKEN'),
      from: twilio.number,
      webhook: WEBHOOK,
      api_root: twilio.url,
    };
    const settings = { name: 'Parley Shop', locales: ['en', 'zh'], channels: { web: { kind: 'web' }, sms: account } };
    writeDemo(world.#folder, settings);
    mkdirSync(join(world.#folder, 'data'));
    await world.start();
    return world;
  }

  async start(): Promise<void> {
    const program = Program.parley(['start', this.#folder, '--port', '0'], {
      PARLEY_DATA: join(this.#folder, 'data'),
      SHOP_URL: this.shop.url,
      TWILIO_AUTH_TOKEN: twilio.authToken,
    });
    this.bot = { program, url: await program.says(/(http:\/\/[\d.:]+)\/chat/) };
  }

  async kill(): Promise<void> {
    await this.bot?.program.end('SIGKILL');
  }

  code(): Promise<string> {
    return readCode(`${this.shop.url}/mailbox`, 'anna.schmidt@example.com');
  }
}

/** Writes, and waits for what fits of what comes after it. */
async function ask(phone: Phone, text: string, answer: RegExp): Promise<string> {
  const before = phone.heard.length;
  phone.say(text);
  return hears(phone, answer, before);
}

async function hears(phone: Phone, answer: RegExp, after = 0): Promise<string> {
  const found = () => phone.heard.slice(after).find((text) => answer.test(text));
  await until(
    () => found() !== undefined,
    () => `${answer} by SMS; heard ${JSON.stringify(phone.heard)}`,
  );
  return found() ?? '';
}

describe('by SMS', () => {
  test('a customer learns where her second order is, in English', async () => {
    const world = await World.open();
    const phone = twilio.phone(ANNA);
    await ask(phone, 'Where is my order?', /email/i);
    await ask(phone, 'anna.schmidt@example.com', /6-digit code/);
    const orders = await ask(phone, await world.code(), /\n2\. .*/);
    const second = /\n2\. (\S+)/.exec(orders)?.[1] ?? '?';
    expect(await ask(phone, 'the second one', new RegExp(second))).toContain(second);
  }, 60_000);

  test('a customer learns where her second order is, in Chinese', async () => {
    const world = await World.open();
    const phone = twilio.phone(ANNA);
    await ask(phone, '我的订单在哪里？', /邮箱|邮件/);
    await ask(phone, 'anna.schmidt@example.com', /验证码/);
    const orders = await ask(phone, await world.code(), /\n2\. .*/);
    const second = /\n2\. (\S+)/.exec(orders)?.[1] ?? '?';
    expect(await ask(phone, '第二个', new RegExp(second))).toContain(second);
  }, 60_000);

  test('who asks in her own words to be left alone is told so once, and hears nothing more until she comes back', async () => {
    const world = await World.open();
    const phone = twilio.phone(ANNA);
    await ask(phone, 'Where is my order?', /email/i);
    phone.say('please stop texting me');
    await hears(phone, /opted out/);
    await world.kill();
    const before = phone.heard.length;
    for (const text of ['hello?', 'STOP it', 'anna.schmidt@example.com']) phone.say(text);
    await world.start();
    await twilio.deliveries.settled();
    expect(await ask(phone, 'START', /.+/)).toMatch(/You get our messages again/);
    expect(phone.heard).toHaveLength(before + 1);
    await ask(phone, 'anna.schmidt@example.com', /6-digit code/);
  }, 60_000);

  test('who writes STOP is answered by Twilio, and by us not at all', async () => {
    await World.open();
    const phone = twilio.phone(ANNA);
    await ask(phone, 'Where is my order?', /email/i);
    const before = phone.heard.length;
    for (const text of ['STOP', 'hello?', 'stop']) phone.say(text);
    await twilio.deliveries.settled();
    expect(phone.screen.filter(({ from }) => from === 'twilio')).toHaveLength(1);
    phone.say('START');
    await twilio.deliveries.settled();
    await ask(phone, 'anna.schmidt@example.com', /6-digit code/);
    expect(phone.heard).toHaveLength(before + 1);
  }, 60_000);

  test('a forged webhook is refused', async () => {
    const world = await World.open();
    const answer = await fetch(`${world.bot?.url}/channels/sms`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': 'AAAA' },
      body: 'From=%2B14155552671&Body=hi',
    });
    expect(answer.status).toBe(401);
  }, 60_000);
});
