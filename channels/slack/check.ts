import { z } from 'zod';
import type { CheckContext, Finding } from '#channel';
import { callApi } from './client.ts';
import type { SlackSettings } from './settings.ts';

const Tested = z.object({
  user: z.string(),
  team: z.string(),
  response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional(),
});

/** Whose token it is, what it may do, and whether a socket could be opened. Where Slack calls us, only its own pages tell. */
export async function check(context: CheckContext<SlackSettings>): Promise<readonly Finding[]> {
  const { settings } = context;
  const { user, team, response_metadata: told } = Tested.parse(await callApi('auth.test', {}, context));
  return [
    { ok: true, what: `the bot token is that of @${user} in ${team}` },
    ...(told?.scopes === undefined ? [] : [allowed(told.scopes, settings)]),
    ...(settings.appToken === undefined ? [] : [await opened(context, settings.appToken)]),
  ];
}

const ALWAYS = ['chat:write', 'im:history', 'app_mentions:read', 'files:read', 'files:write'];

function allowed(scopes: readonly string[], { listens, assistant }: SlackSettings): Finding {
  const hears = listens.size === 0 || scopes.includes('groups:history') ? [] : ['channels:history'];
  const needed = [...ALWAYS, ...hears, ...(assistant ? ['assistant:write'] : [])];
  const missing = needed.filter((scope) => !scopes.includes(scope));
  if (missing.length === 0) return { ok: true, what: 'the app has all scopes that it needs' };
  return {
    ok: false,
    what: `the app has not the scopes ${missing.join(', ')}`,
    hint: 'Add them under OAuth & Permissions, and install the app again.',
  };
}

/** An address that nobody connects to is forgotten by Slack. */
async function opened(context: CheckContext<SlackSettings>, appToken: string): Promise<Finding> {
  await callApi('apps.connections.open', {}, context, appToken);
  return { ok: true, what: 'the app token opens Socket Mode' };
}
