import type { Dispatcher } from 'undici';

/** One call to a platform's API. */
export interface Asked {
  readonly url: string | URL;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** A form brings its own `content-type`. */
  readonly body?: string | Uint8Array | FormData;
  /** Ends it, whatever it is waiting for: every call has a deadline. */
  readonly signal: AbortSignal;
  /** Bytes of an answer that are taken. Default: 1 MiB. */
  readonly limit?: number;
}

export interface Answered {
  readonly status: number;
  readonly bytes: Uint8Array;
  /** By its lower-case name. */
  header(name: string): string | undefined;
  /** `undefined`: it is no JSON. */
  json(): unknown;
}

/**
 * One call over connections that stay open between calls: undici's own, at a sixth of what global `fetch` costs. Follows no redirect and
 * never tries twice; how a status is meant is for who asks.
 * @throws {@link TooLarge}; what undici throws where the line broke, see {@link neverLeft}
 */
export async function request({ url, method, headers, body, signal, limit = MOST_BYTES }: Asked): Promise<Answered> {
  const line = await open();
  const form = body instanceof FormData ? await written(body) : undefined;
  const answer = await line.request({
    ...originOf(url),
    method,
    headers: { ...headers, ...form?.headers },
    body: form?.body ?? (body as Exclude<typeof body, FormData>) ?? null,
    signal,
  });
  const bytes = await bytesOf(answer.body, limit);
  return {
    status: answer.statusCode,
    bytes,
    header: (name) => [answer.headers[name]].flat()[0],
    json: () => jsonIn(bytes),
  };
}

/** The rest of the answer is not read. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
  readonly code = 'TOO_LARGE';
}

/**
 * Did no connection come about, so that nothing of the call can have arrived? Then it may be made again; where one broke or fell silent,
 * nobody knows.
 */
export function neverLeft(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { readonly code?: unknown; readonly cause?: unknown };
  if (NOT_CONNECTED.has(String(code))) return true;
  return cause !== undefined && cause !== error && neverLeft(cause);
}

const NOT_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  // The handshake comes before the call (https://nodejs.org/api/tls.html#x509-certificate-error-codes).
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const MOST_BYTES = 1024 * 1024;

/** To each origin. */
const CONNECTIONS = 64;
const CONNECT_TIMEOUT = 10_000;

let opened: Promise<Dispatcher> | undefined;

/** At the first call, so that it costs no start-up. Who has Node go through a proxy (NODE_USE_ENV_PROXY) means these calls, too. */
function open(): Promise<Dispatcher> {
  opened ??= import('undici').then(({ Agent, EnvHttpProxyAgent }) => {
    const options = { connections: CONNECTIONS, connect: { timeout: CONNECT_TIMEOUT } };
    return process.env.NODE_USE_ENV_PROXY === '1' ? new EnvHttpProxyAgent(options) : new Agent(options);
  });
  return opened;
}

function originOf(url: string | URL): { origin: string; path: string } {
  const { origin, pathname, search } = new URL(url);
  return { origin, path: pathname + search };
}

/** undici takes none but its own forms. */
async function written(form: FormData): Promise<{ headers: Record<string, string>; body: Uint8Array }> {
  const encoded = new Response(form);
  const type = encoded.headers.get('content-type') ?? 'multipart/form-data';
  return { headers: { 'content-type': type }, body: new Uint8Array(await encoded.arrayBuffer()) };
}

async function bytesOf(body: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > limit) throw new TooLarge(`The answer is larger than ${limit} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What answers in HTML is a proxy on the way: its status says enough. */
function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
