/** How many codes are looked at, from one address and for one account, before all are wrong for a while. */
const PER_ADDRESS: Limit = { most: 5, within: 600_000 };
const PER_ACCOUNT: Limit = { most: 600, within: 60_000 };

interface Limit {
  readonly most: number;
  /** Milliseconds. */
  readonly within: number;
}

interface Count {
  count: number;
  /** Epoch milliseconds. */
  readonly until: number;
}

/**
 * Counts wrong codes. Who has guessed too often is answered as ever, and nothing is looked up any more: not even a right code would
 * show. Bounded: addresses are forgotten, the oldest first, and the account's own count bounds what that is worth.
 */
export class Guesses {
  readonly #now: () => number;
  readonly #counts = new Map<string, Count>();

  constructor(now: () => number) {
    this.#now = now;
  }

  allows(account: string, address: string): boolean {
    return (
      this.#open(account, PER_ACCOUNT).count < PER_ACCOUNT.most &&
      this.#open(placeOf(account, address), PER_ADDRESS).count < PER_ADDRESS.most
    );
  }

  wasWrong(account: string, address: string): void {
    this.#open(account, PER_ACCOUNT).count += 1;
    this.#open(placeOf(account, address), PER_ADDRESS).count += 1;
  }

  #open(name: string, { within }: Limit): Count {
    const now = this.#now();
    const known = this.#counts.get(name);
    if (known !== undefined && known.until > now && known.until <= now + within) return known;
    const fresh = { count: 0, until: now + within };
    this.#counts.delete(name);
    this.#counts.set(name, fresh);
    if (this.#counts.size > CAPACITY) this.#forgetOldest();
    return fresh;
  }

  #forgetOldest(): void {
    for (const name of this.#counts.keys()) {
      this.#counts.delete(name);
      return;
    }
  }
}

const CAPACITY = 10_000;

function placeOf(account: string, address: string): string {
  return `${account}\n${address}`;
}
