import type { Call } from '../effect.ts';
import type { Event, Outcome } from '../event.ts';
import type {
  Arrival,
  Commitment,
  Customer,
  FinishedTurn,
  HeldEffect,
  OpenEvent,
  StoredEntry,
} from '../store/store.ts';
import type { Scene, Turn } from '../turn.ts';
import type { JsonObject } from '../type.ts';
import { perform } from './call.ts';
import type { Accepted } from './engine.ts';
import { isQuickRead, takeGraciously } from './grace.ts';
import type { BegunRead, Item, Lane, Lanes } from './lane.ts';
import { entryOf, newEntries } from './news.ts';
import type { Shared } from './parts.ts';
import { patiently } from './patience.ts';
import { type Offered, shownOf } from './shown.ts';
import { stateOf } from './state-size.ts';
import { Trials } from './trials.ts';
import type { Watchers } from './watchers.ts';

/** What happens to effects and timers once they are on disk. */
export interface Aftermath {
  delivery(lane: Lane): FinishedTurn['delivery'];
  /** Where that is `held`: is it sent as soon as it is on disk? */
  begins(lane: Lane): boolean;
  heldUntil(now: number): number;
  /** `running`: reads that were begun within the turn's grace already. */
  effects(lane: Lane, held: readonly HeldEffect[], running: ReadonlyMap<string, Promise<Outcome>>): void;
  freed(due: number): void;
  timer(at: number): void;
  /** Another conversation has something in its inbox now. */
  handed(conversation: number): void;
}

/**
 * The way of an event through its conversation's lane.
 *
 * The quick way: the conversation is idle and its turn waits for nothing, so the event is turned at once, and acceptance, state and
 * effects are one commit: both crash lines by one sync. The sure way: the event is accepted alone and worked from the inbox, because
 * an earlier one is still being worked, or its turn waits for a read, or its turn throws (see `trials.ts`).
 */
export class Work {
  readonly #shared: Shared;
  readonly #lanes: Lanes;
  readonly #watchers: Watchers;
  readonly #aftermath: Aftermath;
  readonly #trials: Trials;
  /** Events that are in memory and not turned. */
  #pressure = 0;

  constructor(shared: Shared, lanes: Lanes, watchers: Watchers, aftermath: Aftermath) {
    this.#shared = shared;
    this.#trials = new Trials(shared);
    this.#lanes = lanes;
    this.#watchers = watchers;
    this.#aftermath = aftermath;
  }

  get busy(): boolean {
    return this.#pressure >= this.#shared.pressure;
  }

  /** Nothing is in a lane any more. */
  get quiet(): boolean {
    return this.#pressure === 0 && this.#lanes.busy().length === 0;
  }

  /** Something happens to a conversation. Its `resolve` or `reject` tells when it is on disk. */
  enter(lane: Lane, item: Item): void {
    this.#pressure += 1;
    this.#admit(lane, item);
  }

  /** The inbox has open events that this process has not put there. */
  wake(lane: Lane): void {
    lane.accepted += 1;
    if (lane.mode === 'cold') void this.#load(lane);
    else if (lane.mode === 'idle') this.#work(lane);
    else {
      lane.woken = lane.mode !== 'working';
      this.#resume(lane);
    }
  }

  #admit(lane: Lane, item: Item): void {
    switch (lane.mode) {
      case 'idle':
        this.#turnAtOnce(lane, item);
        break;
      case 'working':
        this.#acceptAlone(lane, item);
        break;
      case 'cold':
        lane.waiting.push(item);
        void this.#load(lane);
        break;
      default:
        lane.waiting.push(item);
    }
  }

  async #load(lane: Lane): Promise<void> {
    lane.mode = 'loading';
    const { store } = this.#shared;
    try {
      const stored = await (lane.key === 0 ? store.load(lane.account, lane.address) : store.find(lane.key));
      if (stored?.state === undefined) {
        lane.ruling = await store.ruling(lane.account, lane.address);
        if (stored === undefined) lane.customer = await store.owner(lane.account, lane.address);
      }
      if (stored !== undefined) {
        lane.become(stored);
        this.#lanes.begun(lane, stored.key);
        const offered = await store.offered(lane.key);
        lane.offered = offered ?? NOTHING_OFFERED;
      }
      if (stored?.open) this.#work(lane);
      else this.#next(lane);
    } catch (error) {
      lane.mode = 'cold';
      this.#lanes.forget(lane);
      for (const item of lane.waiting.splice(0)) this.#refuse(item, error);
    }
  }

  /** The quick way. */
  #turnAtOnce(lane: Lane, item: Item): void {
    const turned = this.#tryAtOnce(lane, item);
    if (turned === undefined) this.#takeSureWay(lane, item);
    else if (turned.state === undefined) void this.#readAtOnce(lane, item, turned.turn);
    else this.#commitAtOnce(lane, item, turned.turn, turned.state);
  }

  /**
   * What this process answers itself (an action in TypeScript, a cache) is there within the moment, and the event stays on the quick
   * way. With slower reads it goes the sure way, and finds them under way.
   */
  async #readAtOnce(lane: Lane, item: Item, first: Turn): Promise<void> {
    lane.mode = 'reading';
    const begun: BegunRead[] = [];
    const read = (call: Call) => {
      const answer = this.#read(lane, call);
      begun.push({ call, answer });
      return answer;
    };
    let taken: { readonly turn: Turn; readonly state: string } | undefined;
    try {
      const scene = this.#sceneOf(lane, item.at, lane.customer);
      const { turn, running } = await takeGraciously(this.#shared.turn, first, scene, { grace: 0, read });
      if (running.size === 0) taken = { turn, state: stateOf(turn) };
    } catch {
      // It is thrown again, counted and logged when it is worked from the inbox.
    }
    if (taken !== undefined) return this.#commitAtOnce(lane, item, taken.turn, taken.state);
    lane.begun = begun;
    this.#takeSureWay(lane, item);
  }

  #takeSureWay(lane: Lane, item: Item): void {
    lane.mode = 'working';
    this.#acceptAlone(lane, item);
    this.#work(lane);
  }

  #commitAtOnce(lane: Lane, item: Item, turn: Turn, state: string): void {
    lane.mode = 'committing';
    this.#show(lane, item);
    const finished = this.#finished(lane, arrivalOf(lane, item), turn, state);
    this.#shared.store.commit(finished).then(
      (commitment) => this.#committedAtOnce(lane, item, turn, finished, commitment),
      (error: unknown) => {
        this.#refuse(item, error);
        this.#next(lane);
      },
    );
  }

  /** `undefined`: this one must be on disk before its turn is taken. Without a state: the turn wants to read first. */
  #tryAtOnce(lane: Lane, item: Item): { readonly turn: Turn; readonly state: string | undefined } | undefined {
    // Who the customer is must be looked up first.
    if (item.event.kind === 'identified' || this.#trials.careful) return undefined;
    try {
      const turn = this.#shared.turn(lane.state, item.event, this.#sceneOf(lane, item.at, lane.customer));
      return { turn, state: turn.effects.some(isQuickRead) ? undefined : stateOf(turn) };
    } catch {
      // It is thrown again, counted and logged when it is worked from the inbox.
      return undefined;
    }
  }

  #committedAtOnce(lane: Lane, item: Item, turn: Turn, finished: FinishedTurn, commitment: Commitment): void {
    switch (commitment.outcome) {
      case 'applied':
        this.#applied(lane, turn, finished, commitment, NOTHING_RUNS);
        this.#accepted(item, { conversation: lane.id, seq: commitment.seq, duplicate: false });
        break;
      case 'duplicate':
        this.#accepted(item, { conversation: commitment.id, seq: commitment.seq, duplicate: true });
        // A key can only be known where a conversation is: this lane had not heard of it.
        if (lane.key === 0) lane.mode = 'cold';
        break;
      case 'gone':
        this.#accepted(item, undefined);
        break;
      case 'stale':
        lane.waiting.unshift(item);
        lane.mode = 'cold';
        break;
    }
    if (lane.mode === 'cold') void this.#load(lane);
    else this.#next(lane);
  }

  /** The sure way, first half: into the inbox. */
  #acceptAlone(lane: Lane, item: Item): void {
    lane.accepting += 1;
    this.#show(lane, item);
    this.#shared.store.accept(arrivalOf(lane, item)).then(
      (acceptance) => {
        lane.accepting -= 1;
        lane.accepted += 1;
        if (acceptance.outcome !== 'accepted') lane.begun = [];
        if (acceptance.outcome === 'gone') this.#accepted(item, undefined);
        else {
          lane.id = acceptance.id;
          this.#lanes.begun(lane, acceptance.key);
          const { seq } = acceptance;
          if (acceptance.outcome === 'accepted') {
            lane.follows(seq, acceptance.tail);
            if (acceptance.unparked) this.#aftermath.freed(item.at);
          }
          const duplicate = acceptance.outcome === 'duplicate';
          if (!duplicate && seq > 0 && item.shown) this.#tell(lane, [entryOf(item.shown, seq, item.at)]);
          this.#accepted(item, { conversation: lane.id, seq, duplicate });
        }
        this.#resume(lane);
      },
      (error: unknown) => {
        lane.accepting -= 1;
        lane.begun = [];
        this.#refuse(item, error);
        this.#resume(lane);
      },
    );
  }

  /** The sure way, second half: all open events, in order. Ends with an empty inbox and an idle lane. */
  #work(lane: Lane): void {
    lane.mode = 'working';
    for (const item of lane.waiting.splice(0)) this.#acceptAlone(lane, item);
    lane.parked = true;
    if (lane.accepting === 0) this.#resume(lane);
  }

  #resume(lane: Lane): void {
    if (!lane.parked) return;
    lane.parked = false;
    this.#workOff(lane).catch((error: unknown) => {
      // The store has failed for good, or the engine has stopped: what is open is on disk, and the next process takes it up.
      if (!this.#shared.stopping) this.#shared.log.error('engine.lane_stopped', { error });
      lane.mode = 'cold';
      this.#lanes.forget(lane);
    });
  }

  async #workOff(lane: Lane): Promise<void> {
    for (;;) {
      const before = lane.accepted;
      const open = lane.key === 0 ? [] : await this.#shared.store.take(lane.key, TAKE);
      for (const event of open) {
        if (this.#shared.stopping) return this.#lanes.forget(lane);
        await this.#trials.run(lane, event, () => this.#turnAndCommit(lane, event));
      }
      if (open.length > 0 || lane.accepted !== before) continue;
      if (lane.accepting === 0) return this.#next(lane);
      lane.parked = true;
      return;
    }
  }

  /** `false`: the conversation had moved on, and is loaded again now. */
  async #turnAndCommit(lane: Lane, open: OpenEvent): Promise<boolean> {
    const { store, turn: take, grace, clock } = this.#shared;
    const now = clock.now();
    const customer = await this.#customerOf(lane, open.event);
    const scene = this.#sceneOf(lane, now, customer);
    const { begun } = lane;
    lane.begun = [];
    const { turn, running } = await takeGraciously(take, take(lane.state, open.event, scene), scene, {
      grace,
      read: (call) => begun.find((one) => isSame(one.call, call))?.answer ?? this.#read(lane, call),
    });
    const arrival = { to: lane, origin: { kind: 'inbox', id: open.id } as const, event: open.event, at: now };
    const finished = { ...this.#finished(lane, arrival, turn, stateOf(turn)), seq: open.seq };
    const commitment = await patiently(this.#shared, () => store.commit(finished));
    if (commitment.outcome === 'applied') this.#applied(lane, turn, finished, commitment, running);
    if (commitment.outcome !== 'stale') return true;
    const stored = await store.find(lane.key);
    if (stored !== undefined) lane.become(stored);
    return false;
  }

  #read(lane: Lane, call: Call): Promise<Outcome> {
    const { actions, abort } = this.#shared;
    return perform(call, actions.get(call.action), { conversation: lane.id, attempt: 1, stopping: abort.signal });
  }

  /** Who a trusted door says she is, with what is remembered of her already. */
  async #customerOf(lane: Lane, event: Event): Promise<Customer | undefined> {
    if (event.kind !== 'identified') return lane.customer;
    const known = await this.#shared.store.customer(event.customer);
    if (lane.customer?.name !== undefined) return known;
    const attributes = { ...lane.customer?.attributes, ...known?.attributes };
    return { key: known?.key ?? 0, name: event.customer, attributes };
  }

  #sceneOf(lane: Lane, now: number, customer: Customer | undefined): Scene {
    const { id: conversation, account, channel, locale, ruling } = lane;
    const scene = { now, conversation, account, channel, locale, customer: customer?.attributes ?? NOBODY };
    return ruling === undefined ? scene : { ...scene, ruling };
  }

  #finished(lane: Lane, arrival: FinishedTurn['arrival'], turn: Turn, state: string): FinishedTurn {
    const finished = {
      arrival,
      version: lane.version,
      known: { seq: lane.seq, tail: lane.tail, customer: lane.customer?.key },
      state,
      effects: turn.effects,
      delivery: this.#aftermath.delivery(lane),
      begins: this.#aftermath.begins(lane),
      heldUntil: this.#aftermath.heldUntil(arrival.at),
    };
    if (turn.redacted === undefined && arrival.event.kind !== 'identified') return finished;
    return {
      ...finished,
      ...(turn.redacted === undefined ? {} : { redacted: turn.redacted }),
      ...(arrival.event.kind === 'identified' ? { identified: arrival.event.customer } : {}),
    };
  }

  /** What was committed is what the lane is now; then everybody who waits for it is told. */
  #applied(
    lane: Lane,
    turn: Turn,
    finished: FinishedTurn,
    commitment: Extract<Commitment, { outcome: 'applied' }>,
    running: ReadonlyMap<string, Promise<Outcome>>,
  ): void {
    if (lane.key === 0) this.#lanes.begun(lane, commitment.key);
    lane.version += 1;
    lane.state = turn.state;
    let last = commitment.first - 1;
    if (commitment.customer !== undefined) this.#lanes.remember(lane, commitment.customer);
    for (const effect of turn.effects) {
      if (effect.kind === 'send') {
        last += 1;
        if (effect.message.choices !== undefined || effect.message.form !== undefined) lane.offered = effect.message;
        if (commitment.freed) this.#aftermath.freed(finished.arrival.at);
      } else if (effect.kind === 'timer') this.#aftermath.timer(effect.at);
      else if (effect.kind === 'call' && effect.notBefore !== undefined) this.#aftermath.freed(effect.notBefore);
      else if (effect.kind === 'desk') this.#shared.onDesk?.();
    }
    lane.follows(last, commitment.tail);
    if (commitment.unparked) this.#aftermath.freed(finished.arrival.at);
    if (commitment.woken !== undefined) for (const woken of commitment.woken) this.#aftermath.handed(woken);
    if (this.#watchers.has(lane.id)) this.#tell(lane, newEntries(lane.id, finished, commitment));
    this.#aftermath.effects(lane, commitment.held, running);
  }

  #tell(lane: Lane, entries: readonly StoredEntry[]): void {
    if (entries.length > 0) this.#watchers.tell(lane.id, { kind: 'entries', entries });
  }

  #show(lane: Lane, item: Item): void {
    if (item.shown === undefined && item.origin.kind === 'door') {
      item.shown = shownOf(item.origin.key, item.event, lane.offered ?? NOTHING_OFFERED, item.attachments);
    }
  }

  #next(lane: Lane): void {
    if (lane.woken) {
      lane.woken = false;
      return this.#work(lane);
    }
    lane.mode = 'idle';
    const item = lane.waiting.shift();
    if (item !== undefined) this.#admit(lane, item);
    else this.#lanes.rest(lane);
  }

  #accepted(item: Item, accepted: Accepted | undefined): void {
    this.#pressure -= 1;
    item.resolve(accepted);
  }

  #refuse(item: Item, error: unknown): void {
    this.#pressure -= 1;
    item.reject(error);
  }
}

function arrivalOf(lane: Lane, { origin, event, shown, window, at }: Item): Arrival {
  const arrival = shown === undefined ? { to: lane, origin, event, at } : { to: lane, origin, event, shown, at };
  return window === undefined ? arrival : { ...arrival, window };
}

/** How many open events are looked up at a time. */
const TAKE = 16;
const NOBODY: JsonObject = {};
const NOTHING_OFFERED: Offered = {};
const NOTHING_RUNS: ReadonlyMap<string, Promise<Outcome>> = new Map();

/** An id may come again for another event, so what is asked must be the same, too. */
function isSame(one: Call, other: Call): boolean {
  return one.id === other.id && one.action === other.action && JSON.stringify(one.args) === JSON.stringify(other.args);
}
