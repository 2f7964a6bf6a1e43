import { expect, test } from '@jest/globals';
import { readSettings } from '../../../channels/directline/settings.ts';
import { codeOf } from '../../../src/errors.ts';

const SECRET = 'c0ffee-c0ffee-c0ffee-c0ffee-c0ffee-c0ffee';
const ENVIRONMENT = { DIRECTLINE_SECRET: SECRET, NEXT: `${SECRET}-2`, SHORT: 'short', SPACED: `${SECRET} ${SECRET}` };
const account = (more: object = {}) => ({ kind: 'directline', secret: reference('DIRECTLINE_SECRET'), ...more });

function reference(name: string): string {
  return `\${${name}}`;
}

function refusal(raw: object): { code: string; message: string; hint: string } {
  try {
    readSettings(raw, ENVIRONMENT);
  } catch (error) {
    const { message, hint } = error as { message: string; hint?: string };
    return { code: codeOf(error), message, hint: hint ?? '' };
  }
  throw new Error('it was taken');
}

test('needs no more than a secret', () => {
  expect(readSettings(account(), ENVIRONMENT)).toEqual({
    secrets: [SECRET],
    origins: [],
    tokenLife: 1800,
    verifiedUsers: false,
    limits: {
      visitor: { burst: 20, perMinute: 60 },
      network: { burst: 600, perMinute: 3000 },
      sessions: { burst: 30, perMinute: 60 },
    },
  });
});

test('takes two secrets while one replaces the other', () => {
  const secret = [reference('NEXT'), reference('DIRECTLINE_SECRET')];
  expect(readSettings(account({ secret }), ENVIRONMENT).secrets).toEqual([ENVIRONMENT.NEXT, SECRET]);
});

test('says which variable is missing, without its value', () => {
  expect(refusal(account({ secret: reference('GONE') }))).toMatchObject({
    code: 'channel.missing_secret',
    message: expect.stringContaining('GONE'),
  });
});

test.each([
  ['a secret in plain sight', { secret: SECRET }, 'directline.invalid_settings'],
  ['a secret that can be guessed', { secret: reference('SHORT') }, 'directline.weak_secret'],
  ['a secret that no header carries', { secret: reference('SPACED') }, 'directline.weak_secret'],
  ['an origin with a path', { origins: ['https://shop.example/chat'] }, 'directline.invalid_settings'],
  ['any origin', { origins: ['*'] }, 'directline.invalid_settings'],
  ['tokens that never expire', { token_minutes: 1e9 }, 'directline.invalid_settings'],
  ['what it does not know', { tokens: 3 }, 'directline.invalid_settings'],
])('refuses %s', (_name, given, code) => {
  const refused = refusal(account(given));
  expect(refused.code).toBe(code);
  expect(refused.hint).not.toBe('');
  expect(JSON.stringify(refused)).not.toContain(SECRET);
});
