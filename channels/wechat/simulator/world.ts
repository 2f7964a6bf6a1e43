import type { Chat } from './chat.ts';

/** What the stand-in knows: one account, its followers, files. The words are the platform's. */
export interface World {
  readonly account: Account;
  readonly chats: Map<string, Chat>;
  readonly media: Map<string, StoredFile>;
  readonly templates: Set<string>;
  /** What `menu/create` was given. */
  menu: unknown;
  /** May it send menus in messages? */
  certified: boolean;
  readonly tokens: Tokens;
  readonly now: () => number;
  nextId(): number;
}

export interface Account {
  readonly appId: string;
  readonly originalId: string;
  readonly appSecret: string;
  readonly token: string;
  /** `undefined`: 明文模式. */
  readonly aesKey: string | undefined;
}

export interface StoredFile {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Milliseconds. */
const TOKEN_LASTS = 7_200_000;

/** The access token that everybody gets who asks, until its end or until somebody forces another. */
export class Tokens {
  /** How often each way of asking was used. */
  readonly asked = { politely: 0, byForce: 0 };
  readonly #now: () => number;
  readonly #spoilt = new Set<string>();
  #made = 0;
  #current = { value: '', until: 0 };

  constructor(now: () => number) {
    this.#now = now;
  }

  give(force: boolean): { access_token: string; expires_in: number } {
    this.asked[force ? 'byForce' : 'politely'] += 1;
    if (force || this.#now() >= this.#current.until) {
      this.#made += 1;
      this.#current = { value: `simulated_token_${this.#made}`, until: this.#now() + TOKEN_LASTS };
    }
    const { value, until } = this.#current;
    return { access_token: value, expires_in: Math.floor((until - this.#now()) / 1000) };
  }

  /** The platform has made it worthless, and does not say so to who asks for it: as after a leak. */
  spoil(): void {
    this.#spoilt.add(this.#current.value);
  }

  /** Throws what a call under this token is refused with. */
  check(value: string | null): void {
    if (value === null || value === '') throw new Refused(41001, 'access_token missing');
    if (value !== this.#current.value || this.#spoilt.has(value))
      throw new Refused(40001, 'invalid credential, access_token is invalid or not latest');
    if (this.#now() >= this.#current.until) throw new Refused(42001, 'access_token expired');
  }
}

/** A refusal in the platform's words. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly errcode: number;

  constructor(errcode: number, errmsg: string) {
    super(errmsg);
    this.errcode = errcode;
  }
}
