import type { House } from '../../../src/desks/slack/inside.ts';
import type { Pace } from '../../../src/desks/slack/pump.ts';
import { readSlackDesk, type SlackDeskSettings } from '../../../src/desks/slack/settings.ts';
import type { Command } from '../../../src/handoff/counter.ts';
import type { Policy } from '../../../src/handoff/policy.ts';

export const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };
/** Nobody waits in tests that are not about waiting. */
export const QUICK: Pace = { post: 0, card: 0, changes: 0, marks: 0, unmarks: 0, failed: 1 };
export const ENVIRONMENT = {
  SLACK_DESK_BOT_TOKEN: 'xoxb-simulated-token-of-no-bot',
  SLACK_DESK_APP_TOKEN: 'xapp-simulated-token-of-no-app',
  SLACK_DESK_SIGNING_SECRET: '8f742231b10e8888abcd99yyyzzz85a5',
};

/** `${NAME}` */
export const reference = (name: string): string => `\${${name}}`;

export function yamlFor(apiRoot: string, channel: string, more: object = {}) {
  return {
    bot_token: reference('SLACK_DESK_BOT_TOKEN'),
    signing_secret: reference('SLACK_DESK_SIGNING_SECRET'),
    app_token: reference('SLACK_DESK_APP_TOKEN'),
    fallback: channel,
    api_root: apiRoot,
    ...more,
  };
}

export function settingsFor(apiRoot: string, channel: string, more: object = {}): SlackDeskSettings {
  return readSlackDesk(yamlFor(apiRoot, channel, more), ENVIRONMENT, 'en');
}

export const POLICY: Policy = {
  queues: {},
  agents: [
    { name: 'mia', shown: 'Mia', queues: ['returns'], skills: [], capacity: 3, accounts: { slack: 'U0MIA' } },
    { name: 'tom', shown: 'Tom', queues: ['returns'], skills: [], capacity: 3, accounts: { slack: 'U0TOM' } },
  ],
  misses: 2,
  reopen: 0,
};

/** A house with nobody in it: keeps the book, and what it was told. */
export function fakeHouse(book = new Map<string, string>()): House & { readonly given: Command[] } {
  const given: Command[] = [];
  return {
    given,
    async give(command) {
      given.push(command);
      return { ok: true, at: 'active' };
    },
    setPresence: async () => undefined,
    replies: async () => [],
    reveal: async () => ({ ok: false, code: 'desk.unknown_value' }),
    keepFile: async () => {
      throw new Error('Nobody keeps files here.');
    },
    policy: () => POLICY,
    head: async () => undefined,
    transcript: async () => [],
    said: async () => undefined,
    tables: {
      stand: async () => undefined,
      stands: async () => [],
      ended: async () => [],
      agents: async () => [],
      answer: async () => undefined,
    },
    keep: {
      cursor: async (name) => book.get(name),
      keepCursor: async (name, text) => void book.set(name, text),
    },
  };
}
