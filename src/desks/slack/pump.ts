import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../log.ts';
import { SlackFailure } from './api.ts';
import type { Channels } from './channels.ts';
import { type Entry, hasWork, type Ledger } from './ledger.ts';
import { Showing, type ShowingParts } from './showing.ts';
import { type Due, isPosted, isWell, mostUrgentFirst, type Step, stepsOf } from './step.ts';

/** Milliseconds. */
export interface Pace {
  /** Between two posts in a channel: Slack takes about one a second (https://docs.slack.dev/apis/web-api/rate-limits). */
  readonly post: number;
  /** Between two changes of one card. */
  readonly card: number;
  /** Between two changes at all: `chat.update` may be called about fifty times a minute (Tier 3). */
  readonly changes: number;
  /** Between two marks: `reactions.add` is of Tier 3, too. */
  readonly marks: number;
  /** After a mark that took another one's place: `reactions.remove` may be called about twenty times a minute (Tier 2). */
  readonly unmarks: number;
  /** After a call that failed; doubled with each further one, up to thirty times. */
  readonly failed: number;
}

export const PACE: Pace = { post: 1_000, card: 3_000, changes: 1_250, marks: 1_250, unmarks: 3_100, failed: 1_000 };

/** Rings once, after so many milliseconds. Returns what turns it off. */
export type Alarm = (milliseconds: number, ring: () => void) => () => void;

export interface PumpParts extends ShowingParts {
  readonly channels: Channels;
  readonly pace: Pace;
  readonly now: () => number;
  readonly alarm: Alarm;
  readonly log: Log;
}

/** The machine's clock; it keeps no process alive. */
export const ALARM: Alarm = (milliseconds, ring) => {
  const timer = setTimeout(ring, milliseconds);
  timer.unref();
  return () => clearTimeout(timer);
};

/**
 * Shows Slack what stands in the book, at the pace that Slack allows: in each conversation in order and one call at a time, and one call
 * at a time under each of Slack's limits. What waits for its turn is put into one message. A call that fails is made again.
 */
export class Pump {
  readonly #parts: PumpParts;
  readonly #ledger: Ledger;
  readonly #showing: Showing;
  /** Calls under way: by the limit that they are under, and by their conversation. */
  readonly #lanes = new Map<string, Promise<void>>();
  readonly #entries = new Set<Entry>();
  /** When a limit allows the next call. */
  readonly #free = new Map<string, number>();
  /** When a card may change again. */
  readonly #cards = new Map<string, number>();
  /** When a conversation had its last turn with cards or marks, by lane. */
  readonly #served = new Map<string, number>();
  #failures = 0;
  #downSince: number | undefined;
  #closedUntil = 0;
  #silence = () => {};
  #turning: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(parts: PumpParts) {
    this.#parts = parts;
    this.#ledger = parts.ledger;
    this.#showing = new Showing(parts);
  }

  /** There is something to show. */
  wake(): void {
    this.#again = true;
    if (this.#stopped) return;
    this.#turning ??= this.#turn().finally(() => {
      this.#turning = undefined;
      // Something has come after the last look, and before this.
      if (this.#again) this.wake();
    });
  }

  /** Since when Slack has taken nothing (epoch milliseconds); `undefined`: it does. */
  get downSince(): number | undefined {
    return this.#downSince;
  }

  /** Resolves when everything is shown, however long that takes. */
  async settled(): Promise<void> {
    for (;;) {
      this.wake();
      await this.#turning;
      await Promise.all(this.#lanes.values());
      const entries = await this.#ledger.live();
      if (this.#stopped || entries.every((entry) => !hasWork(entry))) return;
      await sleep(SHORTLY);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#silence();
    await this.#turning;
    // A call that Slack does not answer is not waited for: its mark is in the book.
    await Promise.race([Promise.all(this.#lanes.values()), sleep(GOODBYE, undefined, { ref: false })]);
  }

  /** Gives every free lane its next call, and comes back when the first of the others is due. */
  async #turn(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      const now = this.#parts.now();
      const entries = await this.#ledger.live();
      for (const entry of entries) if (waits(entry)) entry.since ??= now;
      forgetMarks(entries);
      let next = Number.POSITIVE_INFINITY;
      for (const due of mostUrgentFirst(entries.flatMap(stepsOf), (due) => this.#sinceOf(due))) {
        const lane = this.#laneOf(due);
        if (this.#lanes.has(lane) || this.#entries.has(due.entry)) continue;
        const at = this.#whenOf(due, lane);
        if (at <= now) this.#begin(due, lane);
        else next = Math.min(next, at);
      }
      this.#silence();
      if (next < Number.POSITIVE_INFINITY)
        this.#silence = this.#parts.alarm(Math.max(1, next - now), () => this.wake());
    }
  }

  /** A limit's name. */
  #laneOf({ entry, lane }: Due): string {
    return lane === 'post' ? `post ${this.#parts.channels.of(entry)}` : lane;
  }

  /** Words by when they came; of cards and marks it does not matter, so they take turns. */
  #sinceOf({ entry, lane }: Due): number {
    if (lane === 'post') return entry.since ?? 0;
    return this.#served.get(`${lane} ${entry.conversation}`) ?? 0;
  }

  #whenOf({ entry, step }: Due, lane: string): number {
    const card = step.do === 'change_card' ? (this.#cards.get(entry.conversation) ?? 0) : 0;
    return Math.max(this.#free.get(lane) ?? 0, card, this.#closedUntil);
  }

  #begin(due: Due, lane: string): void {
    const { entry, step } = due;
    const channel = this.#parts.channels.of(entry);
    const pause = this.#pauseAfter(due);
    const call = this.#showing
      .take(entry, step, channel)
      .then(
        () => {
          this.#failures = 0;
          this.#downSince = undefined;
          this.#spend(due, lane, pause);
        },
        (error: unknown) => {
          this.#spend(due, lane, pause);
          return this.#failed(entry, step, { channel, lane }, error);
        },
      )
      .catch((error: unknown) => {
        // The book itself could not be written: it is tried again, and the log tells.
        this.#wait();
        this.#parts.log.error('desk.slack_failed', { error });
      })
      .finally(() => {
        this.#lanes.delete(lane);
        this.#entries.delete(entry);
        this.wake();
      });
    this.#lanes.set(lane, call);
    this.#entries.add(entry);
  }

  #pauseAfter({ entry, step, lane }: Due): number {
    const { pace } = this.#parts;
    if (lane === 'post') return pace.post;
    if (lane === 'change') return pace.changes;
    if (lane === 'tell' || step.do !== 'job') return 0;
    return entry.at[step.job.key] === undefined ? pace.marks : pace.unmarks;
  }

  /** Counted from the end of a call: how long it is on its way, nobody knows. */
  #spend({ entry, step, lane: kind }: Due, lane: string, pause: number): void {
    const { now, pace } = this.#parts;
    const { conversation, isOpen } = entry;
    this.#free.set(lane, Math.max(this.#free.get(lane) ?? 0, now() + pause));
    if (kind === 'post') delete entry.since;
    else this.#served.set(`${kind} ${conversation}`, now());
    if (step.do !== 'job') this.#cards.set(conversation, now() + pace.card);
    if (isOpen || hasWork(entry)) return;
    this.#cards.delete(conversation);
    for (const one of ['change', 'mark', 'tell']) this.#served.delete(`${one} ${conversation}`);
  }

  // — When it fails ———————————————————————————————————————————————————————————————————————————————————————————

  async #failed(
    entry: Entry,
    step: Step,
    { channel, lane }: { readonly channel: string; readonly lane: string },
    error: unknown,
  ): Promise<void> {
    if (!(error instanceof SlackFailure)) throw error;
    const { log, now } = this.#parts;
    switch (error.kind) {
      case 'flood':
        this.#free.set(lane, now() + error.after);
        return this.#forget(entry);
      case 'gone':
        log.warn('desk.slack_gone', { error, reason: error.code });
        return this.#move(entry, channel, error.code);
      case 'refused':
        log.error('desk.slack_refused', { error, reason: error.code });
        return this.#simplify(entry, step);
      case 'closed':
        log.error('desk.slack_closed', { error, reason: error.code });
        this.#wait();
        return this.#forget(entry);
      case 'lost':
      case 'down':
        log.warn('desk.slack_unreachable', { error, reason: error.code });
        this.#wait();
    }
  }

  #wait(): void {
    const { now, pace } = this.#parts;
    this.#closedUntil = now() + pace.failed * Math.min(30, 2 ** this.#failures);
    this.#failures += 1;
    this.#downSince ??= now();
  }

  /** The call was certainly not done. */
  #forget(entry: Entry): Promise<void> {
    delete entry.doing;
    return this.#ledger.save(entry);
  }

  /** A new card, in the same channel if only the old one is gone; the rest goes on under it. */
  async #move(entry: Entry, channel: string, code: string): Promise<void> {
    if (!ONLY_THE_MESSAGE.has(code) && !this.#parts.channels.lose(channel)) this.#wait();
    delete entry.card;
    delete entry.shown;
    await this.#forget(entry);
  }

  /** What Slack will not have it may have with less in it; what not even so, is left out, and the log has told. */
  async #simplify(entry: Entry, step: Step): Promise<void> {
    if (step.do !== 'job') {
      if (entry.plain) this.#wait();
      entry.plain = true;
    } else {
      const { job } = step;
      const shorter =
        job.do === 'line' && job.text.length > PLAIN ? [{ ...job, text: `${job.text.slice(0, PLAIN)}…` }] : [];
      entry.jobs = entry.jobs.flatMap((one) => (one === job ? shorter : [one]));
    }
    await this.#forget(entry);
  }
}

function waits(entry: Entry): boolean {
  return entry.card === undefined || entry.jobs.some((job) => isPosted(job, entry));
}

/** More than Slack takes in half a minute: then the newest are shown, and the others go without. What failed is always marked. */
function forgetMarks(entries: readonly Entry[]): void {
  const waiting = entries.flatMap((entry) =>
    entry.jobs.flatMap((job) => (job.do === 'react' && isWell(job.name) ? [{ entry, job }] : [])),
  );
  if (waiting.length <= MOST_MARKS) return;
  const oldest = waiting.toSorted((one, other) => other.job.ts.localeCompare(one.job.ts)).slice(MOST_MARKS);
  for (const { entry, job } of oldest) entry.jobs = entry.jobs.filter((one) => one !== job);
}

const MOST_MARKS = 25;
const ONLY_THE_MESSAGE: ReadonlySet<string> = new Set([
  'thread_not_found',
  'message_not_found',
  'cannot_reply_to_message',
  'cant_update_message',
]);
/** UTF-16 units. */
const PLAIN = 2_500;
/** Milliseconds. */
const GOODBYE = 3_000;
const SHORTLY = 5;
