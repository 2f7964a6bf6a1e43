import { createHmac, timingSafeEqual } from 'node:crypto';
import type { App, Receiver } from '@slack/bolt';
import { ParleyError } from '../../errors.ts';
import { clientOptions, SILENT } from './api.ts';
import type { Inside } from './inside.ts';
import { listen } from './listening.ts';
import { openSockets, type Sockets } from './sockets.ts';

/** Where Slack comes in: it calls, or we hold a socket open. */
export interface Door {
  open(): void;
  /** @returns 401 for what Slack has not signed; 500 for what could not be taken, so that Slack comes again */
  fetch(request: Request): Promise<Response>;
  close(): Promise<void>;
}

/** What Slack sends, by whichever way. */
export interface Delivery {
  readonly body: Readonly<Record<string, unknown>>;
  readonly retry?: number;
}

/** What it is answered with: nothing, words for whoever typed a command, or what is wrong with a form. */
export type Answered = string | Readonly<Record<string, unknown>> | undefined;

/**
 * Bolt, with a receiver of our own: Slack is answered when all that came of it is on disk, so that a crash before makes it come again; and
 * it comes through the server's own port.
 */
export function openDoor(inside: Inside): Door {
  const { settings, now, log } = inside;
  let app: Promise<App> | undefined;
  let sockets: Sockets | undefined;

  async function take({ body, retry }: Delivery): Promise<Answered> {
    app ??= openApp(inside);
    let answered: Answered;
    // Slack waits three seconds for whoever pressed a button. What takes longer goes on, and shows what came of it.
    const done = (await app).processEvent({
      body: { ...body },
      ...(retry === undefined ? {} : { retryNum: retry }),
      ack: async (answer) => {
        if (answered === undefined && answer !== undefined && answer !== '') answered = answer as Answered;
      },
    });
    if (body.type === 'event_callback') await done;
    else await Promise.race([done, patience(done, log)]);
    return answered;
  }

  return {
    open() {
      if (settings.door.receive === 'socket')
        sockets = openSockets(settings.door.appToken, settings.apiRoot, take, log);
    },
    async fetch(request) {
      if (settings.door.receive !== 'webhook') return new Response(null, { status: 404 });
      const text = await request.text();
      if (!isSlack(text, request.headers, settings.door.signingSecret, now()))
        return new Response(null, { status: 401 });
      const body = bodyOf(text, request.headers.get('content-type') ?? '');
      if (body === undefined) return new Response(null, { status: 400 });
      if (body.type === 'url_verification') return new Response(String(body.challenge), { status: 200 });
      if (body.ssl_check !== undefined) return new Response(null, { status: 200 });
      const retry = Number(request.headers.get('x-slack-retry-num') ?? 0);
      try {
        return answerOf(await take({ body, retry }));
      } catch (error) {
        log.error('desk.slack_event_failed', { error });
        return new Response(null, { status: 500 });
      }
    },
    async close() {
      await sockets?.close();
    },
  };
}

async function openApp(inside: Inside): Promise<App> {
  const { App } = await import('@slack/bolt');
  const { settings, log } = inside;
  const app = new App({
    receiver: NOTHING,
    // Who may act is asked of `agents:`; whose workspace it is, the signature or the socket has proved.
    authorize: async () => ({ botToken: settings.botToken }),
    ignoreSelf: false,
    tokenVerificationEnabled: false,
    logger: SILENT,
    clientOptions: clientOptions(settings.apiRoot),
  });
  listen(app, inside);
  app.error(async (error) => {
    log.error('desk.slack_event_failed', { error: error.original ?? error });
    throw error;
  });
  return app;
}

/** What comes is handed to Bolt by {@link Door.fetch} and the sockets. */
const NOTHING: Receiver = { init: () => undefined, start: async () => undefined, stop: async () => undefined };

function patience(done: Promise<void>, log: Inside['log']): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, PATIENCE);
  const end = () => clearTimeout(timer);
  // Whoever races with it hears of it in time; later only the log does.
  done.then(end, (error: unknown) => {
    end();
    log.warn('desk.slack_late', { error });
  });
  return promise;
}

/** Milliseconds of the three seconds that Slack waits. */
const PATIENCE = 2_500;
/** Seconds that a clock may be off, in both directions: a request from the future may be kept for later as well. */
const TOLERANCE = 300;

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function isSlack(body: string, headers: Headers, secret: string, now = Date.now()): boolean {
  const timestamp = headers.get('x-slack-request-timestamp') ?? '';
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE) return false;
  const right = Buffer.from(`v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`);
  const given = Buffer.from(headers.get('x-slack-signature') ?? '');
  return given.length === right.length && timingSafeEqual(given, right);
}

/** JSON, a form with a `payload`, or the form of a command. */
function bodyOf(text: string, type: string): Readonly<Record<string, unknown>> | undefined {
  try {
    if (type.startsWith('application/json')) return objectIn(text);
    const form = new URLSearchParams(text);
    const payload = form.get('payload');
    return payload === null ? Object.fromEntries(form) : objectIn(payload);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null) return { ...value };
  throw new ParleyError('desk.slack_unreadable', 'Slack sent something that is no object.');
}

function answerOf(answered: Answered): Response {
  if (answered === undefined) return new Response(null, { status: 200 });
  if (typeof answered === 'string') return new Response(answered, { status: 200 });
  return Response.json(answered);
}
