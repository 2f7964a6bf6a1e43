import { type CheckContext, codeOf, type Finding } from '#channel';
import { PlatformKeys } from './keys.ts';
import type { TeamsSettings } from './settings.ts';
import { tokenOf } from './token.ts';

/**
 * Whether Microsoft takes the client secret, and whether its keys can be had, without which every call of ours would be refused. Which
 * address Azure calls, it tells no bot.
 */
export async function check({ settings, signal }: CheckContext<TeamsSettings>): Promise<readonly Finding[]> {
  return [await login(settings, signal), await keys(settings)];
}

async function login(settings: TeamsSettings, signal: AbortSignal): Promise<Finding> {
  try {
    await tokenOf(settings).get(signal);
    return { ok: true, what: `Microsoft takes the client secret of ${settings.appId}` };
  } catch (error) {
    if (codeOf(error) !== 'teams.login_refused') throw error;
    const tenant = settings.tenant === undefined ? 'of a multi-tenant bot' : `in the tenant ${settings.tenant}`;
    return {
      ok: false,
      what: `Microsoft does not take the client secret of ${settings.appId} ${tenant}`,
      hint: 'Compare `app_id` and `tenant` with the app registration. Has the secret run out? Make a new one there.',
    };
  }
}

/** Looked for by a name that no key has: they are fetched for it. */
async function keys({ openid }: TeamsSettings): Promise<Finding> {
  try {
    await new PlatformKeys(openid).find('', Date.now());
    return { ok: true, what: `the keys that Teams signs with can be had from ${new URL(openid).host}` };
  } catch (error) {
    if (codeOf(error) !== 'teams.keys_unavailable') throw error;
    return {
      ok: false,
      what: `the keys that Teams signs with cannot be had from ${new URL(openid).host}`,
      hint: 'The bot must reach that address: without its keys no call can be believed.',
    };
  }
}
