import { type Context, Hono } from 'hono';
import { JSON_LIMIT, parseJson, readBytes } from '../body.ts';
import type { Env } from '../chat-routes.ts';
import { checkOrigin, corsHeaders } from '../origin.ts';
import { toRefusal } from '../refusal.ts';
import { type Caller, callerOf } from './caller.ts';
import type { Directline, Visit } from './directline.ts';
import { readActivity } from './heard.ts';
import { noAccount, toErrorResponse, tokenInUrl } from './refusals.ts';
import type { Lines } from './stream.ts';
import { readUpload } from './upload.ts';

/** Where an account's clients point their `domain`, below `/channels/`. */
export const DIRECTLINE_PATH = '/channels/:account/v3/directline';

type DirectlineEnv = Env & { Variables: { line: Directline; caller: Caller } };

/** Direct Line 3.0 over HTTP, as far as channels/directline/README.md says. Its streams are in `stream.ts`. */
export function directlineRoutes(lines: Lines, publicUrl: string | undefined): Hono<DirectlineEnv> {
  const routes = new Hono<DirectlineEnv>();

  routes.onError((error, c) => {
    const refusal = toRefusal(error);
    const { log, metrics } = lineOf(c.req.param('account')).house;
    if (refusal.status >= 500) log.error('http.failed', { code: refusal.code, error: refusal.cause ?? error });
    metrics.count('parley_refused_total', { code: refusal.code });
    return toErrorResponse(refusal);
  });

  routes.use('*', async (c, next) => {
    const account = c.req.param('account');
    if (account === undefined || !lines.has(account)) return toErrorResponse(noAccount());
    const line = lineOf(account);
    c.set('line', line);
    checkOrigin(c.req.raw.headers, c.req.header('host') ?? null, line.account.settings.origins);
    const page = c.req.header('origin');
    if (page !== undefined) {
      c.set('page', page);
      if (c.req.method === 'OPTIONS') return preflight(page);
    }
    if ((c.req.query('token') ?? c.req.query('t')) !== undefined) throw tokenInUrl();
    const { limits } = line;
    const network = c.get('network');
    const caller = await callerOf(c.req.raw.headers, line.tokens).catch((error: unknown) => {
      limits.network.take(network);
      throw error;
    });
    // All customers of a business's own server come from one place.
    if (caller.kind === 'client') limits.network.take(network);
    c.set('caller', caller);
    return next();
  });

  routes.post('/tokens/generate', async (c) => c.json(await c.get('line').generate(c.get('caller'), await bodyOf(c))));

  routes.post('/tokens/refresh', async (c) => c.json(await c.get('line').refresh(c.get('caller'))));

  routes.post('/conversations', async (c) => {
    const { fresh, ...opened } = await c.get('line').start(c.get('caller'), await bodyOf(c), visitOf(c));
    return c.json(opened, fresh ? 201 : 200);
  });

  routes.get('/conversations/:id', async (c) =>
    c.json(await c.get('line').reconnect(c.get('caller'), c.req.param('id'), c.req.query('watermark'), visitOf(c))),
  );

  routes.get('/conversations/:id/activities', async (c) =>
    c.json(await c.get('line').activities(c.get('caller'), c.req.param('id'), c.req.query('watermark'), visitOf(c))),
  );

  routes.post('/conversations/:id/activities', async (c) => {
    const activity = readActivity(await bodyOf(c));
    return c.json(await c.get('line').post(c.get('caller'), c.req.param('id'), activity, []));
  });

  routes.post('/conversations/:id/upload', async (c) => {
    const line = c.get('line');
    const { activity, files } = await readUpload(c.req.raw, c.req.query('userId'), line.account.files.size);
    return c.json(await line.post(c.get('caller'), c.req.param('id'), activity, files));
  });

  return routes;

  function lineOf(account: string | undefined): Directline {
    const line = lines.get(account ?? '');
    if (line === undefined) throw noAccount();
    return line;
  }

  function visitOf(c: Context<DirectlineEnv>): Visit {
    return { base: publicUrl ?? new URL(c.req.url).origin, network: c.get('network') };
  }
}

/** Several calls may come without a body, and then without a type. A token goes with each, so no page can have it sent unasked. */
async function bodyOf(c: Context<DirectlineEnv>): Promise<unknown> {
  const bytes = await readBytes(c.req.raw, JSON_LIMIT);
  return bytes.byteLength === 0 ? {} : parseJson(bytes);
}

function preflight(page: string): Response {
  return new Response(null, {
    status: 204,
    headers: {
      ...corsHeaders(page),
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers':
        'Authorization, Content-Type, Content-Disposition, x-ms-bot-agent, x-requested-with',
      'access-control-max-age': '600',
    },
  });
}
