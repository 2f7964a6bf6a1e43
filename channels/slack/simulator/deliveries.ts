import { createHmac } from 'node:crypto';
import type { Answer, Sockets } from './sockets.ts';
import type { App } from './workspace.ts';

export interface DeliveryOptions {
  readonly app: App;
  readonly sockets: Sockets;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Waits between tries: a virtual clock in tests. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** What may go wrong on the way to the bot. */
export interface Mischief {
  /** Every event comes twice, as twins at the same moment. */
  duplicate: boolean;
  /** JSON with every letter outside ASCII escaped. */
  escaped: boolean;
}

type Body = Readonly<Record<string, unknown>>;

/** Milliseconds before each further try: nearly at once, after a minute, after five (https://docs.slack.dev/apis/events-api/#retries). */
const RETRIES = [0, 60_000, 300_000];
/** Milliseconds that the bot has to answer. */
const PATIENCE = 3_000;

/** The way of events to the app: signed webhooks, or the sockets it holds open. */
export class Deliveries {
  readonly mischief: Mischief = { duplicate: false, escaped: false };
  /** HTTP statuses that webhooks were answered with, 0 for none. */
  readonly answers: number[] = [];
  /** Events that nobody took in all tries. */
  readonly lost: Body[] = [];
  readonly #options: DeliveryOptions;
  readonly #working = new Set<Promise<unknown>>();
  #waiting: Body[] = [];
  #order: Promise<unknown> = Promise.resolve();
  #webhook: string | undefined;
  #held = false;
  #closed = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Where events and interactions go; without it, to the app's sockets. */
  setWebhook(url: string | undefined): void {
    this.#webhook = url;
  }

  /** Asks a new Request URL whether it is the app's: https://docs.slack.dev/reference/events/url_verification */
  async verifyUrl(url: string): Promise<boolean> {
    const challenge = `challenge-${this.#options.now()}`;
    const answer = await this.#post(
      url,
      JSON.stringify({ token: 'unused', challenge, type: 'url_verification' }),
      'application/json',
    );
    return answer.status === 200 && (answer.text === challenge || answer.text.includes(`"challenge":"${challenge}"`));
  }

  event(body: Body): void {
    this.#waiting.push(body);
    this.#go();
  }

  /** Nothing is delivered until {@link release}. */
  hold(): void {
    this.#held = true;
  }

  release({ reversed = false }: { reversed?: boolean } = {}): void {
    if (reversed) this.#waiting.reverse();
    this.#held = false;
    this.#go();
  }

  /** A tap or a sent form: tried once, and its answer is shown to whoever tapped. */
  async interaction(payload: Body): Promise<Answer> {
    return this.#track(this.#interact(payload));
  }

  /** `/word …`: as a tap, and told as a form of its own. */
  async command(body: Readonly<Record<string, string>>): Promise<Answer> {
    return this.#track(this.#command(body));
  }

  /** Everything was delivered, or given up. */
  async settled(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working);
  }

  close(): void {
    this.#closed = true;
  }

  #go(): void {
    if (this.#held) return;
    for (const body of this.#waiting.splice(0))
      for (const each of this.mischief.duplicate ? [body, body] : [body]) void this.#track(this.#deliver(each));
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#working.add(work);
    const done = () => void this.#working.delete(work);
    work.then(done, done);
    return work;
  }

  /** First tries come in order; a later one may be overtaken. */
  async #deliver(body: Body): Promise<void> {
    let reason = await this.#first(body);
    for (const [at, pause] of RETRIES.entries()) {
      if (reason === undefined || this.#closed) return;
      await this.#options.sleep(pause);
      if (!this.#closed) reason = await this.#try(body, { number: at + 1, reason });
    }
    if (reason !== undefined) this.lost.push(body);
  }

  #first(body: Body): Promise<string | undefined> {
    if (this.#webhook === undefined) return this.#try(body);
    const before = this.mischief.duplicate ? Promise.resolve() : this.#order;
    const tried = before.then(() => this.#try(body));
    this.#order = tried;
    return tried;
  }

  /** `undefined`: the app has taken it; else why not, in Slack's words. */
  async #try(body: Body, retry?: { number: number; reason: string }): Promise<string | undefined> {
    if (this.#webhook === undefined) {
      const { done } = this.#options.sockets.send('events_api', body, retry);
      return (await done).taken ? undefined : 'timeout';
    }
    const headers = retry && { 'x-slack-retry-num': String(retry.number), 'x-slack-retry-reason': retry.reason };
    const { status } = await this.#post(this.#webhook, this.#write(body), 'application/json', headers);
    if (status === 0) return 'connection_failed';
    return status >= 200 && status < 300 ? undefined : 'http_error';
  }

  async #interact(payload: Body): Promise<Answer> {
    if (this.#webhook === undefined) return this.#options.sockets.send('interactive', payload).done;
    return this.#ask(this.#webhook, { payload: this.#write(payload) });
  }

  async #command(body: Readonly<Record<string, string>>): Promise<Answer> {
    if (this.#webhook === undefined) return this.#options.sockets.send('slash_commands', body).done;
    return this.#ask(this.#webhook, body);
  }

  async #ask(webhook: string, fields: Record<string, string>): Promise<Answer> {
    const form = new URLSearchParams(fields).toString();
    const { status, text } = await this.#post(webhook, form, 'application/x-www-form-urlencoded');
    const taken = status >= 200 && status < 300;
    return { taken, ...(text.startsWith('{') ? { payload: JSON.parse(text) as Body } : {}) };
  }

  async #post(url: string, body: string, type: string, more: Readonly<Record<string, string>> = {}) {
    const { app, now } = this.#options;
    const timestamp = String(Math.floor(now() / 1000));
    const signature = createHmac('sha256', app.signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
    const signed = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${signature}` };
    const headers = {
      'content-type': type,
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      ...signed,
      ...more,
    };
    try {
      const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(PATIENCE) });
      this.answers.push(answer.status);
      return { status: answer.status, text: await answer.text() };
    } catch {
      // Refused, cut or too slow: Slack only knows that there was no answer.
      this.answers.push(0);
      return { status: 0, text: '' };
    }
  }

  #write(body: Body): string {
    const text = JSON.stringify(body);
    if (!this.mischief.escaped) return text;
    return text.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  }
}
