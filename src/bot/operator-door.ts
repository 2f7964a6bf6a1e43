import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { ParleyError } from '../errors.ts';
import type { Owners } from '../handoff/review/owners.ts';
import type { Log } from '../log.ts';
import type { AuditRow } from '../store/audit.ts';
import type { ReviewRow } from '../store/review.ts';
import type { Records } from './records.ts';
import { OPERATOR } from './review.ts';
import type { Hands, Stuck } from './stuck.ts';

/**
 * How the command line reaches a deployment that runs: HTTP over a socket in its data folder. Whoever may write into that folder may
 * do anything to the database anyway, so the folder's own permissions are the key, and nothing is open to the network.
 *
 * `GET /stuck` → what is stuck; `POST /again/<id>` → `{done}`; `GET /audit?after=&limit=` → rows of the audit log;
 * `GET /reviews?after=&limit=` → rows of reviews; `POST /reviews/<act>/<what>?by=` → `{}`, or `{code, message, hint}`;
 * `GET /transcript?conversation=&format=&masked=` → `{text}`; `POST /desk/<agent>` → `{code}`, by which she signs in once.
 */
const SOCKET = 'operator.sock';

/** Opens the door; the result shuts it. A folder where no socket can be made is logged, and the deployment runs without the door. */
export function openOperatorDoor(
  data: string,
  hands: Hands & Records & Partial<Invites & Deciding>,
  log: Log,
): () => Promise<void> {
  const path = join(data, SOCKET);
  // Left by a process that was killed; nobody else has this folder's database open.
  rmSync(path, { force: true });
  const server = createServer((incoming, outgoing) => {
    answer(hands, incoming, outgoing).catch((error: unknown) => {
      log.error('operator.failed', { error });
      outgoing.writeHead(500).end('{}');
    });
  });
  server.on('error', (error) => log.warn('operator.no_door', { error }));
  server.listen(path);
  server.unref();
  return () =>
    new Promise((done) => {
      server.closeAllConnections();
      server.close(() => done());
    });
}

/** What an operator decides about what has come of the reviews. */
export type ReviewAct = 'approve' | 'decline' | 'promote' | 'demote';

interface Deciding {
  /** Absent: nothing is reviewed. */
  readonly owners: Pick<Owners, ReviewAct>;
}

/** Lets agents in at the desk. */
interface Invites {
  /** @throws ParleyError `desk.unknown_agent` */
  invite(agent: string): string;
}

async function answer(
  hands: Hands & Records & Partial<Invites & Deciding>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { method, url = '' } = incoming;
  if (method === 'GET' && url === '/stuck') return void outgoing.end(JSON.stringify(await hands.stuck()));
  if (method === 'POST' && url.startsWith('/again/')) {
    const done = await hands.again(url.slice('/again/'.length));
    return void outgoing.end(JSON.stringify({ done }));
  }
  if (method === 'POST' && url.startsWith('/desk/') && hands.invite !== undefined)
    return void outgoing.end(JSON.stringify(invited(hands.invite, decodeURIComponent(url.slice('/desk/'.length)))));
  const { pathname, searchParams: asked } = new URL(url, 'http://operator');
  if (method === 'GET' && pathname === '/audit')
    return void outgoing.end(JSON.stringify(await hands.audit(Number(asked.get('after')), Number(asked.get('limit')))));
  if (method === 'GET' && pathname === '/reviews')
    return void outgoing.end(
      JSON.stringify(await hands.reviews(Number(asked.get('after')), Number(asked.get('limit')))),
    );
  const [, act, what] = /^\/reviews\/(approve|decline|promote|demote)\/([^/]+)$/.exec(pathname) ?? [];
  if (method === 'POST' && act !== undefined && what !== undefined && hands.owners !== undefined) {
    const by = asked.get('by') ?? OPERATOR;
    return void outgoing.end(
      JSON.stringify(await decided(hands.owners, act as ReviewAct, decodeURIComponent(what), by)),
    );
  }
  if (method === 'GET' && pathname === '/transcript') {
    const format = asked.get('format') === 'json' ? 'json' : 'text';
    const masked = asked.get('masked') !== 'false';
    const text = await hands.transcript(asked.get('conversation') ?? '', { format, masked });
    return void outgoing.end(JSON.stringify(text === undefined ? {} : { text }));
  }
  outgoing.writeHead(404).end('{}');
}

interface Refused {
  readonly code?: string;
  readonly message?: string;
  readonly hint?: string;
}

async function decided(owners: Pick<Owners, ReviewAct>, act: ReviewAct, what: string, by: string): Promise<Refused> {
  try {
    await owners[act](what, by);
    return {};
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    const { code, message, hint } = error;
    return hint === undefined ? { code, message } : { code, message, hint };
  }
}

/**
 * Decides about a running deployment's reviews.
 * @param by an owner; absent: the operator
 * @throws ParleyError what {@link Owners} throws; `operator.unreachable`: nothing runs there, or nothing is reviewed
 */
export async function decideThroughOperatorDoor(
  data: string,
  act: ReviewAct,
  what: string,
  by?: string,
): Promise<void> {
  const asked = by === undefined ? '' : `?by=${encodeURIComponent(by)}`;
  const path = `/reviews/${act}/${encodeURIComponent(what)}${asked}`;
  const { code, message = '', hint } = await askDoor<Refused>(join(data, SOCKET), 'POST', path);
  if (code !== undefined) throw new ParleyError(code, message, hint === undefined ? {} : { hint });
}

function invited(invite: Invites['invite'], agent: string): { readonly code?: string; readonly hint?: string } {
  try {
    return { code: invite(agent) };
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    return error.hint === undefined ? {} : { hint: error.hint };
  }
}

/**
 * A code by which an agent signs in at the desk of a running deployment.
 * @throws ParleyError `desk.unknown_agent`; `operator.unreachable`: nothing runs there, or it has no desk
 */
export async function inviteThroughOperatorDoor(data: string, agent: string): Promise<string> {
  const path = `/desk/${encodeURIComponent(agent)}`;
  const { code, hint } = await askDoor<{ code?: string; hint?: string }>(join(data, SOCKET), 'POST', path);
  if (code !== undefined) return code;
  throw new ParleyError(
    'desk.unknown_agent',
    `Nobody called ${agent} works at this desk.`,
    hint === undefined ? {} : { hint },
  );
}

/** The hands on a deployment that runs elsewhere and has its data in this folder. */
export function throughOperatorDoor(data: string): Hands & Records {
  const ask = <T>(method: string, path: string) => askDoor<T>(join(data, SOCKET), method, path);
  return {
    stuck: () => ask<readonly Stuck[]>('GET', '/stuck'),
    audit: (after, limit) => ask<readonly AuditRow[]>('GET', `/audit?after=${after}&limit=${limit}`),
    reviews: (after, limit) => ask<readonly ReviewRow[]>('GET', `/reviews?after=${after}&limit=${limit}`),
    async transcript(conversation, { format, masked }) {
      const asked = new URLSearchParams({ conversation, format, masked: String(masked) });
      return (await ask<{ text?: string }>('GET', `/transcript?${asked}`)).text;
    },
    again: async (id) => (await ask<{ done: boolean }>('POST', `/again/${id}`)).done,
  };
}

function askDoor<T>(socketPath: string, method: string, path: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, method, path }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        if (response.statusCode === 200) return resolve(JSON.parse(Buffer.concat(chunks).toString()) as T);
        reject(unreachable(`it answered ${response.statusCode}`));
      });
    });
    asking.on('error', (error) => reject(unreachable('nobody answers', error)));
    asking.end();
  });
}

function unreachable(why: string, cause?: unknown): ParleyError {
  return new ParleyError('operator.unreachable', `The deployment runs, but cannot be asked: ${why}.`, {
    hint: 'Stop it and ask again, or look into its log for operator.no_door.',
    cause,
  });
}
