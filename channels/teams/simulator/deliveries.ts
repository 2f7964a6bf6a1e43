/** What the platform tells the bot, ready to be sent as often as need be. */
export interface Activity {
  readonly type: string;
  readonly id: string;
  readonly serviceUrl: string;
  readonly [more: string]: unknown;
}

export interface DeliveryOptions {
  readonly authorize: (serviceUrl: string) => Promise<string>;
  /** Waits between tries: a virtual clock in tests. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** What may go wrong on the way to the bot. */
export interface Mischief {
  /** Everything comes twice, as twins at the same moment. */
  duplicate: boolean;
  /** Every letter outside ASCII is escaped. */
  escaped: boolean;
}

/** Milliseconds. Teams does not tell whether and when it tries again; an hour's token allows no more. */
const RETRIES = [1_000, 2_000, 4_000, 8_000];

/** The way to the bot: signed calls, one after the other, tried again while it is in trouble. */
export class Deliveries {
  readonly mischief: Mischief = { duplicate: false, escaped: false };
  /** HTTP statuses that the bot gave, 0 for none. */
  readonly answers: number[] = [];
  /** What it answered to invokes. */
  readonly bodies: unknown[] = [];
  /** The bot's messaging endpoint, as it is registered in Azure. */
  webhook: string | undefined;
  readonly #options: DeliveryOptions;
  readonly #heard = new WeakMap<Activity, (body: unknown) => void>();
  #pending: Activity[] = [];
  #held = false;
  #working: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** @param heard is told what the bot answers to an invoke that it takes */
  add(activity: Activity, heard?: (body: unknown) => void): Activity {
    if (heard !== undefined) this.#heard.set(activity, heard);
    this.#pending.push(activity);
    this.#go();
    return activity;
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

  close(): void {
    this.#closed = true;
  }

  #go(): void {
    this.#working = this.#working.then(() => this.#deliverAll());
  }

  async #deliverAll(): Promise<void> {
    while (!this.#held && !this.#closed) {
      const activity = this.#pending.shift();
      if (activity === undefined) return;
      const twins = this.mischief.duplicate ? [activity, activity] : [activity];
      await Promise.all(twins.map((each) => this.#deliver(each)));
    }
  }

  async #deliver(activity: Activity): Promise<void> {
    for (const pause of [...RETRIES, undefined]) {
      if (this.#closed || (await this.#call(activity)) || pause === undefined) return;
      await this.#options.sleep(pause);
    }
  }

  /** `true`: it was taken, or refused for good. */
  async #call(activity: Activity): Promise<boolean> {
    if (this.webhook === undefined) return false;
    try {
      const answer = await fetch(this.webhook, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          authorization: await this.#options.authorize(activity.serviceUrl),
        },
        body: this.#write(activity),
      });
      const text = await answer.text();
      this.answers.push(answer.status);
      if (activity.type === 'invoke') {
        const body: unknown = text === '' ? undefined : JSON.parse(text);
        this.bodies.push(body);
        if (answer.ok) this.#heard.get(activity)?.(body);
      }
      return answer.status < 500 || answer.status === 501;
    } catch {
      // Nobody there: that is what a status of 0 says.
      this.answers.push(0);
      return false;
    }
  }

  #write(activity: Activity): string {
    const text = JSON.stringify(activity);
    if (!this.mischief.escaped) return text;
    return text.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  }
}
