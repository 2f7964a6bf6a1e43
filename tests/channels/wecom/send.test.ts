import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { callApi } from '../../../channels/wecom/client.ts';
import { fetchMedia } from '../../../channels/wecom/media.ts';
import { plan } from '../../../channels/wecom/plan.ts';
import { pull } from '../../../channels/wecom/pull.ts';
import { classify } from '../../../channels/wecom/refusal.ts';
import { send } from '../../../channels/wecom/send.ts';
import { sessionOf, takeSession } from '../../../channels/wecom/session.ts';
import type { WecomSettings } from '../../../channels/wecom/settings.ts';
import type { Customer } from '../../../channels/wecom/simulator/customer.ts';
import { type Fault, openSimulator, type Simulator } from '../../../channels/wecom/simulator.ts';
import type { SendError } from '../../../src/channel.ts';
import type { Message } from '../../../src/message.ts';
import { fetchOutside } from '../../../src/outside-file.ts';
import { accountAt, calling, to } from './account.ts';

const HOUR = 3_600_000;
let clock: { now: number };
let wecom: Simulator;
let settings: WecomSettings;
let anna: Customer;
let address: string;

beforeEach(async () => {
  clock = { now: Date.UTC(2026, 10, 21) };
  wecom = await openSimulator({ now: () => clock.now });
  settings = accountAt(wecom);
  anna = wecom.customer();
  address = `${anna.kf}/${anna.id}`;
});
afterEach(() => wecom.close());

const hello = { msgtype: 'text', text: { content: 'Hello' } };
const say = (key?: string) => send(hello, to(settings, address, key));
const paths = () => wecom.calls.map(({ path }) => path);

async function verdict(act: () => Promise<unknown>): Promise<SendError> {
  try {
    await act();
  } catch (error) {
    return classify(error);
  }
  throw new Error('It went well.');
}

describe('sending', () => {
  test('every kind of part is taken, and shown as it is', async () => {
    anna.say('hello');
    const shop = await openShop();
    const picture = { url: `${shop.url}/mug`, alt: 'Mug' };
    const links = [{ title: 'Open', url: 'https://shop.example/mug' }];
    const messages: readonly Message[] = [
      { text: '', image: picture },
      { text: '', card: { title: 'Mug', text: 'Blue', image: picture, links } },
      { text: 'Your bill', file: { url: `${shop.url}/bill`, name: 'bill.pdf' } },
      { text: 'Is it right?', choices: [{ token: 'o1.0', label: 'Yes' }] },
    ];
    for (const part of plan(messages, { locale: 'en', settings, publicUrl: shop.url }))
      expect(await send(part, to(settings, address))).toEqual({ id: expect.stringMatching(/^conversation-1-\d+$/) });
    await shop.close();
    expect(anna.heard).toEqual(['[image]', 'Mug\nBlue\nOpen ›', 'Your bill', '[file]', 'Is it right?']);
    expect([...wecom.world.media.values()].map(({ name, type }) => [name, type])).toEqual([
      ['picture.png', 'image/png'],
      ['picture.png', 'image/png'],
      ['bill.pdf', 'application/octet-stream'],
    ]);
  });

  test('what was sent already is taken as sent, and shown once', async () => {
    anna.say('hello');
    const first = await say('c.1.0');
    expect(await say('c.1.0')).toEqual(first);
    expect(anna.heard).toEqual(['Hello']);
  });

  test('what may have been sent is sent again under its id, and shown once', async () => {
    anna.say('hello');
    wecom.fail({ kind: 'drop' }, 'kf/send_msg');
    expect(await verdict(() => say('c.1.0'))).toEqual({ kind: 'unknown' });
    await say('c.1.0');
    expect(anna.heard).toEqual(['Hello']);
  });

  test('a token that ends is replaced, and many sends at once ask for one', async () => {
    anna.say('hello');
    await Promise.all([say(), say(), say()]);
    expect(paths().filter((path) => path === 'gettoken')).toHaveLength(1);
    wecom.fail({ kind: 'expired' });
    await say();
    clock.now += 3 * HOUR;
    anna.say('still there?');
    await say();
    expect(anna.heard).toHaveLength(5);
  });

  test('a wrong secret is told, and never as somebody’s fault who wrote', async () => {
    anna.say('hello');
    const stranger = { ...settings, secret: 'another' };
    expect(await verdict(() => send(hello, to(stranger, address)))).toEqual({ kind: 'auth', reason: 'wecom.40001' });
  });
});

describe('a picture', () => {
  const part = (url: string, own: boolean) => ({
    msgtype: 'image',
    outside: { url, own, name: 'picture', words: 'Mug: where it is' },
  });

  test.each([
    ['is inside our own network', (url: string) => part(`${url}/mug`, false)],
    ['is no picture', (url: string) => part(`${url}/bill`, true)],
    ['is not there', (url: string) => part(`${url}/nothing`, true)],
    ['is sent on to our own network', (url: string) => part(`${url}/elsewhere`, true)],
  ])('that %s is told in words', async (_, of) => {
    anna.say('hello');
    const shop = await openShop();
    await send(of(shop.url), to(settings, address));
    await shop.close();
    expect(anna.heard).toEqual(['Mug: where it is']);
  });

  test('that WeCom itself does not take is told in words, and its own trouble is not hers', async () => {
    anna.say('hello');
    const shop = await openShop();
    wecom.fail({ kind: 'refuse', errcode: 40_009 }, 'media/upload');
    await send(part(`${shop.url}/mug`, true), to(settings, address));
    wecom.fail({ kind: 'refuse', errcode: 45_009 }, 'media/upload');
    const again = send(part(`${shop.url}/mug`, true), to(settings, address));
    await expect(again).rejects.toMatchObject({ errcode: 45_009 });
    await shop.close();
    expect(anna.heard).toEqual(['Mug: where it is']);
  });

  test.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0177.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.100.100.200/',
    'http://localhost/',
    'file:///etc/passwd',
  ])('is never fetched from %s', async (url) => {
    const limits = { most: 10, hosts: [], signal: AbortSignal.timeout(5_000) };
    await expect(fetchOutside(url, limits)).rejects.toMatchObject({
      code: 'file.refused',
    });
  });
});

describe('who has come in and written nothing', () => {
  const enter = async () => {
    anna.enter('from-the-shop');
    await pull({ ...calling(settings), account: 'wecom', cursor: '{}', nudge: { topic: anna.kf, at: clock.now } });
  };

  test('is greeted under her welcome code, once', async () => {
    await enter();
    await say();
    expect(anna.heard).toEqual(['Hello']);
    expect(paths()).toEqual(['gettoken', 'kf/sync_msg', 'kf/send_msg_on_event']);
    expect(await verdict(() => say())).toEqual({ kind: 'window_closed' });
    expect(paths().filter((path) => path === 'kf/send_msg_on_event')).toHaveLength(1);
  });

  test('is greeted once, though the line broke after it', async () => {
    await enter();
    wecom.fail({ kind: 'drop' }, 'kf/send_msg_on_event');
    expect(await verdict(() => say('c.1.0'))).toEqual({ kind: 'unknown' });
    await say('c.1.0');
    expect(anna.heard).toEqual(['Hello']);
  });

  test('hears nothing when her code is too old', async () => {
    await enter();
    clock.now += 21_000;
    expect(await verdict(() => say())).toEqual({ kind: 'window_closed' });
    expect(anna.heard).toEqual([]);
  });

  test('is answered as usual when she has written meanwhile', async () => {
    await enter();
    clock.now += 21_000;
    anna.say('hello?');
    await say();
    expect(anna.heard).toEqual(['Hello']);
  });
});

describe('the session at WeCom', () => {
  const where = () => ({ ...calling(settings), address });

  test('is taken when WeCom wants that first', async () => {
    anna.say('hello');
    expect(await sessionOf(where())).toEqual({ state: 'new' });
    wecom.fail({ kind: 'refuse', errcode: 95_018 }, 'kf/send_msg');
    await say();
    expect(await sessionOf(where())).toEqual({ state: 'bot' });
    expect(anna.heard).toEqual(['Hello']);
  });

  test('that people have is not talked into', async () => {
    anna.say('hello');
    anna.taken('zhangsan');
    expect(await sessionOf(where())).toEqual({ state: 'human', agent: 'zhangsan' });
    expect(await verdict(() => say())).toEqual({ kind: 'window_closed' });
    await expect(takeSession(where())).rejects.toMatchObject({ errcode: 95_016 });
  });

  test('is read as it is: in the pool, with somebody, at its end', async () => {
    anna.say('hello');
    const chat = { open_kfid: anna.kf, external_userid: anna.id };
    for (const [state, session] of [
      [{ service_state: 2 }, { state: 'waiting' }],
      [
        { service_state: 3, servicer_userid: 'zhangsan' },
        { state: 'human', agent: 'zhangsan' },
      ],
      [{ service_state: 4 }, { state: 'ended' }],
    ]) {
      await callApi('kf/service_state/trans', { ...chat, ...state }, calling(settings));
      expect(await sessionOf(where())).toEqual(session);
    }
  });
});

describe('what WeCom answers means', () => {
  test.each<[string, Fault, SendError]>([
    [
      'too often: rest a minute',
      { kind: 'refuse', errcode: 45_009 },
      { kind: 'rate_limited', after: 60_000, scope: 'account' },
    ],
    ['busy: try again', { kind: 'refuse', errcode: -1 }, { kind: 'retryable' }],
    ['its own trouble: try again', { kind: 'error', status: 502 }, { kind: 'retryable' }],
    ['a line that breaks: nobody knows', { kind: 'cut' }, { kind: 'unknown' }],
    ['an app that may not call', { kind: 'refuse', errcode: 48_002 }, { kind: 'auth', reason: 'wecom.48002' }],
    [
      'content it does not take',
      { kind: 'refuse', errcode: 40_058 },
      { kind: 'invalid', reason: 'channel.invalid_content' },
    ],
    ['what nobody knows', { kind: 'refuse', errcode: 99_999 }, { kind: 'permanent', reason: 'channel.refused' }],
  ])('%s', async (_, fault, meaning) => {
    anna.say('hello');
    await say();
    wecom.fail(fault, 'kf/send_msg');
    expect(await verdict(() => say())).toEqual(meaning);
    expect(anna.heard).toHaveLength(1);
  });

  test('five messages after hers are all; she opens the window anew', async () => {
    anna.say('hello');
    for (let count = 0; count < 5; count++) await say();
    expect(await verdict(() => say())).toEqual({ kind: 'quota_exhausted' });
    anna.say('hello again');
    await say();
    clock.now += 49 * HOUR;
    expect(await verdict(() => say())).toEqual({ kind: 'window_closed' });
  });

  test('who is nobody’s customer cannot be reached, and an account that is none is our mistake', async () => {
    expect(await verdict(() => send(hello, to(settings, `${anna.kf}/wmNobody`)))).toMatchObject({
      kind: 'unreachable',
    });
    expect(await verdict(() => send(hello, to(settings, 'wkNone/wmNobody')))).toMatchObject({
      reason: 'channel.invalid_address',
    });
  });

  test('nobody there: it cannot have arrived', async () => {
    await wecom.close();
    expect(await verdict(() => say())).toEqual({ kind: 'retryable' });
    wecom = await openSimulator();
  });
});

describe('a file', () => {
  test('of hers is fetched', async () => {
    anna.photo(new Uint8Array([0xff, 0xd8, 0xff, 7]));
    const [ref] = wecom.world.media.keys();
    expect([...(await fetchMedia({ ref: ref ?? '', name: 'x' }, calling(settings)))]).toEqual([0xff, 0xd8, 0xff, 7]);
  });

  test('that WeCom does not have is refused for good, and its trouble is not', async () => {
    const nothing = { ref: 'nothing', name: 'x' };
    await expect(fetchMedia(nothing, calling(settings))).rejects.toMatchObject({
      code: 'wecom.file_refused',
      retryable: false,
    });
    wecom.fail({ kind: 'error', status: 502 }, 'media/get');
    await expect(fetchMedia(nothing, calling(settings))).rejects.toMatchObject({
      code: 'wecom.file_unavailable',
      retryable: true,
    });
  });
});

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Somebody's web server with a picture, a paper, and a way into our own network. */
async function openShop(): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    if (request.url === '/mug') return void response.end(PNG);
    if (request.url === '/bill') return void response.end('%PDF-1.4 and more');
    if (request.url === '/elsewhere') return void response.writeHead(302, { location: 'http://127.0.0.2:1/' }).end();
    response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}
