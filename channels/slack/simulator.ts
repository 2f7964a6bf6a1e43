import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Deliveries } from './simulator/deliveries.ts';
import { fileMethods } from './simulator/files.ts';
import { Member } from './simulator/member.ts';
import { METHODS, type Parameters } from './simulator/methods.ts';
import { Sockets } from './simulator/sockets.ts';
import { addChannel, type Channel, find, Refused, type User, type Workspace } from './simulator/workspace.ts';

/** What goes wrong with one call of the bot. */
export type Fault =
  | { readonly kind: 'flood' /** Seconds. */; readonly retryAfter: number }
  | { readonly kind: 'error'; readonly status: number }
  /** Slack's own word for it: `token_expired`, `invalid_auth`, … */
  | { readonly kind: 'refuse'; readonly error: string }
  /** The call is done, and the line breaks before the bot hears of it. */
  | { readonly kind: 'drop' }
  /** The call is done, and the bot waits for the answer until it or the stand-in ends. */
  | { readonly kind: 'hang' }
  /** The line breaks before anything is done. */
  | { readonly kind: 'cut' };

export interface SimulatorOptions {
  readonly botToken?: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
  /** Where ids begin: whoever talks to a bot that outlives the stand-in begins where no earlier one has been. */
  readonly ids?: number;
  /** 0 takes a free one. */
  readonly port?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Waits between tries of an event. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** Refuses what comes faster than once a second and channel. */
  readonly enforceRates?: boolean;
}

/** One call of the bot. */
export interface Call {
  readonly method: string;
  readonly given: Parameters;
  readonly status: number;
  /** `ok`, or Slack's word. */
  readonly answer: string;
}

/** Slack on the loopback: one workspace, its Web API and Socket Mode over real sockets, signed webhooks, and people. */
export interface Simulator {
  /** The account's `api_root`. */
  readonly url: string;
  readonly workspace: Workspace;
  readonly deliveries: Deliveries;
  readonly sockets: Sockets;
  readonly calls: readonly Call[];
  member(user?: Partial<User>): Member;
  /** A channel that the app is in, with these people. */
  channel(name: string, ...members: readonly Member[]): Channel;
  /** The next call (of this method, if one is named) goes wrong; several are taken one after the other. */
  fail(fault: Fault, method?: string): void;
  /** Told whenever something new can be seen. Returns what ends it. */
  watch(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Opens Slack's stand-in. It keeps everything in memory; who opens it closes it. */
export async function openSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { now = Date.now, port = 0 } = options;
  const watchers = new Set<() => void>();
  const sockets = new Sockets('A0PARLEY');
  const faults: { fault: Fault; method: string | undefined }[] = [];
  const calls: Call[] = [];
  const workspace = found(options, now, () => {
    for (const tell of watchers) tell();
  });
  const deliveries = new Deliveries({
    app: workspace.app,
    sockets,
    now,
    sleep: options.sleep ?? ((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))),
  });
  workspace.emit = (event) => deliveries.event(wrapped(workspace, event));
  const methods = { ...METHODS, ...fileMethods(() => url) };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://slack');
    const [, place = '', rest = ''] = /^\/([^/]+)\/(.*)$/.exec(pathname) ?? [];
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (place === 'api') return api(request, response, rest, token);
    if (place === 'files-pri') return download(response, rest, token);
    if (place === 'upload') return upload(request, response, rest.split('/').at(-1) ?? '');
    if (place === 'actions') return respond(request, response, rest);
    response.writeHead(404).end();
  }

  async function api(request: IncomingMessage, response: ServerResponse, method: string, bearer: string | undefined) {
    const given = await read(request);
    const fault = takeFault(method);
    if (fault?.kind === 'cut') return void response.destroy();
    const { status, body, headers } = failure(fault) ?? perform(method, given, bearer ?? String(given.token ?? ''));
    calls.push({ method, given, status, answer: body.ok === true ? 'ok' : String(body.error ?? status) });
    if (fault?.kind === 'drop') return void response.destroy();
    if (fault?.kind === 'hang') return;
    response
      .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
      .end(JSON.stringify(body));
  }

  function perform(method: string, given: Parameters, token: string): Outcome {
    try {
      const needed = method === 'apps.connections.open' ? workspace.app.appToken : workspace.app.botToken;
      if (token === '') throw new Refused('not_authed');
      if (token !== needed)
        throw new Refused(
          token.startsWith('xapp-') !== needed.startsWith('xapp-') ? 'not_allowed_token_type' : 'invalid_auth',
        );
      if (method === 'apps.connections.open')
        return ok({ url: `${url.replace('http', 'ws')}/link/?ticket=${sockets.ticket()}` });
      const perform = methods[method];
      if (perform === undefined) throw new Refused('unknown_method');
      return ok(perform(workspace, given));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return error.message === 'ratelimited' ? flooded(1) : refused(error);
    }
  }

  function takeFault(method: string): Fault | undefined {
    const at = faults.findIndex((each) => each.method === undefined || each.method === method);
    return at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
  }

  /** Without the token, Slack leads to its login page. */
  function download(response: ServerResponse, path: string, token: string | undefined): void {
    const file = workspace.files.get(/^[^-]+-([^/]+)\//.exec(path)?.[1] ?? '');
    const fault = takeFault('files.download');
    if (fault?.kind === 'error') return void response.writeHead(fault.status).end();
    if (token !== workspace.app.botToken) return void response.writeHead(302, { location: `${url}/login` }).end();
    if (file === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': file.mimetype }).end(file.bytes);
  }

  async function upload(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    const file = workspace.files.get(id);
    const bytes = await uploaded(request);
    if (file !== undefined) file.bytes = bytes;
    response.writeHead(file === undefined ? 404 : 200).end(`OK - ${bytes.byteLength}`);
  }

  /** https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
  async function respond(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const [id, ts] = path.split('/');
    const channel = workspace.channels.get(id ?? '');
    const { replace_original: replace, delete_original: away, text = '', blocks } = await read(request);
    const content = { channel: id, text, ...(blocks === undefined ? {} : { blocks }) };
    const there = channel !== undefined && find(channel, ts) !== undefined;
    const method = away === true ? 'chat.delete' : replace === true ? 'chat.update' : 'chat.postMessage';
    const { status } = there ? perform(method, { ...content, ts }, workspace.app.botToken) : { status: 404 };
    response.writeHead(status).end('ok');
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A bug of the stand-in itself must not look like Slack.
      response.writeHead(599, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  server.on('upgrade', (request, socket, head) => sockets.accept(request, socket, head));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    workspace,
    deliveries,
    sockets,
    calls,
    member(given = {}) {
      const id = given.id ?? workspace.nextId('U');
      const name = given.name ?? 'anna';
      const user = { id, name, real_name: name, locale: 'en-US', is_bot: false, deleted: false, ...given };
      workspace.users.set(id, user);
      return new Member(workspace, deliveries, user, url);
    },
    channel(name, ...members) {
      const people = new Set([workspace.app.user, ...members.map(({ user }) => user.id)]);
      return addChannel(workspace, {
        id: workspace.nextId('C'),
        name,
        is_im: false,
        is_private: false,
        members: people,
      });
    },
    fail: (fault, method) => void faults.push({ fault, method }),
    watch(listener) {
      watchers.add(listener);
      return () => void watchers.delete(listener);
    },
    async close() {
      deliveries.close();
      sockets.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function found(options: SimulatorOptions, now: () => number, changed: () => void): Workspace {
  let count = options.ids ?? 0;
  let last = 0;
  const app = {
    id: 'A0PARLEY',
    name: 'parley',
    user: 'U0PARLEY',
    bot: 'B0PARLEY',
    botToken: options.botToken ?? 'xoxb-simulated-token-of-no-bot',
    appToken: options.appToken ?? 'xapp-simulated-token-of-no-app',
    signingSecret: options.signingSecret ?? '8f742231b10e8888abcd99yyyzzz85a5',
  };
  const bot = { id: app.user, name: app.name, real_name: 'Parley', locale: 'en-US', is_bot: true, deleted: false };
  return {
    team: { id: 'T0SHOP', domain: 'shop', name: 'Shop' },
    app,
    users: new Map([[app.user, bot]]),
    channels: new Map(),
    files: new Map(),
    views: new Map(),
    homes: new Map(),
    triggers: new Map(),
    rates: { last: new Map(), tooFast: 0, enforced: options.enforceRates ?? false },
    now,
    nextTs() {
      last = Math.max(last + 1, now() * 1000);
      return `${Math.floor(last / 1e6)}.${String(last % 1e6).padStart(6, '0')}`;
    },
    nextId: (prefix) => `${prefix}${String(++count).padStart(6, '0')}`,
    emit: () => undefined,
    changed,
  };
}

/** https://docs.slack.dev/apis/events-api/#event-type-structure */
function wrapped({ team, app, now, nextId }: Workspace, event: Readonly<Record<string, unknown>>) {
  const authorization = {
    enterprise_id: null,
    team_id: team.id,
    user_id: app.user,
    is_bot: true,
    is_enterprise_install: false,
  };
  return {
    token: 'unused',
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: app.id,
    event,
    type: 'event_callback',
    event_id: nextId('Ev'),
    event_time: Math.floor(now() / 1000),
    authorizations: [authorization],
    is_ext_shared_channel: false,
    event_context: nextId('context'),
  };
}

interface Outcome {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

function ok(more: object): Outcome {
  return { status: 200, body: { ok: true, ...more } };
}

function refused({ message: error, details }: Refused): Outcome {
  const more = details.length === 0 ? {} : { errors: details, response_metadata: { messages: details } };
  return { status: 200, body: { ok: false, error, ...more } };
}

function flooded(seconds: number): Outcome {
  return { status: 429, body: { ok: false, error: 'ratelimited' }, headers: { 'retry-after': String(seconds) } };
}

function failure(fault: Fault | undefined): Outcome | undefined {
  if (fault?.kind === 'flood') return flooded(fault.retryAfter);
  if (fault?.kind === 'refuse') return refused(new Refused(fault.error));
  return fault?.kind === 'error' ? { status: fault.status, body: { error: 'upstream' } } : undefined;
}

/** JSON, a form, or a form with files: the Web API takes all of them. */
async function read(request: IncomingMessage): Promise<Parameters> {
  const body = Buffer.from(await bytesOf(request));
  const type = request.headers['content-type'] ?? '';
  if (body.byteLength === 0) return {};
  if (type.startsWith('application/json')) return JSON.parse(body.toString('utf8')) as Parameters;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  return Object.fromEntries(form);
}

/** The bytes themselves, or a form around them: Slack takes both. */
async function uploaded(request: IncomingMessage): Promise<Uint8Array> {
  const bytes = await bytesOf(request);
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return bytes;
  const form = await new Response(Buffer.from(bytes), { headers: { 'content-type': type } }).formData();
  const [file] = [...form.values()].filter((value) => value instanceof Blob);
  return new Uint8Array((await file?.arrayBuffer()) ?? []);
}

async function bytesOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
