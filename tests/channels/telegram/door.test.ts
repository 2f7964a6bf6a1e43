import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openSimulator, type Simulator } from '../../../channels/telegram/simulator.ts';
import telegramChannel from '../../../channels/telegram/telegram.ts';
import type { Channel } from '../../../src/channel.ts';
import { ParleyError } from '../../../src/errors.ts';
import { type Door, openDoor, refusalOf } from '../../server/door.ts';
import { until } from '../../support/until.ts';
import { account, reference, SECRET } from './account.ts';

const NEXT = 'the-secret-that-comes-next';
const HEADER = 'x-telegram-bot-api-secret-token';
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

let telegram: Simulator;
let door: Door;
/** Called between Telegram's tries. */
let between: () => unknown;

beforeEach(async () => {
  between = () => undefined;
  telegram = await openSimulator({ sleep: async () => void between() });
  const secret = [reference('TELEGRAM_SECRET'), reference('NEXT_SECRET')];
  const main = account({ api_root: telegram.url, secret }, { NEXT_SECRET: NEXT });
  const other = account({ api_root: telegram.url }, { TELEGRAM_SECRET: 'another-account-another-secret' });
  const channel = telegramChannel as Channel;
  door = await openDoor(
    { files: { size: 1_000, total: 1_500 } },
    {
      webhooks: new Map([
        ['telegram', { channel, settings: main }],
        ['telegram-other', { channel, settings: other }],
      ]),
    },
  );
});
afterEach(async () => {
  await door.close();
  await telegram.close();
});

const connect = (secret = SECRET) =>
  telegram.deliveries.setWebhook({ url: `${door.url}/channels/telegram`, secret }, false);
const events = () => door.engine.inbox.map(({ event }) => event);
const hello = JSON.stringify({
  update_id: 1,
  message: { message_id: 1, date: 1, chat: { id: 7, type: 'private' }, from: { id: 7 }, text: 'hello' },
});

describe('the webhook, called by Telegram', () => {
  test('takes updates in the order in which they came', async () => {
    connect();
    const anna = telegram.customer();
    for (const text of ['one', 'two', 'three']) anna.say(text);
    await telegram.deliveries.settled();
    expect(events().map((event) => event.kind === 'message' && event.text)).toEqual(['one', 'two', 'three']);
    expect(telegram.deliveries.answers).toEqual([200, 200, 200]);
  });

  test.each([
    ['as twins at the same moment', 'duplicate'],
    ['with every letter escaped', 'escaped'],
  ] as const)('takes an update once when it comes %s', async (_, mischief) => {
    connect();
    telegram.deliveries.mischief[mischief] = true;
    telegram.customer({ language_code: 'zh-hans' }).say('我的订单到哪了 🎁');
    await telegram.deliveries.settled();
    expect(events()).toEqual([{ kind: 'message', text: '我的订单到哪了 🎁' }]);
  });

  test('takes updates that overtook each other in the order of their arrival', async () => {
    connect();
    const anna = telegram.customer();
    telegram.deliveries.hold();
    anna.say('one');
    anna.say('two');
    telegram.deliveries.release({ reversed: true });
    await telegram.deliveries.settled();
    expect(events().map((event) => event.kind === 'message' && event.text)).toEqual(['two', 'one']);
  });

  test('takes both secrets while one is replaced', async () => {
    connect(SECRET);
    telegram.customer().say('with the old one');
    await telegram.deliveries.settled();
    connect(NEXT);
    telegram.customer().say('with the new one');
    await telegram.deliveries.settled();
    expect(telegram.deliveries.answers).toEqual([200, 200]);
  });

  test('is called again while the store takes nothing, and loses nothing', async () => {
    connect();
    door.engine.breakWith(new ParleyError('store.unavailable', 'gone', { retryable: true }));
    between = () => telegram.deliveries.answers.length === 3 && door.engine.breakWith(undefined);
    const anna = telegram.customer();
    anna.say('one');
    anna.say('two');
    await telegram.deliveries.settled();
    expect(telegram.deliveries.answers).toEqual([503, 503, 503, 200, 200]);
    expect(events().map((event) => event.kind === 'message' && event.text)).toEqual(['one', 'two']);
  });

  test('ends the spinner of a button', async () => {
    connect();
    const anna = telegram.customer();
    anna.start();
    const message = { message_id: 99, date: 1, chat: { id: anna.user.id, type: 'private' }, from: anna.user };
    anna.tapOn(message, 'o1.0');
    await until(
      () => telegram.world.spinning.size === 0,
      () => 'the end of the spinner',
    );
    expect(events().at(-1)).toEqual({ kind: 'choice', token: 'o1.0' });
  });
});

describe('the files of a message', () => {
  const attachments = () => {
    const event = door.engine.inbox.at(-1)?.event;
    return event?.kind === 'message' ? event : undefined;
  };

  test('are in our own store before the message is taken', async () => {
    connect();
    telegram.customer().photo(PNG, 'it arrived broken');
    await telegram.deliveries.settled();
    const { text, attachments: [photo] = [] } = attachments() ?? {};
    expect(text).toBe('it arrived broken');
    expect(photo).toMatchObject({ name: 'photo.jpg', type: 'image/png', size: PNG.byteLength });
    const kept = await fetch(door.url + photo!.url);
    expect(Buffer.from(await kept.arrayBuffer()).equals(PNG)).toBe(true);
  });

  test('may be somebody’s voice', async () => {
    connect();
    telegram.customer().voice(Buffer.from('OggS and more'));
    await telegram.deliveries.settled();
    expect(attachments()?.attachments).toMatchObject([{ name: 'voice.ogg', type: 'audio/ogg' }]);
  });

  test.each([
    ['too large', Buffer.concat([PNG, Buffer.alloc(1_000)])],
    ['of a kind that is not taken', Buffer.from([0x4d, 0x5a, 0, 1, 2])],
  ])('%s are named in the message instead', async (_, bytes) => {
    connect();
    telegram.customer().document('thing.exe', bytes);
    await telegram.deliveries.settled();
    expect(attachments()).toEqual({ kind: 'message', text: '[thing.exe]', attachments: [] });
    expect(telegram.deliveries.answers).toEqual([200]);
  });

  test('are fetched when Telegram delivers again, if it could not give them the first time', async () => {
    connect();
    telegram.fail({ kind: 'error', status: 502 }, 'getFile');
    telegram.customer().photo(PNG);
    await telegram.deliveries.settled();
    expect(telegram.deliveries.answers).toEqual([503, 200]);
    expect(door.engine.inbox).toHaveLength(1);
    expect(attachments()?.attachments).toHaveLength(1);
  });
});

describe('the webhook, called by others', () => {
  const call = (secret: string | undefined, body: string | Uint8Array = hello, path = '/channels/telegram') =>
    door.post(path, body, undefined, secret === undefined ? {} : { [HEADER]: secret });

  test.each([
    ['without the secret', undefined],
    ['with an empty one', ''],
    ['with one flipped bit', `${SECRET.slice(0, -1)}d`],
    ['with the secret of another account', 'another-account-another-secret'],
  ])('%s is refused and changes nothing', async (_, secret) => {
    expect(await refusalOf(await call(secret))).toEqual([401, 'channel.unverified']);
    expect(door.engine.inbox).toHaveLength(0);
    expect(telegram.calls).toHaveLength(0);
  });

  test('with the secret twice is refused', async () => {
    const answer = await fetch(`${door.url}/channels/telegram`, {
      method: 'POST',
      headers: [
        [HEADER, SECRET],
        [HEADER, SECRET],
      ],
      body: hello,
    });
    expect(answer.status).toBe(401);
  });

  test('is told nothing of why', async () => {
    const answer = await call('guess');
    expect(await answer.text()).not.toMatch(/secret|token|telegram/i);
  });

  test('delivers a recorded call again: nothing happens twice', async () => {
    expect((await call(SECRET)).status).toBe(200);
    expect((await call(SECRET)).status).toBe(200);
    expect(door.engine.inbox).toHaveLength(1);
  });

  test.each([
    ['no JSON', 'hello', 400, 'telegram.invalid_update'],
    ['a million arrays', '['.repeat(200_000), 400, 'telegram.invalid_update'],
    ['too much', `"${'x'.repeat(300_000)}"`, 413, 'chat.too_large'],
  ])('%s is refused, and the server lives', async (_, body, status, code) => {
    expect(await refusalOf(await call(SECRET, body))).toEqual([status, code]);
    expect((await call(SECRET)).status).toBe(200);
  });

  test('takes deeply nested strangeness for nothing', async () => {
    const deep = `{"update_id": 5, "unknown": ${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    expect((await call(SECRET, deep)).status).toBe(200);
    expect(door.engine.inbox).toHaveLength(0);
  });

  test('leaves no secret and no word of a customer in the log', async () => {
    await call('guess');
    await call(SECRET, 'hello');
    connect();
    telegram.customer().document('thing.exe', Buffer.from([0, 1]));
    await telegram.deliveries.settled();
    const log = door.log.join('\n');
    expect(log).toContain('channel.media_refused');
    expect(log).not.toMatch(new RegExp(`${SECRET}|simulated_token|thing.exe`));
  });
});
