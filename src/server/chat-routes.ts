import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { readJson } from './body.ts';
import type { Chat, Visit } from './chat.ts';
import { eventStream } from './event-stream.ts';
import { fileRoutes } from './file-routes.ts';
import { poll, WAIT_LIMIT } from './poll.ts';
import { Refusal } from './refusal.ts';
import { bearerOf, unknownToken } from './token.ts';
import { admit, SessionRequest, toWire } from './wire.ts';

export type Env = {
  /** The connection; absent where a request came without a network. */
  Bindings: Partial<HttpBindings>;
  Variables: {
    /** Where the request comes from, for its limits. */
    network: string;
    /** The origin of an allowed page, which may read the answer. */
    page?: string;
  };
};

/** The chat's protocol over HTTP, as written down in `channels/web/README.md`. Sockets are in `socket.ts`. */
export function chatRoutes(chat: Chat): Hono<Env> {
  const routes = new Hono<Env>();

  routes.post('/session', async (c) => {
    const token = bearerOf(c.req.raw.headers);
    const request = admit(SessionRequest, await readJson(c.req.raw));
    if (token !== undefined && request.identity !== undefined) return answer(await chat.raise(token, request.identity));
    if (token !== undefined) return answer({ token, ...(await chat.visit(token)), fresh: false });
    chat.limits.sessions.take(c.get('network'));
    return answer(await chat.open(request));

    function answer(session: { token: string; conversation: string; fresh: boolean }): Response {
      return c.json({ token: session.token, conversation: session.conversation }, session.fresh ? 201 : 200);
    }
  });

  routes.post('/messages', async (c) => {
    const visitor = await visitorOf(c.req.raw.headers);
    const { id, seq, duplicate } = await chat.send(visitor, await readJson(c.req.raw));
    return c.json({ id, seq }, duplicate ? 200 : 202);
  });

  routes.get('/messages', async (c) => {
    const visitor = await visitorOf(c.req.raw.headers);
    const after = wholeNumber('after', c.req.query('after'), Number.MAX_SAFE_INTEGER);
    const wait = wholeNumber('wait', c.req.query('wait'), WAIT_LIMIT);
    const entries = await poll(chat, visitor, after, wait, c.req.raw.signal);
    return c.json({ messages: entries.map(toWire), last: entries.at(-1)?.seq ?? after });
  });

  routes.get('/events', async (c) => {
    const visitor = await visitorOf(c.req.raw.headers);
    const after = c.req.query('after') ?? c.req.header('last-event-id');
    const from = wholeNumber('after', after, Number.MAX_SAFE_INTEGER);
    return eventStream(chat, visitor, from, () => c.env?.outgoing?.destroy());
  });

  routes.route('/files', fileRoutes(chat));
  return routes;

  async function visitorOf(headers: Headers): Promise<Visit> {
    const token = bearerOf(headers);
    if (token === undefined) throw unknownToken();
    return chat.visit(token);
  }
}

function wholeNumber(name: string, text: string | undefined, most: number): number {
  if (text === undefined) return 0;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw new Refusal(422, 'chat.invalid', `${name} must be a whole number from 0 to ${most}.`, {
    hint: 'See the protocol in channels/web/README.md.',
  });
}
