import type { Call } from '../effect.ts';
import type { Outcome } from '../event.ts';
import type { DeliveryStatus, FinishedTurn, HeldEffect, Send, Settlement } from '../store/store.ts';
import { Alarm } from './alarm.ts';
import { perform } from './call.ts';
import { Deadline } from './deadline.ts';
import type { Lane } from './lane.ts';
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
  /** Conversations with free sends on disk: what they say next waits behind those. */
  readonly #behind = new Set<number>();
  /** No sends of an account before this instant. */
  readonly #paused = new Map<string, number>();
  #held = 0;

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
    for (const conversation of await this.#shared.store.waiting()) this.#behind.add(conversation);
    this.#alarm.set(await this.#shared.store.nextEffect());
  }

  stop(): void {
    this.#alarm.stop();
  }

  delivery(lane: Lane): FinishedTurn['delivery'] {
    if (this.#shared.channels.get(lane.account)?.channel.send === undefined) return 'fetched';
    return this.#behind.has(lane.key) || this.#held >= this.#shared.outbox ? 'free' : 'held';
  }

  heldUntil(now: number): number {
    return now + HOLD;
  }

  /** A free effect was committed. */
  freed(lane: Lane, due: number, isSend: boolean): void {
    if (isSend) this.#behind.add(lane.key);
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
      else this.#enqueue(lane, effect);
    }
  }

  #performClaimed(lane: Lane, effect: HeldEffect): void {
    const leaving = this.#queues.get(lane.key);
    if (effect.work.kind === 'call' || leaving?.due === undefined) return this.perform(lane, [effect], NOTHING_RUNS);
    // Those in front are still on their way back to the disk: this one begins the next queue.
    this.#held += 1;
    leaving.claimed.push(effect);
  }

  async #claim(): Promise<void> {
    const { store, clock, log } = this.#shared;
    if (this.#shared.stopping) return;
    try {
      while (this.#held < this.#shared.outbox) {
        const now = clock.now();
        const claimed = await store.claim({ now, until: now + HOLD, limit: CLAIM });
        if (claimed.length === 0) break;
        const lanes = await Promise.all(claimed.map(({ conversation }) => this.#reach.laneOf(conversation)));
        // From here on without a pause, so that all of a conversation's sends are in line before the first can fail or a new one
        // can be committed. All that was free and due of it is here, and nothing due waits in front of what is not.
        claimed.forEach((effect, index) => {
          const lane = lanes[index];
          this.#behind.delete(effect.conversation);
          if (lane !== undefined) this.#performClaimed(lane, effect);
        });
      }
      const next = await store.nextEffect();
      if (next !== undefined)
        this.#alarm.set(Math.max(next, clock.now() + (this.#held < this.#shared.outbox ? 0 : FULL_WAIT)));
    } catch (error) {
      log.error('engine.claim_failed', { error });
      this.#alarm.set(clock.now() + FULL_WAIT);
    }
  }

  async #call(lane: Lane, effect: HeldEffect, call: Call, running: Promise<Outcome> | undefined): Promise<void> {
    lane.calls += 1;
    if (lane.calls === 1) this.#watchers.tell(lane.id, { kind: 'typing', on: true });
    try {
      const outcome = await (running ??
        perform(call, this.#shared.actions.get(call.action), {
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

  #enqueue(lane: Lane, effect: HeldEffect): void {
    const queue = this.#queues.get(lane.key);
    if (queue !== undefined) queue.effects.push(effect);
    else this.#begin(lane, [effect]);
  }

  #begin(lane: Lane, effects: HeldEffect[]): void {
    const queue: Queue = { lane, effects, until: this.#shared.clock.now() + HOLD, due: undefined, claimed: [] };
    this.#queues.set(lane.key, queue);
    this.#sendAll(queue).catch((error: unknown) => this.#report(error));
  }

  /** Everything that a conversation has to say, in order, until it is said or must wait. */
  async #sendAll(queue: Queue): Promise<void> {
    const { lane, effects } = queue;
    try {
      for (let effect = effects[0]; effect !== undefined; effect = effects[0]) {
        const wait = this.#mustWait(queue);
        if (wait !== undefined) return await this.#letGo(queue, wait);
        const delivered = await deliver(this.#shared, lane, effect, effect.work as Send, this.#deadline);
        if (delivered.end === undefined) return;
        if (delivered.pause !== undefined) this.#paused.set(lane.account, delivered.pause);
        await this.#settle(queue, effect, delivered.end);
      }
    } finally {
      this.#queues.delete(lane.key);
      this.#held -= effects.length;
      if (queue.claimed.length > 0) this.#begin(lane, queue.claimed);
      this.#alarm.set(queue.due);
    }
  }

  /** Until when nothing may be sent; `undefined`: go on. */
  #mustWait({ lane, until }: Queue): number | undefined {
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

  async #settle(queue: Queue, effect: HeldEffect, end: Settlement['end']): Promise<void> {
    const { store } = this.#shared;
    const settled = patiently(this.#shared, () => store.settle({ id: effect.id, token: effect.token, end }));
    queue.effects.shift();
    // Asked in the same moment, so that nothing behind the failed one is ever due before it.
    if (end.kind === 'retry') await this.#letGo(queue, end.due);
    await settled;
    this.#held -= 1;
    const status = statusAfter(end);
    if (status !== undefined && effect.work.kind === 'send') {
      this.#watchers.tell(queue.lane.id, { kind: 'status', seq: effect.work.seq, status });
    }
  }

  /** Back to the disk, what was committed as held meanwhile included. */
  async #letGo(queue: Queue, due: number): Promise<void> {
    const { lane, effects } = queue;
    queue.due = due;
    this.#behind.add(lane.key);
    while (effects.length > 0) {
      this.#behind.add(lane.key);
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
  readonly lane: Lane;
  readonly effects: HeldEffect[];
  /** The first of them is held until then. */
  readonly until: number;
  /** Set when it has to wait: then it goes back to the disk, with what joins it meanwhile. */
  due: number | undefined;
  /** Claimed anew while it was going back. */
  readonly claimed: HeldEffect[];
}

/** Milliseconds that an effect may be held: far longer than any try, since a hold that runs out means a second try. */
const HOLD = 600_000;
/** Conversations claimed at a time. */
const CLAIM = 64;
const FULL_WAIT = 500;
const NOTHING_RUNS: ReadonlyMap<string, Promise<Outcome>> = new Map();

function statusAfter(end: NonNullable<Delivered['end']>): DeliveryStatus | undefined {
  if (end.kind === 'done') return end.status;
  return end.kind === 'dead' ? 'failed' : undefined;
}
