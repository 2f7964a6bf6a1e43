import type { Call } from '../effect.ts';
import { ParleyError } from '../errors.ts';
import type { Outcome } from '../event.ts';
import type { FinishedTurn, HeldEffect } from '../store/store.ts';
import { Alarm } from './alarm.ts';
import { Breakers } from './breaker.ts';
import { perform } from './call.ts';
import { Deadline } from './deadline.ts';
import type { Lane } from './lane.ts';
import { performAgain } from './once.ts';
import { Pace } from './pace.ts';
import type { Shared } from './parts.ts';
import type { Passives } from './passive.ts';
import { isStoreFailure, patiently } from './patience.ts';
import { SEND_TIMEOUT } from './send.ts';
import { HOLD, isSaying, Sending } from './sending.ts';
import type { Refusal } from './verdict.ts';
import type { Watchers } from './watchers.ts';

/** What the outbox needs from the rest of the engine. */
export interface Reach {
  laneOf(key: number): Promise<Lane | undefined>;
  /** The end of a call, as an event of its conversation. Resolves when it is on disk. */
  result(lane: Lane, effect: HeldEffect, call: Call, outcome: Outcome): Promise<void>;
  /** An event is in its inbox. */
  woken(lane: Lane): void;
  /** She cannot be told anything any more, as an event of her conversation. */
  refused(lane: Lane, seq: number, refusal: Refusal): Promise<void>;
}

/**
 * Performs effects that are on disk. Calls run side by side; what is said in a conversation is sent in order (`sending.ts`). An effect
 * in memory is *held*: the store gives it to nobody else meanwhile. What must wait (a retry, a paused account, too much at once) is let
 * go and claimed again when it is due, so that memory stays bounded while a platform is deaf.
 */
export class Outbox {
  readonly #shared: Shared;
  readonly #watchers: Watchers;
  readonly #reach: Reach;
  readonly #alarm: Alarm;
  readonly #deadline: Deadline;
  readonly #breakers = new Breakers();
  readonly #sending: Sending;
  #held = 0;
  /** Something due was left on disk, behind a queue that has not ended or for lack of room. */
  #passedOver = false;
  #started = false;

  constructor(shared: Shared, watchers: Watchers, passives: Passives, reach: Reach) {
    this.#shared = shared;
    this.#watchers = watchers;
    this.#reach = reach;
    this.#alarm = new Alarm(shared.clock.now, () => this.#claim());
    this.#deadline = new Deadline(SEND_TIMEOUT, shared.abort.signal);
    const means = { deadline: this.#deadline, pace: new Pace(), breakers: this.#breakers, passives };
    this.#sending = new Sending(shared, watchers, means, {
      gone: (count) => {
        this.#held -= count;
      },
      free: (due) => this.#ended(due),
      woken: reach.woken,
      refused: reach.refused,
      failed: (error) => this.#report(error),
    });
  }

  /** Accounts whose secrets their platform refuses. */
  get shut(): readonly string[] {
    return this.#breakers.shut;
  }

  get quiet(): boolean {
    return this.#held === 0;
  }

  async start(): Promise<void> {
    this.#started = true;
    this.#alarm.set(await this.#shared.store.nextEffect());
  }

  stop(): void {
    this.#alarm.stop();
  }

  delivery(lane: Lane): FinishedTurn['delivery'] {
    if (this.#shared.channels.get(lane.account)?.channel.send === undefined) return 'fetched';
    return this.#held >= this.#shared.outbox ? 'free' : 'held';
  }

  /** Where that is `held`: is it sent as soon as it is on disk? */
  begins(lane: Lane): boolean {
    return this.#sending.begins(lane);
  }

  heldUntil(now: number): number {
    return now + HOLD;
  }

  /** A free effect was committed. */
  freed(due: number): void {
    this.#alarm.set(due);
  }

  /** Claims at once what an operator has put back. */
  look(): void {
    this.#alarm.set(this.#shared.clock.now());
  }

  perform(lane: Lane, effects: readonly HeldEffect[], running: ReadonlyMap<string, Promise<Outcome>>): void {
    for (const effect of effects) {
      this.#held += 1;
      if (effect.work.kind === 'call') void this.#call(lane, effect, effect.work, running.get(effect.work.id));
      else if (isSaying(effect)) this.#sending.enqueue(effect, () => lane);
    }
  }

  #performClaimed(effect: HeldEffect): void {
    const { work, conversation } = effect;
    this.#held += 1;
    if (isSaying(effect)) return this.#sending.enqueue(effect, () => this.#laneOf(conversation));
    if (work.kind === 'send') return;
    this.#laneOf(conversation).then(
      (lane) => this.#call(lane, effect, work, undefined),
      (error: unknown) => {
        this.#held -= 1;
        this.#report(error);
      },
    );
  }

  async #laneOf(conversation: number): Promise<Lane> {
    const lane = await this.#reach.laneOf(conversation);
    if (lane === undefined) throw new ParleyError('engine.no_conversation', 'An effect belongs to no conversation.');
    return lane;
  }

  async #claim(): Promise<void> {
    const { store, clock, log } = this.#shared;
    if (this.#shared.stopping || !this.#started) return;
    try {
      // Sends stay on disk while earlier ones of their conversation are in memory: all of them, whatever becomes of those.
      const sending = (conversation: number) => {
        const stays = this.#sending.has(conversation);
        if (stays) this.#passedOver = true;
        return stays;
      };
      while (this.#held < this.#shared.outbox) {
        const now = clock.now();
        const claimed = await store.claim({ now, until: now + HOLD, limit: CLAIM, sending });
        if (claimed.length === 0) break;
        // At once: what is committed as held from now on must find them in line.
        for (const effect of claimed) this.#performClaimed(effect);
      }
      const next = await store.nextEffect();
      if (this.#held >= this.#shared.outbox) this.#passedOver = true;
      const pause = this.#held < this.#shared.outbox ? BUSY_WAIT : FULL_WAIT;
      if (next !== undefined) this.#alarm.set(Math.max(next, clock.now() + pause));
    } catch (error) {
      log.error('engine.claim_failed', { error });
      this.#alarm.set(clock.now() + FULL_WAIT);
    }
  }

  /** A queue has ended, and what it left is due then: there is room, and perhaps something waited for it. */
  #ended(due: number | undefined): void {
    this.#alarm.set(this.#passedOver ? this.#shared.clock.now() : due);
    this.#passedOver = false;
  }

  async #call(lane: Lane, effect: HeldEffect, call: Call, running: Promise<Outcome> | undefined): Promise<void> {
    lane.calls += 1;
    if (lane.calls === 1) this.#showTyping(lane);
    try {
      const outcome = await (running ??
        this.#performCall(call, effect, {
          conversation: lane.id,
          attempt: effect.tries + 1,
          stopping: this.#shared.abort.signal,
        }));
      // Cut off by our own end: how it went is for the next process to find out, under the same key.
      if (this.#shared.abort.signal.aborted) return;
      await patiently(this.#shared, () => this.#reach.result(lane, effect, call, outcome));
    } catch (error) {
      this.#report(error);
    } finally {
      this.#held -= 1;
      lane.calls -= 1;
      if (lane.calls === 0) this.#watchers.tell(lane.id, { kind: 'typing', on: false });
    }
  }

  /** One that a crash or a lost answer left open may have been done. */
  #performCall(call: Call, { tries }: HeldEffect, context: Parameters<typeof perform>[2]): Promise<Outcome> {
    const { actions } = this.#shared;
    return tries > 0 || call.again
      ? performAgain(call, actions, context)
      : perform(call, actions.get(call.action), context);
  }

  /** Somebody is at work, and the customer may see so: in a chat of ours, and in her own app where it can show that. */
  #showTyping({ id, account: name, address }: Lane): void {
    this.#watchers.tell(id, { kind: 'typing', on: true });
    const account = this.#shared.channels.get(name);
    account?.channel
      .typing?.({ settings: account.settings, address, signal: this.#deadline.signal() })
      .catch((error: unknown) => this.#shared.log.warn('engine.typing_failed', { error, account: name }));
  }

  #report(error: unknown): void {
    if (this.#shared.stopping && isStoreFailure(error)) return;
    this.#shared.log.error('engine.effect_failed', { error });
  }
}

/** Conversations claimed at a time. */
const CLAIM = 64;
const FULL_WAIT = 500;
/** What is due and was not claimed waits for a queue to end. */
const BUSY_WAIT = 10;
