/** The visitors of `sockets`, in a process of their own: each with one socket and one conversation. */
import { connect, type Socket as Line } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { obey } from '../actor.ts';
import { type Socket, WebSocket } from './ws.ts';

export interface CrowdWishes {
  /** Begins their conversations. Their tokens. */
  begin(at: { url: string; visitors: number; sessions: boolean }): Promise<readonly string[]>;
  /** Everybody opens a socket. Milliseconds until the last is ready. */
  arrive(): Promise<number>;
  /** One after the other writes, so many a second. */
  talk(load: { perSecond: number; seconds: number }): Promise<Talk>;
  /** All lines break. */
  drop(): Promise<void>;
  /** Answers that somebody has not heard, or heard more than once; `away`: of these, how many each was given while she was away. */
  faults(away: number): Promise<{ missed: number; doubled: number }>;
  /** So many more sockets that read nothing. */
  deafen(tokens: readonly string[]): Promise<void>;
  close(): void;
}

export interface Talk {
  /** Milliseconds from when a word was due to its answer, sorted. */
  readonly turns: readonly number[];
  /** When each word's answer was there, as {@link HostWishes.commits}. */
  readonly arrivals: readonly (readonly [string, number])[];
  readonly unanswered: number;
}

/** Handshakes under way at once. */
const AT_ONCE = 256;

class Visitor {
  ws: Socket | undefined;
  said = 0;
  heard = 0;
  doubled = 0;
  missed = 0;
  #last = 0;
  readonly #token: string;
  readonly #onAnswer: (text: string) => void;

  constructor(token: string, onAnswer: (text: string) => void) {
    this.#token = token;
    this.#onAnswer = onAnswer;
  }

  /** Until it is ready; tried again while it is refused. */
  async arrive(url: string): Promise<void> {
    while (!(await this.#try(url))) await sleep(200);
  }

  say(word: string): void {
    this.said += 1;
    this.ws?.send(JSON.stringify({ type: 'send', id: word, text: word }));
  }

  #try(url: string): Promise<boolean> {
    return new Promise((resolve) => {
      const ws = new WebSocket(url, { perMessageDeflate: false });
      this.ws = ws;
      ws.on('error', () => resolve(false));
      ws.on('close', () => resolve(false));
      ws.on('open', () => ws.send(JSON.stringify({ token: this.#token, after: this.#last })));
      ws.on('message', (data: Buffer) => {
        const frame = JSON.parse(String(data)) as {
          type: string;
          message?: { seq?: number; from: string; text: string };
        };
        if (frame.type === 'ready') resolve(true);
        else if (frame.message !== undefined) this.#hear(frame.message);
      });
    });
  }

  #hear({ seq, from, text }: { seq?: number; from: string; text: string }): void {
    if (seq !== undefined) {
      if (seq <= this.#last) this.doubled += 1;
      if (seq > this.#last + 1) this.missed += seq - this.#last - 1;
      this.#last = Math.max(this.#last, seq);
    }
    if (from !== 'bot') return;
    this.heard += 1;
    this.#onAnswer(text);
  }
}

let url = '';
let visitors: readonly Visitor[] = [];
const deaf: Line[] = [];
const waiting = new Map<string, (at: number) => void>();
let words = 0;

obey<CrowdWishes>({
  async begin(at) {
    url = `${at.url.replace('http', 'ws')}/chat/socket`;
    const tokens = await all(Array.from({ length: at.visitors }), async (_, index) => {
      if (!at.sessions) return `token-${index}`;
      const answer = await fetch(`${at.url}/chat/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
      return ((await answer.json()) as { token: string }).token;
    });
    visitors = tokens.map((token) => new Visitor(token, answered));
    return tokens;
  },

  async arrive() {
    const began = performance.now();
    await all(visitors, (visitor) => visitor.arrive(url));
    return performance.now() - began;
  },

  async talk({ perSecond, seconds }) {
    const turns: number[] = [];
    const arrivals: [string, number][] = [];
    const began = now();
    const last = perSecond * seconds;
    for (let sent = 0; sent < last; ) {
      for (; sent < last && now() >= began + (sent * 1_000) / perSecond; sent += 1) {
        const due = began + (sent * 1_000) / perSecond;
        words += 1;
        const word = `w${words}`;
        waiting.set(word, (at) => {
          turns.push(at - due);
          arrivals.push([word, at]);
        });
        visitors[words % visitors.length]?.say(word);
      }
      await sleep(1);
    }
    for (let patience = 0; waiting.size > 0 && patience < 100; patience += 1) await sleep(50);
    const unanswered = waiting.size;
    waiting.clear();
    return { turns: turns.toSorted((a, b) => a - b), arrivals, unanswered };
  },

  async drop() {
    for (const { ws } of visitors) ws?.terminate();
    await sleep(500);
  },

  async faults(away) {
    const isBehind = () => visitors.some(({ heard, said }) => heard < said + away);
    for (let patience = 0; isBehind() && patience < 100; patience += 1) await sleep(50);
    const sum = (count: (visitor: Visitor) => number) => visitors.reduce((all, visitor) => all + count(visitor), 0);
    return {
      missed: sum(({ missed, heard, said }) => Math.max(missed, said + away - heard)),
      doubled: sum(({ doubled, heard, said }) => Math.max(doubled, heard - said - away)),
    };
  },

  async deafen(tokens) {
    await all(tokens, async (token) => deaf.push(await deafSocket(token)));
  },

  close() {
    for (const { ws } of visitors) ws?.terminate();
    for (const socket of deaf) socket.destroy();
  },
});

function answered(text: string): void {
  waiting.get(text)?.(now());
  waiting.delete(text);
}

/** Shakes hands, says who it is, and never reads again. */
async function deafSocket(token: string): Promise<Line> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  await new Promise((resolve) => socket.once('connect', resolve));
  const key = 'dGhlIHNhbXBsZSBub25jZQ==';
  socket.write(
    `GET /chat/socket HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  await new Promise((resolve) => socket.once('data', resolve));
  socket.pause();
  const hello = Buffer.from(JSON.stringify({ token, after: 0 }));
  // A client's frames are masked; by zeros, which change nothing.
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | hello.byteLength, 0, 0, 0, 0]), hello]));
  socket.on('error', () => socket.destroy());
  return socket;
}

async function all<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const done: R[] = new Array(items.length);
  let next = 0;
  const one = async () => {
    while (next < items.length) {
      const index = next++;
      done[index] = await work(items[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return done;
}

function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
