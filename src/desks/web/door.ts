import { codeOf, ParleyError } from '../../errors.ts';
import type { Translation } from '../../handoff/desk.ts';
import { readWanted } from './acts.ts';
import { fileOf, JSON_LIMIT, jsonOf } from './body.ts';
import type { PageFiles } from './page-files.ts';
import type { Door, Outcome, Thread, Wanted } from './protocol.ts';
import { SESSION } from './session.ts';

/** What the door opens to. `agent` is always whose session it is. */
export interface Inside {
  readonly page: () => Promise<PageFiles>;
  readonly agentOf: (token: string | undefined) => Promise<string | undefined>;
  readonly door: (agent: string | undefined, isLocal: boolean) => Door;
  /** @returns the new session's token */
  readonly letIn: (proof: Proof, isLocal: boolean) => Promise<string>;
  readonly letOut: (token: string, agent: string) => Promise<void>;
  readonly look: (agent: string, last: string | null) => Promise<Response | undefined>;
  readonly thread: (agent: string, conversation: string, posts: number) => Promise<Thread | undefined>;
  readonly act: (agent: string, wanted: Wanted) => Promise<Outcome>;
  readonly presence: (agent: string, presence: string) => Promise<void>;
  readonly keep: (agent: string, conversation: string, file: { name: string; bytes: Uint8Array }) => Promise<unknown>;
  readonly replies: (agent: string, conversation: string) => Promise<readonly unknown[]>;
  readonly reveal: (agent: string, conversation: string, what: string) => Promise<unknown>;
  readonly translate: (agent: string, conversation: string, text: string) => Promise<Translation | undefined>;
  readonly proposals: (agent: string) => Promise<readonly unknown[]>;
  readonly decide: (agent: string, proposal: string, isRight: boolean) => Promise<void>;
  /** Bytes of a file. */
  readonly fileLimit: number;
}

export interface Proof {
  readonly code?: string;
  readonly demo?: string;
}

export const PATH = '/console/desk';
const COOKIE = 'parley_desk';
/** Names of this machine. Any other, even one that leads here, is a page of somebody else's that had its name resolved anew. */
const LOCAL = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
/** Lines of a conversation at a time. */
const POSTS = { first: 80, most: 2_000 };

/**
 * The desk's addresses. The page itself is no secret; everything else is answered to a session only, and changed only by our own page:
 * its cookie is `HttpOnly` and `SameSite=Strict`, a change names its `Origin` and is JSON, which no other site's page can send.
 */
export function openDoor(inside: Inside): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      return await answer(inside, request);
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      return refuse(statusOf(error), codeOf(error), error.message, error.hint);
    }
  };
}

async function answer(inside: Inside, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const [name = '', id = ''] = url.pathname.slice(PATH.length).replace(/^\//, '').split('/');
  const isLocal = LOCAL.test(url.hostname);
  const file = request.method === 'GET' ? await pageOf(inside, name) : undefined;
  if (file !== undefined) return file;
  if (request.method !== 'GET') checkPage(request);
  const token = tokenIn(request);
  const agent = await inside.agentOf(token);
  const asked = `${request.method} ${name}`;
  if (asked === 'GET session') return json(inside.door(agent, isLocal));
  if (asked === 'POST session') return letIn(inside, request, isLocal);
  if (agent === undefined || token === undefined)
    return refuse(401, 'desk.signed_out', 'You are not signed in.', 'Sign in again.');
  switch (asked) {
    case 'DELETE session':
      await inside.letOut(token, agent);
      return new Response(null, { status: 204, headers: { 'set-cookie': cookie(request, '', 0) } });
    case 'GET events':
      return (
        (await inside.look(agent, request.headers.get('last-event-id'))) ??
        refuse(503, 'desk.full', 'Too many pages look on.', 'Close one of them.')
      );
    case 'GET conversations': {
      const posts = Math.min(POSTS.most, Math.max(1, Number(url.searchParams.get('posts')) || POSTS.first));
      const thread = await inside.thread(agent, id, posts);
      return thread === undefined ? nothing() : json(thread);
    }
    case 'GET replies':
      return json(await inside.replies(agent, id));
    case 'GET proposals':
      return json(await inside.proposals(agent));
    case 'POST proposals': {
      const { verdict } = (await jsonOf(request, JSON_LIMIT)) as { verdict?: unknown };
      if (verdict !== 'approved' && verdict !== 'declined') return nothing();
      await inside.decide(agent, id, verdict === 'approved');
      return new Response(null, { status: 204 });
    }
    case 'POST reveal': {
      const { what } = (await jsonOf(request, JSON_LIMIT)) as { what?: unknown };
      return json(await inside.reveal(agent, id, String(what)));
    }
    case 'POST translate': {
      const { text } = (await jsonOf(request, JSON_LIMIT)) as { text?: unknown };
      return typeof text === 'string' ? json((await inside.translate(agent, id, text)) ?? {}) : nothing();
    }
    case 'POST acts':
      return json(await inside.act(agent, readWanted(await jsonOf(request, JSON_LIMIT))));
    case 'POST presence': {
      const { presence } = (await jsonOf(request, JSON_LIMIT)) as { presence?: unknown };
      await inside.presence(agent, String(presence));
      return new Response(null, { status: 204 });
    }
    case 'POST files':
      return json(await inside.keep(agent, id, await fileOf(request, inside.fileLimit)));
    default:
      return nothing();
  }
}

async function pageOf(inside: Inside, name: string): Promise<Response | undefined> {
  const file = (await inside.page()).get(name === '' ? 'index.html' : name);
  return file && new Response(file.body, { headers: file.headers });
}

async function letIn(inside: Inside, request: Request, isLocal: boolean): Promise<Response> {
  const { code, demo } = (await jsonOf(request, JSON_LIMIT)) as Readonly<Record<string, unknown>>;
  const proof = { ...(typeof code === 'string' ? { code } : {}), ...(typeof demo === 'string' ? { demo } : {}) };
  const token = await inside.letIn(proof, isLocal);
  return new Response(null, { status: 204, headers: { 'set-cookie': cookie(request, token, SESSION / 1000) } });
}

/** Browsers always name the page that asks. Compared by host: behind a proxy that ends TLS we see `http` where it sees `https`. */
function checkPage(request: Request): void {
  const origin = request.headers.get('origin');
  const host = request.headers.get('host') ?? new URL(request.url).host;
  if (origin !== null && URL.canParse(origin) && new URL(origin).host === host) return;
  throw new ParleyError('desk.foreign_page', 'Only the desk’s own page may do this.', {
    hint: 'A proxy in front must pass the Host header on as it is.',
  });
}

function tokenIn(request: Request): string | undefined {
  const pairs = (request.headers.get('cookie') ?? '').split(/; */);
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
}

function cookie(request: Request, token: string, seconds: number): string {
  const secure = request.headers.get('origin')?.startsWith('https:') ? '; Secure' : '';
  return `${COOKIE}=${token}; Path=${PATH}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
}

function json(value: unknown): Response {
  return Response.json(value, { headers: { 'cache-control': 'no-store' } });
}

function nothing(): Response {
  return refuse(404, 'desk.not_found', 'There is nothing at this address, or nothing for you.');
}

function refuse(status: number, code: string, message: string, hint?: string): Response {
  const told = { code, message, ...(hint === undefined ? {} : { hint }) };
  return Response.json(told, { status, headers: { 'cache-control': 'no-store' } });
}

const STATUS: Readonly<Record<string, number>> = {
  'desk.not_let_in': 401,
  'desk.foreign_page': 403,
  'review.not_owner': 403,
  'review.unknown_proposal': 404,
  'desk.not_json': 415,
  'desk.file_type': 415,
  'desk.too_large': 413,
  'desk.files_full': 413,
  'desk.file_size': 413,
  'desk.unknown_conversation': 404,
};

function statusOf(error: ParleyError): number {
  return STATUS[error.code] ?? (error.retryable ? 503 : 400);
}
