import type { SendError } from '../channel.ts';
import type { HeldEffect, Settlement } from '../store/store.ts';
import { wait } from './backoff.ts';
import type { Breakers } from './breaker.ts';
import type { Lane } from './lane.ts';
import type { Shared } from './parts.ts';

/** How a send ended, and what it tells beyond itself. */
export interface Delivered {
  /** `undefined`: cut off by our own end; the next process finds out. */
  readonly end: Settlement['end'] | undefined;
  /** Calls of `send` that the platform counts. */
  readonly calls?: number;
  /** What the platform calls its parts. */
  readonly receipts?: Settlement['receipts'];
  /** She cannot be told anything any more. */
  readonly refused?: Refusal;
  /** A part of it may have reached her. */
  readonly unsure?: true;
  /** It is not to be said any more, anywhere: the conversation has changed hands. */
  readonly stale?: true;
}

/** Why somebody cannot be told anything, as the signal that her conversation gets. */
export interface Refusal {
  readonly signal: 'channel.blocked' | 'channel.opted_out';
  readonly reason: string;
}

/** How far a message has come. */
export interface Progress {
  /** Parts that have been sent. */
  parts: number;
  /** Nobody knows of one of them. */
  unsure: boolean;
}

/** What the platform's error means for what was being sent. A closed window is not for this: see `send.ts`. */
export function verdictOf(
  shared: Shared,
  breakers: Breakers,
  { account }: Lane,
  { tries }: Pick<HeldEffect, 'tries'>,
  { parts, unsure }: Progress,
  verdict: Exclude<SendError, { kind: 'window_closed' | 'quota_exhausted' }>,
): Delivered {
  const now = shared.clock.now();
  const dead = (code: string): Delivered => ({ end: { kind: 'dead', code, at: now } });
  const retry = (due: number, tried: number): Delivered => ({
    end: { kind: 'retry', due, parts, tries: tried, unsure },
  });
  const again = (after: number) =>
    tries + 1 >= shared.sendTries
      ? dead('channel.gave_up')
      : retry(now + Math.max(after, wait(shared.sendBackoff, tries + 1, shared.random)), tries + 1);
  switch (verdict.kind) {
    case 'retryable':
      return again(verdict.after ?? 0);
    case 'unknown':
      return again(0);
    case 'rate_limited':
      // Not the message's fault: it costs no try.
      if (verdict.scope === 'account') breakers.pause(account, now + verdict.after);
      return retry(now + verdict.after, tries);
    case 'auth': {
      const due = breakers.refused(account, now);
      shared.log.error('engine.account_refused', { account, reason: verdict.reason });
      return retry(due, tries);
    }
    case 'invalid':
      shared.log.error('engine.send_invalid', { account, reason: verdict.reason });
      return dead(verdict.reason);
    case 'permanent':
      return dead(verdict.reason);
    case 'opted_out':
    case 'unreachable': {
      const ended = dead(verdict.kind === 'opted_out' ? 'channel.opted_out' : verdict.reason);
      const refused = refusalOf(verdict);
      return refused === undefined ? ended : { ...ended, refused };
    }
  }
}

/** `undefined`: it says nothing about other messages to her. */
export function refusalOf(error: SendError | undefined): Refusal | undefined {
  switch (error?.kind) {
    case 'opted_out':
      return { signal: 'channel.opted_out', reason: 'channel.opted_out' };
    case 'unreachable':
      return error.passing ? undefined : { signal: 'channel.blocked', reason: error.reason };
    default:
      return undefined;
  }
}
