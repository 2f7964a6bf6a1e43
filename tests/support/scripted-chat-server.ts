import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { buildWidget } from '../../channels/web/widget/build.ts';
import { answersInWords, type Form } from '../../src/form.ts';

type Content = { readonly from?: 'bot' | 'agent' | 'system'; readonly text: string; readonly [field: string]: unknown };
interface Line extends Content {
  readonly seq: number;
  readonly id: string;
  readonly status: string;
  readonly at: number;
}
type Request = {
  readonly id: string;
  readonly text?: string;
  readonly choice?: unknown;
  readonly files?: readonly string[];
  readonly form?: { readonly token: string; readonly values: Readonly<Record<string, string>> };
};

/** The policy of a page that trusts nobody. */
const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/**
 * The web chat's wire protocol with a bot that says what a test tells it to: one conversation a token, kept in memory, and
 * switches for everything that can go wrong between a browser and a server. The widget is tried against this, not against the engine.
 */
export class ScriptedChatServer {
  readonly conversations = new Map<string, Line[]>();
  /** What the bot answers to a text or choice. */
  answer: (said: string) => readonly Content[] = () => [];
  /** Said when a conversation is opened. */
  greeting: readonly Content[] = [];
  /** Ways of hearing that are cut off: the request is refused. */
  readonly blocked = new Set<'socket' | 'events' | 'messages'>();
  /** Answers with this status to the next POST of a message, after (`taken`) or before taking it. */
  fault: { status: number; body?: object; headers?: Record<string, string>; taken?: boolean } | undefined;
  /** Every form that was sent. */
  readonly forms: NonNullable<Request['form']>[] = [];
  /** Every signal that a socket has sent. */
  readonly signals: unknown[] = [];
  /** How often each way of hearing was opened. */
  readonly opened = { socket: 0, events: 0, messages: 0 };
  /** Attributes of the page's script tag. */
  page = 'data-name="Ada" data-locale="en"';
  policy: string = POLICY;
  readonly #files = new Map<string, { id: string; name: string; type: string; size: number; url: string }>();
  readonly #hearing = new Map<string, Set<(frame: object) => void>>();
  readonly #sockets = new Set<WebSocket>();
  readonly #streams = new Set<ServerResponse>();
  readonly #http = createServer((request, response) => void this.#respond(request, response));

  async listen(): Promise<string> {
    const door = new WebSocketServer({ noServer: true });
    this.#http.on('upgrade', (request, socket, head) => {
      if (this.blocked.has('socket')) return socket.destroy();
      door.handleUpgrade(request, socket, head, (client) => this.#serveSocket(client));
    });
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.hangUp();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  /** Breaks every open connection, as a proxy's restart does. */
  hangUp(): void {
    for (const socket of this.#sockets) socket.terminate();
    for (const stream of this.#streams) stream.destroy();
  }

  /** The bot, an agent or the system says something in every conversation. */
  say(content: Content): void {
    for (const token of this.conversations.keys()) this.#add(token, content);
  }

  frame(frame: object): void {
    for (const hearers of this.#hearing.values()) for (const hear of hearers) hear(frame);
  }

  /** Everything the customer has sent, in the server's order, over all conversations. */
  get received(): readonly string[] {
    return [...this.conversations.values()]
      .flat()
      .filter((line) => (line.from as string) === 'customer')
      .map((line) => line.text);
  }

  #add(token: string, content: object, id: string = randomUUID()): Line {
    const lines = this.conversations.get(token) ?? [];
    const line = { from: 'bot', status: 'sent', at: Date.now(), id, seq: lines.length + 1, ...content } as Line;
    lines.push(line);
    for (const hear of this.#hearing.get(token) ?? []) hear({ type: 'message', message: line });
    return line;
  }

  #take(token: string, request: Request): { line: Line; repeated: boolean } {
    const lines = this.conversations.get(token) ?? [];
    const known = lines.find((line) => line.id === request.id);
    if (known) return { line: known, repeated: true };
    const tokens = [request.choice ?? []].flat();
    const labels = lines.flatMap((line) => (line.choices as { token: string; label: string }[] | undefined) ?? []);
    const form = lines.map((each) => each.form as Form | undefined).findLast((each) => each !== undefined);
    if (request.form) this.forms.push(request.form);
    const filled = request.form && form && answersInWords(form, request.form.values);
    const text =
      filled ??
      request.text ??
      tokens.map((token) => labels.find((choice) => choice.token === token)?.label).join(', ');
    const attachments = (request.files ?? []).map((id) => this.#files.get(id));
    const line = this.#add(
      token,
      { from: 'customer', text, ...(attachments.length > 0 && { attachments }) },
      request.id,
    );
    for (const content of this.answer(text)) this.#add(token, content);
    return { line, repeated: false };
  }

  /** Replays what is missing, then goes on live. */
  #hear(token: string, after: number, hear: (frame: object) => void): () => void {
    const lines = this.conversations.get(token) ?? [];
    for (const message of lines.filter((line) => line.seq > after)) hear({ type: 'message', message });
    hear({ type: 'ready', last: lines.length });
    const hearers = this.#hearing.get(token) ?? new Set();
    this.#hearing.set(token, hearers.add(hear));
    return () => hearers.delete(hear);
  }

  #serveSocket(client: WebSocket): void {
    this.opened.socket++;
    this.#sockets.add(client);
    const tell = (frame: object) => client.send(JSON.stringify(frame));
    client.once('message', (first) => {
      const { token, after } = JSON.parse(String(first));
      if (!this.conversations.has(token))
        return tell({ type: 'error', code: 'chat.unknown_token', message: 'Unknown.' });
      const stop = this.#hear(token, after, tell);
      client.on('message', (frame) => this.signals.push(JSON.parse(String(frame))));
      client.on('close', stop);
    });
    client.on('close', () => this.#sockets.delete(client));
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const json = (status: number, value: object, headers: Record<string, string> = {}) =>
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value));

    if (url.pathname === '/') return this.#servePage(response);
    if (url.pathname.startsWith('/widget')) return this.#serveScript(url.pathname, response);
    if (url.pathname.startsWith('/files/'))
      return void response.writeHead(200, { 'Content-Type': 'image/svg+xml' }).end('<svg/>');
    if (url.pathname === '/favicon.ico') return void response.writeHead(204).end();
    if (!url.pathname.startsWith('/chat/')) return void response.writeHead(404).end();
    if (url.pathname === '/chat/session') {
      const fresh = randomUUID();
      this.conversations.set(fresh, []);
      for (const content of this.greeting) this.#add(fresh, content);
      return void json(201, { token: fresh, conversation: fresh });
    }
    if (!this.conversations.has(token)) return void json(401, { code: 'chat.unknown_token', message: 'Unknown.' });
    if (url.pathname === '/chat/files') {
      const id = randomUUID();
      const name = decodeURIComponent(String(request.headers['x-file-name']));
      const file = { id, name, type: String(request.headers['content-type']), size: body.length, url: `/files/${id}` };
      this.#files.set(id, file);
      return void json(201, file);
    }
    if (url.pathname === '/chat/messages' && request.method === 'POST') {
      const fault = this.fault;
      this.fault = undefined;
      if (fault && !fault.taken) return void json(fault.status, fault.body ?? {}, fault.headers);
      const { line, repeated } = this.#take(token, JSON.parse(String(body)));
      if (fault) return void json(fault.status, fault.body ?? {}, fault.headers);
      return void json(repeated ? 200 : 202, { id: line.id, seq: line.seq });
    }
    const after = Number(url.searchParams.get('after'));
    if (url.pathname === '/chat/events' && !this.blocked.has('events'))
      return this.#serveEvents(token, after, response);
    if (url.pathname === '/chat/messages' && !this.blocked.has('messages')) {
      this.opened.messages++;
      const lines = () => (this.conversations.get(token) ?? []).filter((line) => line.seq > after);
      const until = Date.now() + Number(url.searchParams.get('wait')) * 1000;
      while (lines().length === 0 && Date.now() < until && !response.destroyed)
        await new Promise((go) => setTimeout(go, 20));
      return void json(200, { messages: lines(), last: this.conversations.get(token)?.length });
    }
    json(503, { code: 'blocked', message: 'Blocked by the test.' });
  }

  #serveEvents(token: string, after: number, response: ServerResponse): void {
    this.opened.events++;
    this.#streams.add(response);
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const stop = this.#hear(token, after, (frame) => response.write(`data: ${JSON.stringify(frame)}\n\n`));
    response.on('close', () => {
      stop();
      this.#streams.delete(response);
    });
  }

  async #serveScript(path: string, response: ServerResponse): Promise<void> {
    const { loader, widget, form } = await built();
    const scripts: Readonly<Record<string, string>> = { '/widget.js': loader, '/widget-form.js': form };
    response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(scripts[path] ?? widget);
  }

  #servePage(response: ServerResponse): void {
    response
      .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': this.policy })
      .end(
        `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Shop</title><body><main><h1>Shop</h1></main><script src="/widget.js" ${this.page}></script>`,
      );
  }
}

let building: ReturnType<typeof buildWidget> | undefined;
function built(): ReturnType<typeof buildWidget> {
  building ??= buildWidget();
  return building;
}
