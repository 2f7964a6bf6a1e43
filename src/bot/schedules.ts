import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Channel } from '../channel.ts';
import type { Engine } from '../engine/engine.ts';
import { codeOf } from '../errors.ts';
import type { Program } from '../flow/program.ts';
import { lastDue, parseCron } from '../flow/value/cron.ts';
import type { Log } from '../log.ts';
import type { Member, Store } from '../store/store.ts';

export interface ScheduleParts {
  readonly store: Store;
  readonly engine: Pick<Engine, 'accept'>;
  /** Of now: flows are taken up while the bot runs. */
  readonly programs: () => ReadonlyMap<string, Pick<Program, 'flow' | 'header' | 'templates'>>;
  readonly timezone: () => string;
  /** By account. */
  readonly channels: ReadonlyMap<string, { readonly channel: Pick<Channel, 'can'> }>;
  /** Of all conversations of a customer, is this the one in which she is told something? */
  readonly isHerPlace: (member: Member) => Promise<boolean>;
  /** Epoch milliseconds. */
  readonly clock: { now(): number };
  readonly log: Log;
}

/** How far a flow's schedule has been heeded. A minute that is not over yet goes on after a restart where it was. */
const Heeded = z.object({
  schedule: z.string(),
  /** The last minute that is over. */
  minute: z.number(),
  going: z.object({ minute: z.number(), after: z.number() }).optional(),
});
type Heeded = z.infer<typeof Heeded>;

const MINUTE = 60_000;
/** A minute that nobody was there for is made up for this long: nine o'clock's news are none at noon. */
const LATEST = 60 * MINUTE;
/** The injected clock may be moved: it is looked at once a second. */
const LOOK_EVERY = 1_000;
/** Conversations that are told at a time: they share a commit. */
const PAGE = 100;
/** Milliseconds until the next try while the engine has too much to do, or the disk is full. */
const AGAIN = 500;
const PASSING: ReadonlySet<string> = new Set(['engine.busy', 'store.full']);

/**
 * Starts flows by their schedule, beside serving: when a flow's minute comes, every conversation gets an event of its own, under a key that
 * makes it one however often it is told. Whether the flow begins there is decided in the turn.
 *
 * After a time in which nobody was there, what was due within the last hour is made up, of several minutes the last one. A schedule that
 * is new, or has been rewritten, has missed nothing.
 * @returns what ends it; resolves when nothing of it runs any more
 */
export function keepSchedules(parts: ScheduleParts): () => Promise<void> {
  const heeded = new Map<string, Heeded>();
  const ending = new AbortController();
  let looked = Number.NEGATIVE_INFINITY;
  let running: Promise<void> = Promise.resolve();
  let isRunning = false;

  const timer = setInterval(() => {
    const minute = Math.floor(parts.clock.now() / MINUTE);
    if (isRunning || minute === looked) return;
    looked = minute;
    isRunning = true;
    running = look(parts, heeded, ending.signal).finally(() => {
      isRunning = false;
    });
  }, LOOK_EVERY).unref();

  return async () => {
    clearInterval(timer);
    ending.abort();
    await running;
  };
}

/** All flows, one after the other: what is due a minute later waits for what is under way. */
async function look(parts: ScheduleParts, heeded: Map<string, Heeded>, ending: AbortSignal): Promise<void> {
  for (const program of parts.programs().values()) {
    if (program.header.schedule === undefined || ending.aborted) continue;
    try {
      await heed(parts, heeded, program, program.header.schedule, ending);
    } catch (error) {
      // The next minute looks again, and goes on where this one was.
      if (!ending.aborted) parts.log.error('schedule.failed', { flow: program.flow, error });
    }
  }
}

async function heed(
  parts: ScheduleParts,
  known: Map<string, Heeded>,
  { flow, templates }: Pick<Program, 'flow' | 'templates'>,
  schedule: string,
  ending: AbortSignal,
): Promise<void> {
  const { store, clock, log } = parts;
  const cron = parseCron(schedule);
  if (cron === undefined) return;
  const keep = async (now: Heeded) => {
    await store.keepCursor(cursorOf(flow), JSON.stringify(now));
    known.set(flow, now);
  };
  const so = known.get(flow) ?? readHeeded(await store.cursor(cursorOf(flow)));
  const now = clock.now();
  if (so?.schedule !== schedule) return keep({ schedule, minute: now });
  const going = (so.going?.minute ?? 0) > now - LATEST ? so.going : undefined;
  const span = { after: Math.max(so.minute, now - LATEST), until: now };
  const minute = going?.minute ?? lastDue(cron, span, parts.timezone());
  if (minute === undefined) return;
  let count = 0;
  for (let from = going?.after ?? 0; !ending.aborted; ) {
    const page = await store.audience(from, PAGE);
    const last = page.at(-1);
    if (last === undefined) {
      log.info('schedule.told', { flow, count });
      return keep({ schedule, minute });
    }
    const told = await Promise.all(page.map((member) => tell(parts, member, { flow, minute, templates }, ending)));
    count += told.filter(Boolean).length;
    from = last.key;
    await keep({ schedule, minute: so.minute, going: { minute, after: from } });
    await breathe();
  }
}

/** Accounts have no colon in their names. */
function cursorOf(flow: string): string {
  return `schedule:${flow}`;
}

function readHeeded(text: string | undefined): Heeded | undefined {
  return text === undefined ? undefined : Heeded.parse(JSON.parse(text));
}

async function tell(
  parts: ScheduleParts,
  member: Member,
  { flow, minute, templates }: { flow: string; minute: number; templates: boolean },
  ending: AbortSignal,
): Promise<boolean> {
  const { account, address } = member;
  const isReached = (await mayHear(parts, member, templates)) && (await parts.isHerPlace(member));
  while (isReached && !ending.aborted) {
    try {
      const key = `schedule:${flow}:${minute}`;
      await parts.engine.accept({ account, address, key, event: { kind: 'scheduled', flow, minute } });
      return true;
    } catch (error) {
      if (!PASSING.has(codeOf(error))) throw error;
      await sleep(AGAIN);
    }
  }
  return false;
}

/** Outside a channel's window only templates reach her; a flow that has none would speak hours later, when she writes about something else. */
async function mayHear({ store, channels, clock }: ScheduleParts, { key, account }: Member, templates: boolean) {
  const channel = channels.get(account)?.channel;
  if (channel?.can.window === undefined) return channel !== undefined;
  const { until, messages } = (await store.allowance(key)) ?? { until: 0 };
  return (until > clock.now() && messages !== 0) || (channel.can.window.templates && templates);
}
