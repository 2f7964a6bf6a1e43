import { timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Shop } from './counter.ts';
import { type Endpoint, pathNames } from './endpoint.ts';
import type { Faults } from './faults.ts';
import { type Answer, once } from './once.ts';
import { problemOf, Refusal } from './refusal.ts';

const BODY_LIMIT = 256 * 1024;

export interface Door {
  readonly shop: Shop;
  readonly endpoints: readonly Endpoint[];
  readonly faults: Faults;
  readonly apiKey: string;
}

type Env = { Bindings: HttpBindings };

/** The HTTP door: who may ask, is the question well-formed, then the endpoint, its answer as JSON or problem+json. */
export function openDoor(door: Door): Hono<Env> {
  const app = new Hono<Env>();
  app.use(
    bodyLimit({
      maxSize: BODY_LIMIT,
      onError: () => refuse(new Refusal(413, 'too_large', 'The body is larger than 256 KiB.')),
    }),
  );
  for (const endpoint of door.endpoints)
    app.on(endpoint.method, endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1'), (c) => serve(door, endpoint, c));
  app.notFound(() => refuse(new Refusal(404, 'no_such_route', 'There is nothing at this address; see /openapi.json.')));
  app.onError((error) => {
    if (error instanceof Refusal) return refuse(error);
    console.error(error);
    return refuse(new Refusal(500, 'failed', 'The shop failed; nothing was changed.'));
  });
  return app;
}

async function serve(door: Door, endpoint: Endpoint, c: Context<Env>): Promise<Response> {
  admit(door, endpoint, c);
  const fault = endpoint.audience === 'api' ? door.faults.next(c.req.method, c.req.path) : undefined;
  if (fault?.latency_ms !== undefined) await sleep(fault.latency_ms);
  if (fault?.status !== undefined) throw new Refusal(fault.status, 'fault', 'This trouble was asked for.');
  const input = await readInput(endpoint, c);
  const { status, body } = answerTo(door.shop, endpoint, input, c.req.header('idempotency-key'));
  if (fault?.drop_after_success) c.env.incoming.socket.destroy();
  return json(body, status);
}

function admit({ apiKey }: Door, endpoint: Endpoint, c: Context<Env>): void {
  if (endpoint.audience === 'demo') {
    refuseStrangers(c);
    return;
  }
  const [given, expected] = [Buffer.from(c.req.header('authorization') ?? ''), Buffer.from(`Bearer ${apiKey}`)];
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new Refusal(401, 'unauthorized', "Send the shop's API key as Authorization: Bearer.");
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** Mailboxes and fault switches are for this machine alone; the host is looked at because a foreign page may rebind its own name to 127.0.0.1. */
export function refuseStrangers(c: Context<Env>): void {
  if (!LOOPBACK.test(c.env.incoming.socket.remoteAddress ?? '') || !LOCAL_HOST.test(c.req.header('host') ?? ''))
    throw new Refusal(403, 'local_only', 'This part of the demo is served to the machine it runs on only.');
}

async function readInput(endpoint: Endpoint, c: Context<Env>): Promise<unknown> {
  const rest = endpoint.method === 'POST' ? await readBody(c) : c.req.query();
  const named = Object.fromEntries(pathNames(endpoint.path).map((name) => [name, c.req.param(name)]));
  const read = endpoint.takes.safeParse({ ...rest, ...named });
  if (read.success) return read.data;
  const complaints = read.error.issues.map(({ path, message }) => `${path.join('.') || 'request'}: ${message}`);
  throw new Refusal(400, 'invalid_request', complaints.join('; '));
}

async function readBody(c: Context<Env>): Promise<object> {
  const text = await c.req.text();
  if (text === '') return {};
  if (!/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? ''))
    throw new Refusal(415, 'not_json', 'Send Content-Type: application/json.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(400, 'malformed_json', 'The body is not well-formed JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refusal(400, 'invalid_request', 'The body must be a JSON object.');
  return value;
}

function answerTo(shop: Shop, endpoint: Endpoint, input: unknown, key: string | undefined): Answer {
  if (!endpoint.write) return { status: 200, body: endpoint.handle(shop, input) };
  return once(shop, key, JSON.stringify([endpoint.method, endpoint.path, input]), () => endpoint.handle(shop, input));
}

function refuse(refusal: Refusal): Response {
  return json(problemOf(refusal), refusal.status);
}

function json(body: unknown, status: number): Response {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': type, 'cache-control': 'no-store' } });
}
