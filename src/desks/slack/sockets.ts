import { setTimeout as sleep } from 'node:timers/promises';
import type { SocketModeClient } from '@slack/socket-mode';
import type { Log } from '../../log.ts';
import { clientOptions, SILENT } from './api.ts';
import type { Answered, Delivery } from './door.ts';

/** A connection of Socket Mode that is opened anew whenever it ends. */
export interface Sockets {
  close(): Promise<void>;
}

interface Envelope {
  readonly body: Readonly<Record<string, unknown>>;
  readonly retry_num?: number;
  ack(answer?: Readonly<Record<string, unknown>>): Promise<void>;
}

/**
 * https://docs.slack.dev/apis/events-api/using-socket-mode, by the vendor's client. Its own reconnecting is off: an
 * `apps.connections.open` that fails would end the process as an unhandled rejection. What is not taken is not acknowledged, and comes
 * again over the next connection.
 */
export function openSockets(
  appToken: string,
  apiRoot: string,
  take: (delivery: Delivery) => Promise<Answered>,
  log: Log,
): Sockets {
  const end = new AbortController();
  const held = hold();

  async function hold(): Promise<void> {
    let failures = 0;
    while (!end.signal.aborted) {
      try {
        const client = await open();
        failures = 0;
        await ended(client);
      } catch (error) {
        log.warn('desk.slack_unreachable', { error });
        failures += 1;
        await sleep(Math.min(30_000, 500 * 2 ** failures), undefined, { signal: end.signal }).catch(() => undefined);
      }
    }
  }

  async function open(): Promise<SocketModeClient> {
    const { SocketModeClient } = await import('@slack/socket-mode');
    const client = new SocketModeClient({
      ...{ appToken, autoReconnectEnabled: false, logger: SILENT },
      clientOptions: clientOptions(apiRoot),
    });
    client.on('slack_event', (envelope: Envelope) => void hear(envelope));
    await client.start();
    return client;
  }

  async function hear({ body, retry_num: retry, ack }: Envelope): Promise<void> {
    try {
      const answered = await take({ body, ...(retry === undefined ? {} : { retry }) });
      await ack(typeof answered === 'string' ? { text: answered } : answered);
    } catch (error) {
      log.error('desk.slack_event_failed', { error });
    }
  }

  /** Resolves when it is closed, by Slack or by us. */
  async function ended(client: SocketModeClient): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    client.on('disconnected', () => resolve());
    end.signal.addEventListener('abort', () => resolve(), { once: true });
    if (end.signal.aborted) resolve();
    await promise;
    // Resolves when the other side has said goodbye too, which nobody waits for.
    if (end.signal.aborted) void client.disconnect();
  }

  return {
    async close() {
      end.abort();
      await held;
    },
  };
}
