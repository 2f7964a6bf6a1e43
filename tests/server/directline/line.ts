import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import channel from '../../../channels/directline/directline.ts';
import { readSettings } from '../../../channels/directline/settings.ts';
import { createLog } from '../../../src/log.ts';
import type { Activity, ActivitySet } from '../../../src/server/directline/told.ts';
import { createFileStore } from '../../../src/server/file-store.ts';
import { createServer } from '../../../src/server/server.ts';
import { createFakeEngine, type FakeEngine } from '../../support/fake-engine.ts';

export const SECRET = 'a secret of the shop that nobody knows'.replaceAll(' ', '-');
/** Bytes. */
export const FILES = { size: 64 * 1024, total: 100 * 1024 };
export const PAGE = 'https://shop.example';

/** A Direct Line account behind a real server on the loopback, over an engine in memory. */
export interface Line {
  /** What clients call `domain`. */
  readonly domain: string;
  readonly engine: FakeEngine;
  readonly log: readonly string[];
  readonly clock: { now: number };
  /** One call; without a bearer there is no Authorization. */
  call(
    method: string,
    path: string,
    bearer?: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** A conversation that has begun. */
  start(body?: object, bearer?: string): Promise<Started>;
  /** The engine's name for a conversation. */
  inside(conversation: string): Promise<string>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly [key: string]: unknown };
}

export interface Started {
  readonly conversationId: string;
  readonly token: string;
  readonly streamUrl: string;
}

export async function openLine(given: object = {}, environment: Record<string, string> = {}): Promise<Line> {
  const engine = createFakeEngine();
  const log: string[] = [];
  const clock = { now: Date.UTC(2026, 10, 21, 12) };
  const folder = mkdtempSync(join(tmpdir(), 'parley-directline-'));
  const raw = { kind: 'directline', secret: `\${DIRECTLINE_SECRET}`, origins: [PAGE], ...given };
  const settings = readSettings(raw, { DIRECTLINE_SECRET: SECRET, ...environment });
  const server = createServer({
    engine,
    files: createFileStore(folder),
    intake: () => Promise.reject(new Error('no platform writes here')),
    directline: ['line', 'other'].map((name) => ({ name, channel, settings, files: FILES })),
    log: await createLog({ pretty: false, write: (line) => log.push(line) }),
    clock: () => clock.now,
  });
  const listening = await server.listen(0);
  const domain = `${listening.url}/channels/line/v3/directline`;

  async function call(
    method: string,
    path: string,
    bearer?: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await fetch(path.startsWith('http') ? path : domain + path, {
      method,
      headers: {
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isSent(body) ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? {} : JSON.parse(text) };
  }

  return {
    domain,
    engine,
    log,
    clock,
    call,
    async start(body = {}, bearer = SECRET) {
      const answer = await call('POST', '/conversations', bearer, body);
      if (answer.status > 201) throw new Error(JSON.stringify(answer.body));
      return answer.body as unknown as Started;
    },
    async inside(conversation) {
      const found = await engine.find('line', conversation);
      if (found === undefined) throw new Error(`${conversation} has not begun`);
      return found;
    },
    async close() {
      await listening.close(1000);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function isSent(body: unknown): body is FormData | string | Uint8Array<ArrayBuffer> {
  return body instanceof FormData || typeof body === 'string' || body instanceof Uint8Array;
}

/** Status and Direct Line's code of a refusal. */
export function refusalOf({ status, body }: Answer): [number, string] {
  return [status, (body as { error: { code: string } }).error.code];
}

/** A stream, and all it has told. */
export class Stream {
  readonly ws: WebSocket;
  readonly sets: ActivitySet[] = [];
  /** Empty messages. */
  beats = 0;
  ended: { code: number; reason: string } | undefined;

  constructor(url: string) {
    this.ws = new WebSocket(url);
    this.ws.onmessage = ({ data }: { data: unknown }) => {
      if (data === '') this.beats += 1;
      else this.sets.push(JSON.parse(String(data)) as ActivitySet);
    };
    this.ws.onclose = ({ code, reason }: { code: number; reason: string }) => {
      this.ended = { code, reason };
    };
  }

  get activities(): readonly Activity[] {
    return this.sets.flatMap(({ activities }) => activities);
  }

  get texts(): readonly unknown[] {
    return this.activities.flatMap(({ type, text }) => (type === 'message' ? [text] : []));
  }

  get watermark(): string {
    return this.sets.at(-1)?.watermark ?? '';
  }
}
