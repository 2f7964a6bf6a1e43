import { createHmac } from 'node:crypto';
import { openWebDesk, type WebDesk, type WebDeskOptions } from '../../../src/desks/web/web-desk.ts';
import type { Command } from '../../../src/handoff/counter.ts';
import type { Head } from '../../../src/handoff/desk.ts';
import { PLAIN_QUEUE, type Policy } from '../../../src/handoff/policy.ts';
import { openMemory } from '../../../src/store/memory.ts';

const agent = (name: string, queues: readonly string[]): Policy['agents'][number] => ({
  ...{ name, shown: name[0]?.toUpperCase() + name.slice(1), queues, skills: [], capacity: 3, accounts: {} },
});

export const policy: Policy = {
  queues: { returns: PLAIN_QUEUE, billing: PLAIN_QUEUE },
  agents: [agent('mia', ['returns']), agent('tom', ['returns']), agent('zoe', ['billing'])],
  misses: 2,
  reopen: 86_400_000,
};

/** Commands that the desk gave, whoever gave them. */
export const given: Command[] = [];

export const ORIGIN = 'http://desk.example';

export function deskWith(options: Partial<WebDeskOptions> = {}): WebDesk {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const desk = openWebDesk({ business: () => 'Shop', policy: () => policy, clock: { now: Date.now }, log, ...options });
  const store = openMemory();
  desk.begin({
    store,
    office: {
      async give(command) {
        given.push(command);
        return { ok: true, at: 'active' };
      },
      setPresence: (name, presence) => store.desk.setPresence(name, presence, Date.now()),
      head: async () => undefined,
      keepFile: async (_, { name, bytes }) => ({
        id: 'f1',
        name,
        type: 'image/png',
        size: bytes.length,
        url: '/chat/files/f1',
      }),
      replies: async () => [],
      translate: async () => undefined,
      reveal: async () => ({ ok: false, code: 'desk.unknown_value' }),
    },
  });
  return desk;
}

export const HEAD: Head = {
  ...{ conversation: 'c1', number: 7, version: 1, at: 'queued', queue: 'returns', priority: 'normal', reason: 'asked' },
  ...{ opened: 1_000, due: [], attach: {}, summary: [], masked: [] },
  customer: { attributes: {}, locale: 'en', account: 'web', channel: 'web' },
};

/** What a browser sends of itself. */
export interface Asking {
  readonly method?: string;
  readonly cookie?: string;
  readonly origin?: string | null;
  readonly type?: string;
  readonly json?: unknown;
  readonly base?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function ask(desk: WebDesk, path: string, asking: Asking = {}): Promise<Response> {
  const { method = 'GET', cookie, origin = ORIGIN, type = 'application/json', json, base = ORIGIN, headers } = asking;
  return desk.fetch(
    new Request(`${base}/console/desk${path}`, {
      method,
      headers: {
        host: new URL(base).host,
        ...(cookie === undefined ? {} : { cookie }),
        ...(origin === null || method === 'GET' ? {} : { origin }),
        ...(json === undefined ? {} : { 'content-type': type }),
        ...headers,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    }),
  );
}

/** Signs an agent in by a code, as the operator hands one out. @returns her cookie */
export async function signedIn(desk: WebDesk, agent: string): Promise<string> {
  const answer = await ask(desk, '/session', { method: 'POST', json: { code: desk.invite(agent) } });
  return cookieOf(answer);
}

export function cookieOf(answer: Response): string {
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

/** Reads a stream of events as it comes. */
export class Listener {
  readonly told: Record<string, unknown>[] = [];
  last = '';
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly ended: Promise<void>;

  constructor(answer: Response) {
    this.#reader = answer.body!.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    this.ended = this.#read();
  }

  async #read(): Promise<void> {
    const text = new TextDecoder();
    let rest = '';
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) return;
      const blocks = (rest + text.decode(value, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        this.last = /^id: (.*)$/m.exec(block)?.[1] ?? this.last;
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (data !== undefined) this.told.push(JSON.parse(data) as Record<string, unknown>);
      }
    }
  }

  of(tell: string): Record<string, unknown>[] {
    return this.told.filter((one) => one.tell === tell);
  }

  async stop(): Promise<void> {
    await this.#reader.cancel();
    await this.ended;
  }
}

/** A token as a business signs one. */
export function tokenWith(claims: object, secret: string, alg = 'HS256'): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${part({ alg, typ: 'JWT' })}.${part(claims)}`;
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
}
