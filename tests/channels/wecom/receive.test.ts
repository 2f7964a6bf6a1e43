import { describe, expect, test } from '@jest/globals';
import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import { encrypt as ours } from '../../../channels/tencent/crypto.ts';
import { broughtBy } from '../../../channels/wecom/events.ts';
import { keyOf, msgidOf } from '../../../channels/wecom/msgid.ts';
import { challenge, nudge, verify } from '../../../channels/wecom/receive.ts';
import type { RawRequest } from '../../../src/channel.ts';
import { AES_KEY, account, CORP, reference, sample, TOKEN } from './account.ts';

const NOW = Date.UTC(2026, 10, 21);
const WHERE = { account: 'wecom', locale: 'zh' };
const CALLBACK = sample('callback.xml');

interface Call {
  readonly message?: string;
  readonly corp?: string;
  readonly token?: string;
  readonly key?: string;
  readonly at?: number;
  readonly body?: (ciphertext: string) => string;
}

/** A callback as WeCom would make it, by Tencent's own library. */
function callback({
  message = CALLBACK,
  corp = CORP,
  token = TOKEN,
  key = AES_KEY,
  at = NOW,
  body,
}: Call = {}): RawRequest {
  const ciphertext = encrypt(key, message, corp);
  const url = signed(ciphertext, token, at);
  const text =
    body?.(ciphertext) ?? `<xml><ToUserName>${corp}</ToUserName><Encrypt><![CDATA[${ciphertext}]]></Encrypt></xml>`;
  return { method: 'POST', url, headers: {}, body: new TextEncoder().encode(text) };
}

function signed(ciphertext: string, token: string, at: number): URL {
  const url = new URL('https://bot.example/channels/wecom');
  const timestamp = String(Math.floor(at / 1000));
  url.search = new URLSearchParams({
    msg_signature: getSignature(token, timestamp, '1372623149', ciphertext),
    timestamp,
    nonce: '1372623149',
  }).toString();
  return url;
}

const codeOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'taken';
};

describe('a callback', () => {
  test('by Tencent’s own library is taken, and says what to ask for', () => {
    verify(callback(), account(), NOW);
    expect(nudge(callback(), account())).toEqual({
      topic: 'wkxxxxxxx',
      token: 'ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra996NR',
      at: 1348831860_000,
    });
    expect(challenge(callback(), account())).toBeUndefined();
  });

  test('of the documentation is taken (vectors of Tencent’s sample)', () => {
    const sampled = account(
      { corp_id: 'wx5823bf96d3bd56c7' },
      { WECOM_TOKEN: 'QDG6eK', WECOM_AES_KEY: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C' },
    );
    const url = new URL('https://bot.example/channels/wecom');
    const echostr = 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==';
    url.search = `msg_signature=5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3&timestamp=1409659589&nonce=263014780&echostr=${echostr}`;
    const request = { method: 'GET', url, headers: {}, body: new Uint8Array() };
    verify(request, sampled, 1409659589_000);
    expect(String(challenge(request, sampled)?.body)).toBe('1616140317555161061');
  });

  test.each<[string, RawRequest]>([
    ['under another token', callback({ token: 'anotherToken' })],
    ['under another key', callback({ key: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' })],
    ['for another corporation', callback({ corp: 'ww9999999999999999' })],
    ['of an hour ago', callback({ at: NOW - 3_600_000 })],
    ['of the future', callback({ at: NOW + 3_600_000 })],
    ['in plain text', callback({ body: () => CALLBACK })],
    ['with a flipped byte', callback({ body: (text) => `<xml><Encrypt>${text.replace(/^./, 'A')}</Encrypt></xml>` })],
    ['without a body', callback({ body: () => '' })],
    ['with a DOCTYPE', callback({ body: (text) => `<!DOCTYPE x><xml><Encrypt>${text}</Encrypt></xml>` })],
    ['without a signature', { ...callback(), url: new URL('https://bot.example/channels/wecom') }],
    ['to greet, without a word', { ...callback(), method: 'GET' }],
  ])('%s is refused', (_, request) => {
    expect(codeOf(() => verify(request, account(), NOW))).toBe('channel.unverified');
  });

  test('is taken under either token and key while they are replaced', () => {
    const next = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
    const both = account(
      {
        token: [reference('WECOM_TOKEN'), reference('NEXT_TOKEN')],
        aes_key: [reference('WECOM_AES_KEY'), reference('NEXT_KEY')],
      },
      { NEXT_TOKEN: 'nextToken', NEXT_KEY: next },
    );
    for (const request of [callback(), callback({ token: 'nextToken', key: next })]) {
      verify(request, both, NOW);
      expect(nudge(request, both)).toMatchObject({ topic: 'wkxxxxxxx' });
    }
  });

  test('of other kinds, and of accounts that others serve, brings nothing', () => {
    const other = '<xml><MsgType>event</MsgType><Event>kf_account_auth_change</Event><CreateTime>1</CreateTime></xml>';
    expect(nudge(callback({ message: other }), account())).toBeUndefined();
    expect(nudge(callback(), account({ open_kfid: 'wkSomebodyElse' }))).toBeUndefined();
    expect(nudge(callback(), account({ open_kfid: ['wkSomebodyElse', 'wkxxxxxxx'] }))).toBeDefined();
  });

  test('that we encrypt ourselves is read by Tencent’s own library', () => {
    expect(decrypt(AES_KEY, ours('你好 🎁', AES_KEY, CORP))).toMatchObject({ message: '你好 🎁', id: CORP });
  });
});

describe('an entry of sync_msg', () => {
  const { msg_list: entries } = JSON.parse(sample('sync_msg.json')) as { msg_list: object[] };
  const kinds = entries.map((entry, index): [string, object] => {
    const { msgtype, event, origin } = entry as { msgtype: string; event?: { event_type: string }; origin: number };
    return [`${index} ${event?.event_type ?? msgtype}${origin === 5 ? ' of a colleague' : ''}`, entry];
  });

  test.each(kinds)('%s', (_, entry) => {
    expect(broughtBy(entry, WHERE)).toMatchSnapshot();
  });

  test.each([
    ['no object', 7],
    ['without its id', { msgtype: 'text', send_time: 1 }],
    ['with words that are none', { msgid: 'x', send_time: 1, msgtype: 'text', text: { content: 7 } }],
    [
      'an event without its customer',
      { msgid: 'x', send_time: 1, msgtype: 'event', event: { event_type: 'enter_session' } },
    ],
  ])('%s cannot be read', (_, entry) => {
    expect(codeOf(() => broughtBy(entry, WHERE))).toBe('wecom.invalid_message');
  });

  test('carries nothing into prototypes', () => {
    const hostile = JSON.parse(JSON.stringify(entries[0]).replace('{"', '{"__proto__":{"polluted":1},"'));
    expect(broughtBy(hostile, WHERE)).toEqual(broughtBy(entries[0], WHERE));
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('the id of a part', () => {
  test.each(['AZqM1mYhAAABBBCCCDDDEEEF.7.0', 'c-_1.12.3'])('%s leads back to its key', (key) => {
    expect(msgidOf(key)).toMatch(/^[0-9a-zA-Z_-]{1,32}$/);
    expect(keyOf(msgidOf(key))).toBe(key);
  });

  test.each(['x'.repeat(40), 'a key of another kind', 'AZqM1mYhAAABBBCCCDDDEEEF.123456.789'])(
    '%s is hashed where it would not fit',
    (key) => {
      expect(msgidOf(key)).toMatch(/^[0-9a-f]{32}$/);
      expect(msgidOf(key)).toBe(msgidOf(key));
      expect(keyOf(msgidOf(key))).toBeUndefined();
    },
  );
});
