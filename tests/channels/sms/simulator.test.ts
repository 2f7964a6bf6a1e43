import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import twilio from 'twilio';
import { openSimulator, type Simulator } from '../../../channels/sms/simulator.ts';
import sms from '../../../channels/sms/sms.ts';
import { ParleyError } from '../../../src/errors.ts';
import { account, reference, request, WEBHOOK } from './account.ts';

let world: Simulator;
/** An address where nobody listens. */
let nowhere: string;
const slept: number[] = [];

beforeEach(async () => {
  slept.length = 0;
  const gone = await openSimulator({ webhook: WEBHOOK });
  nowhere = gone.url;
  await gone.close();
  world = await openSimulator({
    webhook: WEBHOOK,
    // Nobody is there: what is delivered is looked at, not taken.
    reach: () => nowhere,
    sleep: async (milliseconds) => void slept.push(milliseconds),
  });
});
afterEach(() => world.close());

/** Twilio's own client, axios and all, sent to another host. */
class Redirected extends twilio.RequestClient {
  constructor() {
    super();
    this.axios.interceptors.request.use((config) =>
      Object.assign(config, { url: config.url?.replace('https://api.twilio.com', world.url) }),
    );
  }
}

describe('Twilio’s own library', () => {
  const client = (token = world.authToken) => twilio(world.accountSid, token, { httpClient: new Redirected() });

  test('sends, fetches and lists', async () => {
    const { number: from } = world;
    const sent = await client().messages.create({ from, to: '+14155552671', body: '您好 €' });
    expect([sent.sid, sent.numSegments, sent.direction]).toEqual([
      expect.stringMatching(/^SM[0-9a-f]{32}$/),
      '1',
      'outbound-api',
    ]);
    await client().messages.create({ from, to: '+14155552671', body: 'two', mediaUrl: ['https://a.example/b.png'] });
    const fetched = await client().messages(sent.sid).fetch();
    expect([fetched.body, fetched.status, fetched.dateCreated instanceof Date]).toEqual(['您好 €', 'delivered', true]);
    expect((await client().messages.list()).map(({ body }) => body)).toEqual(['two', '您好 €']);
  });

  test('is refused in Twilio’s own words', async () => {
    const send = (to: string, token?: string) => client(token).messages.create({ from: world.number, to, body: 'x' });
    await expect(send('nobody')).rejects.toMatchObject({ status: 400, code: 21211 });
    await expect(send('+14155552671', 'wrong')).rejects.toMatchObject({ status: 401, code: 20003 });
    world.fail({ kind: 'flood', retryAfter: 3 });
    await expect(send('+14155552671')).rejects.toMatchObject({ status: 429, code: 20429 });
    await expect(
      client()
        .messages(`SM${'0'.repeat(32)}`)
        .fetch(),
    ).rejects.toMatchObject({ status: 404 });
  });

  test('takes what is signed here', () => {
    const { body, signature, address } = world.phone('+14155552671').say("where's my order? 订单");
    const params = Object.fromEntries(new URLSearchParams(body));
    expect(twilio.validateRequest(world.authToken, signature, address, params)).toBe(true);
    expect(twilio.validateRequest(world.authToken, signature, address, { ...params, Body: 'x' })).toBe(false);
  });
});

describe('a webhook that nobody takes', () => {
  test('is tried again by the schedule, and then no more', async () => {
    world.phone('+14155552671').say('hi');
    await world.deliveries.settled();
    expect(slept).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
    expect(world.deliveries.answers).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('may come twice, and in another order', async () => {
    Object.assign(world.deliveries.mischief, { duplicate: true, reorder: true });
    for (const text of ['one', 'two']) world.phone('+14155552671').say(text);
    world.deliveries.release();
    const first = world.deliveries.sent.slice(0, 4).map(({ body }) => new URLSearchParams(body).get('Body'));
    expect(first).toEqual(['two', 'two', 'one', 'one']);
    await world.deliveries.settled();
  });
});

describe('our channel', () => {
  const to = '+14155552671';
  const settings = (given: object = {}) => account({ api_root: world.url, ...given });
  const context = (given: object = {}) => ({
    settings: settings(given),
    address: to,
    key: 'c1.4.0',
    signal: AbortSignal.timeout(5_000),
  });
  const send = (part: object, given?: object) => sms.send!({ ...part }, context(given));
  const verdict = (part: object, given?: object) => send(part, given).then(() => 'sent', sms.classify!);

  test('sends, and is told what became of it by its own key', async () => {
    const { id } = await send({ body: 'Hello', segments: 1 });
    expect(world.messages.map(({ sid, body }) => [sid, body])).toEqual([[id, 'Hello']]);
    const { address, body, signature } = world.deliveries.sent[1]!;
    const { search } = new URL(address);
    const told = request(body, { 'x-twilio-signature': signature }, search);
    sms.verify!(told, settings(), 0);
    expect(sms.reports!(told, settings())).toEqual([{ key: 'c1.4.0', status: 'delivered' }]);
  });

  test('sends by a messaging service', async () => {
    const messaging_service = `MG${'1'.repeat(32)}`;
    await send({ body: 'Hello' }, { from: undefined, messaging_service });
    expect(world.messages[0]).toMatchObject({ service: messaging_service, from: null });
  });

  test('sends a picture where phones get one, and its address elsewhere', async () => {
    const [part] = sms.plan([{ text: '', image: { url: 'https://shop.example/a.png', alt: 'A mug' } }], {
      locale: 'en',
      settings: account(),
    });
    await send(part!, { mms: true });
    await send(part!);
    await sms.send!(part!, { ...context({ mms: true }), address: '+4915112345678' });
    expect(world.messages.map(({ body, media }) => [body, media])).toEqual([
      ['A mug', ['https://shop.example/a.png']],
      ['A mug: https://shop.example/a.png', []],
      ['A mug: https://shop.example/a.png', []],
    ]);
  });

  test('knows what a refusal means', async () => {
    const fails = async (fault: Parameters<Simulator['fail']>[0]) => {
      world.fail(fault);
      return verdict({ body: 'x' });
    };
    const refused = (code: number) => fails({ kind: 'error', status: 400, code });
    expect(await fails({ kind: 'flood', retryAfter: 7 })).toEqual({
      kind: 'rate_limited',
      after: 7_000,
      scope: 'account',
    });
    expect(await fails({ kind: 'error', status: 503 })).toEqual({ kind: 'retryable' });
    expect(await fails({ kind: 'drop' })).toEqual({ kind: 'unknown' });
    expect(world.messages).toHaveLength(1);
    expect(await fails({ kind: 'cut' })).toEqual({ kind: 'unknown' });
    expect(await fails({ kind: 'error', status: 401, code: 20003 })).toEqual({
      kind: 'auth',
      reason: 'sms.token_refused',
    });
    for (const code of [30005, 30006])
      expect(await refused(code)).toEqual({ kind: 'unreachable', reason: 'channel.unreachable' });
    expect(await refused(30003)).toEqual({ kind: 'unreachable', reason: 'channel.unreachable', passing: true });
    for (const code of [21211, 21614])
      expect(await refused(code)).toEqual({ kind: 'permanent', reason: 'channel.invalid_address' });
    expect(await refused(21730)).toEqual({ kind: 'retryable' });
    expect(await refused(21611)).toMatchObject({ kind: 'rate_limited' });
    expect(await refused(99999)).toEqual({ kind: 'permanent', reason: 'channel.refused' });
    expect(await verdict({ body: 'x'.repeat(1_601) })).toEqual({
      kind: 'permanent',
      reason: 'channel.invalid_content',
    });
    world.phone(to).say('STOP');
    expect(await verdict({ body: 'x' })).toEqual({ kind: 'opted_out' });
    expect(await verdict({ body: 'x' }, { api_root: nowhere })).toEqual({ kind: 'retryable' });
  });

  test('knows which reports say that nothing reaches her any more', () => {
    const unreachable = { kind: 'unreachable', reason: 'channel.unreachable' };
    expect(['21610', '30004', '30005', '30006'].map((code) => sms.failure!(code))).toEqual([
      { kind: 'opted_out' },
      unreachable,
      unreachable,
      unreachable,
    ]);
    // Switched off, it is switched on again.
    expect(sms.failure!('30003')).toEqual({ ...unreachable, passing: true });
    expect(['30007', ''].map((code) => sms.failure!(code))).toEqual([undefined, undefined]);
  });

  test('does not know what became of a send that was cut off by time', async () => {
    const failure = await sms.send!({ body: 'x' }, { ...context(), signal: AbortSignal.abort() }).catch(
      (error: unknown) => error,
    );
    expect(sms.classify!(failure)).toEqual({ kind: 'unknown' });
  });

  test('gets the files that came, with its password and from Twilio alone', async () => {
    const bytes = Uint8Array.of(0xff, 0xd8, 0xff, 1, 2, 3);
    const { body } = world.phone(to).say('look', { type: 'image/jpeg', bytes });
    const [inbound] = sms.parse!(request(body), settings());
    const [media] = inbound!.media!;
    const call = { settings: settings(), signal: AbortSignal.timeout(5_000) };
    expect(Buffer.from(await sms.fetch!(media!, call))).toEqual(Buffer.from(bytes));
    const wrong = { ...call, settings: account({ api_root: world.url }, { TWILIO_AUTH_TOKEN: 'another token' }) };
    await expect(sms.fetch!(media!, wrong)).rejects.toMatchObject({ code: 'sms.file_refused' });
    for (const ref of ['http://169.254.169.254/latest', 'https://api.twilio.com.evil.example/x', 'file:///etc/passwd'])
      await expect(sms.fetch!({ ref, name: 'x' }, call)).rejects.toBeInstanceOf(ParleyError);
  });

  test('names a missing secret', () => {
    expect(() => account({ account_sid: reference('TWILIO_SID') })).toThrow('TWILIO_SID');
  });
});
