import { setTimeout as sleep } from 'node:timers/promises';
import type { Part, Report, SendError } from '../channel.ts';
import type { Account } from '../deployment/accounts.ts';
import type { Log } from '../log.ts';
import { type Intake, takeInOrder } from '../server/intake.ts';
import type { Nudge } from '../server/webhook-routes.ts';
import type { Store } from '../store/store.ts';
import { Bell } from './bell.ts';

export interface PollingParts {
  readonly accounts: readonly Account[];
  readonly intake: Intake;
  readonly cursors: Pick<Store, 'cursor' | 'keepCursor'>;
  /** What a platform tells of messages that were sent. Resolves when it is on disk. */
  readonly report?: (account: string, report: Report) => Promise<void>;
  readonly log: Log;
  /** Milliseconds after which a platform that nudges is asked all the same; default a minute. */
  readonly every?: number;
}

/** The asking of all accounts that must be asked. */
export interface Polling {
  /** There is something to ask this account's platform for. */
  readonly nudge: Nudge;
  end(): Promise<void>;
}

/** How must this account's platform be asked: for ever, or when it says that there is something? `undefined`: it calls. */
export function asking({ channel, settings }: Account): 'pull' | 'nudged' | undefined {
  const way = channel.pull === undefined ? 'webhook' : (channel.receives?.(settings) ?? 'webhook');
  return way === 'webhook' ? undefined : way;
}

/**
 * Asks the platforms of these accounts for what has come in, one question at a time each, until it is ended. A platform is asked for
 * the next only when all before is on disk: what a crash cuts off is delivered once more, and its keys are known. A platform that
 * nudges does not know what it has told, so where it has come to is kept, too.
 */
export function startPolling({ accounts, intake, cursors, report, log, every = SAFETY }: PollingParts): Polling {
  const ending = new AbortController();
  const bells = new Map<string, Bell>();
  const loops = accounts.map((account) => {
    const bell = asking(account) === 'nudged' ? new Bell(every, ending.signal) : undefined;
    if (bell !== undefined) bells.set(account.name, bell);
    return askForever(account, bell);
  });
  return {
    nudge: (account, part) => bells.get(account)?.ring(part),
    async end() {
      ending.abort();
      await Promise.all(loops);
    },
  };

  async function askForever(account: Account, bell: Bell | undefined): Promise<void> {
    const { name, channel } = account;
    const { signal } = ending;
    let begun = false;
    let cursor: string | undefined;
    let nudge: Part | undefined;
    let pause = FIRST_PAUSE;
    while (!signal.aborted) {
      try {
        // Telegram's update ids begin anew after a week of silence: what an old one would confirm may never have been seen.
        if (!begun && bell !== undefined) cursor = await cursors.cursor(name);
        begun = true;
        const pulled = await ask(account, cursor, nudge);
        if (pulled === undefined) return;
        if (bell !== undefined && pulled.cursor !== cursor) await cursors.keepCursor(name, pulled.cursor);
        ({ cursor } = pulled);
        pause = FIRST_PAUSE;
        if (bell !== undefined && !pulled.more) nudge = await bell.rung();
      } catch (error) {
        if (signal.aborted) return;
        log.warn('channel.pull_failed', { error, account: name });
        const verdict = channel.classify?.(error);
        // It may be the nudge that is bad, and there may be other things to hear: it waits its turn once more.
        if (nudge !== undefined && !isFinal(verdict)) bell?.ringAgain(nudge);
        nudge = undefined;
        const after = verdict !== undefined && 'after' in verdict ? (verdict.after ?? 0) : 0;
        await rest(Math.max(after, pause), signal);
        pause = Math.min(pause * 2, LAST_PAUSE);
      }
    }
  }

  /** One question. Resolves when all that it brought is on disk. */
  async function ask(account: Account, cursor: string | undefined, nudge: Part | undefined) {
    const { name, channel, settings } = account;
    const { signal } = ending;
    const pulled = await channel.pull?.({ account: name, settings, cursor, signal, ...(nudge && { nudge }) });
    for (const error of pulled?.unreadable ?? []) log.error('channel.unreadable', { error, account: name });
    await takeInOrder(pulled?.events ?? [], (inbound) => intake(account, inbound));
    await Promise.all((pulled?.reports ?? []).map((told) => report?.(name, told)));
    return pulled;
  }
}

/** Would asking the same once more end the same? */
function isFinal(verdict: SendError | undefined): boolean {
  return verdict?.kind === 'permanent' || verdict?.kind === 'invalid';
}

async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Milliseconds between questions that fail: doubled from the first to the last. */
const FIRST_PAUSE = 1_000;
const LAST_PAUSE = 30_000;
/** A nudge may get lost; what it was about must not. */
const SAFETY = 60_000;
