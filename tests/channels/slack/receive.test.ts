import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { challenge, parse } from '../../../channels/slack/receive.ts';
import { verify } from '../../../channels/slack/verify.ts';
import type { Inbound, RawRequest } from '../../../src/channel.ts';
import { account, reference, SECRET } from './account.ts';

const SAMPLES = join(import.meta.dirname, '..', '..', '..', 'channels', 'slack', 'samples');
const sample = (name: string) => readFileSync(join(SAMPLES, `${name}.json`), 'utf8');
const names = readdirSync(SAMPLES).map((file) => file.replace('.json', ''));
const isInteraction = (text: string) => JSON.parse(text).type !== 'event_callback';

function request(body: string | Uint8Array, headers: Record<string, string> = {}): RawRequest {
  const url = new URL('https://bot.example/channels/slack-main');
  return { method: 'POST', url, headers, body: typeof body === 'string' ? new TextEncoder().encode(body) : body };
}

/** Taps come as a form, everything else as JSON. */
function delivered(text: string): RawRequest {
  if (!isInteraction(text)) return request(text, { 'content-type': 'application/json' });
  const form = new URLSearchParams({ payload: text }).toString();
  return request(form, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' });
}

const read = (name: string, given: object = {}): Inbound | undefined =>
  parse(delivered(sample(name)), account(given))[0];
/** A sample with something in its event put another way. */
const changed = (name: string, more: object, given: object = {}): Inbound | undefined => {
  const body = JSON.parse(sample(name));
  return parse(request(JSON.stringify({ ...body, event: { ...body.event, ...more } })), account(given))[0];
};

describe('the signature', () => {
  const NOW = 1_531_420_618_000;
  const BODY =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
  const SIGNATURE = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';

  const check = (headers: object = {}, { body = BODY, now = NOW, settings = account() } = {}) =>
    verify(
      request(body, { 'x-slack-request-timestamp': '1531420618', 'x-slack-signature': SIGNATURE, ...headers }),
      settings,
      now,
    );
  const signed = (secret: string, body: string, timestamp = '1531420618') =>
    `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  const refused = expect.objectContaining({ code: 'channel.unverified' });

  test('of Slack’s own documentation opens the door', () => {
    expect(() => check()).not.toThrow();
  });

  test.each([
    ['missing', { 'x-slack-signature': undefined }],
    ['empty', { 'x-slack-signature': '' }],
    ['flipped in one bit', { 'x-slack-signature': SIGNATURE.replace(/3$/, '2') }],
    ['cut short', { 'x-slack-signature': SIGNATURE.slice(0, -2) }],
    ['sent twice', { 'x-slack-signature': `${SIGNATURE}, ${SIGNATURE}` }],
    ['of another version', { 'x-slack-signature': SIGNATURE.replace('v0', 'v1') }],
    ['of another app', { 'x-slack-signature': signed('another-app', BODY) }],
    ['of another time', { 'x-slack-request-timestamp': '1531420619' }],
    ['without a time', { 'x-slack-request-timestamp': undefined }],
    ['with a time that is none', { 'x-slack-request-timestamp': 'NaN' }],
  ])('%s does not', (_, headers) => {
    expect(() => check(headers)).toThrow(refused);
  });

  test.each([
    ['five minutes ago', 300, false],
    ['more than five minutes ago', 301, true],
    ['in five minutes', -300, false],
    ['in more than five minutes, which Slack’s own library takes', -301, true],
  ])('made %s is worth as much', (_, seconds, isRefused) => {
    const act = () => check({}, { now: NOW + seconds * 1000 });
    if (isRefused) expect(act).toThrow(refused);
    else expect(act).not.toThrow();
  });

  test('is over the bytes, not over what they mean', () => {
    const body = '{"text":"\\u4f60\\u597d"}';
    const headers = { 'x-slack-signature': signed(SECRET, body) };
    expect(() => check(headers, { body })).not.toThrow();
    expect(() => check(headers, { body: '{"text":"你好"}' })).toThrow(refused);
  });

  test('may be made with either secret while one is replaced', () => {
    const signing_secret = [reference('SLACK_SIGNING_SECRET'), reference('NEXT_SECRET')];
    const settings = account({ signing_secret }, { NEXT_SECRET: 'the next one' });
    expect(() => check({}, { settings })).not.toThrow();
    expect(() => check({ 'x-slack-signature': signed('the next one', BODY) }, { settings })).not.toThrow();
  });

  test('opens nothing where a socket is held', () => {
    expect(() =>
      check({ 'x-slack-signature': signed('', BODY) }, { settings: account({ receive: 'socket' }) }),
    ).toThrow(refused);
  });
});

describe('the question whether this is the app’s address', () => {
  test('is answered in its own words', () => {
    expect(challenge(request('{"token":"x","challenge":"3eZbrw1a","type":"url_verification"}'))).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"challenge":"3eZbrw1a"}',
    });
  });

  test.each(names)('is not %s', (name) => {
    expect(challenge(delivered(sample(name)))).toBeUndefined();
  });
});

describe('what Slack tells becomes an event', () => {
  test.each(names)('%s', (name) => {
    expect(read(name) ?? 'not for the bot').toMatchSnapshot();
  });

  test('the same, however its letters are escaped', () => {
    const escaped = sample('direct-zh').replaceAll(
      /[^\n\x20-\x7e]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16)}`,
    );
    expect(escaped).not.toContain('订');
    expect(parse(request(escaped), account())).toEqual([read('direct-zh')]);
  });

  test('once, though a mention comes as two events', () => {
    expect(read('mention')?.key).toBe(read('mention-as-message')?.key);
    expect(read('mention')?.address).toBe(read('mention-as-message')?.address);
  });

  test('with a key of its own for each correction', () => {
    const keys = [read('direct')?.key, read('edited')?.key];
    expect(keys[1]).toMatch(new RegExp(`^${keys[0]}:`));
  });

  test('in a channel only when the bot is named, or the channel is the bot’s', () => {
    expect(read('channel-talk')).toBeUndefined();
    expect(read('channel-talk', { listens: ['C2147483705'] })?.address).toBe(
      'T0SHOP:C2147483705:1763720000.000200:U2ANNA',
    );
    expect(
      changed('channel-talk', { thread_ts: '1.1', parent_user_id: 'U2BEN' }, { listens: ['C2147483705'] }),
    ).toBeUndefined();
    expect(
      changed('channel-talk', { thread_ts: '1.1', parent_user_id: 'U2ANNA' }, { listens: ['C2147483705'] })?.address,
    ).toBe('T0SHOP:C2147483705:1.1:U2ANNA');
  });

  test('when the bot is named, though Slack tells on behalf of a person who installed the app', () => {
    const { authorizations: _, ...body } = JSON.parse(sample('mention'));
    const told = { ...body, authorizations: [{ user_id: 'U2BEN', is_bot: false }] };
    expect(parse(request(JSON.stringify(told)), account())).toEqual([read('mention')]);
  });

  test('not of Slackbot, which comes as a person', () => {
    expect(changed('direct', { user: 'USLACKBOT' })).toBeUndefined();
  });

  test('in an assistant’s thread, where those are switched on', () => {
    expect(changed('direct', { thread_ts: '1.1' })?.address).toBe('T0SHOP:D1ANNA:U2ANNA');
    expect(changed('direct', { thread_ts: '1.1' }, { assistant: true })?.address).toBe('T0SHOP:D1ANNA:1.1:U2ANNA');
  });

  test('not when somebody taps what was offered to another', () => {
    expect(read('tap-in-thread')).toBeDefined();
    const foreign = sample('tap-in-thread').replaceAll('ask:U2ANNA', 'ask:U2BEN');
    expect(parse(delivered(foreign), account())).toEqual([]);
  });

  describe('a form', () => {
    const sent = (change: (view: Record<string, unknown>) => object, user: object = {}) => {
      const body = JSON.parse(sample('form-sent'));
      const view = { ...body.view, ...change(body.view) };
      return () => parse(delivered(JSON.stringify({ ...body, user: { ...body.user, ...user }, view })), account());
    };

    test('is taken only from whom it was opened for', () => {
      expect(sent(() => ({}))()).toHaveLength(1);
      expect(sent(() => ({}), { id: 'U2BEN' })()).toEqual([]);
    });

    test('is none when the modal is not ours, or its button was not', () => {
      expect(sent(() => ({ callback_id: 'desk.note' }))()).toEqual([]);
      const opened = JSON.stringify({ address: 'T0SHOP:D1ANNA:U2ANNA', form: 'AAAA' });
      expect(sent(() => ({ private_metadata: opened }))()).toEqual([]);
      const tap = sample('form-opened').replaceAll(/"value": "[^"]+"/g, '"value": "o1.0"');
      expect(parse(delivered(tap), account())).toEqual([]);
    });

    test('is refused when nobody can tell where it was opened', () => {
      expect(sent(() => ({ private_metadata: '' }))).toThrow(
        expect.objectContaining({ code: 'slack.invalid_payload' }),
      );
    });

    test('is what was filled in, whatever else is in it', () => {
      const [first] = sent(() => ({ state: { values: { day: { value: {} }, secret: { value: { value: 'x' } } } } }))();
      expect(first?.event).toEqual({
        kind: 'form',
        token: 'form1',
        values: { day: '', slot: '', extras: '', code: '', note: '' },
      });
    });
  });

  test('at the account that the address names', () => {
    expect(read('direct')?.account).toBe('slack-main');
  });

  test.each(['block_suggestion', 'view_closed', 'shortcut', 'of_tomorrow'])('never of %s', (type) => {
    expect(parse(delivered(JSON.stringify({ type })), account())).toEqual([]);
  });

  test.each([
    ['no JSON', 'hello'],
    ['no object', '[]'],
    ['without its kind', '{"event":{}}'],
    ['an event without its workspace', '{"type":"event_callback","event_id":"Ev1","event":{"type":"message"}}'],
    [
      'a message of the wrong shape',
      '{"type":"event_callback","team_id":"T1","event_id":"Ev1","event":{"type":"message","text":7}}',
    ],
    ['taps without an action', '{"type":"block_actions","user":{"id":"U1"},"actions":[]}'],
  ])('%s is refused', (_, body) => {
    expect(() => parse(request(body), account())).toThrow(expect.objectContaining({ code: 'slack.invalid_payload' }));
  });

  test('that is no UTF-8 is refused', () => {
    expect(() => parse(request(new Uint8Array([0x22, 0xff, 0x22])), account())).toThrow(
      expect.objectContaining({ code: 'slack.invalid_payload' }),
    );
  });

  test('carries nothing into prototypes', () => {
    const hostile = sample('direct').replace('"text":', '"__proto__": {"polluted": true}, "text":');
    expect(parse(request(hostile), account())).toEqual([read('direct')]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
