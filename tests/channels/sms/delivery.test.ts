import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Phone } from '../../../channels/sms/simulator/phone.ts';
import { openSimulator, type Simulator } from '../../../channels/sms/simulator.ts';
import { openDoors } from '../../../src/bot/doors.ts';
import { openBot, type RunningBot } from '../../../src/bot/open-bot.ts';
import type { Entry, News } from '../../../src/engine/engine.ts';
import { createLog } from '../../../src/log.ts';
import type { Listening } from '../../../src/server/listen.ts';
import { endAll, scratch, until } from '../../journeys/process.ts';
import { reference, WEBHOOK } from './account.ts';

/** Says something, and something more once the world has moved on. */
const PARCEL = `
flow: parcel
triggers: {examples: {en: [where is my parcel]}}
slots: {photos: {type: list<file>, max: 4}}
steps:
  - collect: photos
    ask: Send a photo.
    optional: true
  - say: It is packed.
  - wait: {event: parcel.sent, timeout: 1d}
    on_timeout: [end: expired]
  - say: It is on its way.
  - wait: {event: parcel.sent, timeout: 1d}
    on_timeout: [end: expired]
  - say: It is there.
`;
const ANNA = '+14155552671';
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

let twilio: Simulator;
let bot: RunningBot;
let door: Listening;
/** Ends what was opened, also where a later part did not open. */
let ends: (() => Promise<unknown>)[];
let anna: Phone;
let signals = 0;

beforeEach(async () => {
  ends = [endAll];
  twilio = await openSimulator({ webhook: WEBHOOK, reach: () => door.url, sleep: async () => undefined });
  ends.push(() => twilio.close());
  const directory = scratch();
  mkdirSync(join(directory, 'flows/parcel'), { recursive: true });
  writeFileSync(join(directory, 'flows/parcel/flow.yaml'), PARCEL);
  const sms = {
    kind: 'sms',
    account_sid: twilio.accountSid,
    auth_token: reference('TWILIO_AUTH_TOKEN'),
    from: twilio.number,
    webhook: WEBHOOK,
    api_root: twilio.url,
  };
  writeFileSync(join(directory, 'parley.yaml'), JSON.stringify({ name: 'Shop', locales: ['en'], channels: { sms } }));
  const log = await createLog({ pretty: false, write: () => undefined });
  bot = await openBot({ directory, environment: { TWILIO_AUTH_TOKEN: twilio.authToken }, log });
  ends.push(() => bot.stop(1_000));
  await bot.engine.start();
  door = await openDoors(bot, { port: 0, host: undefined, secret: undefined, log });
  ends.push(() => door.close(1_000));
  anna = twilio.phone(ANNA);
});
afterEach(async () => {
  await twilio.deliveries.settled();
  for (const end of ends.toReversed()) await end();
});

const conversation = async () => (await bot.engine.find('sms', ANNA)) ?? '';
const transcript = async (): Promise<readonly Entry[]> => bot.engine.transcript(await conversation(), 0, 100);
const said = async (words: string) => (await transcript()).find(({ message }) => message.text.includes(words));
const hears = (words: string) =>
  until(
    () => anna.heard.some((text) => text.includes(words)),
    () => `${words} in ${JSON.stringify(anna.heard)}`,
  );
async function becomes(words: string, status: Entry['status']): Promise<void> {
  let now = '';
  await until(
    async () => {
      now = String((await said(words))?.status);
      return now === status;
    },
    () => `"${words}" to be ${status}, which is ${now}`,
  );
}
const parcelSent = () => bot.engine.signal('parcel.sent', {}, `signal ${signals++}`);

describe('what Twilio tells of our messages', () => {
  test('is told to who watches: sent, then delivered', async () => {
    anna.say('where is my parcel?');
    await hears('Send a photo.');
    await becomes('Send a photo.', 'delivered');
    const news: News[] = [];
    const end = bot.engine.watch(await conversation(), (each) => news.push(each));
    anna.say('skip');
    await hears('It is packed.');
    await becomes('It is packed.', 'delivered');
    end();
    const { seq } = (await said('It is packed.')) ?? { seq: 0 };
    const told = news.flatMap((each) => (each.kind === 'status' && each.seq === seq ? [each.status] : []));
    // The reports come in any order, and what is known never goes back.
    expect(told.at(-1)).toBe('delivered');
    expect(told.slice(told.indexOf('delivered'))).not.toContain('sent');
  });

  test.each(['30005', '30006'])('ends what we write to a number that is none (%s), until she writes', async (code) => {
    anna.say('where is my parcel?');
    await hears('Send a photo.');
    Object.assign(anna, { off: true, whenOff: code });
    anna.say('skip');
    await becomes('It is packed.', 'failed');
    const before = twilio.messages.length;
    expect(await parcelSent()).toBe(1);
    // The flow goes on: it waits for the next signal, and what it had to say was said to nobody.
    await until(async () => (await parcelSent()) === 1, 'the flow to go on');
    expect(twilio.messages).toHaveLength(before);
    anna.off = false;
    anna.say('hello?');
    await until(() => twilio.messages.length > before, 'something said to her');
  });

  test('does not give up a phone that is only switched off', async () => {
    anna.say('where is my parcel?');
    await hears('Send a photo.');
    anna.off = true;
    anna.say('skip');
    await becomes('It is packed.', 'failed');
    anna.off = false;
    await parcelSent();
    await hears('It is on its way.');
  });
});

describe('what Twilio delivers to us', () => {
  test('counts once, though it comes as twins and again after its answer was lost', async () => {
    twilio.deliveries.mischief.duplicate = true;
    const delivery = anna.say('where is my parcel?');
    await twilio.deliveries.settled();
    twilio.deliveries.repeat(delivery);
    await twilio.deliveries.settled();
    await hears('Send a photo.');
    anna.say('skip');
    await hears('It is packed.');
    const times = (words: string) => anna.heard.filter((text) => text.includes(words)).length;
    expect([times('Send a photo.'), times('It is packed.')]).toEqual([1, 1]);
    expect((await transcript()).filter(({ from }) => from === 'customer')).toHaveLength(2);
  });

  test('with pictures is kept in our own store: Twilio’s address is nobody’s business', async () => {
    anna.say('where is my parcel?');
    await hears('Send a photo.');
    anna.say('', { type: 'image/png', bytes: PNG }, { type: 'image/png', bytes: PNG });
    await hears('It is packed.');
    const attachments = (await transcript()).flatMap((entry) => entry.attachments ?? []);
    expect(attachments.map(({ type, size }) => [type, size])).toEqual([
      ['image/png', PNG.byteLength],
      ['image/png', PNG.byteLength],
    ]);
    for (const { url } of attachments) {
      expect(url).not.toContain('Accounts');
      const kept = await fetch(new URL(url, door.url));
      expect(Buffer.from(await kept.arrayBuffer())).toEqual(PNG);
    }
  });
});
