import { describe, expect, test } from '@jest/globals';
import { readSettings } from '../../../channels/slack/settings.ts';
import { APP_TOKEN, account, BOT_TOKEN, reference, SECRET } from './account.ts';

const codeOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
  return 'taken';
};

describe('a Slack account', () => {
  test('takes its token and secret from the environment', () => {
    expect(account({ app_token: undefined })).toEqual({
      botToken: BOT_TOKEN,
      receive: 'webhook',
      signingSecrets: [SECRET],
      listens: new Set(),
      assistant: false,
      fileHosts: [],
      apiRoot: 'https://slack.com',
    });
  });

  test('may have two secrets while one is replaced', () => {
    const signing_secret = [reference('SLACK_SIGNING_SECRET'), reference('NEXT_SECRET')];
    expect(account({ signing_secret }, { NEXT_SECRET: 'next' }).signingSecrets).toEqual([SECRET, 'next']);
  });

  test('needs no secret when it holds a socket, but its token', () => {
    const { signingSecrets, appToken } = account({ receive: 'socket', signing_secret: undefined });
    expect([signingSecrets, appToken]).toEqual([[], APP_TOKEN]);
  });

  test('does not open without what it needs, and says which variable is missing', () => {
    const raw = { kind: 'slack', bot_token: reference('SHOP_BOT'), signing_secret: reference('SHOP_SECRET') };
    const socket = {
      kind: 'slack',
      bot_token: reference('SHOP_BOT'),
      app_token: reference('SHOP_APP'),
      receive: 'socket',
    };
    const missing = (name: string) => `channel.missing_secret: The environment variable ${name} is not set.`;
    expect(codeOf(() => readSettings(raw, {}))).toBe(missing('SHOP_BOT'));
    expect(codeOf(() => readSettings(raw, { SHOP_BOT: BOT_TOKEN }))).toBe(missing('SHOP_SECRET'));
    expect(codeOf(() => readSettings(socket, { SHOP_BOT: BOT_TOKEN }))).toBe(missing('SHOP_APP'));
    expect(codeOf(() => account({ signing_secret: undefined }))).toMatch(/^channel.missing_secret: /);
    expect(codeOf(() => account({ receive: 'socket', app_token: undefined }))).toMatch(/^channel.missing_secret: /);
    expect(codeOf(() => account({}, { SLACK_SIGNING_SECRET: '' }))).toMatch(/^channel.missing_secret: /);
  });

  test.each([
    ['a secret in plain sight', { signing_secret: SECRET }, {}],
    ['a token in plain sight', { bot_token: BOT_TOKEN }, {}],
    ['a user’s token', {}, { SLACK_BOT_TOKEN: 'xoxp-somebody' }],
    ['the bot’s token in place of the app’s', { receive: 'socket' }, { SLACK_APP_TOKEN: BOT_TOKEN }],
    ['an unknown way to receive', { receive: 'pigeon' }, {}],
    ['a channel by its name', { listens: ['#help'] }, {}],
    ['a setting nobody knows', { secrt: 'x' }, {}],
    ['an API with a path', { api_root: 'https://proxy.example/api' }, {}],
    ['an API that is no web address', { api_root: 'file:///etc' }, {}],
  ])('with %s is refused, and nothing secret is told', (_, given, environment) => {
    const told = codeOf(() => account(given, environment));
    expect(told).toMatch(/^slack.invalid_settings: /);
    expect(told).not.toMatch(new RegExp(`${SECRET}|${BOT_TOKEN}|${APP_TOKEN}|xoxp-somebody`));
  });
});
