import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { check } from '../../../channels/slack/check.ts';
import { openSimulator, type Simulator } from '../../../channels/slack/simulator.ts';
import { account } from './account.ts';

let slack: Simulator;

beforeEach(async () => {
  slack = await openSimulator();
});
afterEach(() => slack.close());

const look = (given: object = {}, environment: Record<string, string> = {}) =>
  check({ settings: account({ api_root: slack.url, ...given }, environment), signal: AbortSignal.timeout(5_000) });

describe('a look at a Slack account', () => {
  test('tells whose token it is, and that it may do all it must', async () => {
    expect(await look()).toEqual([
      { ok: true, what: 'the bot token is that of @parley in Shop' },
      { ok: true, what: 'the app has all scopes that it needs' },
    ]);
  });

  test('names the scopes that are missing for what is switched on', async () => {
    const found = await look({ listens: ['C0123456789'], assistant: true });
    expect(found[1]).toMatchObject({ ok: false, what: 'the app has not the scopes channels:history, assistant:write' });
  });

  test('tries the app token where a socket is held', async () => {
    expect((await look({ receive: 'socket' })).at(-1)).toEqual({ ok: true, what: 'the app token opens Socket Mode' });
    await expect(look({ receive: 'socket' }, { SLACK_APP_TOKEN: 'xapp-other' })).rejects.toMatchObject({
      data: { error: 'invalid_auth' },
    });
    expect(slack.sockets.connections).toBe(0);
  });
});
