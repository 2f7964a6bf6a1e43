import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Connector } from './simulator/connector.ts';
import { Deliveries } from './simulator/deliveries.ts';
import { put } from './simulator/drive.ts';
import { Issuer } from './simulator/issuer.ts';
import { Person } from './simulator/person.ts';
import { Refused, type World } from './simulator/world.ts';

/** What goes wrong with one call of the bot. */
export type Fault =
  | { readonly kind: 'flood' /** Seconds. */; readonly retryAfter: number }
  | { readonly kind: 'error'; readonly status: number; readonly code?: string }
  /** The call is done, and the line breaks before the bot hears of it. */
  | { readonly kind: 'drop' }
  /** The call is done, and the bot waits for the answer until it or the stand-in ends. */
  | { readonly kind: 'hang' }
  /** The line breaks before anything is done. */
  | { readonly kind: 'cut' };

/** What a call of the connector is for. */
export type CallKind = 'message' | 'typing' | 'edit' | 'remove';

export interface SimulatorOptions {
  readonly appId?: string;
  readonly password?: string;
  readonly tenant?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Waits between tries of a webhook. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** Where ids begin. */
  readonly ids?: number;
}

/** The Bot Framework on the loopback: connector, keys and tokens over real sockets, and people in Teams who write to the bot. */
export interface Simulator {
  readonly url: string;
  readonly appId: string;
  readonly password: string;
  readonly world: World;
  readonly issuer: Issuer;
  readonly deliveries: Deliveries;
  /** Calls of the connector, in order. */
  readonly calls: readonly {
    readonly method: string;
    readonly path: string;
    readonly body: unknown;
    readonly status: number;
  }[];
  /** What `parley.yaml` needs beside the App ID and its password. */
  readonly account: {
    readonly service_url: string;
    readonly service_hosts: readonly string[];
    readonly file_hosts: readonly string[];
    readonly openid: string;
    readonly login_root: string;
  };
  person(name?: string, locale?: string): Person;
  /** The next call of the connector (of this kind, if one is named) goes wrong; several are taken one after the other. */
  fail(fault: Fault, kind?: CallKind): void;
  /** Told whenever a screen has changed. Returns what ends it. */
  watch(listener: () => void): () => void;
  close(): Promise<void>;
}

const CONFIGURATION = '/v1/.well-known/openidconfiguration';

/** Opens Teams' stand-in. It keeps everything in memory; who opens it closes it. */
export async function openSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const {
    appId = '11111111-2222-4333-8444-555555555555',
    password = 'simulated-client-secret',
    tenant = '99999999-8888-4777-8666-555555555555',
    port = 0,
    now = Date.now,
    sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  } = options;
  let id = options.ids ?? 0;
  const listeners = new Set<() => void>();
  const world: World = {
    appId,
    tenant,
    conversations: new Map(),
    files: new Map(),
    places: new Map(),
    now,
    nextId: () => ++id,
    changed: () => {
      for (const listener of listeners) listener();
    },
  };
  const issuer = new Issuer(appId, password, now);
  await issuer.rotate();
  const connector = new Connector(world);
  const deliveries = new Deliveries({ authorize: (serviceUrl) => issuer.authorize(serviceUrl), sleep });
  const faults: { readonly fault: Fault; readonly kind: CallKind | undefined }[] = [];
  const calls: { method: string; path: string; body: unknown; status: number }[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path } = new URL(request.url ?? '/', url());
    const bytes = await bytesOf(request);
    const text = bytes.toString('utf8');
    if (path === CONFIGURATION)
      return answer(response, 200, { issuer: 'https://api.botframework.com', jwks_uri: `${url()}/keys` });
    if (path === '/keys') return answer(response, 200, issuer.keys);
    if (/^\/[^/]+\/oauth2\/v2\.0\/token$/.test(path)) {
      const { status, body } = issuer.login(new URLSearchParams(text));
      return answer(response, status, body);
    }
    const [, place] = /^\/teams\/onedrive\/([^/]+)$/.exec(path) ?? [];
    if (place !== undefined) return keep(place, bytes, request, response);
    const [, file] = /^\/teams\/(?:v3\/attachments|files)\/([^/]+)/.exec(path) ?? [];
    if (file !== undefined) return download(file, path, request, response);
    await call(path, text, request, response);
  }

  async function call(path: string, text: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', headers } = request;
    const body = text === '' ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>);
    const fault = takeFault(kindOf(method, body));
    if (fault?.kind === 'cut') return void response.destroy();
    const done = attempt(() => {
      if (fault?.kind === 'flood') throw new Refused(429, 'TooManyRequests', 'Too many.', fault.retryAfter);
      if (fault?.kind === 'error') throw new Refused(fault.status, fault.code ?? 'ServiceError', 'It went wrong.');
      issuer.check(headers.authorization);
      const [, conversation, activity] =
        /^\/teams\/v3\/conversations\/([^/]+)\/activities(?:\/([^/]+))?$/.exec(path) ?? [];
      if (conversation === undefined) throw new Refused(404, 'NotFound', 'There is nothing here.');
      return connector.take({
        method,
        conversation: decodeURIComponent(conversation),
        activity: activity === undefined ? undefined : decodeURIComponent(activity),
        body,
      });
    });
    calls.push({ method, path, body, status: done.status });
    // What is refused is not done: the next one that is suffers it.
    if (done.status >= 300 && (fault?.kind === 'drop' || fault?.kind === 'hang')) {
      faults.unshift({ fault, kind: kindOf(method, body) });
      return answer(response, done.status, done.body, done.headers);
    }
    if (fault?.kind === 'drop') return void response.destroy();
    if (fault?.kind !== 'hang') answer(response, done.status, done.body, done.headers);
  }

  function takeFault(kind: CallKind): Fault | undefined {
    const at = faults.findIndex((each) => each.kind === undefined || each.kind === kind);
    return at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
  }

  /** An upload session opens by its address alone. */
  function keep(place: string, bytes: Uint8Array, { headers }: IncomingMessage, response: ServerResponse): void {
    const done = attempt(() => {
      put(world, place, headers['content-range'], bytes);
      return { status: 201, body: { id: place } };
    });
    answer(response, done.status, done.body);
  }

  /** A picture in a message needs the bot's token; a file's address opens by itself. */
  function download(id: string, path: string, { headers }: IncomingMessage, response: ServerResponse): void {
    const { status, body } = attempt(() => {
      if (!path.startsWith('/teams/files/')) issuer.check(headers.authorization);
      if (!world.files.has(id)) throw new Refused(404, 'NotFound', 'There is no such file.');
      return { status: 200, body: {} };
    });
    const file = world.files.get(id);
    if (status !== 200 || file === undefined) return answer(response, status, body);
    response.writeHead(200, { 'content-type': file.type }).end(file.bytes);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A bug of the stand-in itself must not look like Teams.
      response.writeHead(599, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  const { port: taken } = server.address() as AddressInfo;
  const url = () => `http://127.0.0.1:${taken}`;
  const serviceUrl = () => `${url()}/teams/`;
  const host = `127.0.0.1:${taken}`;
  return {
    url: url(),
    appId,
    password,
    world,
    issuer,
    deliveries,
    calls,
    account: {
      service_url: serviceUrl(),
      service_hosts: [host],
      file_hosts: [host],
      openid: url() + CONFIGURATION,
      login_root: url(),
    },
    person: (name = 'Anna Schmidt', locale = 'en-US') => new Person({ world, deliveries, serviceUrl }, name, locale),
    fail: (fault, kind) => void faults.push({ fault, kind }),
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      deliveries.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function kindOf(method: string, { type }: Readonly<Record<string, unknown>>): CallKind {
  if (method === 'PUT') return 'edit';
  if (method === 'DELETE') return 'remove';
  return type === 'typing' ? 'typing' : 'message';
}

interface Done {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

function attempt(act: () => Done): Done {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { status, code, message, retryAfter } = error;
    const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
    return { status, body: { error: { code, message } }, headers };
  }
}

function answer(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
