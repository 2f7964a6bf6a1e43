/**
 * Rings when the injected clock has reached the earliest instant it was set to, never earlier. It looks at that clock at least once a
 * second, because a wall clock may jump while a timeout sleeps.
 */
export class Alarm {
  readonly #now: () => number;
  readonly #ring: () => Promise<void>;
  #at = Number.POSITIVE_INFINITY;
  #timeout: NodeJS.Timeout | undefined;
  #ringing = false;
  #stopped = false;

  constructor(now: () => number, ring: () => Promise<void>) {
    this.#now = now;
    this.#ring = ring;
  }

  set(at: number | undefined): void {
    if (at === undefined || at >= this.#at) return;
    this.#at = at;
    this.#sleep();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timeout);
  }

  #sleep(): void {
    clearTimeout(this.#timeout);
    if (this.#stopped || this.#ringing || this.#at === Number.POSITIVE_INFINITY) return;
    this.#timeout = setTimeout(this.#wake, Math.min(Math.max(0, this.#at - this.#now()), LOOK_EVERY));
  }

  readonly #wake = (): void => {
    if (this.#now() < this.#at) return this.#sleep();
    this.#at = Number.POSITIVE_INFINITY;
    this.#ringing = true;
    void this.#ring().finally(() => {
      this.#ringing = false;
      this.#sleep();
    });
  };
}

const LOOK_EVERY = 1_000;
