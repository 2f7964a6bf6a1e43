import { Refused } from './world.ts';

/** What the customer's acts let an account send: https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage */
const RULES = {
  message: { lasts: 48 * 3_600_000, messages: 5 },
  act: { lasts: 60_000, messages: 3 },
} as const;

/** One customer's: a message and a tap each give their own, and the newer of a kind replaces the older. */
export class Quota {
  readonly #now: () => number;
  readonly #grants = new Map<keyof typeof RULES, { readonly until: number; left: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  grant(by: keyof typeof RULES): void {
    const { lasts, messages } = RULES[by];
    this.#grants.set(by, { until: this.#now() + lasts, left: messages });
  }

  /** Takes one of the grant that ends first. */
  take(): void {
    const open = this.#open();
    if (open.length === 0) throw new Refused(45015, 'response out of time limit or subscription is canceled');
    const grant = open.filter(({ left }) => left > 0).sort((a, b) => a.until - b.until)[0];
    if (grant === undefined) throw new Refused(45047, 'out of response count limit');
    grant.left -= 1;
  }

  /** Everything is spent, but the time is not over. */
  exhaust(): void {
    for (const grant of this.#open()) grant.left = 0;
  }

  /** She has left. */
  end(): void {
    this.#grants.clear();
  }

  /** Messages that may be sent now. */
  get left(): number {
    return this.#open().reduce((sum, { left }) => sum + left, 0);
  }

  #open() {
    return [...this.#grants.values()].filter(({ until }) => this.#now() < until);
  }
}
