import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { WebSocket, WebSocketServer } from 'ws';
import { codeOf, ParleyError } from '../errors.ts';
import type { Log } from '../log.ts';
import { guard } from './app.ts';
import { JSON_LIMIT } from './body.ts';
import type { Chat } from './chat.ts';
import type { Env } from './chat-routes.ts';
import type { Connections } from './connections.ts';
import { startHeartbeat } from './heartbeat.ts';
import { networkOf } from './network.ts';
import { foreignOrigin, isAllowedOrigin } from './origin.ts';
import { Refusal, toProblem, toRefusal } from './refusal.ts';
import { serveSocket } from './socket.ts';

export interface Listening {
  /** `http://127.0.0.1:3000` */
  readonly url: string;
  /** Takes no more, lets what runs end within `grace` milliseconds, then cuts. Clients are told to come back. */
  close(grace: number): Promise<void>;
}

/** Serves a socket from its opening to its end. `line` is what it runs over: who writes several frames holds it back until the last. */
export type OpenSocket = (ws: WebSocket, line: Duplex) => void;

/** Another door's sockets: what serves one that asks for this address. `undefined`: it is not there. Rejects with a {@link Refusal}. */
export type SocketDoor = (request: IncomingMessage, url: URL) => Promise<OpenSocket | undefined>;

/** Against those who send a byte a minute; generous enough for a file over a slow line. */
const PATIENCE = {
  headersTimeout: 10_000,
  requestTimeout: 120_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16 * 1024,
};

export interface ListenParts {
  readonly connections: Connections;
  readonly log: Log;
  readonly proxies: number;
  readonly chat: Chat | undefined;
  /** Other doors' sockets. */
  readonly more: SocketDoor;
}

export async function listen(app: Hono<Env>, parts: ListenParts, port: number, host: string): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: PATIENCE,
  }) as Server;
  const sockets = openSockets(server, parts);
  const { port: taken } = await bind(server, port, host);
  const shown = host.includes(':') ? `[${host}]` : host;
  parts.log.info('server.listening', { host, port: taken });

  return {
    url: `http://${shown}:${taken}`,
    async close(grace) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      parts.connections.closeAll();
      sockets.close();
      const patience = setTimeout(() => {
        sockets.cut();
        server.closeAllConnections();
      }, grace);
      await closed;
      clearTimeout(patience);
    },
  };
}

function bind(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        codeOf(cause) === 'EADDRINUSE'
          ? new ParleyError('server.port_taken', `Port ${port} is taken by another program.`, {
              hint: 'Stop it, or choose another port: PORT=3001.',
              cause,
            })
          : cause,
      );
    });
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });
}

/** `WS /chat/socket`, and the sockets of other doors. The library is loaded with the first socket: a start should not wait for it. */
function openSockets(server: Server, { chat, proxies, more }: ListenParts): { close(): void; cut(): void } {
  let library: Promise<WebSocketServer> | undefined;
  let opened: WebSocketServer | undefined;
  let stopping = false;
  const heartbeat = startHeartbeat();

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A client that goes away in the middle of its handshake is nobody's error.
    socket.on('error', () => socket.destroy());
    upgrade(request, socket, head).catch((error: unknown) => refuse(socket, error));
  });

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://door');
    guard(url.searchParams.get('token') ?? undefined);
    const serve = url.pathname === '/chat/socket' ? chatSocket(request) : await more(request, url);
    if (serve === undefined) throw new Refusal(404, 'server.not_found', 'There is nothing at this address.');
    if (stopping) throw new Refusal(503, 'server.stopping', 'This server is about to stop.', { retryAfter: 1 });
    library ??= loadSockets();
    const sockets = await library;
    opened = sockets;
    sockets.handleUpgrade(request, socket, head, (ws) => {
      heartbeat.add(ws);
      serve(ws, socket);
    });
  }

  function chatSocket(request: IncomingMessage): OpenSocket | undefined {
    if (chat === undefined) return undefined;
    const { origin = null, host = null } = request.headers;
    if (!isAllowedOrigin(origin, host, chat.settings.origins)) throw foreignOrigin();
    return (ws, line) => serveSocket(ws, line, chat, networkOf(request, proxies));
  }

  return {
    close() {
      stopping = true;
      heartbeat.stop();
      for (const ws of opened?.clients ?? []) ws.close(1001, 'server.stopping');
    },
    cut() {
      for (const ws of opened?.clients ?? []) ws.terminate();
    },
  };
}

async function loadSockets(): Promise<WebSocketServer> {
  const { WebSocketServer } = await import('ws');
  // No compression: it costs 300 KB and more a socket, and our frames are small.
  return new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: JSON_LIMIT });
}

function refuse(socket: Duplex, error: unknown): void {
  const refusal = toRefusal(error);
  const body = JSON.stringify(toProblem(refusal));
  socket.end(
    [
      `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? 'Refused'}`,
      'Connection: close',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}
