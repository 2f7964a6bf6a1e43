import { Refused } from './world.ts';

export interface Update {
  readonly update_id: number;
  readonly [kind: string]: unknown;
}

export interface DeliveryOptions {
  /** The first update's id. */
  readonly ids?: number;
  /** Waits between tries of a webhook: a virtual clock in tests. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** A webhook may answer with a call of a method. */
  readonly call: (method: string, given: Readonly<Record<string, unknown>>) => unknown;
}

/** What may go wrong on the way to the bot. */
export interface Mischief {
  /** Every update comes twice, as twins at the same moment. */
  duplicate: boolean;
  /** JSON with every letter outside ASCII escaped. */
  escaped: boolean;
}

interface Webhook {
  readonly url: string;
  readonly secret: string;
}

/** Telegram does not tell its schedule; it repeats for a day, ever more rarely. Milliseconds. */
const RETRIES = [1_000, 2_000, 5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000];

/** The way of updates to the bot: it is called, or it asks. What is not confirmed comes again. */
export class Deliveries {
  readonly mischief: Mischief = { duplicate: false, escaped: false };
  /** HTTP statuses that the webhook gave, 0 for none. */
  readonly answers: number[] = [];
  readonly #options: DeliveryOptions;
  #pending: Update[] = [];
  #webhook: Webhook | undefined;
  #nextId: number;
  #held = false;
  #working: Promise<void> = Promise.resolve();
  #wake: (() => void) | undefined;
  #closed = false;
  #error: string | undefined;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#nextId = options.ids ?? 100_001;
  }

  add(kind: string, content: unknown): Update {
    const update: Update = { update_id: this.#nextId, [kind]: content };
    this.#nextId += 1;
    this.#pending.push(update);
    this.#go();
    return update;
  }

  /** Nothing is delivered until {@link release}. */
  hold(): void {
    this.#held = true;
  }

  release({ reversed = false }: { reversed?: boolean } = {}): void {
    if (reversed) this.#pending.reverse();
    this.#held = false;
    this.#go();
  }

  /** Everything was delivered, or given up. */
  async settled(): Promise<void> {
    for (let last: Promise<void> | undefined; last !== this.#working; ) {
      last = this.#working;
      await last;
    }
  }

  setWebhook(webhook: Webhook | undefined, drop: boolean): void {
    this.#webhook = webhook;
    if (drop) this.#pending = [];
    this.#go();
  }

  info() {
    const { url } = this.#webhook ?? { url: '' };
    const error = this.#error === undefined ? {} : { last_error_message: this.#error };
    return { url, has_custom_certificate: false, pending_update_count: this.#pending.length, ...error };
  }

  /** `getUpdates`: what comes before the offset is confirmed and forgotten. */
  async poll(offset: number, timeout: number, limit: number): Promise<readonly Update[]> {
    if (this.#webhook !== undefined)
      throw new Refused(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    if (offset < 0) this.#pending = this.#pending.slice(offset);
    else this.#pending = this.#pending.filter(({ update_id: id }) => id >= offset);
    if ((this.#pending.length === 0 || this.#held) && timeout > 0) await this.#something(timeout * 1000);
    if (this.#held) return [];
    const given = this.#pending.slice(0, limit);
    return this.mischief.duplicate ? given.flatMap((update) => [update, update]) : given;
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  /** Resolves when an update comes, when the time is over, or when another asks in its place. */
  #something(milliseconds: number): Promise<void> {
    this.#wake?.();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #go(): void {
    if (this.#held) return;
    this.#wake?.();
    this.#working = this.#working.then(() => this.#deliverAll());
  }

  async #deliverAll(): Promise<void> {
    while (!this.#held && !this.#closed && this.#webhook !== undefined) {
      const [update] = this.#pending;
      if (update === undefined) return;
      const twins = this.mischief.duplicate ? [update, update] : [update];
      const done = await Promise.all(twins.map((each) => this.#deliver(each)));
      if (done.includes(false)) return;
      this.#pending = this.#pending.filter((other) => other !== update);
    }
  }

  /** One update until it is confirmed or given up. `false`: it waits for another webhook, or for the end. */
  async #deliver(update: Update): Promise<boolean> {
    for (const pause of [...RETRIES, undefined]) {
      const { url, secret } = this.#webhook ?? { url: '', secret: '' };
      if (url === '' || this.#closed) return false;
      if (await this.#post(url, secret, update)) return true;
      if (pause !== undefined) await this.#options.sleep(pause);
    }
    return true;
  }

  async #post(url: string, secret: string, update: Update): Promise<boolean> {
    const headers = {
      'content-type': 'application/json',
      ...(secret === '' ? {} : { 'x-telegram-bot-api-secret-token': secret }),
    };
    try {
      const answer = await fetch(url, { method: 'POST', headers, body: this.#write(update) });
      this.answers.push(answer.status);
      if (!answer.ok) this.#error = `Wrong response from the webhook: ${answer.status}`;
      const text = await answer.text();
      if (answer.ok) this.#callBack(answer.headers.get('content-type'), text);
      return answer.ok;
    } catch (error) {
      this.answers.push(0);
      this.#error = String(error);
      return false;
    }
  }

  /** https://core.telegram.org/bots/faq#how-can-i-make-requests-in-response-to-updates: the caller never hears how it went. */
  #callBack(type: string | null, text: string): void {
    if (type?.includes('application/json') !== true || text === '') return;
    const { method, ...given } = JSON.parse(text) as Record<string, unknown>;
    if (typeof method === 'string') this.#options.call(method, given);
  }

  #write(update: Update): string {
    const text = JSON.stringify(update);
    if (!this.mischief.escaped) return text;
    return text.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  }
}
