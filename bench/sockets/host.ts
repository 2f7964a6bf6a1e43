/**
 * The server of `sockets`, in a process of its own: Parley with its real doors, engine and store, and a bot that says every word back;
 * or the floor, a bare `ws` that parses a frame and says it back.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import web from '../../channels/web/web.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { Log } from '../../src/log.ts';
import { createFileStore } from '../../src/server/file-store.ts';
import { createIntake } from '../../src/server/intake.ts';
import { createServer as createDoors } from '../../src/server/server.ts';
import { FILE_LIMITS } from '../../src/server/settings.ts';
import { addressOf } from '../../src/server/token.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { TakeTurn } from '../../src/turn.ts';
import { obey } from '../actor.ts';
import { type Socket, WebSocketServer } from './ws.ts';

export interface HostWishes {
  /** Opens it. Its address. */
  open(kind: 'parley' | 'floor'): Promise<string>;
  /** Bytes after a collection. */
  memory(): Promise<{ resident: number; heap: number }>;
  /** µs of CPU since the last look. */
  cpu(): number;
  /** When each word's turn was on disk, by the word: milliseconds of the machine's monotonic clock. */
  commits(): readonly (readonly [string, number])[];
  /** The owners of these tokens write, each once, by another way than their sockets. */
  write(from: { tokens: readonly string[]; perSecond: number; text: string }): Promise<void>;
  /** Bytes that were kept for readers who were let go for not reading. */
  letGo(): readonly number[];
  close(): Promise<void>;
}

/** So many times 8,000 letters are said to whoever writes `flood`. */
const FLOOD = 60;

const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
const commits: [string, number][] = [];
const letGo: number[] = [];
let accept: (token: string, text: string, key: string) => Promise<unknown> = () => Promise.resolve();
let close = async (): Promise<void> => undefined;
let used = process.cpuUsage();
let written = 0;

obey<HostWishes>({
  open: (kind) => (kind === 'parley' ? openParley() : openFloor()),

  async memory() {
    for (let round = 0; round < 4; round += 1) {
      globalThis.gc?.();
      await sleep(50);
    }
    const { rss, heapUsed } = process.memoryUsage();
    return { resident: rss, heap: heapUsed };
  },

  cpu() {
    const { user, system } = process.cpuUsage(used);
    used = process.cpuUsage();
    return user + system;
  },

  commits: () => commits.splice(0),

  async write({ tokens, perSecond, text }) {
    const began = performance.now();
    for (const [index, token] of tokens.entries()) {
      const wait = began + (index * 1_000) / perSecond - performance.now();
      if (wait > 1) await sleep(wait);
      written += 1;
      await accept(token, text, `out-${written}`);
    }
  },

  letGo: () => letGo,

  async close() {
    await close();
    rmSync(folder, { recursive: true });
  },
});

async function openParley(): Promise<string> {
  const log: Log = {
    info: (event, fields) => {
      if (event === 'socket.slow_reader') letGo.push(Number(fields?.size));
    },
    warn: () => undefined,
    error: (event, fields) => console.error(event, fields?.error),
  };
  const turn: TakeTurn = (_state, event) => {
    const text = event.kind === 'message' ? event.text : '';
    const words = text === 'flood' ? Array.from({ length: FLOOD }, () => 'x'.repeat(8_000)) : text === '' ? [] : [text];
    return { state: {}, effects: words.map((word) => ({ kind: 'send', from: 'bot', message: { text: word } })) };
  };
  const sound = openSqlite(join(folder, 'parley.db'));
  const store: typeof sound = {
    ...sound,
    async commit(finished) {
      const done = await sound.commit(finished);
      const { event } = finished.arrival;
      if (event.kind === 'message') commits.push([event.text, now()]);
      return done;
    },
  };
  const often = { burst: 1e9, perMinute: 1e9 };
  const settings = {
    ...web.settings({ kind: 'web' }, {}),
    limits: { visitor: often, network: often, sessions: often },
  };
  const engine = createEngine({
    store,
    turn,
    channels: new Map([['web', { channel: web, settings }]]),
    actions: new Map(),
    clock: { now: Date.now },
    log,
  });
  const files = createFileStore(join(folder, 'files'));
  const intake = createIntake({ engine, files, limits: FILE_LIMITS, log });
  const doors = createDoors({ engine, files, intake, chat: { account: 'web', settings }, log, clock: Date.now });
  const listening = await doors.listen(0);
  await engine.start();
  accept = (token, text, key) =>
    engine.accept({ account: 'web', address: addressOf(token), key, event: { kind: 'message', text } });
  close = async () => {
    await listening.close(100);
    await engine.stop(1_000);
    await store.close();
  };
  return listening.url;
}

async function openFloor(): Promise<string> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (ws: Socket) => {
    ws.on('message', (data: Buffer) => {
      const { type, text } = JSON.parse(String(data)) as { type?: string; text?: string };
      commits.push([text ?? '', now()]);
      if (type === undefined) ws.send(JSON.stringify({ type: 'ready', last: 0 }));
      else ws.send(JSON.stringify({ type: 'message', message: { from: 'bot', text } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = async () => {
    for (const ws of sockets.clients) ws.terminate();
    server.closeAllConnections();
    server.close();
  };
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The same in every process of the machine. */
function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
