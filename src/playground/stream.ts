import type { Told } from './protocol.ts';

/** Pages that may look on at once. */
const PAGES = 16;
/** Bytes that a page may leave unread before it is let go; it comes back and is told everything anew. */
const BACKLOG = 4 * 1024 * 1024;
/** Milliseconds between signs of life. */
const HEARTBEAT = 15_000;

/** Server-sent events to every page that looks on. */
export class Stream {
  readonly #pages = new Set<{ push(text: string): void; end(): void }>();
  readonly #heartbeat = setInterval(() => this.#push(': alive\n\n'), HEARTBEAT).unref();

  get isFull(): boolean {
    return this.#pages.size >= PAGES;
  }

  /** @param first what a page is told when it comes, or comes back */
  open(first: readonly Told[]): Response {
    const pages = this.#pages;
    const bytes = new TextEncoder();
    let leave = (): void => undefined;
    const body = new ReadableStream<Uint8Array>(
      {
        start(controller) {
          const page = {
            push(text: string) {
              if ((controller.desiredSize ?? 0) <= 0) return page.end();
              controller.enqueue(bytes.encode(text));
            },
            end() {
              if (pages.delete(page)) controller.close();
            },
          };
          leave = () => void pages.delete(page);
          pages.add(page);
          page.push(`retry: 500\n\n${first.map(write).join('')}`);
        },
        cancel: () => leave(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: BACKLOG }),
    );
    return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } });
  }

  tell(told: Told): void {
    if (this.#pages.size > 0) this.#push(write(told));
  }

  end(): void {
    clearInterval(this.#heartbeat);
    for (const page of [...this.#pages]) page.end();
  }

  #push(text: string): void {
    for (const page of [...this.#pages]) page.push(text);
  }
}

function write(told: Told): string {
  return `data: ${JSON.stringify(told)}\n\n`;
}
