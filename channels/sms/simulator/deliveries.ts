import { createHmac } from 'node:crypto';

export interface DeliveryOptions {
  readonly authToken: string;
  /** Where the call of an address really goes. */
  readonly reach: (address: string) => string;
  /** Waits between tries: a virtual clock in tests. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** What may go wrong on the way to the bot. */
export interface Mischief {
  /** Everything comes twice, as twins at the same moment. */
  duplicate: boolean;
  /** Held back until {@link Deliveries.release}, which lets the last one go first. */
  reorder: boolean;
}

/** One call of the bot's webhook, as it went over the wire. */
export interface Delivery {
  /** As it was signed. */
  readonly address: string;
  readonly body: string;
  readonly signature: string;
}

/** Milliseconds between tries: as `#rc=5&rp=all` asks for, with pauses that grow. Twilio's default is one, for lost connections only. */
const RETRIES = [1_000, 2_000, 4_000, 8_000, 16_000];

/** Twilio's way to the bot: signed forms, tried again when nobody takes them. */
export class Deliveries {
  readonly mischief: Mischief = { duplicate: false, reorder: false };
  /** HTTP statuses that the bot gave, 0 for none. */
  readonly answers: number[] = [];
  readonly sent: Delivery[] = [];
  readonly #options: DeliveryOptions;
  readonly #under = new Set<Promise<void>>();
  #held: Delivery[] = [];
  #closed = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  add(address: string, form: Readonly<Record<string, string>>): Delivery {
    const delivery = { address, body: new URLSearchParams(form).toString(), signature: this.sign(address, form) };
    if (this.mischief.reorder) this.#held.push(delivery);
    else this.#begin(delivery);
    return delivery;
  }

  /** https://www.twilio.com/docs/usage/webhooks/webhooks-security, written down anew, so that it is no copy of who checks it. */
  sign(address: string, form: Readonly<Record<string, string>>): string {
    const sorted = Object.keys(form).sort();
    const text = address + sorted.map((name) => name + form[name]).join('');
    return createHmac('sha1', this.#options.authToken).update(text).digest('base64');
  }

  release(): void {
    for (const delivery of this.#held.splice(0).reverse()) this.#begin(delivery);
  }

  /** The same call again, as after an answer that was lost. */
  repeat(delivery: Delivery): void {
    this.#begin(delivery);
  }

  /** Resolves when the bot has taken or refused everything. */
  async settled(): Promise<void> {
    while (this.#under.size > 0) await Promise.all(this.#under);
  }

  close(): void {
    this.#closed = true;
  }

  #begin(delivery: Delivery): void {
    for (const _twin of this.mischief.duplicate ? [1, 2] : [1]) {
      const under = this.#deliver(delivery).finally(() => this.#under.delete(under));
      this.#under.add(under);
    }
  }

  async #deliver(delivery: Delivery): Promise<void> {
    for (const pause of [...RETRIES, undefined]) {
      const status = await this.#call(delivery);
      if (this.#closed) return;
      this.answers.push(status);
      if (pause === undefined || (status > 0 && status < 500)) return;
      await this.#options.sleep(pause);
    }
  }

  async #call({ address, body, signature }: Delivery): Promise<number> {
    this.sent.push({ address, body, signature });
    try {
      const answer = await fetch(this.#options.reach(address), {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
          'x-twilio-signature': signature,
          'user-agent': 'TwilioProxy/1.1',
        },
        body,
        // What Twilio waits for an answer.
        signal: AbortSignal.timeout(15_000),
      });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      // A connection that did not come about is an outcome like any other here: it is counted as 0 and tried again.
      return 0;
    }
  }
}
