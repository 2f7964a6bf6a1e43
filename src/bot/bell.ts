import type { Part } from '../channel.ts';

/**
 * Rung by whoever has something, and by itself every so often. Rung while nobody listens it is heard later; of several rings about one
 * topic, only the last tells why.
 */
export class Bell {
  readonly #every: number;
  readonly #ending: AbortSignal;
  readonly #whys = new Map<unknown, Part>();
  #wake: () => void = () => undefined;

  /** @param every milliseconds until it rings by itself */
  constructor(every: number, ending: AbortSignal) {
    this.#every = every;
    this.#ending = ending;
  }

  ring(why: Part): void {
    this.#whys.set(why.topic, why);
    this.#wake();
  }

  /** For what could not be done about it; a later ring about the same says better why. */
  ringAgain(why: Part): void {
    if (!this.#whys.has(why.topic)) this.ring(why);
  }

  /** Resolves with why it rings, once it does; with `undefined` when it rang by itself, or when all is to end. */
  async rung(): Promise<Part | undefined> {
    if (this.#whys.size === 0 && !this.#ending.aborted) await this.#silence();
    const [first] = this.#whys;
    if (first === undefined) return undefined;
    const [topic, why] = first;
    this.#whys.delete(topic);
    return why;
  }

  async #silence(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const patience = setTimeout(resolve, this.#every);
    this.#ending.addEventListener('abort', this.#wake);
    await promise;
    this.#ending.removeEventListener('abort', this.#wake);
    clearTimeout(patience);
  }
}
