import type { Logger, WebAPICallResult } from '@slack/web-api';
import type { CallContext } from '#channel';
import type { SlackSettings } from './settings.ts';

/** Milliseconds; the vendor's client has no limit of its own. */
const TIMEOUT = 15_000;

/** One call of the Web API by the vendor's client, which by default retries ten times in half an hour: the outbox does that. */
export async function callApi(
  method: string,
  payload: Readonly<Record<string, unknown>>,
  { settings, signal }: CallContext<SlackSettings>,
  token = settings.botToken,
): Promise<WebAPICallResult & Readonly<Record<string, unknown>>> {
  const { WebClient } = await import('@slack/web-api');
  // It has no way to hand a signal to one call, and making a client costs 50 µs.
  const client = new WebClient(token, {
    slackApiUrl: `${settings.apiRoot}/api/`,
    allowAbsoluteUrls: false,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT,
    logger: SILENT,
    fetch: async (url, init) => {
      try {
        return await fetch(url, { ...init, signal: either(init?.signal, signal) });
      } catch (cause) {
        // The vendor's client passes on only what is an Error of its own realm.
        throw new Error('The line to Slack broke.', { cause });
      }
    },
  });
  return { ...(await client.apiCall(method, { ...payload })) };
}

function either(own: AbortSignal | null | undefined, ours: AbortSignal): AbortSignal {
  return own ? AbortSignal.any([own, ours]) : ours;
}

/** The vendor's log would go to the terminal, with customers' words in it. What it tells is in what it throws. */
export const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => 'error' as ReturnType<Logger['getLevel']>,
  setName: () => undefined,
};
