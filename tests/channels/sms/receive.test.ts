import { describe, expect, test } from '@jest/globals';
import twilio from 'twilio';
import { parse, reports, verify } from '../../../channels/sms/receive.ts';
import type { SmsSettings } from '../../../channels/sms/settings.ts';
import { account, reference, request, SID, sample, TOKEN, WEBHOOK } from './account.ts';

const codeOf = (run: () => unknown) => {
  try {
    run();
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

/** Signed by Twilio's own library. */
function signed(body: string, { token = TOKEN, address = WEBHOOK, search = '' } = {}) {
  const params = Object.fromEntries(new URLSearchParams(body));
  const signature = twilio.getExpectedTwilioSignature(token, address + search, params);
  return request(body, { 'x-twilio-signature': signature }, search);
}

function check(of: Parameters<typeof verify>[0], settings: SmsSettings = account()): string {
  return codeOf(() => verify(of, settings));
}

describe('the door', () => {
  const body = sample('inbound-sms');

  test.each(['inbound-sms', 'inbound-mms', 'opt-out', 'status-delivered', 'status-undelivered'])(
    'takes %s as Twilio signs it, though a proxy has rewritten the address',
    (name) => expect(check(signed(sample(name)))).toBe('accepted'),
  );

  test('takes the vectors of Twilio’s documentation', () => {
    const settings = account({ webhook: 'https://mycompany.com/myapp.php' }, { TWILIO_AUTH_TOKEN: '12345' });
    const form = (number: string) =>
      `CallSid=CA1234567890ABCDE&Digits=1234&To=%2B18005551212&Caller=${number}&From=${number}`;
    const of = (number: string, signature: string) =>
      request(form(encodeURIComponent(number)), { 'x-twilio-signature': signature }, '?foo=1&bar=2');
    expect(check(of('+14158675309', 'RSOYDt4T1cUTdK1PDd93/VVr8B8='), settings)).toBe('accepted');
    expect(check(of('+12349013030', '0/KCTR6DLpKmkAf8muzZqo1nDgQ='), settings)).toBe('accepted');
    const json = request(
      '{"property": "value", "boolean": true}',
      { 'content-type': 'application/json', 'x-twilio-signature': 'a9nBmqA0ju/hNViExpshrM61xv4=' },
      '?foo=1&bar=2&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620',
    );
    expect(check(json, settings)).toBe('accepted');
    const other = { ...json, body: new TextEncoder().encode('{"property":"value","boolean":true}') };
    expect(check(other, settings)).toBe('channel.unverified');
  });

  test('refuses every flipped byte', () => {
    const sound = signed(body);
    for (let at = 0; at < sound.body.length; at += 7) {
      const bytes = Uint8Array.from(sound.body);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      expect(check({ ...sound, body: bytes })).toBe('channel.unverified');
    }
  });

  test.each([
    ['without a signature', request(body)],
    ['with an empty one', request(body, { 'x-twilio-signature': '' })],
    ['signed by another tenant', signed(body, { token: 'the auth token of somebody else' })],
    ['signed for another address', signed(body, { address: 'https://evil.example/channels/sms' })],
    ['signed for another account of ours', signed(body, { address: `${WEBHOOK}-two` })],
    ['with a parameter more', { ...signed(body), body: new TextEncoder().encode(`${body}&Extra=1`) }],
    ['with a query that was not signed', { ...signed(body), url: new URL('http://x/channels/sms?message=k') }],
    ['that is larger than any of Twilio’s', signed(`${body}&Extra=${'x'.repeat(40_000)}`)],
    ['that is no UTF-8', { ...signed(body), body: Uint8Array.of(0xff, 0xfe) }],
    ['that claims to be JSON', { ...signed(body), headers: { ...signed(body).headers, 'content-type': 'text/json' } }],
  ])('refuses a request %s', (_what, of) => expect(check(of)).toBe('channel.unverified'));

  test('takes the longest message there is', () => {
    const longest = new URLSearchParams(body);
    longest.set('Body', '汉'.repeat(1_600));
    expect(check(signed(longest.toString()))).toBe('accepted');
  });

  test('takes both tokens while one replaces the other', () => {
    const both = account(
      { auth_token: [reference('NEW'), reference('OLD')] },
      { NEW: 'the new auth token', OLD: 'the old auth token' },
    );
    expect(check(signed(body, { token: 'the new auth token' }), both)).toBe('accepted');
    expect(check(signed(body, { token: 'the old auth token' }), both)).toBe('accepted');
    expect(check(signed(body), both)).toBe('channel.unverified');
  });
});

describe('what a customer sends', () => {
  const read = (body: string, settings = account()) => parse(request(body), settings);

  test('is an event of her number under Twilio’s own key', () => {
    expect(read(sample('inbound-sms'))).toEqual([
      {
        account: 'sms',
        address: '+14155552671',
        key: 'SM0123456789abcdef0123456789abcdef',
        event: { kind: 'message', text: "Where's my order?" },
      },
    ]);
  });

  test('brings its files', () => {
    const [event] = read(sample('inbound-mms'));
    expect(event?.media?.map(({ name }) => name)).toEqual(['1.jpeg', '2.pdf']);
    expect(event?.media?.[0]?.ref).toMatch(/^https:\/\/api\.twilio\.com\/.*ME1$/);
  });

  test('rules over what she gets, in words that Twilio answers and in those that it does not', () => {
    const consentOf = (body: string, settings = account()) => {
      const [inbound] = read(body, settings);
      return inbound?.event.kind === 'message' ? inbound.event.consent : undefined;
    };
    const saying = (text: string) => sample('inbound-sms').replace(/Body=[^&]*/, `Body=${encodeURIComponent(text)}`);
    expect(consentOf(sample('opt-out'))).toEqual({ word: 'stop', answered: true });
    expect(consentOf(saying('STOP'))).toEqual({ word: 'stop', locale: 'en', answered: true });
    const own = account({ opt_out_replies: 'parley' });
    expect(consentOf(saying('STOP'), own)).toEqual({ word: 'stop', locale: 'en', answered: false });
    expect(consentOf(saying('请不要再给我发短信'))).toEqual({ word: 'stop', locale: 'zh', answered: false });
  });

  test('shows her language by its letters', () => {
    const zh = sample('inbound-sms').replace(/Body=[^&]*/, `Body=${encodeURIComponent('订单在哪')}`);
    expect(read(zh)[0]?.locale).toBe('zh');
    expect(read(sample('inbound-sms'), account({ locale: 'es' }))[0]?.locale).toBe('es');
  });

  test.each([
    ['of another account', sample('inbound-sms').replace(SID, `AC${'6'.repeat(32)}`)],
    ['without a number', sample('inbound-sms').replace('From=%2B14155552671', 'From=')],
    ['without a key', sample('inbound-sms').replace(/MessageSid=\w+/g, 'MessageSid=')],
    ['that is empty', ''],
  ])('is refused %s', (_what, body) => expect(codeOf(() => read(body))).toBe('sms.invalid_webhook'));
});

describe('what Twilio tells of a message of ours', () => {
  const read = (name: string) => reports(request(sample(name), {}, '?message=c1.4.0'));

  test('is no event, and names the message by our own key', () => {
    expect(parse(request(sample('status-delivered'), {}, '?message=c1.4.0'), account())).toEqual([]);
    expect(read('status-delivered')).toEqual([{ key: 'c1.4.0', status: 'delivered' }]);
    expect(read('status-undelivered')).toEqual([{ key: 'c1.4.0', status: 'failed', code: '30003' }]);
    expect(reports(request(sample('inbound-sms')))).toEqual([]);
  });
});

describe('an account', () => {
  test.each([
    ['without its token', () => account({}, { TWILIO_AUTH_TOKEN: '' }), 'channel.missing_secret', 'TWILIO_AUTH_TOKEN'],
    ['with its token in plain sight', () => account({ auth_token: 'abc' }), 'sms.invalid_settings', 'plain sight'],
    ['without a sender', () => account({ from: undefined }), 'sms.invalid_settings', 'messaging_service'],
    ['with two senders', () => account({ messaging_service: `MG${'1'.repeat(32)}` }), 'sms.invalid_settings', 'either'],
    ['with a wrong number', () => account({ from: '0800' + 'x' }), 'sms.invalid_settings', 'from'],
    ['with a wrong address', () => account({ webhook: 'bot.example' }), 'sms.invalid_settings', 'webhook'],
    ['with an unknown setting', () => account({ token: 'x' }), 'sms.invalid_settings', 'token'],
  ])('%s is refused, and the reader told why', (_what, run, code, word) => {
    expect(codeOf(run)).toBe(code);
    expect(run).toThrow(word);
  });
});
