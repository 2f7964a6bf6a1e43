import type { Dispatcher, Pool } from 'undici';
import { BODY_LIMIT } from './response.ts';

/** Connections to one business system: enough to be quick, too few to drown it. */
const CONNECTIONS = 32;
const CONNECT_TIMEOUT = 5_000;

/** The line to one business system: a pool of connections, kept alive. Opened at the first request, so that it costs no start-up. */
export class Line {
  readonly #origin: string;
  #pool: Promise<Pool> | undefined;

  constructor(origin: string) {
    this.#origin = origin;
  }

  async request(request: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
    this.#pool ??= open(this.#origin);
    return (await this.#pool).request(request);
  }

  /** Ends the connections; what is under way is cut off, as a crash would. */
  async close(): Promise<void> {
    await (await this.#pool)?.destroy();
  }
}

async function open(origin: string): Promise<Pool> {
  const undici = await import('undici');
  return new undici.Pool(origin, {
    connections: CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT },
    maxResponseSize: BODY_LIMIT,
  });
}
