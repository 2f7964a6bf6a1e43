import { Hono } from 'hono';
import type { RawRequest } from '../channel.ts';
import { ParleyError } from '../errors.ts';
import { JSON_LIMIT, readBytes } from './body.ts';
import type { Intake, PlatformAccount } from './intake.ts';
import type { Metrics } from './metrics.ts';
import { Refusal } from './refusal.ts';

export interface WebhookParts {
  readonly intake: Intake;
  readonly webhooks: ReadonlyMap<string, PlatformAccount>;
  /** Where the platforms reach us; several sign the address too. Default: as the request names it. */
  readonly publicUrl?: string;
  readonly metrics: Metrics;
  readonly clock: () => number;
}

/**
 * `POST /channels/<account>`: the door of every platform that calls. Its channel verifies the raw bytes, then parses them; the
 * platform is answered only when all its events are on disk, so a crash before that makes it deliver again.
 */
export function webhookRoutes({ intake, webhooks, publicUrl, metrics, clock }: WebhookParts): Hono {
  const routes = new Hono();

  routes.post('/:account', async (c) => {
    const webhook = webhooks.get(c.req.param('account'));
    const { verify, parse, reports } = webhook?.channel ?? {};
    if (webhook === undefined || verify === undefined || parse === undefined)
      throw new Refusal(404, 'channel.unknown', 'No account takes webhooks here.', {
        hint: 'Compare the address with the accounts in parley.yaml.',
      });
    const request = await toRawRequest(c.req.raw, publicUrl);
    const { events, told } = await strict(async () => {
      await verify(request, webhook.settings, clock());
      return { events: parse(request, webhook.settings), told: reports?.(request, webhook.settings) ?? [] };
    });
    for (const { status } of told) metrics.count('parley_reports_total', { door: webhook.channel.kind, status });
    const accepted = await Promise.all(events.map((inbound) => intake(webhook, inbound)));
    for (const { duplicate } of accepted)
      metrics.count(duplicate ? 'parley_duplicate_total' : 'parley_accepted_total', { door: webhook.channel.kind });
    return c.body(null, 200);
  });

  return routes;
}

async function toRawRequest(request: Request, publicUrl: string | undefined): Promise<RawRequest> {
  const url = new URL(request.url);
  return {
    method: request.method,
    url: publicUrl === undefined ? url : new URL(url.pathname + url.search, publicUrl),
    headers: Object.fromEntries(request.headers),
    body: await readBytes(request, JSON_LIMIT),
  };
}

/** What the channel says of bytes it does not trust or understand is the sender's fault, not ours. */
async function strict<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ParleyError) || error.retryable) throw error;
    const status = error.code === 'channel.unverified' ? 401 : 400;
    throw new Refusal(status, error.code, 'The request was not taken.', {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error,
    });
  }
}
