import type { SocketModeClient } from '@slack/socket-mode';
import { ParleyError } from '#channel';
import { SILENT } from './client.ts';
import type { SlackSettings } from './settings.ts';

/** What came over the socket. Slack sends it again, here or over another socket, until it is acknowledged. */
export interface Envelope {
  readonly envelope_id: string;
  readonly body: unknown;
  ack(): Promise<void>;
}

/** Milliseconds from the first byte to Slack's hello. */
const HELLO = 20_000;

/**
 * One connection of Socket Mode (https://docs.slack.dev/apis/events-api/using-socket-mode), by the vendor's client. Slack closes each
 * after some hours and says so before; whoever asks then opens another. The client's own reconnecting is off: an
 * `apps.connections.open` that fails would end the process as an unhandled rejection.
 */
export class Socket {
  /** Handed out, and not confirmed. */
  #given: readonly Envelope[] = [];
  #waiting: Envelope[] = [];
  #closed = false;
  #wake = (): void => undefined;
  readonly #client: SocketModeClient;

  private constructor(client: SocketModeClient) {
    this.#client = client;
    client.on('slack_event', (envelope: Envelope) => {
      this.#waiting.push(envelope);
      this.#wake();
    });
    client.on('disconnected', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  /** @throws what `apps.connections.open` answers; `slack.socket_closed` (retryable) */
  static async open({ appToken = '', apiRoot }: SlackSettings, signal: AbortSignal): Promise<Socket> {
    const { SocketModeClient } = await import('@slack/socket-mode');
    const client = new SocketModeClient({
      appToken,
      autoReconnectEnabled: false,
      logger: SILENT,
      clientOptions: {
        slackApiUrl: `${apiRoot}/api/`,
        allowAbsoluteUrls: false,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        timeout: HELLO,
      },
    });
    const socket = new Socket(client);
    await socket.#greeted(AbortSignal.any([signal, AbortSignal.timeout(HELLO)]));
    return socket;
  }

  get isClosed(): boolean {
    return this.#closed && this.#waiting.length === 0;
  }

  /** All up to this envelope is on disk. An answer that does not reach Slack makes it send again what is known. */
  async confirm(id: string | undefined): Promise<void> {
    const given = this.#given;
    this.#given = [];
    if (given.length === 0) return;
    if (given.at(-1)?.envelope_id !== id) this.#waiting.unshift(...given);
    else if (!this.#closed) await Promise.allSettled(given.map((envelope) => envelope.ack()));
  }

  /** What has come; waits for it. Empty: the connection or the wait is over. */
  async next(signal: AbortSignal): Promise<readonly Envelope[]> {
    if (this.#waiting.length === 0 && !this.#closed && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const stop = () => resolve();
      this.#wake = stop;
      signal.addEventListener('abort', stop, { once: true });
      await promise;
      signal.removeEventListener('abort', stop);
    }
    this.#given = this.#waiting;
    this.#waiting = [];
    return this.#given;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#wake();
    // Resolves when the other side has said goodbye too, which nobody waits for.
    void this.#client.disconnect();
  }

  async #greeted(signal: AbortSignal): Promise<void> {
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const end = () => reject(new ParleyError('slack.socket_closed', 'Slack did not say hello.', { retryable: true }));
    signal.addEventListener('abort', end, { once: true });
    const started = this.#client.start();
    try {
      await Promise.race([started, ended]);
    } catch (error) {
      this.close();
      // Closed while its address was being asked for, it would open all the same.
      started.then(
        () => void this.#client.disconnect(),
        () => undefined,
      );
      // The client tells of a line that broke by rejecting with nothing at all.
      throw error ?? new ParleyError('slack.socket_closed', 'Slack closed the socket.', { retryable: true });
    } finally {
      signal.removeEventListener('abort', end);
    }
  }
}
