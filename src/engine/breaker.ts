import type { Backoff } from './backoff.ts';

/**
 * Which accounts nothing is sent for just now: because the platform said how long to wait, or because it does not take the account's
 * secrets (any more). Then everything waits, longer each time, and is tried again by a single send: one that passes ends it.
 */
export class Breakers {
  readonly #accounts = new Map<string, { until: number; refusals: number }>();

  /** The platform wants nothing from this account before `until`. */
  pause(account: string, until: number): void {
    const known = this.#accounts.get(account) ?? { until: 0, refusals: 0 };
    this.#accounts.set(account, { ...known, until: Math.max(known.until, until) });
  }

  /** The platform refuses the account's secrets. Returns when to try again. Many that fail in the same moment count once. */
  refused(account: string, now: number): number {
    const known = this.#accounts.get(account) ?? { until: 0, refusals: 0 };
    if (known.refusals > 0 && now < known.until - PROBE) return known.until;
    const wait = Math.min(PATIENCE.cap, PATIENCE.base * 2 ** known.refusals);
    const until = now + wait;
    this.#accounts.set(account, { until, refusals: known.refusals + 1 });
    return until;
  }

  passed(account: string): void {
    const known = this.#accounts.get(account);
    if (known !== undefined && known.refusals > 0) this.#accounts.delete(account);
  }

  /** Until when nothing may be sent; `undefined`: go on. Who may go on while its secrets are refused goes alone. */
  wait(account: string, now: number): number | undefined {
    const known = this.#accounts.get(account);
    if (known === undefined) return undefined;
    if (known.until > now) return known.until;
    if (known.refusals === 0) this.#accounts.delete(account);
    else known.until = now + PROBE;
    return undefined;
  }

  /** The same without asking to go on. */
  isShut(account: string, now: number): boolean {
    return (this.#accounts.get(account)?.until ?? 0) > now;
  }

  /** Accounts whose secrets are refused. */
  get shut(): string[] {
    return [...this.#accounts].filter(([, { refusals }]) => refusals > 0).map(([account]) => account);
  }
}

/** Between tries of refused secrets: an operator puts in new ones within minutes, and a platform blocks who keeps knocking. */
const PATIENCE: Backoff = { base: 5_000, cap: 300_000 };
/** Milliseconds that the others wait for the one that tries. */
const PROBE = 1_000;
