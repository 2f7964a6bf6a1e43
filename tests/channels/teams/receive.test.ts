import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { addressOf, referenceOf } from '../../../channels/teams/address.ts';
import { parse } from '../../../channels/teams/receive.ts';
import { respond } from '../../../channels/teams/respond.ts';
import type { Inbound, RawRequest } from '../../../src/channel.ts';

const SAMPLES = join(import.meta.dirname, '..', '..', '..', 'channels', 'teams', 'samples');
const NAMES = readdirSync(SAMPLES).map((file) => file.replace('.json', ''));
const sample = (name: string) => readFileSync(join(SAMPLES, `${name}.json`), 'utf8');

function request(body: string | Uint8Array): RawRequest {
  const url = new URL('https://bot.example/channels/teams-main');
  return { method: 'POST', url, headers: {}, body: typeof body === 'string' ? new TextEncoder().encode(body) : body };
}

const read = (name: string): Inbound | undefined => parse(request(sample(name)))[0];

describe('an activity becomes an event', () => {
  test.each(NAMES)('%s', (name) => {
    expect(read(name) ?? 'not for the bot').toMatchSnapshot();
  });

  test('the same, however its letters are escaped', () => {
    const escaped = sample('text-zh').replaceAll(/[^\n\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
    expect(escaped).not.toContain('订');
    expect(parse(request(escaped))).toEqual([read('text-zh')]);
  });

  test('with a key that stays when it is delivered again, and differs between conversations and corrections', () => {
    expect(read('text')?.key).toBe(read('text')?.key);
    const elsewhere = sample('text').replace('a:1pL6i0oY3C0K8oAj8i4TqVQ2zj0mZ', 'a:1other');
    const keys = [read('text'), read('edited'), parse(request(elsewhere))[0]].map((inbound) => inbound?.key);
    expect(new Set(keys).size).toBe(3);
  });

  test('at the account that the address names, and at an address that does not change with the connector', () => {
    const moved = sample('text').replace('/emea/', '/amer/');
    expect(read('text')?.account).toBe('teams-main');
    expect(parse(request(moved))[0]?.address).toBe(read('text')?.address);
  });

  test.each([
    ['no JSON', 'hello'],
    ['no object', '[]'],
    ['without a conversation', sample('text').replace('"conversation"', '"convention"')],
    ['with an id that is none', sample('text').replace('"1763717400123"', '7')],
    ['with a text that is none', sample('text').replace('"where is my order?"', '{"a": 1}')],
  ])('%s is refused', (_, body) => {
    expect(() => parse(request(body))).toThrow(expect.objectContaining({ code: 'teams.invalid_activity' }));
  });

  test('that is no UTF-8 is refused', () => {
    expect(() => parse(request(new Uint8Array([0x22, 0xff, 0x22])))).toThrow(
      expect.objectContaining({ code: 'teams.invalid_activity' }),
    );
  });

  test('carries nothing into prototypes', () => {
    const hostile = sample('tap').replace('"parley":', '"__proto__": {"polluted": true}, "parley":');
    expect(parse(request(hostile))).toEqual([read('tap')]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('the answer to a call', () => {
  test.each(NAMES.filter((name) => name.startsWith('invoke')))('%s', (name) => {
    const { status, body = '' } = respond(request(sample(name)));
    expect({ status, body: body === '' ? undefined : JSON.parse(String(body)) }).toMatchSnapshot();
  });

  test('is nothing where Teams expects nothing', () => {
    expect(respond(request(sample('text')))).toEqual({ status: 200 });
  });
});

describe('an address', () => {
  test.each([
    { tenant: 't', conversation: 'a:1_-x' },
    { tenant: 't', conversation: '19:x@thread.tacv2;messageid=1', user: '29:1/%2F é' },
  ])('says again what it was made of (%#)', (reference) => {
    expect(referenceOf(addressOf(reference))).toEqual(reference);
    expect(addressOf(reference)).toMatch(/^[\x21-\x7e]+$/);
  });
});
