import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Channel, defineChannel } from '../../src/channel.ts';
import { ParleyError } from '../../src/errors.ts';
import { type Door, openDoor, refusalOf } from './door.ts';

const SECRET = 'shared with the business';

/** A platform in miniature: a password in a header, and one event a line. */
const lines: Channel<{ password: string }> = defineChannel({
  kind: 'lines',
  settings: () => ({ password: 'open sesame' }),
  can: {
    text: { limit: 100, unit: 'characters' },
    markup: 'none',
    links: false,
    cards: false,
    carousel: false,
    images: false,
    files: false,
    typing: false,
    edit: false,
    idempotent: false,
  },
  plan: () => [],
  async verify(request, { password }) {
    const given = request.headers['x-password'];
    if (given === 'keys away') throw new ParleyError('lines.keys_away', 'cannot be had', { retryable: true });
    if (given !== password) throw new ParleyError('channel.unverified', 'wrong password', { hint: 'It is longer.' });
  },
  challenge: ({ url }) => {
    const echo = url.searchParams.get('echo');
    return echo === null ? undefined : { status: 200, headers: { 'content-type': 'text/plain' }, body: echo };
  },
  reports: ({ url }) => {
    const key = url.searchParams.get('told');
    return key === null ? [] : [{ key, status: 'failed', code: '42' }];
  },
  nudge: ({ url }) => (url.pathname.endsWith('/nudge') ? { token: 't' } : undefined),
  respond: ({ url }) =>
    url.pathname.endsWith('/teapot')
      ? { status: 418, headers: { 'x-tea': 'green' }, body: new Uint8Array([116, 101, 97]) }
      : { status: 200 },
  parse(request) {
    const text = new TextDecoder().decode(request.body);
    if (text === '') throw new ParleyError('lines.empty', 'nothing in it');
    return text.split('\n').map((line) => ({
      account: 'of somebody else',
      address: '+1555',
      key: line,
      event: { kind: 'message', text: line },
      locale: request.url.host,
    }));
  },
});

let door: Door;
const nudges: unknown[] = [];
beforeEach(async () => {
  door = await openDoor(
    {},
    {
      webhooks: new Map([['lines-main', { channel: lines, settings: { password: 'open sesame' } }]]),
      nudge: (account, part) => void nudges.push([account, part]),
      publicUrl: 'https://bot.example',
      eventsSecret: SECRET,
    },
  );
});
afterEach(() => door.close());

describe('a webhook', () => {
  const deliver = (body: string, password = 'open sesame', account = 'lines-main') =>
    door.post(`/channels/${account}`, body, undefined, { 'x-password': password });

  test('is answered when all its events are in the inbox', async () => {
    expect((await deliver('one\ntwo')).status).toBe(200);
    expect(door.engine.inbox.map((inbound) => inbound.key)).toEqual(['one', 'two']);
    expect(door.engine.inbox[0]?.locale).toBe('bot.example');
  });

  test('belongs to the account that it was verified by, whatever else is read of it', async () => {
    await deliver('one');
    expect(door.engine.inbox[0]?.account).toBe('lines-main');
  });

  test('that is a handshake is answered, and brings nothing', async () => {
    const answer = await door.get('/channels/lines-main?echo=42', undefined, { 'x-password': 'open sesame' });
    expect([answer.status, await answer.text(), answer.headers.get('content-type')]).toEqual([200, '42', 'text/plain']);
    expect(await (await deliver('one', 'open sesame', 'lines-main?echo=43')).text()).toBe('43');
    expect(door.engine.inbox).toEqual([]);
  });

  test('that is a forged handshake is not answered', async () => {
    expect(await refusalOf(await door.get('/channels/lines-main?echo=42'))).toEqual([401, 'channel.unverified']);
  });

  test('may come below the account, and is answered in the platform’s words', async () => {
    const answer = await deliver('one', 'open sesame', 'lines-main/some/teapot');
    expect([answer.status, answer.headers.get('x-tea'), await answer.text()]).toEqual([418, 'green', 'tea']);
    expect(door.engine.inbox).toHaveLength(1);
  });

  test('tells what became of messages, and is answered when that is on disk', async () => {
    await deliver('one', 'guess', 'lines-main?told=m');
    expect(door.engine.reports).toEqual([]);
    expect((await deliver('one', 'open sesame', 'lines-main?told=m')).status).toBe(200);
    expect(door.engine.reports).toEqual([{ account: 'lines-main', key: 'm', status: 'failed', code: '42' }]);
    door.engine.report = () => Promise.reject(new ParleyError('store.full', 'no room', { retryable: true }));
    expect(await refusalOf(await deliver('two', 'open sesame', 'lines-main?told=n'))).toEqual([503, 'store.full']);
  });

  test('that says there is something to ask for wakes who asks', async () => {
    nudges.splice(0);
    await deliver('one', 'guess', 'lines-main/nudge');
    expect(nudges).toEqual([]);
    await deliver('one', 'open sesame', 'lines-main/nudge');
    expect(nudges).toEqual([['lines-main', { token: 't' }]]);
  });

  test('that cannot be verified today is to come again, and is not taken', async () => {
    expect(await refusalOf(await deliver('one', 'keys away'))).toEqual([503, 'lines.keys_away']);
    expect(door.engine.inbox).toEqual([]);
  });

  test('that is forged is told nothing of what would be right', async () => {
    expect(await (await deliver('one', 'guess')).json()).toEqual({
      code: 'channel.unverified',
      message: 'The request was not taken.',
    });
  });

  test('that keeps being forged is told to wait, and shuts nobody out', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 31; n += 1) statuses.push((await deliver('one', `guess ${n}`)).status);
    expect(statuses.slice(0, 30).every((status) => status === 401)).toBe(true);
    expect(statuses[30]).toBe(429);
    expect((await deliver('one')).status).toBe(200);
    door.clock.now += 60_000;
    expect((await deliver('one', 'guess')).status).toBe(401);
  });

  test('delivered again changes nothing and is answered all the same', async () => {
    await deliver('one');
    expect((await deliver('one')).status).toBe(200);
    expect(door.engine.inbox).toHaveLength(1);
  });

  test('that is forged, unknown, unreadable or too large is refused', async () => {
    expect(await refusalOf(await deliver('one', 'guess'))).toEqual([401, 'channel.unverified']);
    expect(await refusalOf(await deliver('one', 'open sesame', 'else'))).toEqual([404, 'channel.unknown']);
    expect(await refusalOf(await deliver('one', 'open sesame', 'web'))).toEqual([404, 'channel.unknown']);
    expect(await refusalOf(await deliver(''))).toEqual([400, 'lines.empty']);
    expect(await refusalOf(await deliver('x'.repeat(257 * 1024)))).toEqual([413, 'chat.too_large']);
    expect(door.engine.inbox).toHaveLength(0);
  });

  test('is not answered well when the store takes nothing', async () => {
    door.engine.breakWith(new ParleyError('store.unavailable', 'gone', { retryable: true }));
    expect(await refusalOf(await deliver('one'))).toEqual([503, 'store.unavailable']);
  });
});

describe('a signal', () => {
  function send(body: string, { name = 'parcel.arrived', secret = SECRET, age = 0, signed = body } = {}) {
    const timestamp = String(Math.floor((door.clock.now - age) / 1000));
    const signature = createHmac('sha256', secret).update(`${timestamp}.${signed}`).digest('hex');
    return door.post(`/events/${name}`, body, undefined, {
      'x-parley-timestamp': timestamp,
      'x-parley-signature': `sha256=${signature}`,
    });
  }
  const body = JSON.stringify({ id: 'evt_1', data: { order: 'A-1001' } });

  test('wakes whoever waits for it', async () => {
    const answer = await send(body);
    expect([answer.status, await answer.json()]).toEqual([202, { woken: 1 }]);
    expect(door.engine.signals).toEqual([
      { name: 'parcel.arrived', data: { order: 'A-1001' }, key: 'signal:parcel.arrived:evt_1' },
    ]);
  });

  test('may be meant for one conversation', async () => {
    await door.engine.accept({ account: 'sms', address: '+1555', key: 'k', event: { kind: 'message', text: 'hi' } });
    const to = { account: 'sms', address: '+1555' };
    expect(await (await send(JSON.stringify({ id: 'e', data: {}, to }))).json()).toEqual({ woken: 1 });
    expect(door.engine.inbox.at(-1)).toMatchObject({
      ...to,
      event: { kind: 'signal', name: 'parcel.arrived', data: {} },
    });
    const nobody = { account: 'sms', address: '+1666' };
    expect(await (await send(JSON.stringify({ id: 'e', data: {}, to: nobody }))).json()).toEqual({ woken: 0 });
  });

  test.each([
    ['signed with another secret', { secret: 'guess' }],
    ['with a changed body', { signed: `${body} ` }],
    ['of ten minutes ago', { age: 600_000 }],
    ['of ten minutes ahead', { age: -600_000 }],
  ])('%s is refused', async (_what, how) => {
    expect(await refusalOf(await send(body, how))).toEqual([401, 'signal.unverified']);
    expect(door.engine.signals).toHaveLength(0);
  });

  test('without a signature is refused', async () => {
    expect(await refusalOf(await door.post('/events/parcel.arrived', body))).toEqual([401, 'signal.unverified']);
  });

  test('with a forbidden key or a strange name is refused, although it is signed', async () => {
    expect(await refusalOf(await send('{"id":"a","data":{"__proto__":{}}}'))).toEqual([400, 'chat.forbidden_key']);
    expect(await refusalOf(await send(body, { name: '9' }))).toEqual([422, 'signal.invalid']);
  });

  test('goes by the business’s clock, however far ahead the platforms’ is', async () => {
    await door.close();
    const ahead = Date.UTC(2026, 10, 24);
    door = await openDoor({}, { eventsSecret: SECRET, platformClock: () => ahead });
    expect((await send(body)).status).toBe(202);
  });

  test('finds a shut door where no secret is set', async () => {
    await door.close();
    door = await openDoor();
    expect(await refusalOf(await send(body))).toEqual([401, 'signal.unverified']);
  });
});
