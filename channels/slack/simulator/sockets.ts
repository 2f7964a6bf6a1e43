import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

/** How the app answered an envelope. */
export interface Answer {
  readonly taken: boolean;
  /** What it wants shown: the mistakes in a form. */
  readonly payload?: Readonly<Record<string, unknown>>;
}

interface Pending {
  readonly socket: WebSocket;
  readonly settle: (answer: Answer) => void;
}

/** Milliseconds that an app has to acknowledge; between Slack's pings. */
const PATIENCE = 3_000;
const PING = 10_000;

/** Socket Mode from Slack's side: https://docs.slack.dev/apis/events-api/using-socket-mode */
export class Sockets {
  /** Envelopes that were acknowledged, in order. */
  readonly acknowledged: string[] = [];
  readonly #app: string;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #tickets = new Set<string>();
  readonly #open: WebSocket[] = [];
  readonly #pending = new Map<string, Pending>();
  #next = 0;

  constructor(app: string) {
    this.#app = app;
  }

  get connections(): number {
    return this.#open.length;
  }

  /** What `apps.connections.open` gives: good for one connection. */
  ticket(): string {
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return ticket;
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const ticket = new URL(request.url ?? '/', 'http://slack').searchParams.get('ticket') ?? '';
    if (!this.#tickets.delete(ticket)) return void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    this.#server.handleUpgrade(request, socket, head, (opened) => this.#greet(opened));
  }

  /** Each goes to one of the connections, in turn. */
  send(type: string, payload: object, retry?: { number: number; reason: string }): { readonly done: Promise<Answer> } {
    const socket = this.#open[this.#next++ % Math.max(1, this.#open.length)];
    if (socket === undefined) return { done: Promise.resolve({ taken: false }) };
    const envelope_id = randomUUID();
    const retried =
      type === 'events_api' ? { retry_attempt: retry?.number ?? 0, retry_reason: retry?.reason ?? '' } : {};
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const timer = setTimeout(() => settle({ taken: false }), PATIENCE);
    const settle = (answer: Answer) => {
      clearTimeout(timer);
      this.#pending.delete(envelope_id);
      resolve(answer);
    };
    this.#pending.set(envelope_id, { socket, settle });
    socket.send(
      JSON.stringify({ envelope_id, payload, type, accepts_response_payload: type !== 'events_api', ...retried }),
    );
    return { done: promise };
  }

  /** Slack wants the app to connect anew: it says so, and the app closes. */
  refresh(reason: 'warning' | 'refresh_requested' | 'link_disabled' = 'refresh_requested'): void {
    for (const socket of this.#open)
      socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'wss-simulated' } }));
  }

  /** The lines break. */
  cut(): void {
    for (const socket of [...this.#open]) socket.terminate();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #greet(socket: WebSocket): void {
    this.#open.push(socket);
    const ping = setInterval(() => socket.ping(), PING);
    socket.on('message', (data) => this.#hear(String(data)));
    // A line that breaks ends in `close` too.
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(ping);
      this.#open.splice(this.#open.indexOf(socket), 1);
      for (const pending of [...this.#pending.values()])
        if (pending.socket === socket) pending.settle({ taken: false });
    });
    const hello = { num_connections: this.#open.length, connection_info: { app_id: this.#app } };
    const debug_info = { host: 'wss-simulated', build_number: 1, approximate_connection_time: 18_060 };
    socket.send(JSON.stringify({ type: 'hello', ...hello, debug_info }));
  }

  #hear(text: string): void {
    const { envelope_id: id, payload } = JSON.parse(text) as {
      envelope_id?: string;
      payload?: Record<string, unknown>;
    };
    const pending = this.#pending.get(id ?? '');
    if (id === undefined || pending === undefined) return;
    this.acknowledged.push(id);
    pending.settle({ taken: true, ...(payload === undefined ? {} : { payload }) });
  }
}
