import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse, verify } from '../../../channels/telegram/receive.ts';
import type { Inbound, RawRequest } from '../../../src/channel.ts';
import { account, SECRET } from './account.ts';

const SAMPLES = join(import.meta.dirname, '..', '..', '..', 'channels', 'telegram', 'samples');
const sample = (name: string) => readFileSync(join(SAMPLES, `${name}.json`), 'utf8');

function request(body: string | Uint8Array, headers: Record<string, string> = {}): RawRequest {
  const url = new URL('https://bot.example/channels/telegram-main');
  return { method: 'POST', url, headers, body: typeof body === 'string' ? new TextEncoder().encode(body) : body };
}

const read = (name: string, given: object = {}): Inbound | undefined => parse(request(sample(name)), account(given))[0];

describe('the secret token', () => {
  const check = (secret: string | undefined, settings = account()) =>
    verify(request('{}', secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret }), settings);

  test('opens the door', () => {
    expect(() => check(SECRET)).not.toThrow();
  });

  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['flipped in one bit', `${SECRET.slice(0, -1)}d`],
    ['cut short', SECRET.slice(0, -1)],
    ['sent twice', `${SECRET}, ${SECRET}`],
    ['of another account', 'another-account-another-secret'],
  ])('%s does not', (_, secret) => {
    expect(() => check(secret)).toThrow(expect.objectContaining({ code: 'channel.unverified' }));
  });

  test('of an account that polls opens nothing, not even an empty one', () => {
    expect(() => check('', account({ receive: 'polling' }))).toThrow(
      expect.objectContaining({ code: 'channel.unverified' }),
    );
  });
});

describe('an update becomes an event', () => {
  test.each(readdirSync(SAMPLES).map((file) => file.replace('.json', '')))('%s', (name) => {
    expect(read(name) ?? 'not for the bot').toMatchSnapshot();
  });

  test('the same, however Telegram escapes its letters', () => {
    const escaped = sample('text-zh').replaceAll(/[^\n\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
    expect(escaped).not.toContain('订');
    expect(parse(request(escaped), account())).toEqual([read('text-zh')]);
  });

  test('with a key that stays when it is delivered again, and differs between updates', () => {
    expect(read('text')?.key).toBe(read('text')?.key);
    expect(read('text')?.key).not.toBe(read('edited')?.key);
  });

  test('in a group only when the bot can know that it is meant', () => {
    expect(read('group-mention', { username: undefined })).toBeUndefined();
    expect(read('group-reply', { username: undefined })?.event).toEqual({ kind: 'message', text: 'AB123456' });
  });

  test('at the account that the address names', () => {
    expect(read('text')?.account).toBe('telegram-main');
  });

  test.each([
    ['no JSON', 'hello'],
    ['no object', '[]'],
    ['without its id', '{"message":{}}'],
    ['with an id that is none', '{"update_id":"1","message":{}}'],
    ['with a message of the wrong shape', '{"update_id":1,"message":{"text":7}}'],
  ])('%s is refused', (_, body) => {
    expect(() => parse(request(body), account())).toThrow(expect.objectContaining({ code: 'telegram.invalid_update' }));
  });

  test('that is no UTF-8 is refused', () => {
    expect(() => parse(request(new Uint8Array([0x22, 0xff, 0x22])), account())).toThrow(
      expect.objectContaining({ code: 'telegram.invalid_update' }),
    );
  });

  test('carries nothing into prototypes', () => {
    const hostile = sample('text').replace('"text":', '"__proto__": {"polluted": true}, "text":');
    expect(parse(request(hostile), account())).toEqual([read('text')]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
