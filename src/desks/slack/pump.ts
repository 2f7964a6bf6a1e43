import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../log.ts';
import { SlackFailure } from './api.ts';
import type { Channels } from './channels.ts';
import { type Entry, hasWork, type Ledger } from './ledger.ts';
import { Showing, type ShowingParts } from './showing.ts';
import { type Due, mostUrgentFirst, nextOf, type Step } from './step.ts';

/** Milliseconds. */
export interface Pace {
  /** Between two posts in a channel: Slack takes about one a second (https://docs.slack.dev/apis/web-api/rate-limits). */
  readonly post: number;
  /** Between two changes of one card. */
  readonly card: number;
  /** Between two changes of cards at all: `chat.update` may be called about fifty times a minute (Tier 3). */
  readonly cards: number;
  /** After a call that failed; doubled with each further one, up to thirty times. */
  readonly failed: number;
}

export const PACE: Pace = { post: 1_050, card: 3_000, cards: 1_200, failed: 1_000 };

export interface PumpParts extends ShowingParts {
  readonly channels: Channels;
  readonly pace: Pace;
  readonly now: () => number;
  readonly log: Log;
}

/**
 * Shows Slack what stands in the book, at the pace that Slack allows: in each conversation in order, one call a channel at a time. What
 * waits for its turn is put into one message. A call that fails is made again.
 */
export class Pump {
  readonly #parts: PumpParts;
  readonly #ledger: Ledger;
  readonly #showing: Showing;
  /** Channels with a call under way. */
  readonly #busy = new Map<string, Promise<void>>();
  /** When a channel takes the next post. */
  readonly #posts = new Map<string, number>();
  /** When a card may change again. */
  readonly #cards = new Map<string, number>();
  /** When a conversation had its last turn. */
  readonly #served = new Map<string, number>();
  #anyCard = 0;
  #failures = 0;
  #closedUntil = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
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
    });
  }

  /** Resolves when everything is shown, however long that takes. */
  async settled(): Promise<void> {
    for (;;) {
      this.wake();
      await this.#turning;
      await Promise.all(this.#busy.values());
      const entries = await this.#ledger.live();
      if (this.#stopped || entries.every((entry) => !hasWork(entry))) return;
      await sleep(SHORTLY);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#turning;
    // A call that Slack does not answer is not waited for: its mark is in the book.
    await Promise.race([Promise.all(this.#busy.values()), sleep(GOODBYE, undefined, { ref: false })]);
  }

  /** Gives every free channel its next call, and comes back when the first of the others is due. */
  async #turn(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      const now = this.#parts.now();
      let next = Number.POSITIVE_INFINITY;
      for (const entry of mostUrgentFirst(await this.#ledger.live(), this.#served)) {
        const channel = this.#parts.channels.of(entry);
        const due = this.#busy.has(channel) ? undefined : this.#dueOf(entry, channel);
        if (due === undefined) continue;
        if (due.at <= now) this.#begin(entry, due.step, channel);
        else next = Math.min(next, due.at);
      }
      clearTimeout(this.#timer);
      if (next === Number.POSITIVE_INFINITY) continue;
      this.#timer = setTimeout(() => this.wake(), Math.max(1, next - now));
      this.#timer.unref();
    }
  }

  #dueOf(entry: Entry, channel: string): Due | undefined {
    const card = Math.max(this.#anyCard, this.#cards.get(entry.conversation) ?? 0);
    const due = nextOf(entry, { post: this.#posts.get(channel) ?? 0, card });
    return due && { ...due, at: Math.max(due.at, this.#closedUntil) };
  }

  #begin(entry: Entry, step: Step, channel: string): void {
    const call = this.#showing
      .take(entry, step, channel)
      .then(
        () => {
          this.#failures = 0;
          this.#spend(entry, step, channel);
        },
        (error: unknown) => {
          this.#spend(entry, step, channel);
          return this.#failed(entry, step, channel, error);
        },
      )
      .catch((error: unknown) => {
        // The book itself could not be written: it is tried again, and the log tells.
        this.#wait();
        this.#parts.log.error('desk.slack_failed', { error });
      })
      .finally(() => {
        this.#busy.delete(channel);
        this.wake();
      });
    this.#busy.set(channel, call);
    // Another channel's card must not take the same moment.
    if (step.do === 'change_card') this.#anyCard = this.#parts.now() + this.#parts.pace.cards;
  }

  /** Counted from the end of a call: how long it is on its way, nobody knows. */
  #spend({ conversation, isOpen }: Entry, step: Step, channel: string): void {
    const { now, pace } = this.#parts;
    if (isOpen) this.#served.set(conversation, now());
    else this.#served.delete(conversation);
    if (step.do !== 'change_card') this.#posts.set(channel, Math.max(this.#posts.get(channel) ?? 0, now() + pace.post));
    if (step.do === 'job') return;
    if (isOpen) this.#cards.set(conversation, now() + pace.card);
    else this.#cards.delete(conversation);
  }

  // — When it fails ———————————————————————————————————————————————————————————————————————————————————————————

  async #failed(entry: Entry, step: Step, channel: string, error: unknown): Promise<void> {
    if (!(error instanceof SlackFailure)) throw error;
    const { log, now } = this.#parts;
    switch (error.kind) {
      case 'flood':
        if (step.do === 'change_card') this.#anyCard = now() + error.after;
        else this.#posts.set(channel, now() + error.after);
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
