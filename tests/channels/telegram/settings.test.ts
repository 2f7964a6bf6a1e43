import { describe, expect, test } from '@jest/globals';
import { readSettings } from '../../../channels/telegram/settings.ts';
import { account, reference, SECRET, TOKEN } from './account.ts';

const codeOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
  return 'taken';
};

describe('a Telegram account', () => {
  test('takes its token and secret from the environment', () => {
    expect(account()).toEqual({
      token: TOKEN,
      botId: 123456,
      username: 'parley_shop_bot',
      receive: 'webhook',
      secrets: [SECRET],
      apiRoot: 'https://api.telegram.org',
    });
  });

  test('may have two secrets while one is replaced', () => {
    const secret = [reference('TELEGRAM_SECRET'), reference('NEXT_SECRET')];
    const next = 'n'.repeat(32);
    expect(account({ secret }, { NEXT_SECRET: next }).secrets).toEqual([SECRET, next]);
  });

  test('needs no secret when it asks instead of being called', () => {
    expect(account({ receive: 'polling', secret: undefined }).secrets).toEqual([]);
  });

  test('does not open without what it needs, and says which variable is missing', () => {
    const raw = { kind: 'telegram', token: reference('SHOP_TOKEN'), secret: reference('SHOP_SECRET') };
    expect(codeOf(() => readSettings(raw, {}))).toBe(
      'channel.missing_secret: The environment variable SHOP_TOKEN is not set.',
    );
    expect(codeOf(() => readSettings(raw, { SHOP_TOKEN: TOKEN }))).toBe(
      'channel.missing_secret: The environment variable SHOP_SECRET is not set.',
    );
    expect(codeOf(() => account({ secret: undefined }))).toMatch(/^channel.missing_secret: /);
    expect(codeOf(() => account({}, { TELEGRAM_SECRET: '' }))).toMatch(/^channel.missing_secret: /);
  });

  test.each([
    ['a secret in plain sight', { secret: SECRET }, {}, 'telegram.invalid_settings'],
    ['a token in plain sight', { token: TOKEN }, {}, 'telegram.invalid_settings'],
    ['a secret that can be guessed', {}, { TELEGRAM_SECRET: 'short' }, 'telegram.weak_secret'],
    ['a secret that no header can carry', {}, { TELEGRAM_SECRET: 'ä'.repeat(30) }, 'telegram.weak_secret'],
    ['a token that is none', {}, { TELEGRAM_TOKEN: 'bot' }, 'telegram.invalid_settings'],
    ['an unknown way to receive', { receive: 'pigeon' }, {}, 'telegram.invalid_settings'],
    ['a setting nobody knows', { secrt: 'x' }, {}, 'telegram.invalid_settings'],
    ['an API with a path', { api_root: 'https://proxy.example/bot' }, {}, 'telegram.invalid_settings'],
    ['an API that is no web address', { api_root: 'file:///etc' }, {}, 'telegram.invalid_settings'],
  ])('with %s is refused, and nothing secret is told', (_, given, environment, code) => {
    const told = codeOf(() => account(given, environment));
    expect(told).toMatch(new RegExp(`^${code}: `));
    expect(told).not.toContain(SECRET);
    expect(told).not.toContain(TOKEN);
  });
});
