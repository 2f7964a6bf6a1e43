import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Customer } from './simulator/customer.ts';
import { Deliveries } from './simulator/deliveries.ts';
import { METHODS, type Parameters } from './simulator/methods.ts';
import { Refused, type User, type World } from './simulator/world.ts';

/** What goes wrong with one call of the bot. */
export type Fault =
  | { readonly kind: 'flood' /** Seconds. */; readonly retryAfter: number }
  | { readonly kind: 'error'; readonly status: number }
  /** The call is done, and the line breaks before the bot hears of it. */
  | { readonly kind: 'drop' }
  /** The call is done, and the bot waits for the answer until it or the stand-in ends. */
  | { readonly kind: 'hang' }
  /** The line breaks before anything is done. */
  | { readonly kind: 'cut' };

export interface SimulatorOptions {
  readonly token?: string;
  readonly username?: string;
  /** Where ids begin: whoever talks to a bot that outlives the stand-in begins where no earlier one has been. */
  readonly ids?: number;
  /** 0 takes a free one. */
  readonly port?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Waits between tries of a webhook. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** Telegram on the loopback: the Bot API over real sockets, and customers who write to the bot. */
export interface Simulator {
  /** The account's `api_root`. */
  readonly url: string;
  readonly token: string;
  readonly world: World;
  readonly deliveries: Deliveries;
  /** Calls of the bot, in order. */
  readonly calls: readonly { readonly method: string; readonly given: Parameters; readonly status: number }[];
  customer(user?: Partial<User>): Customer;
  /** The next call (of this method, if one is named) goes wrong; several are taken one after the other. */
  fail(fault: Fault, method?: string): void;
  /** Told after every call and every word that may have changed a chat. Returns what ends it. */
  watch(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Opens Telegram's stand-in. It keeps everything in memory; who opens it closes it. */
export async function openSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const {
    token = '123456:simulated_token_of_no_bot',
    username = 'parley_shop_bot',
    port = 0,
    now = Date.now,
  } = options;
  let id = options.ids ?? 0;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const world: World = {
    bot: { token, id: Number(token.split(':')[0]), username },
    chats: new Map(),
    files: new Map(),
    spinning: new Set(),
    now,
    nextId: () => ++id,
  };
  const deliveries = new Deliveries({
    ...(options.ids === undefined ? {} : { ids: options.ids }),
    sleep: options.sleep ?? ((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))),
    call: (method, given) => METHODS[method]?.(world, given, deliveries),
  });
  const faults: { fault: Fault; method: string | undefined }[] = [];
  const calls: { method: string; given: Parameters; status: number }[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, file, given, rest = ''] = /^\/(file\/)?bot([^/]+)\/(.+?)(?:\?.*)?$/.exec(request.url ?? '') ?? [];
    if (given !== token) return answer(response, 401, { ok: false, error_code: 401, description: 'Unauthorized' });
    if (file !== undefined) return download(response, decodeURIComponent(rest));
    const parameters = await read(request);
    const fault = takeFault(rest);
    if (fault?.kind === 'cut') return void response.destroy();
    const { status, body } =
      fault?.kind === 'flood' || fault?.kind === 'error' ? refusal(fault) : await call(rest, parameters);
    calls.push({ method: rest, given: parameters, status });
    // Polling changes no chat.
    if (rest !== 'getUpdates') changed();
    if (fault?.kind === 'drop') return void response.destroy();
    if (fault?.kind !== 'hang') answer(response, status, body);
  }

  async function call(name: string, given: Parameters): Promise<{ status: number; body: object }> {
    try {
      const method = METHODS[name];
      if (method === undefined) throw new Refused(404, 'Not Found');
      return { status: 200, body: { ok: true, result: await method(world, given, deliveries) } };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return refused(error);
    }
  }

  function takeFault(method: string): Fault | undefined {
    const at = faults.findIndex((each) => each.method === undefined || each.method === method);
    return at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
  }

  function download(response: ServerResponse, path: string): void {
    const found = [...world.files.values()].find((file) => file.path === path);
    if (found === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(found.bytes);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A bug of the stand-in itself must not look like Telegram.
      response.writeHead(599, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    world,
    deliveries,
    calls,
    customer: (user = {}) =>
      new Customer(
        world,
        deliveries,
        { id: 1_000 + world.nextId(), is_bot: false, first_name: 'Anna', language_code: 'en', ...user },
        changed,
      ),
    fail: (fault, method) => void faults.push({ fault, method }),
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

function refusal(fault: Extract<Fault, { kind: 'flood' | 'error' }>): { status: number; body: object } {
  if (fault.kind === 'error') return refused(new Refused(fault.status, 'Bad Gateway'));
  const { retryAfter } = fault;
  return refused(new Refused(429, `Too Many Requests: retry after ${retryAfter}`, { retry_after: retryAfter }));
}

function refused({ status, message, parameters }: Refused): { status: number; body: object } {
  const more = Object.keys(parameters).length === 0 ? {} : { parameters };
  return { status, body: { ok: false, error_code: status, description: message, ...more } };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** JSON, a form, or a form with files: the Bot API takes all of them. */
async function read(request: IncomingMessage): Promise<Parameters> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const body = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  if (body.byteLength === 0) return Object.fromEntries(new URL(request.url ?? '', 'http://localhost').searchParams);
  if (type.startsWith('application/json')) return JSON.parse(body.toString('utf8')) as Parameters;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  return Object.fromEntries(form);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
