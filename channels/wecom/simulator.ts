import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Callbacks } from './simulator/callbacks.ts';
import { Customer } from './simulator/customer.ts';
import { type Given, METHODS } from './simulator/methods.ts';
import { MINUTE, newId, Refused, record, type World } from './simulator/world.ts';

/** What goes wrong with one call of the API. */
export type Fault =
  | { readonly kind: 'refuse'; readonly errcode: number }
  | { readonly kind: 'error'; readonly status: number }
  /** The access token is not taken, though it was to last. */
  | { readonly kind: 'expired' }
  /** The call is done, and the line breaks before the bot hears of it. */
  | { readonly kind: 'drop' }
  /** The call is done, and the bot waits for the answer until it or the stand-in ends. */
  | { readonly kind: 'hang' }
  /** The line breaks before anything is done. */
  | { readonly kind: 'cut' };

export interface SimulatorOptions {
  readonly corpId?: string;
  readonly secret?: string;
  /** Of the callback. */
  readonly token?: string;
  readonly aesKey?: string;
  /** Customer service accounts, `wk…` */
  readonly accounts?: readonly string[];
  readonly port?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Waits between tries of a callback. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** WeCom on the loopback: the customer service's API over real sockets, encrypted callbacks, and customers in WeChat. */
export interface Simulator {
  /** The account's `api_root`. */
  readonly url: string;
  readonly corpId: string;
  readonly secret: string;
  readonly token: string;
  readonly aesKey: string;
  readonly accounts: readonly string[];
  readonly world: World;
  readonly callbacks: Callbacks;
  /** Calls of the bot, in order; 0: it went well. */
  readonly calls: readonly { readonly path: string; readonly given: Given; readonly errcode: number }[];
  /** At the first account, unless another is named. */
  customer(kf?: string): Customer;
  /** The next call (of this path, if one is named) goes wrong; several are taken one after the other. */
  fail(fault: Fault, path?: string): void;
  /** Told after everything that may have changed a screen. Returns what ends it. */
  watch(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Opens WeCom's stand-in. It keeps everything in memory; who opens it closes it. */
export async function openSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const {
    corpId = 'ww0123456789abcdef',
    secret = 'simulated_secret_of_no_app',
    token = 'simulatedToken',
    aesKey = randomBytes(32).toString('base64').slice(0, 43),
    accounts = ['wkSimulatedServiceDesk'],
    now = Date.now,
  } = options;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const world: World = {
    corpId,
    secret,
    now,
    accessToken: { value: newId('at'), until: now() + 120 * MINUTE },
    logs: new Map(accounts.map((kf) => [kf, []])),
    chats: new Map(),
    msgids: new Set(),
    codes: new Map(),
    tickets: new Map(),
    unticketed: new Map(),
    media: new Map(),
    page: 1_000,
    changed,
  };
  const callbacks = new Callbacks(world, {
    token,
    aesKey,
    sleep: options.sleep ?? ((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))),
  });
  const calls: { path: string; given: Given; errcode: number }[] = [];
  const faults: { fault: Fault; path: string | undefined }[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://wecom');
    const path = pathname.replace(/^\/cgi-bin\//, '');
    const body = await read(request);
    const fault = takeFault(path);
    if (fault?.kind === 'cut') return void response.destroy();
    if (fault?.kind === 'error') return void response.writeHead(fault.status).end('<html>Bad Gateway</html>');
    if (fault?.kind === 'expired') renew();
    const { errcode, answer } = perform(path, searchParams, body, fault);
    calls.push({ path, given: path === 'media/upload' ? {} : jsonIn(body), errcode });
    changed();
    if (fault?.kind === 'drop') response.destroy();
    else if (fault?.kind !== 'hang') reply(response, answer);
  }

  function perform(path: string, query: URLSearchParams, body: Body, fault: Fault | undefined) {
    try {
      if (fault?.kind === 'refuse') throw new Refused(fault.errcode, 'simulated');
      if (path === 'gettoken') return went({ ...tokenFor(query) });
      const given = query.get('access_token');
      if (given !== world.accessToken.value)
        throw new Refused(given === null ? 41_001 : 40_014, 'invalid access_token');
      if (world.accessToken.until < now()) throw new Refused(42_001, 'access_token expired');
      if (path === 'media/upload') return went(upload(query.get('type') ?? '', body));
      if (path === 'media/get') return { errcode: 0, answer: download(query.get('media_id') ?? '') };
      const method = METHODS[path.replace(/^kf\//, '')];
      if (method === undefined) throw new Refused(40_066, 'invalid url');
      return went(method(world, jsonIn(body), happen));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { errcode, message: errmsg } = error;
      return { errcode, answer: { errcode, errmsg: `${errmsg}, hint: [simulated], from ip: 127.0.0.1` } };
    }
  }

  /** The same for everybody until it ends. */
  function tokenFor(query: URLSearchParams) {
    if (query.get('corpid') !== corpId) throw new Refused(40_013, 'invalid corpid');
    if (query.get('corpsecret') !== secret) throw new Refused(40_001, 'invalid credential');
    if (world.accessToken.until < now()) renew();
    const { value: access_token, until } = world.accessToken;
    return { access_token, expires_in: Math.floor((until - now()) / 1000) };
  }

  function renew(): void {
    Object.assign(world.accessToken, { value: newId('at'), until: now() + 120 * MINUTE });
  }

  function upload(type: string, body: Body): object {
    const file = body.form?.get('media');
    if (!(file instanceof File) || body.file === undefined) throw new Refused(44_001, 'empty media data');
    const isPicture = ['image/png', 'image/jpeg'].includes(file.type);
    if (type === 'image' && !isPicture) throw new Refused(40_004, 'invalid media type');
    if (body.file.byteLength <= 5) throw new Refused(40_006, 'invalid media size');
    const media_id = newId('1G6', 20);
    world.media.set(media_id, { bytes: body.file, type: file.type, name: file.name, at: now() });
    return { type, media_id, created_at: String(Math.floor(now() / 1000)) };
  }

  function download(id: string) {
    const file = world.media.get(id);
    if (file === undefined) throw new Refused(40_007, 'invalid media_id');
    return file;
  }

  function happen(kf: string, event: object): void {
    record(world, kf, { origin: 4, msgtype: 'event', event });
    callbacks.announce(kf);
  }

  function takeFault(path: string): Fault | undefined {
    const at = faults.findIndex((each) => each.path === undefined || each.path === path);
    return at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A bug of the stand-in itself must not look like WeCom.
      response.writeHead(599, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => resolve());
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    corpId,
    secret,
    token,
    aesKey,
    accounts,
    world,
    callbacks,
    calls,
    customer: (kf = accounts[0] ?? '') => new Customer(world, callbacks, kf),
    fail: (fault, path) => void faults.push({ fault, path }),
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      callbacks.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Body {
  readonly text: string;
  readonly form?: FormData;
  readonly file?: Uint8Array;
}

async function read(request: IncomingMessage): Promise<Body> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const bytes = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/')) return { text: bytes.toString('utf8') };
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const media = form.get('media');
  return { text: '', form, ...(media instanceof File ? { file: new Uint8Array(await media.arrayBuffer()) } : {}) };
}

function jsonIn({ text }: Body): Given {
  return text === '' ? {} : (JSON.parse(text) as Given);
}

function went(answer: object) {
  return { errcode: 0, answer: { errcode: 0, errmsg: 'ok', ...answer } };
}

function reply(response: ServerResponse, answer: object): void {
  if ('bytes' in answer && 'type' in answer)
    return void response.writeHead(200, { 'content-type': String(answer.type) }).end(answer.bytes);
  response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(answer));
}
