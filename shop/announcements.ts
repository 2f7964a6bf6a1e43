import { createHmac } from 'node:crypto';
import { request } from 'undici';
import type { Database } from './books.ts';

export interface Webhook {
  /** Events are posted to `<url>/<event>`, such as `http://127.0.0.1:3000/events/returns.received`. */
  readonly url: string;
  /** Signs them: HMAC-SHA256 over `<timestamp>.<body>`. */
  readonly secret: string;
}

const FIRST_WAIT = 250;
const LONGEST_WAIT = 30_000;
const TIMEOUT = 5_000;

/**
 * Tells the business's other systems what happened, at least once and in order: an announcement is written in the transaction of
 * what it announces, and is sent until somebody takes it, restarts included. Its `id` lets the receiver drop a repetition.
 * Order costs patience: while one is not taken, the later ones wait behind it.
 */
export class Announcements {
  readonly #books: Database;
  readonly #webhook: Webhook;
  readonly #stop = new AbortController();
  #wake: (() => void) | undefined;
  #running: Promise<void>;

  constructor(books: Database, webhook: Webhook) {
    this.#books = books;
    this.#webhook = webhook;
    this.#running = this.#run();
  }

  /** Something was announced: no need to wait for the next look. */
  wake(): void {
    this.#wake?.();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    let wait = FIRST_WAIT;
    while (!this.#stop.signal.aborted) {
      const next = this.#books
        .prepare<[], Announcement>(
          'SELECT id, key, event, data FROM announcement WHERE delivered_at IS NULL ORDER BY id LIMIT 1',
        )
        .get();
      if (next === undefined) {
        wait = FIRST_WAIT;
        await this.#sleep();
      } else if (await this.#deliver(next)) {
        this.#books.prepare('UPDATE announcement SET delivered_at = ? WHERE id = ?').run(Date.now(), next.id);
        wait = FIRST_WAIT;
      } else {
        await this.#sleep(wait);
        wait = Math.min(wait * 2, LONGEST_WAIT);
      }
    }
  }

  async #deliver({ key, event, data }: Announcement): Promise<boolean> {
    const body = `{"id":"${key}","data":${data}}`;
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', this.#webhook.secret).update(`${timestamp}.${body}`).digest('hex');
    try {
      const response = await request(`${this.#webhook.url}/${event}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-parley-timestamp': timestamp,
          'x-parley-signature': `sha256=${signature}`,
        },
        body,
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(TIMEOUT)]),
      });
      await response.body.dump();
      return response.statusCode >= 200 && response.statusCode < 300;
    } catch {
      // Nobody there, or too slow: the announcement stays undelivered, and is sent again after a wait.
      return false;
    }
  }

  #sleep(ms?: number): Promise<void> {
    if (this.#stop.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(() => this.#wake?.(), ms);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }
}

interface Announcement {
  id: number;
  key: string;
  event: string;
  data: string;
}
