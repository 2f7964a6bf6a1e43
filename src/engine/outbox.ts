import type { Call } from '../effect.ts';
import { ParleyError } from '../errors.ts';
import type { Outcome } from '../event.ts';
import type { DeliveryStatus, FinishedTurn, HeldEffect, Send, Settlement } from '../store/store.ts';
import { Alarm } from './alarm.ts';
import { perform } from './call.ts';
import { Deadline } from './deadline.ts';
import type { Lane } from './lane.ts';
import { performAgain } from './once.ts';
import type { Shared } from './parts.ts';
import { isStoreFailure, patiently } from './patience.ts';
import { type Delivered, deliver, SEND_TIMEOUT } from './send.ts';
import type { Watchers } from './watchers.ts';

/** What the outbox needs from the rest of the engine. */
export interface Reach {
  laneOf(key: number): Promise<Lane | undefined>;
  /** The end of a call, as an event of its conversation. Resolves when it is on disk. */
  result(lane: Lane, effect: HeldEffect, call: Call, outcome: Outcome): Promise<void>;
}

/**
 * Performs effects that are on disk. Calls run side by side; what is said in a conversation is sent strictly in order, one after the
 * other. An effect in memory is *held*: the store gives it to nobody else meanwhile. What must wait (a retry, a paused account, too
 * much at once) is let go and claimed again when it is due, so that memory stays bounded while a platform is deaf.
 */
export class Outbox {
  readonly #shared: Shared;
  readonly #watchers: Watchers;
  readonly #reach: Reach;
  readonly #alarm: Alarm;
  readonly #deadline: Deadline;
  /** Sends of a conversation, in order; the first one is being sent. */
  readonly #queues = new Map<number, Queue>();
  /** No sends of an account before this instant. */
  readonly #paused = new Map<string, number>();
  #held = 0;
  #started = false;

  constructor(shared: Shared, watchers: Watchers, reach: Reach) {
    this.#shared = shared;
    this.#watchers = watchers;
    this.#reach = reach;
    this.#alarm = new Alarm(shared.clock.now, () => this.#claim());
    this.#deadline = new Deadline(SEND_TIMEOUT, shared.abort.signal);
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
      else this.#enqueue(effect, () => lane);
    }
  }

  #performClaimed(effect: HeldEffect): void {
    const { work, conversation } = effect;
    this.#held += 1;
    if (work.kind === 'send') return this.#enqueue(effect, () => this.#laneOf(conversation));
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
      const sending = (conversation: number) => this.#queues.has(conversation);
      while (this.#held < this.#shared.outbox) {
        const now = clock.now();
        const claimed = await store.claim({ now, until: now + HOLD, limit: CLAIM, sending });
        if (claimed.length === 0) break;
        // At once: what is committed as held from now on must find them in line.
        for (const effect of claimed) this.#performClaimed(effect);
      }
      const next = await store.nextEffect();
      const pause = this.#held < this.#shared.outbox ? BUSY_WAIT : FULL_WAIT;
      if (next !== undefined) this.#alarm.set(Math.max(next, clock.now() + pause));
    } catch (error) {
      log.error('engine.claim_failed', { error });
      this.#alarm.set(clock.now() + FULL_WAIT);
    }
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

  #enqueue(effect: HeldEffect, laneOf: () => Lane | Promise<Lane>): void {
    const queue = this.#queues.get(effect.conversation);
    if (queue !== undefined) return void queue.effects.push(effect);
    const { conversation } = effect;
    const until = this.#shared.clock.now() + HOLD;
    const begun: Queue = { conversation, effects: [effect], until, due: undefined };
    this.#queues.set(conversation, begun);
    this.#sendAll(begun, laneOf()).catch((error: unknown) => this.#report(error));
  }

  /** Everything that a conversation has to say, in order, until it is said or must wait. */
  async #sendAll(queue: Queue, whose: Lane | Promise<Lane>): Promise<void> {
    const { effects } = queue;
    try {
      const lane = await whose;
      for (let effect = effects[0]; effect !== undefined; effect = effects[0]) {
        const wait = queue.due ?? this.#mustWait(lane, queue);
        if (wait !== undefined) {
          await this.#letGo(queue, wait);
          continue;
        }
        const delivered = await deliver(this.#shared, lane, effect, effect.work as Send, this.#deadline);
        if (delivered.end === undefined) return;
        if (delivered.pause !== undefined) this.#paused.set(lane.account, delivered.pause);
        await this.#settle(lane, queue, effect, delivered.end);
      }
    } finally {
      this.#queues.delete(queue.conversation);
      this.#held -= effects.length;
      this.#alarm.set(queue.due);
    }
  }

  /** Until when nothing may be sent; `undefined`: go on. */
  #mustWait(lane: Lane, { until }: Queue): number | undefined {
    const now = this.#shared.clock.now();
    if (this.#shared.stopping) return now;
    // What comes late in a long queue would outlive its hold.
    if (now > until - HOLD / 2) return now;
    const pause = this.#paused.get(lane.account);
    if (pause === undefined) return undefined;
    if (pause > now) return pause;
    this.#paused.delete(lane.account);
    return undefined;
  }

  async #settle(lane: Lane, queue: Queue, effect: HeldEffect, end: Settlement['end']): Promise<void> {
    const { store } = this.#shared;
    const { id, token, entry } = effect;
    const settlement = entry === undefined ? { id, token, end } : { id, token, entry, end };
    const settled = patiently(this.#shared, () => store.settle(settlement));
    queue.effects.shift();
    // Asked in the same moment, so that nothing behind the failed one is ever due before it.
    if (end.kind === 'retry') await this.#letGo(queue, end.due);
    await settled;
    this.#held -= 1;
    const status = statusAfter(end);
    if (status !== undefined && effect.work.kind === 'send') {
      this.#watchers.tell(lane.id, { kind: 'status', seq: effect.work.seq, status });
    }
  }

  /** Back to the disk, what was committed as held meanwhile included. */
  async #letGo(queue: Queue, due: number): Promise<void> {
    const { effects } = queue;
    queue.due = due;
    while (effects.length > 0) {
      const batch = effects.splice(0);
      this.#held -= batch.length;
      await patiently(this.#shared, () => this.#shared.store.release(batch, due));
    }
  }

  #report(error: unknown): void {
    if (this.#shared.stopping && isStoreFailure(error)) return;
    this.#shared.log.error('engine.effect_failed', { error });
  }
}

interface Queue {
  readonly conversation: number;
  readonly effects: HeldEffect[];
  /** The first of them is held until then. */
  readonly until: number;
  /** Set when it has to wait: then it goes back to the disk, with what joins it meanwhile. */
  due: number | undefined;
}

/** Milliseconds that an effect may be held: far longer than any try, since a hold that runs out means a second try. */
const HOLD = 600_000;
/** Conversations claimed at a time. */
const CLAIM = 64;
const FULL_WAIT = 500;
/** What is due and was not claimed waits for a queue to end. */
const BUSY_WAIT = 10;

function statusAfter(end: NonNullable<Delivered['end']>): DeliveryStatus | undefined {
  if (end.kind === 'done') return end.status;
  return end.kind === 'dead' ? 'failed' : undefined;
}
