import type { Workspace } from './workspace.ts';

export interface FoundingOptions {
  readonly botToken?: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
  /** Where ids begin: whoever talks to a bot that outlives the stand-in begins where no earlier one has been. */
  readonly ids?: number;
  /** Refuses what comes faster than Slack takes it. */
  readonly enforceRates?: boolean;
}

/** A new workspace with nobody in it but the app. */
export function found(options: FoundingOptions, now: () => number, changed: () => void): Workspace {
  let count = options.ids ?? 0;
  let last = 0;
  const app = {
    id: 'A0PARLEY',
    name: 'parley',
    user: 'U0PARLEY',
    bot: 'B0PARLEY',
    botToken: options.botToken ?? 'xoxb-simulated-token-of-no-bot',
    appToken: options.appToken ?? 'xapp-simulated-token-of-no-app',
    signingSecret: options.signingSecret ?? '8f742231b10e8888abcd99yyyzzz85a5',
    scopes: ['chat:write', 'im:history', 'app_mentions:read', 'files:read', 'files:write'],
  };
  const bot = { id: app.user, name: app.name, real_name: 'Parley', locale: 'en-US', is_bot: true, deleted: false };
  return {
    team: { id: 'T0SHOP', domain: 'shop', name: 'Shop' },
    app,
    users: new Map([[app.user, bot]]),
    channels: new Map(),
    files: new Map(),
    views: new Map(),
    homes: new Map(),
    triggers: new Map(),
    rates: { last: new Map(), recent: new Map(), tooFast: 0, enforced: options.enforceRates ?? false },
    now,
    nextTs() {
      last = Math.max(last + 1, now() * 1000);
      return `${Math.floor(last / 1e6)}.${String(last % 1e6).padStart(6, '0')}`;
    },
    nextId: (prefix) => `${prefix}${String(++count).padStart(6, '0')}`,
    emit: () => undefined,
    changed,
  };
}

/** https://docs.slack.dev/apis/events-api/#event-type-structure */
export function wrapped({ team, app, now, nextId }: Workspace, event: Readonly<Record<string, unknown>>) {
  const authorization = {
    enterprise_id: null,
    team_id: team.id,
    user_id: app.user,
    is_bot: true,
    is_enterprise_install: false,
  };
  return {
    token: 'unused',
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: app.id,
    event,
    type: 'event_callback',
    event_id: nextId('Ev'),
    event_time: Math.floor(now() / 1000),
    authorizations: [authorization],
    is_ext_shared_channel: false,
    event_context: nextId('context'),
  };
}
