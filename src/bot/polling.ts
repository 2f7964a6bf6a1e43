import { setTimeout as sleep } from 'node:timers/promises';
import type { Inbound } from '../channel.ts';
import type { Account } from '../deployment/accounts.ts';
import type { Log } from '../log.ts';
import type { Intake } from '../server/intake.ts';

/** Milliseconds between questions that fail: doubled from the first to the last. */
const FIRST_PAUSE = 1_000;
const LAST_PAUSE = 30_000;

/** Does somebody have to ask for this account's events? */
export function isPulled({ channel, settings }: Account): boolean {
  return channel.pull !== undefined && channel.receives?.(settings) === 'pull';
}

/**
 * Asks the platforms of these accounts for what has come in, one question at a time each, until it is ended. A platform is asked for
 * the next only when all before is on disk: what a crash cuts off is delivered once more, and its keys are known.
 */
export function startPolling(accounts: readonly Account[], intake: Intake, log: Log): { end(): Promise<void> } {
  const ending = new AbortController();
  const loops = accounts.map((account) => askForever(account, intake, log, ending.signal));
  return {
    async end() {
      ending.abort();
      await Promise.all(loops);
    },
  };
}

async function askForever(account: Account, intake: Intake, log: Log, signal: AbortSignal): Promise<void> {
  const { channel, settings, name } = account;
  let cursor: string | undefined;
  let pause = FIRST_PAUSE;
  while (!signal.aborted) {
    try {
      const pulled = await channel.pull?.({ account: name, settings, cursor, signal });
      if (pulled === undefined) return;
      for (const error of pulled.unreadable ?? []) log.error('channel.unreadable', { error, account: name });
      await takeIn(account, pulled.events, intake);
      ({ cursor } = pulled);
      pause = FIRST_PAUSE;
    } catch (error) {
      if (signal.aborted) return;
      log.warn('channel.pull_failed', { error, account: name });
      const verdict = channel.classify?.(error);
      const after = verdict !== undefined && 'after' in verdict ? (verdict.after ?? 0) : 0;
      await rest(Math.max(after, pause), signal);
      pause = Math.min(pause * 2, LAST_PAUSE);
    }
  }
}

async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** A customer's events one after the other, different customers' side by side. */
async function takeIn(account: Account, events: readonly Inbound[], intake: Intake): Promise<void> {
  const byAddress = Map.groupBy(events, ({ address }) => address);
  await Promise.all(
    [...byAddress.values()].map(async (own) => {
      for (const inbound of own) await intake(account, inbound);
    }),
  );
}
