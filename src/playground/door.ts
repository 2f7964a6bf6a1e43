import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, ParleyError } from '../errors.ts';
import { PICTURE, readAct } from './acts.ts';
import type { PageFiles } from './page-files.ts';
import type { Act } from './protocol.ts';

/** What the door opens to. */
export interface Inside {
  readonly page: () => Promise<PageFiles>;
  /** A page that wants to look on; `undefined`: there are too many. */
  readonly look: () => Promise<Response | undefined>;
  readonly act: (act: Act) => Promise<void>;
  readonly media: (name: string) => Response | undefined;
}

/** Bytes of an act: a picture as base64, and some words around it. */
const LIMIT = Math.ceil((PICTURE * 4) / 3) + 16 * 1024;

/** Milliseconds that an act may take to be done before its page is told that it is under way. */
const PATIENCE = 1_000;

/** Names of this machine. Any other, even one that leads here, is a page of somebody else's that had its name resolved anew. */
const LOCAL = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * The playground's addresses. Whoever can reach them can be anybody and stop the clock, so they answer only to this machine, and acts
 * only to the page itself.
 */
export function door({ page, look, act, media }: Inside): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url);
    if (!LOCAL.test(url.hostname))
      return refuse(403, 'playground.not_here', 'The playground is for this machine only.');
    const name = url.pathname.replace(/^\/playground\/?/, '');
    if (request.method === 'POST' && name === 'acts') return taken(request, act);
    if (request.method !== 'GET') return refuse(405, 'playground.no_such_method', 'This cannot be done here.');
    if (name === 'events')
      return (await look()) ?? refuse(503, 'playground.full', 'Too many pages look on.', 'Close one of them.');
    if (name.startsWith('media/')) return media(name.slice('media/'.length)) ?? nothing();
    const file = (await page()).get(name === '' ? 'index.html' : name);
    return file === undefined ? nothing() : new Response(file.body, { headers: file.headers });
  };
}

async function taken(request: Request, act: Inside['act']): Promise<Response> {
  // Browsers always name the page that asks.
  if (request.headers.get('origin') !== new URL(request.url).origin)
    return refuse(403, 'playground.foreign_page', 'Only the playground’s own page may act.');
  if (!/^application\/json\b/.test(request.headers.get('content-type') ?? ''))
    return refuse(415, 'playground.not_json', 'An act is JSON.');
  const text = await read(request);
  if (text === undefined)
    return refuse(413, 'playground.too_large', 'This is too large.', 'A picture has at most 2 MB.');
  try {
    // A platform may try for minutes to deliver; what comes of it stands on the phone.
    await Promise.race([act(readAct(text)), sleep(PATIENCE, undefined, { ref: false })]);
    return new Response(null, { status: 204 });
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    return refuse(400, codeOf(error), error.message, error.hint);
  }
}

/** `undefined`: it is longer than an act can be. */
async function read(request: Request): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > LIMIT) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function nothing(): Response {
  return refuse(404, 'playground.not_found', 'There is nothing at this address.');
}

function refuse(status: number, code: string, message: string, hint?: string): Response {
  return Response.json({ code, message, ...(hint === undefined ? {} : { hint }) }, { status });
}
