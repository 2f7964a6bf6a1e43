import { Hono } from 'hono';
import type { Chat } from './chat.ts';
import { chatRoutes, type Env } from './chat-routes.ts';
import { healthRoutes } from './health-routes.ts';
import { networkOf } from './network.ts';
import { checkOrigin, corsHeaders, preflight } from './origin.ts';
import { type PageParts, pageRoutes } from './page-routes.ts';
import { Refusal, toRefusal, toResponse } from './refusal.ts';
import { ANSWER_HEADERS } from './security-headers.ts';
import { type SignalParts, signalRoutes } from './signal-routes.ts';
import { type WebhookParts, webhookRoutes } from './webhook-routes.ts';

/** Every address that answers, in the order in which a request meets them. */
export function createApp(chat: Chat, webhooks: WebhookParts, signals: SignalParts, pages: PageParts): Hono<Env> {
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
    if (refusal.status >= 500) chat.log.error('http.failed', { code: refusal.code, error: refusal.cause ?? error });
    chat.metrics.count('parley_refused_total', { code: refusal.code });
    return toResponse(refusal);
  });
  app.notFound(() => toResponse(new Refusal(404, 'server.not_found', 'There is nothing at this address.')));

  app.route('/', healthRoutes(chat.engine, chat.metrics, chat.connections));
  app.route('/', pageRoutes(pages));
  app.route('/channels', webhookRoutes(webhooks));
  app.route('/events', signalRoutes(signals));

  app.use('/chat/*', async (c, next) => {
    checkOrigin(c.req.raw.headers, c.req.header('host') ?? null, chat.settings.origins);
    const origin = c.req.header('origin');
    if (origin !== undefined) {
      c.set('page', origin);
      if (c.req.method === 'OPTIONS') return preflight(origin);
    }
    guard(c.req.query('token'));
    const network = c.env?.incoming === undefined ? 'local' : networkOf(c.env.incoming, chat.settings.proxies);
    chat.limits.network.take(network);
    c.set('network', network);
    return next();
  });
  app.route('/chat', chatRoutes(chat));

  return app;
}

/** Addresses end up in logs, histories and referrers; a token must not. */
export function guard(token: string | undefined): void {
  if (token === undefined) return;
  throw new Refusal(400, 'chat.token_in_url', 'A token does not belong in an address.', {
    hint: 'Send it as Authorization: Bearer … (or in the first frame of a socket), and treat this one as known to others.',
  });
}
