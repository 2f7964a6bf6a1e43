import { Hono } from 'hono';
import type { Inbound, Part, RawRequest, RawResponse, Report } from '../channel.ts';
import type { Engine } from '../engine/engine.ts';
import { ParleyError } from '../errors.ts';
import { JSON_LIMIT, readBytes } from './body.ts';
import type { Env } from './chat-routes.ts';
import { type Intake, type PlatformAccount, takeInOrder } from './intake.ts';
import type { Metrics } from './metrics.ts';
import { openPassive, type Passive } from './passive.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import { Refusal } from './refusal.ts';

/** A platform says that there is something to ask it for: how to ask, in its own words. */
export type Nudge = (account: string, part: Part) => void;

export interface WebhookParts {
  readonly engine: Engine;
  readonly intake: Intake;
  readonly webhooks: ReadonlyMap<string, PlatformAccount>;
  readonly nudge?: Nudge;
  /** Where the platforms reach us; several sign the address too. Default: as the request names it. */
  readonly publicUrl?: string;
  readonly metrics: Metrics;
  readonly clock: () => number;
}

/**
 * `/channels/<account>`, and whatever a platform wants below it: the door of every platform that calls. Its channel verifies the raw
 * bytes, then reads them; the platform is answered only when all that they bring is on disk, so a crash before that makes it deliver
 * again.
 */
export function webhookRoutes(parts: WebhookParts): Hono<Env> {
  const { engine, intake, webhooks, nudge, publicUrl, metrics, clock } = parts;
  const routes = new Hono<Env>();
  const failures = createRateLimit(FAILURES, clock);

  routes.on(['GET', 'POST'], '/:account/*', async (c) => {
    const began = performance.now();
    const name = c.req.param('account');
    const account = webhooks.get(name);
    if (account === undefined) throw unknownAccount();
    const request = await toRawRequest(c.req.raw, publicUrl);
    await verify(account, request, clock(), () => failure(failures, c.get('network')));

    const { channel, settings } = account;
    const challenge = channel.challenge?.(request, settings);
    if (challenge !== undefined) return toResponse(challenge);
    const brought = read(name, account, request);
    const passive = waitsFor(brought) ? openIfAny(account, began, c.env?.outgoing) : undefined;
    try {
      const isNews = await takeIn(name, account, brought, passive);
      if (brought.nudge !== undefined) nudge?.(name, brought.nudge);
      // What is delivered again while the first call still waits for its answer has none of its own.
      const said = isNews ? await passive?.said() : undefined;
      return toResponse(said ?? channel.respond?.(request, settings) ?? { status: 200 });
    } finally {
      passive?.close();
    }
  });

  return routes;

  /** Resolves when all is on disk. `true`: some of it had not been taken before. */
  async function takeIn(
    name: string,
    account: PlatformAccount,
    { events, told }: Brought,
    passive?: Passive,
  ): Promise<boolean> {
    const door = account.channel.kind;
    for (const { status } of told) metrics.count('parley_reports_total', { door, status });
    await Promise.all(told.map((report) => engine.report(name, report)));
    const accepted = await takeInOrder(events, (inbound) => intake(account, inbound, passive?.reply));
    for (const { duplicate } of accepted)
      metrics.count(duplicate ? 'parley_duplicate_total' : 'parley_accepted_total', { door });
    return accepted.some(({ duplicate }) => !duplicate);
  }
}

/** Of one network: at once, and in the long run. */
const FAILURES = { burst: 30, perMinute: 30 };

/** What verified bytes bring. */
interface Brought {
  readonly events: readonly Inbound[];
  readonly told: readonly Report[];
  readonly nudge: Part | undefined;
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

/** Nothing is looked at before this has passed; whatever it throws, nothing was taken. */
async function verify(
  { channel, settings }: PlatformAccount,
  request: RawRequest,
  now: number,
  failed: () => Refusal | undefined,
): Promise<void> {
  if (channel.verify === undefined) throw unknownAccount();
  try {
    await channel.verify(request, settings, now);
  } catch (error) {
    if (!isTheirs(error)) throw error;
    // Who cannot prove who he is learns neither what is missing nor what would be right.
    throw failed() ?? new Refusal(401, 'channel.unverified', 'The request was not taken.', { cause: error });
  }
}

/**
 * A network that keeps failing is told to wait. What verifies is taken all the same: behind a proxy that `proxies` does not tell of,
 * all the world is one network, and a stranger must not be able to shut the platforms out.
 */
function failure(failures: RateLimit, network: string): Refusal | undefined {
  if (failures.allows(network)) return undefined;
  return new Refusal(429, 'channel.too_many_failures', 'Too many requests that could not be verified.', {
    retryAfter: 60 / FAILURES.perMinute,
  });
}

function read(name: string, { channel, settings }: PlatformAccount, request: RawRequest): Brought {
  try {
    const events = channel.parse?.(request, settings) ?? [];
    return {
      // The account that it was verified by, whatever the channel makes of the address.
      events: events.map((inbound) => ({ ...inbound, account: name })),
      told: channel.reports?.(request, settings) ?? [],
      nudge: channel.nudge?.(request, settings),
    };
  } catch (error) {
    if (!isTheirs(error)) throw error;
    throw new Refusal(400, error.code, 'The request was not taken.', {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error,
    });
  }
}

/** Is something answered by the bot? What the platform tells of her is not. */
function waitsFor({ events }: Brought): boolean {
  return events.some(({ event: { kind } }) => isHers(kind));
}

function isHers(kind: Inbound['event']['kind']): boolean {
  return kind === 'message' || kind === 'choice' || kind === 'form' || kind === 'opened';
}

function openIfAny(
  { channel }: PlatformAccount,
  began: number,
  line: Parameters<typeof openPassive>[1],
): Passive | undefined {
  const { passive } = channel.can;
  return passive && openPassive(Math.max(0, passive.deadline - (performance.now() - began)), line);
}

function toResponse({ status, headers, body }: RawResponse): Response {
  return new Response(typeof body === 'object' ? new Uint8Array(body) : body, { status, ...(headers && { headers }) });
}

/** What a channel says of bytes it does not trust or understand is the sender's fault, not ours. */
function isTheirs(error: unknown): error is ParleyError {
  return error instanceof ParleyError && !error.retryable;
}

function unknownAccount(): Refusal {
  return new Refusal(404, 'channel.unknown', 'No account takes webhooks here.', {
    hint: 'Compare the address with the accounts in parley.yaml.',
  });
}
