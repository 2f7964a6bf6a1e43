import type { Logger, WebAPICallResult } from '@slack/web-api';
import { type CallContext, request } from '#channel';
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
        return await overOurLine(String(url), init, either(init?.signal, signal));
      } catch (cause) {
        // The vendor's client passes on only what is an Error of its own realm.
        throw new Error('The line to Slack broke.', { cause });
      }
    },
  });
  return { ...(await client.apiCall(method, { ...payload })) };
}

/** What the vendor's client asks of `fetch`, over the line that all channels share. */
async function overOurLine(url: string, init: RequestInit | undefined, signal: AbortSignal): Promise<Response> {
  const { method, headers, body } = init ?? {};
  if (method !== 'POST' || !(typeof body === 'string' || body instanceof FormData))
    throw new TypeError(`The vendor's client calls ${url} in a way that is new.`);
  const given = Object.fromEntries(new Headers(headers));
  const answer = await request({ url, method, headers: given, body, signal });
  const told = TOLD.flatMap((name): [string, string][] => {
    const value = answer.header(name);
    return value === undefined ? [] : [[name, value]];
  });
  return new Response(new Uint8Array(answer.bytes), { status: answer.status, headers: told });
}

/** The headers that it reads. */
const TOLD = ['content-type', 'retry-after', 'x-oauth-scopes', 'x-accepted-oauth-scopes'];

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
