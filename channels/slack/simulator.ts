import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fault, failure, flooded, type Outcome, ok, refused } from './simulator/answer.ts';
import { read, uploaded } from './simulator/body.ts';
import { Deliveries } from './simulator/deliveries.ts';
import { fileMethods } from './simulator/files.ts';
import { type FoundingOptions, found, wrapped } from './simulator/founding.ts';
import { Member } from './simulator/member.ts';
import { METHODS, type Parameters } from './simulator/methods.ts';
import { early } from './simulator/rates.ts';
import { Sockets } from './simulator/sockets.ts';
import { addChannel, type Channel, find, Refused, type User, type Workspace } from './simulator/workspace.ts';

export type { Fault } from './simulator/answer.ts';

export interface SimulatorOptions extends FoundingOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Waits between tries of an event. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
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
  /** Every call until then is answered with 503. @param until epoch milliseconds */
  rest(until: number): void;
  /** Told whenever something new can be seen. Returns what ends it. */
  watch(listener: () => void): () => void;
  close(): Promise<void>;
}

const AWAY: Fault = { kind: 'error', status: 503 };

/** Opens Slack's stand-in. It keeps everything in memory; who opens it closes it. */
export async function openSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { now = Date.now, port = 0 } = options;
  const watchers = new Set<() => void>();
  const sockets = new Sockets('A0PARLEY');
  const faults: { fault: Fault; method: string | undefined }[] = [];
  const calls: Call[] = [];
  let restsUntil = 0;
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
    const fault = now() < restsUntil ? AWAY : takeFault(method);
    if (fault?.kind === 'cut') return void response.destroy();
    const { status, body, headers } = failure(fault) ?? perform(method, given, bearer ?? String(given.token ?? ''));
    calls.push({ method, given, status, answer: body.ok === true ? 'ok' : String(body.error ?? status) });
    if (fault?.kind === 'drop') return void response.destroy();
    if (fault?.kind === 'hang') return;
    const scopes = { 'x-oauth-scopes': workspace.app.scopes.join(',') };
    response
      .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...scopes, ...headers })
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
      const wait = early(workspace, method);
      if (wait > 0) return flooded(Math.ceil(wait / 1000));
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
    rest(until) {
      restsUntil = until;
    },
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
