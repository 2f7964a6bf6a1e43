import type { SendError } from '../channel.ts';
import { codeOf } from '../errors.ts';
import type { HeldEffect, Send, Settlement } from '../store/store.ts';
import { wait } from './backoff.ts';
import type { Deadline } from './deadline.ts';
import type { Lane } from './lane.ts';
import type { Shared } from './parts.ts';

export interface Delivered {
  /** `undefined`: cut off by our own end; the next process tries again. */
  readonly end: Settlement['end'] | undefined;
  /** Nothing more for this account before this instant. */
  readonly pause?: number;
}

/** Says one thing to the customer: its parts in order, each under its own key. What a platform does is a verdict; only the store's failures are thrown. */
export async function deliver(
  shared: Shared,
  lane: Lane,
  effect: HeldEffect,
  send: Send,
  deadline: Deadline,
): Promise<Delivered> {
  const account = shared.channels.get(lane.account);
  const now = shared.clock.now();
  if (account?.channel.send === undefined) {
    return { end: { kind: 'dead', code: 'channel.cannot_send', at: now } };
  }
  const { channel, settings } = account;
  let parts = send.parts;
  try {
    for (const part of channel.plan([send.message], { locale: lane.locale, settings }).slice(send.parts)) {
      const silenced = await whySilent(shared, lane, send, channel.can.optOut === true);
      if (silenced !== undefined) return { end: { kind: 'dead', code: silenced, at: now } };
      const key = `${lane.id}.${send.seq}.${parts}`;
      await channel.send!(part, { settings, address: lane.address, key, signal: deadline.signal() });
      parts += 1;
    }
    return { end: { kind: 'done', status: 'sent' } };
  } catch (error) {
    if (codeOf(error).startsWith('store.')) throw error;
    if (shared.abort.signal.aborted) return { end: undefined };
    const verdict: SendError = channel.classify?.(error) ?? { kind: 'unknown' };
    shared.log.warn('engine.send_failed', {
      error,
      account: lane.account,
      kind: verdict.kind,
      attempt: effect.tries + 1,
    });
    return verdictOf(shared, channel.can.idempotent, effect.tries, parts, verdict);
  }
}

/**
 * Asked of the disk, and with what she has written that is not turned yet: a STOP that a crash left in the inbox counts already, and
 * so does one that came after this was said.
 */
async function whySilent(
  { store, silences }: Shared,
  { key, account, address }: Lane,
  { message }: Send,
  byWord: boolean,
): Promise<string | undefined> {
  const ruling = await store.ruling(account, address);
  const open = byWord ? (await store.take(key, OPEN)).map(({ event }) => event) : [];
  return silences(ruling, open, message);
}

/** Events of one conversation that are looked through: more than a person writes before a bot takes its turn. */
const OPEN = 256;

function verdictOf(shared: Shared, idempotent: boolean, tries: number, parts: number, verdict: SendError): Delivered {
  const now = shared.clock.now();
  const pause = wait(shared.sendBackoff, tries + 1, shared.random);
  const retry = (after: number): Delivered =>
    tries + 1 >= shared.sendTries
      ? { end: { kind: 'dead', code: 'channel.gave_up', at: now } }
      : { end: { kind: 'retry', due: now + after, parts, tries: tries + 1 } };
  switch (verdict.kind) {
    case 'window_closed':
    case 'quota_exhausted':
    case 'opted_out':
      return { end: { kind: 'dead', code: `channel.${verdict.kind}`, at: now } };
    case 'unreachable':
    case 'auth':
    case 'invalid':
    case 'permanent':
      return { end: { kind: 'dead', code: verdict.reason, at: now } };
    case 'retryable':
      return retry(Math.max(verdict.after ?? 0, pause));
    case 'rate_limited': {
      // Not the message's fault: it costs no try.
      const due = now + verdict.after;
      const end = { kind: 'retry', due, parts, tries } as const;
      return verdict.scope === 'account' ? { end, pause: due } : { end };
    }
    case 'unknown':
      // Where a second one would be seen twice, we say that we do not know rather than repeat ourselves.
      return idempotent ? retry(pause) : { end: { kind: 'done', status: 'unknown' } };
  }
}

/** Milliseconds for one part. */
export const SEND_TIMEOUT = 30_000;
