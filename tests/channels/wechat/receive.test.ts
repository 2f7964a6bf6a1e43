import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { RawRequest } from '#channel';
import { signatureOf } from '../../../channels/tencent/crypto.ts';
import { challenge, parse, reports, respond, verify } from '../../../channels/wechat/receive.ts';
import { account, ENVIRONMENT, NOW, post, reference, sample, sealed } from './account.ts';

const settings = account({ menu: { TRACK: 'where is my order?' } });
const unverified = expect.objectContaining({ code: 'channel.unverified' });
const invalid = expect.objectContaining({ code: 'wechat.invalid_webhook' });
const MINUTE = 60_000;

const read = (name: string, of = settings) => parse(sealed(sample(name)), of);
const samples = readdirSync(new URL('../../../channels/wechat/samples', import.meta.url)).map((file) =>
  file.replace('.xml', ''),
);

function handshake(change: Record<string, string> = {}): RawRequest {
  const [timestamp, nonce] = [String(NOW / 1000), '1320562132'];
  const signature = signatureOf(ENVIRONMENT.WECHAT_TOKEN, timestamp, nonce);
  const request = post({ signature, timestamp, nonce, echostr: '4837651092', ...change }, '');
  return { ...request, method: 'GET' };
}

describe('the handshake', () => {
  test('gives the words back to who signs them', () => {
    verify(handshake(), settings, NOW);
    expect(challenge(handshake())).toMatchObject({ status: 200, body: '4837651092' });
  });

  test.each([
    ['another token', { signature: signatureOf('another', String(NOW / 1000), '1320562132') }],
    ['no signature', { signature: '' }],
    ['another nonce', { nonce: '1' }],
    ['a time long ago', { timestamp: '1409735669' }],
  ])('refuses %s', (_, change) => {
    expect(() => verify(handshake(change), settings, NOW)).toThrow(unverified);
  });

  test('is nothing that a message could be taken for', () => {
    expect(challenge(sealed(sample('text')))).toBeUndefined();
  });
});

describe('a webhook', () => {
  test.each(samples)('brings what its sample says: %s', (name) => {
    const request = sealed(sample(name));
    verify(request, settings, NOW);
    expect({ events: parse(request, settings), reports: reports(request, settings) }).toMatchSnapshot();
  });

  test.each([
    ['5 minutes old', 5 * MINUTE, true],
    ['older', 5 * MINUTE + 1_000, false],
    ['of a clock that is ahead', -5 * MINUTE, true],
    ['of the future', -5 * MINUTE - 1_000, false],
  ])('that is %s is taken: %s', (_, age, taken) => {
    const check = () => verify(sealed(sample('text'), NOW - age), settings, NOW);
    if (taken) expect(check).not.toThrow();
    else expect(check).toThrow(unverified);
  });

  test('is refused unsigned, re-signed for the address alone, or in plain', () => {
    const request = sealed(sample('text'));
    const without = new URL(request.url);
    without.searchParams.delete('msg_signature');
    expect(() => verify({ ...request, url: without }, settings, NOW)).toThrow(unverified);
    // What anybody who has seen one call can do: the address is signed, the body is his own.
    const [timestamp, nonce] = [String(NOW / 1000), '1'];
    const signature = signatureOf(ENVIRONMENT.WECHAT_TOKEN, timestamp, nonce);
    expect(() => verify(post({ signature, timestamp, nonce }, sample('text')), settings, NOW)).toThrow(unverified);
  });

  test('is refused with another body, another token, another key or of another account', () => {
    const request = sealed(sample('text'));
    const other = sealed(sample('text-zh'));
    expect(() => verify({ ...request, body: other.body }, settings, NOW)).toThrow(unverified);
    expect(() =>
      verify(sealed(sample('text'), NOW, { ...ENVIRONMENT, WECHAT_TOKEN: 'another' }), settings, NOW),
    ).toThrow(unverified);
    const key = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
    expect(() => verify(sealed(sample('text'), NOW, { ...ENVIRONMENT, WECHAT_AES_KEY: key }), settings, NOW)).toThrow(
      unverified,
    );
    expect(() => verify(request, account({ app_id: 'wxffffffffffffffff' }), NOW)).toThrow(unverified);
  });

  test('is taken under the old and the new secrets while they are replaced', () => {
    const both = {
      token: [reference('NEW_TOKEN'), reference('WECHAT_TOKEN')],
      aes_key: [reference('NEW_KEY'), reference('WECHAT_AES_KEY')],
    };
    const fresh = { NEW_TOKEN: 'newtoken', NEW_KEY: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C' };
    const rotating = account(both, fresh);
    const old = sealed(sample('text'));
    const young = sealed(sample('text'), NOW, {
      ...ENVIRONMENT,
      WECHAT_TOKEN: fresh.NEW_TOKEN,
      WECHAT_AES_KEY: fresh.NEW_KEY,
    });
    for (const request of [old, young]) {
      verify(request, rotating, NOW);
      expect(parse(request, rotating)).toHaveLength(1);
    }
  });

  test('for another Official Account is not taken', () => {
    const strange = sample('text').replace('gh_0123456789ab', 'gh_ffffffffffff');
    expect(() => parse(sealed(strange), settings)).toThrow(invalid);
  });

  test('without MsgId or sender is not taken', () => {
    expect(() => parse(sealed(sample('text').replace(/<MsgId>.*<\/MsgId>/, '')), settings)).toThrow(invalid);
    expect(() => parse(sealed(sample('text').replace(/<FromUserName>.*<\/FromUserName>/, '')), settings)).toThrow(
      invalid,
    );
  });

  test('cannot smuggle a DOCTYPE in its sealed part', () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "b">]>${sample('text').replace('where', '&a;')}`;
    expect(() => parse(sealed(bomb), settings)).toThrow(expect.objectContaining({ code: 'tencent.invalid_xml' }));
  });

  test('belongs to the account in its address, whatever stands behind it', () => {
    const request = sealed(sample('text'));
    expect(parse({ ...request, url: new URL('https://bot.example/channels/my%20shop/in') }, settings)).toMatchObject([
      { account: 'my shop' },
    ]);
  });

  test('is answered so that WeChat asks nothing more', () => {
    expect(respond(sealed(sample('text')), settings)).toMatchObject({ status: 200, body: 'success' });
  });
});

describe('what comes twice', () => {
  test('has the same key, although it is sealed anew', () => {
    const [first] = parse(sealed(sample('text'), NOW), settings);
    const [second] = parse(sealed(sample('text'), NOW + 5_000), settings);
    expect(second?.key).toBe(first?.key);
  });

  test('two taps of one second on different entries of the menu are two', () => {
    const [track] = read('click');
    const [other] = read('click-unknown');
    expect(track?.key).not.toBe(other?.key);
  });
});

describe('plaintext mode', () => {
  const plain = account({ aes_key: undefined, insecure: 'plaintext' });
  const [timestamp, nonce] = [String(NOW / 1000), '1320562132'];
  const signature = signatureOf(ENVIRONMENT.WECHAT_TOKEN, timestamp, nonce);

  test('is taken where the operator has said that it is insecure', () => {
    const request = post({ signature, timestamp, nonce }, sample('text'));
    verify(request, plain, NOW);
    expect(parse(request, plain)).toMatchObject([{ event: { kind: 'message', text: 'where is my order?' } }]);
  });

  test('still wants the address signed, and now', () => {
    expect(() => verify(post({ signature: 'x', timestamp, nonce }, sample('text')), plain, NOW)).toThrow(unverified);
    expect(() => verify(post({ signature, timestamp, nonce }, sample('text')), plain, NOW + 6 * MINUTE)).toThrow(
      unverified,
    );
  });

  test('does not loosen what comes sealed (兼容模式)', () => {
    const both = account({ insecure: 'plaintext' });
    const request = sealed(sample('text'));
    verify(request, both, NOW);
    const forged = { ...request, body: sealed(sample('text-zh')).body };
    expect(() => verify(forged, both, NOW)).toThrow(unverified);
  });
});

describe('the language', () => {
  const spoken = (text: string, locale?: string) =>
    parse(
      sealed(sample('text').replace('where is my order?', text)),
      account(locale === undefined ? {} : { locale }),
    )[0]?.locale;

  test('is read from the letters, and else the account’s own', () => {
    expect([spoken('where is it'), spoken('在哪里 AB123457'), spoken('12'), spoken('AB 12', 'en')]).toEqual([
      'en',
      'zh',
      'zh',
      'en',
    ]);
  });
});
