import { randomBytes } from 'node:crypto';
import type { Told } from './protocol.ts';

/** Pages that may look on at once. */
const PAGES = 500;
/** Bytes that a page may leave unread before it is let go; it comes back and goes on where it was. */
const BACKLOG = 1024 * 1024;
/** Milliseconds between signs of life. */
const HEARTBEAT = 15_000;
/** Lines kept for pages that come back. */
const KEPT = 2_000;

interface Line {
  readonly at: number;
  readonly to: ReadonlySet<string>;
  readonly text: string;
}

interface Page {
  readonly agent: string;
  push(text: string): void;
  end(): void;
}

/**
 * Server-sent events to every page of every agent. Lines are counted; a page that comes back names the last one it has, and is told what
 * it has missed, or everything anew where that is not kept any more.
 */
export class Stream {
  /** Of this process: another one's count says nothing here. */
  readonly #name = randomBytes(6).toString('base64url');
  readonly #pages = new Set<Page>();
  readonly #lines: Line[] = [];
  readonly #heartbeat = setInterval(() => this.#beat(), HEARTBEAT).unref();
  #count = 0;

  get isWatched(): boolean {
    return this.#pages.size > 0;
  }

  get isFull(): boolean {
    return this.#pages.size >= PAGES;
  }

  /** @param last the id of the last line that the page has @param first what it is told when that says nothing */
  async open(agent: string, last: string | null, first: () => Promise<Told>): Promise<Response> {
    const known = this.#since(agent, last);
    const at = this.#count;
    const begin = known ?? [this.#write(await first(), at)];
    // Whatever was told while the world was being looked at is told again: it only says how things are.
    const missed = known === undefined ? (this.#since(agent, this.#id(at)) ?? []) : [];
    return this.#answer(agent, [...begin, ...missed]);
  }

  /** To these agents' pages, and kept for those of theirs that are away for a moment. */
  tell(agents: readonly string[], told: Told): void {
    if (agents.length === 0) return;
    this.#count += 1;
    const line: Line = { at: this.#count, to: new Set(agents), text: this.#write(told, this.#count) };
    this.#lines.push(line);
    if (this.#lines.length > KEPT) this.#lines.shift();
    for (const page of [...this.#pages]) if (line.to.has(page.agent)) page.push(line.text);
  }

  /** Lets an agent's pages go, which come back and are asked who they are. */
  dismiss(agent: string): void {
    for (const page of [...this.#pages]) if (page.agent === agent) page.end();
  }

  end(): void {
    clearInterval(this.#heartbeat);
    for (const page of [...this.#pages]) page.end();
  }

  #answer(agent: string, begin: readonly string[]): Response {
    const pages = this.#pages;
    const bytes = new TextEncoder();
    let leave = (): void => undefined;
    const body = new ReadableStream<Uint8Array>(
      {
        start(controller) {
          const page: Page = {
            agent,
            push(text) {
              if ((controller.desiredSize ?? 0) <= 0) return page.end();
              controller.enqueue(bytes.encode(text));
            },
            end() {
              if (pages.delete(page)) controller.close();
            },
          };
          leave = () => void pages.delete(page);
          pages.add(page);
          page.push(`retry: 700\n\n${begin.join('')}`);
        },
        cancel: () => leave(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: BACKLOG }),
    );
    return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } });
  }

  /** `undefined`: nobody knows what it has missed. */
  #since(agent: string, last: string | null): readonly string[] | undefined {
    const [name, count] = last?.split('.') ?? [];
    const at = Number(count);
    const oldest = this.#lines[0]?.at ?? this.#count + 1;
    if (name !== this.#name || !Number.isInteger(at) || at + 1 < oldest || at > this.#count) return undefined;
    return this.#lines.filter((line) => line.at > at && line.to.has(agent)).map(({ text }) => text);
  }

  #beat(): void {
    for (const page of [...this.#pages]) page.push(': alive\n\n');
  }

  #write(told: Told, at: number): string {
    return `id: ${this.#id(at)}\ndata: ${JSON.stringify(told)}\n\n`;
  }

  #id(at: number): string {
    return `${this.#name}.${at}`;
  }
}
