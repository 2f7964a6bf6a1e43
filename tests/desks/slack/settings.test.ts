import { describe, expect, test } from '@jest/globals';
import { readSlackDesk } from '../../../src/desks/slack/settings.ts';
import { ENVIRONMENT, reference, settingsFor, yamlFor } from './house.ts';

const read = (more: object, environment: Record<string, string | undefined> = ENVIRONMENT) =>
  readSlackDesk(yamlFor('https://slack.com', 'C0FALLBACK', more), environment, 'en');
const codeOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return error as { code: string; message: string; hint: string };
  }
  throw new Error('It was taken.');
};

test('reads queues of one channel and of several', () => {
  const { queues } = settingsFor('https://slack.com', 'C0FALLBACK', { queues: { a: 'C0A', b: ['C0B', 'C0C'] } });
  expect([...queues]).toEqual([
    ['a', ['C0A']],
    ['b', ['C0B', 'C0C']],
  ]);
});

describe('a secret that is missing', () => {
  test.each([
    ['SLACK_DESK_BOT_TOKEN', {}],
    ['SLACK_DESK_SIGNING_SECRET', {}],
    ['SLACK_DESK_APP_TOKEN', { receive: 'socket' }],
  ])('%s is named', (name, more) => {
    const { code, message } = codeOf(() => read(more, { ...ENVIRONMENT, [name]: undefined }));
    expect([code, message]).toEqual(['channel.missing_secret', expect.stringContaining(name)]);
  });

  test('is asked for where parley.yaml does not name it', () => {
    const { code, hint } = codeOf(() => read({ signing_secret: undefined }));
    expect([code, hint]).toEqual([
      'channel.missing_secret',
      expect.stringContaining(reference('SLACK_DESK_SIGNING_SECRET')),
    ]);
  });
});

test.each([
  [{ bot_token: 'xoxb-in-plain-sight' }, 'plain sight'],
  [{ bot_token: reference('SLACK_DESK_APP_TOKEN') }, 'xoxb-'],
  [{ fallback: '#general' }, 'C0123456789'],
  [{ reply_mode: 'public' }, 'reply_mode'],
  [{ chanels: {} }, 'chanels'],
])('refuses %j', (more, told) => {
  const { code, message } = codeOf(() => read(more));
  expect([code, message]).toEqual(['desk.invalid_slack', expect.stringContaining(told)]);
});
