import { Hono } from 'hono';
import { z } from 'zod';
import type { Engine } from '../engine/engine.ts';
import type { Event } from '../event.ts';
import type { JsonObject } from '../type.ts';
import { JSON_LIMIT, parseJson, readBytes } from './body.ts';
import type { Metrics } from './metrics.ts';
import { Refusal } from './refusal.ts';
import { isSigned } from './signed.ts';
import { admit } from './wire.ts';

export interface SignalParts {
  readonly engine: Engine;
  /** Where a customer is told something; `mayTell` is false where there is no address at which she may be. */
  readonly wayTo: (
    customer: string,
    key: string,
  ) => Promise<{ readonly account: string; readonly address: string; readonly mayTell: boolean } | undefined>;
  /** Shared with the business's systems; without it the door stays shut. */
  readonly secret: string | undefined;
  readonly metrics: Metrics;
  readonly clock: () => number;
}

const SignalRequest = z.strictObject({
  /** Repeats when, and only when, the business sends the same event again. */
  id: z.string().min(1).max(128),
  data: z.record(z.string(), z.json()).default({}),
  /** One conversation only, or wherever a customer is best told; absent: every conversation that waits. */
  to: z
    .union([
      z.strictObject({ account: z.string().min(1).max(64), address: z.string().min(1).max(256) }),
      z.strictObject({ customer: z.string().min(1).max(256) }),
    ])
    .optional(),
});

interface Place {
  readonly account: string;
  readonly address: string;
}

type Whom = NonNullable<z.infer<typeof SignalRequest>['to']>;

/**
 * `POST /events/<name>`: something happened in the business's world (a parcel arrived, a refund went through), and conversations
 * may be waiting for it. Signed with HMAC-SHA256 over `<timestamp>.<body>`, as `X-Parley-Signature: sha256=<hex>` beside
 * `X-Parley-Timestamp: <seconds since the epoch>`.
 */
export function signalRoutes({ engine, wayTo, secret, metrics, clock }: SignalParts): Hono {
  const routes = new Hono();

  routes.post('/:name', async (c) => {
    const body = await readBytes(c.req.raw, JSON_LIMIT);
    checkSignature(c.req.raw.headers, body);
    const name = c.req.param('name');
    if (!/^[A-Za-z][\w.-]{0,63}$/.test(name))
      throw new Refusal(422, 'signal.invalid', 'This is no name of a signal.', { hint: 'Use letters, digits, _ . -' });
    const { id, data, to } = admit(SignalRequest, parseJson(body));
    const woken = await wakeAll(to, name, data, `signal:${name}:${id}`);
    metrics.count('parley_signals_total', {}, woken);
    return c.json({ woken }, 202);
  });

  async function wakeAll(to: Whom | undefined, name: string, data: JsonObject, key: string): Promise<number> {
    if (to === undefined) return engine.signal(name, data, key);
    const event: Event = { kind: 'signal', name, data };
    if (!('customer' in to)) {
      const known = await engine.find(to.account, to.address);
      return known === undefined ? 0 : wake(to, key, event);
    }
    const way = await wayTo(to.customer, key);
    if (way === undefined) return 0;
    // A human finds it among the tasks.
    return wake(way, key, way.mayTell ? event : { kind: 'unreachable', signal: name, data });
  }

  async function wake({ account, address }: Place, key: string, event: Event): Promise<number> {
    // One event can be meant for several conversations, one after the other.
    await engine.accept({ account, address, key, event });
    return 1;
  }

  function checkSignature(headers: Headers, body: Uint8Array): void {
    if (secret === undefined || !isSigned(headers, body, secret, clock())) throw unverified();
  }

  return routes;
}

function unverified(): Refusal {
  return new Refusal(401, 'signal.unverified', 'The signature is missing, wrong, or older than five minutes.', {
    hint: 'Sign `<timestamp>.<body>` with the secret in PARLEY_EVENTS_SECRET; see channels/web/README.md.',
  });
}
