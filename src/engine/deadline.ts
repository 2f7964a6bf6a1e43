/**
 * The signal that ends a send: after `limit` milliseconds, or at most a tenth later, or when the engine stops. Sends that begin in the
 * same moment share one, since a timer and a combined signal of its own cost more than the rest of a send.
 */
export class Deadline {
  readonly #limit: number;
  readonly #stop: AbortSignal;
  #signal: AbortSignal;
  /** From then on, of `performance.now()`, a new one is due. */
  #renewAt = Number.NEGATIVE_INFINITY;

  constructor(limit: number, stop: AbortSignal) {
    this.#limit = limit;
    this.#stop = stop;
    this.#signal = stop;
  }

  signal(): AbortSignal {
    const now = performance.now();
    if (now >= this.#renewAt) {
      const shared = this.#limit / 10;
      this.#renewAt = now + shared;
      this.#signal = AbortSignal.any([this.#stop, AbortSignal.timeout(this.#limit + shared)]);
    }
    return this.#signal;
  }
}
