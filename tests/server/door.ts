import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { createLog } from '../../src/log.ts';
import { createFileStore } from '../../src/server/file-store.ts';
import { createIntake } from '../../src/server/intake.ts';
import type { Listening } from '../../src/server/listen.ts';
import { createServer, type ServerParts } from '../../src/server/server.ts';
import type { ChatSettings } from '../../src/server/settings.ts';
import { createFakeEngine, type FakeEngine } from '../support/fake-engine.ts';

/** A server on a free port of the loopback, over an engine in memory. */
export interface Door {
  readonly url: string;
  readonly engine: FakeEngine;
  readonly log: readonly string[];
  readonly clock: { now: number };
  open(body?: object): Promise<{ token: string; conversation: string }>;
  post(path: string, body: unknown, token?: string, headers?: Record<string, string>): Promise<Response>;
  get(path: string, token?: string, headers?: Record<string, string>): Promise<Response>;
  socket(token: string, after?: number): Promise<Client>;
  /** Stops the server and leaves its clients to notice. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export const SETTINGS: ChatSettings = {
  origins: ['https://shop.example'],
  limits: {
    visitor: { burst: 1000, perMinute: 1000 },
    network: { burst: 10_000, perMinute: 10_000 },
    sessions: { burst: 1000, perMinute: 1000 },
  },
  proxies: 0,
  files: { size: 10 * 1024 * 1024, total: 20 * 1024 * 1024 },
};

export async function openDoor(settings: Partial<ChatSettings> = {}, more: Partial<ServerParts> = {}): Promise<Door> {
  const engine = createFakeEngine();
  const log: string[] = [];
  const clock = { now: Date.UTC(2026, 10, 21) };
  const folder = mkdtempSync(join(tmpdir(), 'parley-door-'));
  const files = createFileStore(folder);
  const lines = await createLog({ pretty: false, write: (line) => log.push(line) });
  const server = createServer({
    engine,
    chat: { account: 'web', settings: { ...SETTINGS, ...settings } },
    proxies: settings.proxies ?? 0,
    files,
    intake: createIntake({ engine, files, limits: { ...SETTINGS, ...settings }.files, log: lines }),
    log: lines,
    clock: () => clock.now,
    ...more,
  });
  const listening: Listening = await server.listen(0);
  const sockets: WebSocket[] = [];

  let stopped: Promise<void> | undefined;
  function stop(): Promise<void> {
    stopped ??= listening.close(1000);
    return stopped;
  }

  function get(path: string, token?: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(listening.url + path, { headers: { ...bearer(token), ...headers }, redirect: 'manual' });
  }

  function post(path: string, body: unknown, token?: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(listening.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(token), ...headers },
      body:
        typeof body === 'string' || body instanceof Uint8Array
          ? new Uint8Array(Buffer.from(body))
          : JSON.stringify(body),
    });
  }

  return {
    url: listening.url,
    engine,
    log,
    clock,
    get,
    post,
    async open(body = {}) {
      const answer = await post('/chat/session', body);
      return (await answer.json()) as { token: string; conversation: string };
    },
    async socket(token, after = 0) {
      const ws = new WebSocket(`${listening.url.replace('http', 'ws')}/chat/socket`);
      sockets.push(ws);
      const client = new Client(ws);
      await client.opened;
      client.send({ token, after });
      return client;
    },
    stop,
    async close() {
      for (const ws of sockets) ws.terminate();
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Any frame of the server, loosely: tests look at what they expect. */
export interface Frame {
  readonly type: string;
  readonly [key: string]: unknown;
  readonly message?: { readonly seq: number; readonly text: string };
}

/** A socket that remembers what it was told. */
export class Client {
  readonly ws: WebSocket;
  readonly frames: Frame[] = [];
  readonly opened: Promise<void>;
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  #waiting: (() => void)[] = [];

  constructor(ws: WebSocket) {
    this.ws = ws;
    this.opened = new Promise((resolve, reject) => {
      ws.once('open', () => resolve());
      ws.once('error', reject);
    });
    this.closed = new Promise((resolve) => {
      ws.once('close', (code) => {
        resolve(code);
        this.#wake();
      });
    });
    ws.on('message', (data: Buffer) => {
      this.frames.push(JSON.parse(data.toString('utf8')) as Frame);
      this.#wake();
    });
  }

  send(frame: unknown): void {
    this.ws.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** The first frame, past or to come, that fits. */
  async until(fits: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const found = this.frames.find(fits);
      if (found !== undefined) return found;
      if (this.ws.readyState === this.ws.CLOSED) throw new Error(`closed; heard ${JSON.stringify(this.frames)}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  get heard(): number[] {
    return this.frames.flatMap((frame) => (frame.message === undefined ? [] : [frame.message.seq]));
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** Status and code of a refusal. */
export async function refusalOf(answer: Response): Promise<[number, string]> {
  return [answer.status, ((await answer.json()) as { code: string }).code];
}
