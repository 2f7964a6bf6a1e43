import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import { JSON_LIMIT, parseJson, readBytes } from './body.ts';
import { Refusal } from './refusal.ts';
import { isSigned } from './signed.ts';
import { admit } from './wire.ts';

/** Where documents go in and out while the bot runs. */
export interface KnowledgeDoor {
  put(document: {
    readonly set: string | undefined;
    readonly id: string;
    readonly kind: 'markdown' | 'html' | 'text';
    readonly text: string;
    readonly facts: unknown;
  }): Promise<
    | { readonly outcome: 'taken'; readonly set: string; readonly passages: number; readonly changed: boolean }
    | { readonly outcome: 'mistaken'; readonly mistakes: readonly string[] }
    /** No set of this name takes documents, or none was named and not exactly one does. */
    | { readonly outcome: 'no_set' }
  >;
  remove(set: string | undefined, id: string): Promise<'gone' | 'unknown' | 'no_set'>;
}

export interface KnowledgeRoutesParts {
  readonly door: KnowledgeDoor;
  /** Without it the door stays shut. */
  readonly secret: string | undefined;
  readonly clock: () => number;
}

const Facts = {
  title: z.string().max(300).optional(),
  url: z.string().max(2_000).optional(),
  locale: z.string().max(35).optional(),
  version: z.string().max(100).optional(),
  valid_from: z.string().max(40).optional(),
  valid_until: z.string().max(40).optional(),
  audience: z.array(z.string().max(100)).max(20).optional(),
};
const PutRequest = z.union([
  z.strictObject({ ...Facts, markdown: z.string() }),
  z.strictObject({ ...Facts, html: z.string() }),
  z.strictObject({ ...Facts, text: z.string() }),
]);

/**
 * `PUT /knowledge/<id>` and `DELETE /knowledge/<id>` (`?set=<name>` where several sets take documents): the next question is answered
 * from what is there when this has answered. The same document again changes nothing.
 *
 * The caller shows that it has the secret: as `Authorization: Bearer <secret>`, or by an HMAC-SHA256 over
 * `<timestamp>.<method>.<path with query>.<body>` in `X-Parley-Signature: sha256=<hex>` beside `X-Parley-Timestamp: <seconds>`.
 */
export function knowledgeRoutes({ door, secret, clock }: KnowledgeRoutesParts): Hono {
  const routes = new Hono();

  routes.put('/:id{.+}', async (c) => {
    const body = await readBytes(c.req.raw, JSON_LIMIT);
    checkKey(c.req.raw, body);
    const id = idOf(c.req.param('id'));
    const { markdown, html, text, ...facts } = contentOf(admit(PutRequest, parseJson(body)));
    const kind = markdown !== undefined ? 'markdown' : html !== undefined ? 'html' : 'text';
    const end = await door.put({ set: c.req.query('set'), id, kind, text: markdown ?? html ?? text ?? '', facts });
    switch (end.outcome) {
      case 'taken':
        return c.json({ id, set: end.set, passages: end.passages, changed: end.changed });
      case 'mistaken':
        throw new Refusal(422, 'knowledge.invalid', end.mistakes.join(' '), { hint: 'Mend it and send it again.' });
      case 'no_set':
        throw noSet();
    }
  });

  routes.delete('/:id{.+}', async (c) => {
    checkKey(c.req.raw, new Uint8Array());
    const end = await door.remove(c.req.query('set'), idOf(c.req.param('id')));
    if (end === 'no_set') throw noSet();
    return c.json({ removed: end === 'gone' });
  });

  function checkKey(request: Request, body: Uint8Array): void {
    if (secret === undefined) throw unverified();
    const bearer = /^Bearer (\S{1,512})$/.exec(request.headers.get('authorization') ?? '')?.[1];
    if (bearer !== undefined) {
      if (!timingSafeEqual(digest(bearer), digest(secret))) throw unverified();
      return;
    }
    const { pathname, search } = new URL(request.url);
    // Signed with the address, so that what was overheard cannot be put in another document's place.
    const before = `${request.method}.${pathname}${search}.`;
    if (!isSigned(request.headers, body, secret, clock(), before)) throw unverified();
  }

  return routes;
}

type Content = z.infer<typeof PutRequest>;

function contentOf(request: Content): Partial<Record<'markdown' | 'html' | 'text', string>> & Record<string, unknown> {
  return request;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Visible characters, so that it can be told in logs and lists. */
function idOf(id: string): string {
  if (id.length <= 200 && /^[\p{L}\p{N}][\p{L}\p{N}\p{M}_.:~/-]*$/u.test(id) && !/^https?:/i.test(id)) return id;
  throw new Refusal(422, 'knowledge.invalid', 'This is no id of a document.', {
    hint: 'Use letters, digits and _ . : ~ / - (at most 200).',
  });
}

function noSet(): Refusal {
  return new Refusal(404, 'knowledge.no_set', 'No such knowledge set takes documents.', {
    hint: 'Give the set `push: true` under `knowledge:` in parley.yaml; where several have it, name one: ?set=help.',
  });
}

function unverified(): Refusal {
  return new Refusal(
    401,
    'knowledge.unverified',
    'The key or signature is missing, wrong, or older than five minutes.',
    {
      hint: 'Send the secret in PARLEY_KNOWLEDGE_SECRET as a bearer token, or sign with it; see docs/knowledge.md.',
    },
  );
}
