/** What the platform gives for an account's secret: what every call of its API carries. */
export interface AccessToken {
  readonly value: string;
  /** Milliseconds from now. */
  readonly lasts: number;
}

/** Asks the platform for a token. `force`: for another one than it gave before, where the platform can be told so. */
export type AskForToken = (options: { readonly force: boolean; readonly signal: AbortSignal }) => Promise<AccessToken>;

/** Milliseconds before a token's end at which it is not used any more: clocks differ, and calls take their time. */
const MARGIN = 5 * 60_000;
/** Milliseconds that one asking may take. */
const PATIENCE = 10_000;

/**
 * An account's access token, asked for once however many want it at the same time. Several processes share it without knowing of each
 * other, because the platform gives all who ask the same one; so a token that was refused is asked for anew first, in case another
 * process has replaced it, and only when the same one comes back is the platform forced to make another.
 */
export class AccessTokens {
  readonly #ask: AskForToken;
  readonly #now: () => number;
  #token: { readonly value: string; readonly until: number } | undefined;
  #refused: string | undefined;
  #asking: Promise<string> | undefined;

  constructor(ask: AskForToken, now: () => number = Date.now) {
    this.#ask = ask;
    this.#now = now;
  }

  /** Rejects with the reason of `signal` when that ends first; the asking goes on for the others. */
  async get(signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    if (this.#token !== undefined && this.#now() < this.#token.until) return this.#token.value;
    this.#asking ??= this.#renew().finally(() => {
      this.#asking = undefined;
    });
    return await unlessAborted(this.#asking, signal);
  }

  /** The platform takes this one no longer. One that has been replaced meanwhile changes nothing. */
  refuse(value: string): void {
    if (this.#token?.value !== value) return;
    this.#token = undefined;
    this.#refused = value;
  }

  async #renew(): Promise<string> {
    const signal = AbortSignal.timeout(PATIENCE);
    let token = await this.#ask({ force: false, signal });
    if (token.value === this.#refused) token = await this.#ask({ force: true, signal });
    // Of a token that lasts hardly longer than the margin, half is used.
    const lasts = Math.max(token.lasts - MARGIN, token.lasts / 2);
    this.#token = { value: token.value, until: this.#now() + lasts };
    return token.value;
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
