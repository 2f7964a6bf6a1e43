import type { HeldEffect, Settlement } from '../store/store.ts';
import { elsewhere } from './elsewhere.ts';
import type { Lane } from './lane.ts';
import type { Shared } from './parts.ts';
import { patiently } from './patience.ts';
import { deliver, type Means, type Saying } from './send.ts';
import type { Delivered, Refusal } from './verdict.ts';
import type { Watchers } from './watchers.ts';

/** What sending needs from the rest of the engine. */
export interface Around {
  /** So many effects are in memory no more. */
  gone(count: number): void;
  /** Something was let go, until then. */
  free(due: number | undefined): void;
  /** An event is in its inbox. */
  woken(lane: Lane): void;
  /** She cannot be told anything any more. Resolves when her conversation knows. */
  refused(lane: Lane, seq: number, refusal: Refusal): Promise<void>;
  failed(error: unknown): void;
}

/**
 * What is said in a conversation, strictly in order: a queue for each that has something to say, which ends when all is said, or when
 * it must wait. Then everything in it goes back to the disk.
 */
export class Sending {
  readonly #shared: Shared;
  readonly #watchers: Watchers;
  readonly #means: Means;
  readonly #around: Around;
  readonly #queues = new Map<number, Queue>();

  constructor(shared: Shared, watchers: Watchers, means: Means, around: Around) {
    this.#shared = shared;
    this.#watchers = watchers;
    this.#means = means;
    this.#around = around;
  }

  has(conversation: number): boolean {
    return this.#queues.has(conversation);
  }

  /** Is what this conversation says now sent as soon as it is on disk? */
  begins(lane: Lane): boolean {
    const channel = this.#shared.channels.get(lane.account)?.channel;
    if (channel?.send === undefined || channel.can.idempotent || this.#shared.stopping) return false;
    return !this.has(lane.key) && !this.#means.breakers.isShut(lane.account, this.#shared.clock.now());
  }

  enqueue(effect: Saying, laneOf: () => Lane | Promise<Lane>): void {
    const queue = this.#queues.get(effect.conversation);
    if (queue !== undefined) return this.#line(queue, effect);
    const { conversation } = effect;
    const until = this.#shared.clock.now() + HOLD;
    const begun: Queue = { conversation, effects: [effect], until, due: undefined };
    this.#queues.set(conversation, begun);
    this.#sendAll(begun, laneOf()).catch((error: unknown) => this.#around.failed(error));
  }

  /** Behind what was claimed while it was being committed: it is not sent at once, as it was to be. */
  #line(queue: Queue, effect: Saying): void {
    if (effect.begun !== 'now') return void queue.effects.push(effect);
    const { begun: _, ...waiting } = effect;
    queue.effects.push(waiting);
    patiently(this.#shared, () => this.#shared.store.begin(effect, undefined)).catch((error: unknown) =>
      this.#around.failed(error),
    );
  }

  async #sendAll(queue: Queue, whose: Lane | Promise<Lane>): Promise<void> {
    const { effects } = queue;
    try {
      const lane = await whose;
      const can = this.#shared.channels.get(lane.account)?.channel.can;
      for (;;) {
        const said = together(effects, can?.merges === true);
        if (said === undefined) return;
        const wait = queue.due ?? this.#mustWait(lane, queue);
        if (wait !== undefined) {
          await this.#letGo(queue, wait);
          continue;
        }
        this.#tell(lane, said, 'sending');
        const delivered = await deliver(this.#shared, lane, said, this.#means);
        if (delivered.end === undefined) return;
        const redirected = await elsewhere(this.#shared, lane, said, effects.slice(said.length), delivered);
        if (redirected !== undefined) {
          await this.#settle(lane, queue, redirected.said, delivered, redirected.end);
          this.#around.woken(lane);
          if (delivered.refused !== undefined) await this.#around.refused(lane, said[0].work.seq, delivered.refused);
          continue;
        }
        await this.#settle(lane, queue, said, delivered, delivered.end);
        if (delivered.refused !== undefined) await this.#refuse(lane, queue, said[0], delivered.refused, delivered.end);
      }
    } finally {
      this.#queues.delete(queue.conversation);
      this.#around.gone(effects.length);
      this.#around.free(queue.due);
    }
  }

  /** Until when nothing may be sent; `undefined`: go on. */
  #mustWait(lane: Lane, { until }: Queue): number | undefined {
    const now = this.#shared.clock.now();
    if (this.#shared.stopping) return now;
    // What comes late in a long queue would outlive its hold.
    if (now > until - HOLD / 2) return now;
    return this.#means.breakers.wait(lane.account, now);
  }

  async #settle(
    lane: Lane,
    queue: Queue,
    said: readonly [Saying, ...Saying[]],
    { calls = 0, receipts, refused }: Delivered,
    end: Settlement['end'],
  ): Promise<void> {
    const { effects } = queue;
    const [{ id, token, entry }] = said;
    effects.splice(0, said.length);
    const goesOn = end.kind === 'done' || end.kind === 'dead' || end.kind === 'elsewhere';
    const next = goesOn && refused === undefined && this.#isMarked(lane) ? effects[0] : undefined;
    const settlement: Mutable<Settlement> = { id, token, end };
    if (entry !== undefined) settlement.entry = entry;
    if (said.length > 1) settlement.others = said.slice(1);
    if (receipts !== undefined) settlement.receipts = receipts;
    if (calls > 0) settlement.spent = { conversation: lane.key, calls };
    // The mark that the next one needs is on disk with this, by the same sync.
    if (next !== undefined && next.begun === undefined)
      settlement.next = { id: next.id, token: next.token, part: next.work.parts };
    const settled = patiently(this.#shared, () => this.#shared.store.settle(settlement));
    // Asked in the same moment, so that nothing behind the failed one is ever due before it.
    if (end.kind === 'park') await this.#setAside(queue, end.due);
    else if (!goesOn) await this.#letGo(queue, end.due);
    const counts = await settled;
    if (counts && settlement.next !== undefined && effects[0] === next) effects[0] = { ...next!, begun: 'now' };
    this.#around.gone(said.length);
    if (goesOn && this.#watchers.has(lane.id)) await this.#tellEnd(lane, said, end);
  }

  #isMarked({ account }: Lane): boolean {
    return this.#shared.channels.get(account)?.channel.can.idempotent === false && !this.#shared.stopping;
  }

  /** What waits behind it would be refused, too. */
  async #refuse(lane: Lane, queue: Queue, { work }: Saying, refusal: Refusal, end: Settlement['end']): Promise<void> {
    const behind = queue.effects.slice();
    for (const effect of behind) await this.#settle(lane, queue, [effect], { end, refused: refusal }, end);
    await this.#around.refused(lane, work.seq, refusal);
  }

  /** What is parked keeps back what comes after it, but not the templates, which are said outside of windows. */
  async #setAside({ effects }: Queue, due: number): Promise<void> {
    const batch = effects.filter(({ work }) => work.message.template === undefined);
    const templates = effects.filter(({ work }) => work.message.template !== undefined);
    effects.splice(0, effects.length, ...templates);
    this.#around.gone(batch.length);
    if (batch.length > 0) await patiently(this.#shared, () => this.#shared.store.release(batch, due));
    this.#around.free(due);
  }

  /** Back to the disk, what was committed as held meanwhile included. */
  async #letGo(queue: Queue, due: number): Promise<void> {
    const { effects } = queue;
    queue.due = due;
    while (effects.length > 0) {
      const batch = effects.splice(0);
      this.#around.gone(batch.length);
      await patiently(this.#shared, () => this.#shared.store.release(batch, due));
    }
  }

  #tell({ id }: Lane, said: readonly Saying[], status: 'sending' | 'sent' | 'unknown' | 'failed'): void {
    if (!this.#watchers.has(id)) return;
    for (const { work } of said) this.#watchers.tell(id, { kind: 'status', seq: work.seq, status });
  }

  async #tellEnd(lane: Lane, said: readonly Saying[], end: Settlement['end']): Promise<void> {
    if (end.kind === 'dead' || end.kind === 'elsewhere') return this.#tell(lane, said, 'failed');
    if (end.kind !== 'done') return;
    if (this.#shared.channels.get(lane.account)?.channel.reports === undefined)
      return this.#tell(lane, said, end.status);
    // The platform may have told more of it already than our call's answer did.
    for (const { work } of said) {
      const [entry] = await this.#shared.store.transcript(lane.id, work.seq - 1, 1);
      if (entry?.seq !== work.seq) continue;
      this.#watchers.tell(lane.id, { kind: 'status', seq: work.seq, status: entry.status });
    }
  }
}

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

interface Queue {
  readonly conversation: number;
  readonly effects: Saying[];
  /** The first of them is held until then. */
  readonly until: number;
  /** Set when it has to wait: then it goes back to the disk, with what joins it meanwhile. */
  due: number | undefined;
}

/** Milliseconds that an effect may be held: far longer than any try, since a hold that runs out means a second try. */
export const HOLD = 600_000;

/** What is sent next: one thing, or, where messages are worth sparing, all that was said in one turn. */
function together(effects: readonly Saying[], merges: boolean): [Saying, ...Saying[]] | undefined {
  const [head] = effects;
  if (head === undefined) return undefined;
  if (!merges) return [head];
  const behind = effects.slice(1);
  const { turn, message } = head.work;
  const last = behind.findIndex(({ work }) => work.turn !== turn || work.message.owed !== message.owed);
  return [head, ...behind.slice(0, last === -1 ? behind.length : last)];
}

export function isSaying(effect: HeldEffect): effect is Saying {
  return effect.work.kind === 'send';
}
