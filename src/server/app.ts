import { Hono } from 'hono';
import type { Engine } from '../engine/engine.ts';
import type { Log } from '../log.ts';
import type { Chat } from './chat.ts';
import { chatRoutes, type Env } from './chat-routes.ts';
import type { Connections } from './connections.ts';
import { type CalledDesks, deskRoutes } from './desk-routes.ts';
import { DIRECTLINE_PATH, directlineRoutes } from './directline/routes.ts';
import type { Lines } from './directline/stream.ts';
import { servedFiles } from './file-routes.ts';
import type { FileStore } from './file-store.ts';
import { healthRoutes } from './health-routes.ts';
import { type KnowledgeRoutesParts, knowledgeRoutes } from './knowledge-routes.ts';
import type { Metrics } from './metrics.ts';
import { networkOf } from './network.ts';
import { checkOrigin, corsHeaders, preflight } from './origin.ts';
import { type PageParts, pageRoutes } from './page-routes.ts';
import { Refusal, toRefusal, toResponse } from './refusal.ts';
import { ANSWER_HEADERS } from './security-headers.ts';
import { type SignalParts, signalRoutes } from './signal-routes.ts';
import { type WebhookParts, webhookRoutes } from './webhook-routes.ts';

export interface AppParts {
  readonly engine: Engine;
  readonly files: FileStore;
  readonly connections: Connections;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Reverse proxies in front of this server. */
  readonly proxies: number;
  /** Absent: nobody writes from a website. */
  readonly chat: Chat | undefined;
  /** Accounts whose clients speak Direct Line. */
  readonly lines: Lines;
  readonly webhooks: WebhookParts;
  readonly signals: SignalParts;
  /** Absent: nothing is taken while the bot runs. */
  readonly knowledge: KnowledgeRoutesParts | undefined;
  readonly calledDesks: CalledDesks;
  readonly pages: PageParts;
}

/** Every address that answers, in the order in which a request meets them. */
export function createApp(parts: AppParts): Hono<Env> {
  const { engine, files, connections, metrics, log, proxies, chat, lines, webhooks, signals, knowledge, pages } = parts;
  const app = new Hono<Env>();

  // Last of all, so that refusals carry them too: a page must be able to read why it was refused.
  app.use(async (c, next) => {
    await next();
    const page = c.get('page');
    const headers = page === undefined ? ANSWER_HEADERS : { ...ANSWER_HEADERS, ...corsHeaders(page) };
    for (const [name, value] of Object.entries(headers)) if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  });
  app.onError((error) => {
    const refusal = toRefusal(error);
    if (refusal.status >= 500) log.error('http.failed', { code: refusal.code, error: refusal.cause ?? error });
    metrics.count('parley_refused_total', { code: refusal.code });
    return toResponse(refusal);
  });
  app.notFound(() => toResponse(new Refusal(404, 'server.not_found', 'There is nothing at this address.')));

  app.use(async (c, next) => {
    c.set('network', c.env?.incoming === undefined ? 'local' : networkOf(c.env.incoming, proxies));
    return next();
  });
  app.route('/', healthRoutes(engine, metrics, connections));
  app.route('/', pageRoutes(pages));
  app.route(DIRECTLINE_PATH, directlineRoutes(lines, webhooks.publicUrl));
  app.route('/channels', webhookRoutes(webhooks));
  app.route('/desks', deskRoutes(parts.calledDesks));
  app.route('/events', signalRoutes(signals));
  if (knowledge !== undefined) app.route('/knowledge', knowledgeRoutes(knowledge));
  if (chat !== undefined) mountChat(app, chat);
  // What customers sent from other apps is there to be looked at, with a chat or without.
  else app.route('/chat/files', servedFiles(files));
  return app;
}

function mountChat(app: Hono<Env>, chat: Chat): void {
  app.use('/chat/*', async (c, next) => {
    checkOrigin(c.req.raw.headers, c.req.header('host') ?? null, chat.settings.origins);
    const origin = c.req.header('origin');
    if (origin !== undefined) {
      c.set('page', origin);
      if (c.req.method === 'OPTIONS') return preflight(origin);
    }
    guard(c.req.query('token'));
    chat.limits.network.take(c.get('network'));
    return next();
  });
  app.route('/chat', chatRoutes(chat));
}

/** Addresses end up in logs, histories and referrers; a token must not. */
export function guard(token: string | undefined): void {
  if (token === undefined) return;
  throw new Refusal(400, 'chat.token_in_url', 'A token does not belong in an address.', {
    hint: 'Send it as Authorization: Bearer … (or in the first frame of a socket), and treat this one as known to others.',
  });
}
