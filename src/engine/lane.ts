import type { Call } from '../effect.ts';
import type { Event, Outcome } from '../event.ts';
import type { Attachment } from '../message.ts';
import type { Allowance, Conversation, Customer, Origin, Shown, Whereabouts } from '../store/store.ts';
import type { JsonObject } from '../type.ts';
import type { Accepted } from './engine.ts';
import type { Offered } from './shown.ts';

/**
 * One conversation's way through the engine: a single file, in which everything that happens to it is taken strictly in order.
 *
 * - `cold`: not loaded yet; who comes waits.
 * - `idle`: nothing is happening. An event is turned at once and accepted with its turn, by one sync.
 * - `reading`: a turn waits for what this process answers within the same moment; who comes waits, unacknowledged.
 * - `committing`: a turn is on its way to the disk (well below a millisecond); who comes waits, unacknowledged.
 * - `working`: the inbox has open events, and one may take long; who comes is accepted into the inbox behind them.
 */
export class Lane implements Whereabouts {
  key = 0;
  id: string;
  readonly account: string;
  address: string;
  readonly channel: string;
  locale: string;
  version = 0;
  /** Of its last entry, as far as this process knows. */
  seq = 0;
  /** Where the store keeps that entry. */
  tail = 0;
  state: JsonObject | undefined = undefined;
  customer: Customer | undefined = undefined;
  /** What an earlier conversation from there left behind, for the first turn of this one. */
  ruling: JsonObject | undefined = undefined;
  mode: 'cold' | 'loading' | 'idle' | 'reading' | 'committing' | 'working' = 'cold';
  /** Somebody else put an event into the inbox while this was busy elsewhere: it is worked next. */
  woken = false;
  /** Reads of a turn that turned out to be slow, for the same event when it is worked from the inbox. */
  begun: readonly BegunRead[] = [];
  /** Not acknowledged yet. */
  waiting: Item[] = [];
  /** On their way into the inbox. */
  accepting = 0;
  /** How many came into the inbox so far: tells a worker that looked too early. */
  accepted = 0;
  /** Working, with an empty inbox, until one of `accepting` is there. */
  parked = false;
  /** What the bot offered last, `undefined` where nobody has looked yet. */
  offered: Offered | undefined = undefined;
  /** Calls that the conversation waits for. */
  calls = 0;

  constructor(id: string, account: string, address: string, channel: string, locale: string) {
    this.id = id;
    this.account = account;
    this.address = address;
    this.channel = channel;
    this.locale = locale;
  }

  /** Its last entry is this one now, unless it has heard of a later one. */
  follows(seq: number, tail: number): void {
    if (seq < this.seq) return;
    this.seq = seq;
    this.tail = tail;
  }

  /** The language that it is held in by now, as far as its state tells; else the one that it began in. */
  get spoken(): string {
    const spoken = this.state?.locale;
    return typeof spoken === 'string' && spoken !== '' ? spoken : this.locale;
  }

  /** Becomes what is on disk. */
  become(stored: Conversation): void {
    this.key = stored.key;
    this.id = stored.id;
    this.locale = stored.locale;
    this.version = stored.version;
    this.seq = stored.seq;
    this.tail = stored.tail;
    this.state = stored.state === undefined ? undefined : (JSON.parse(stored.state) as JsonObject);
    this.customer = stored.customer;
  }
}

/** A read that is under way. */
export interface BegunRead {
  readonly call: Call;
  readonly answer: Promise<Outcome>;
}

/** Something that wants to happen to a conversation. */
export interface Item {
  readonly origin: Origin;
  readonly event: Event;
  /** Worked out when its turn comes: a tapped choice is shown by the label that the bot had offered. */
  shown: Shown | undefined;
  readonly attachments: readonly Attachment[] | undefined;
  /** What it lets us say. */
  readonly window?: Allowance;
  readonly at: number;
  /** `undefined`: it was gone already (a cancelled timer, a settled effect). */
  readonly resolve: (accepted: Accepted | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The conversations in memory: those that something is happening to, and the most recent of the others, so that a quick answer needs
 * no read and no parse. Bounded: an idle conversation that nobody watches costs nothing once it is forgotten.
 */
export class Lanes {
  readonly #limit: number;
  readonly #isWatched: (conversation: string) => boolean;
  /** By account, then by address. */
  readonly #byAddress = new Map<string, Map<string, Lane>>();
  /** The least recent first. */
  readonly #recent = new Set<Lane>();
  readonly #byKey = new Map<number, Lane>();

  constructor(limit: number, isWatched: (conversation: string) => boolean) {
    this.#limit = limit;
    this.#isWatched = isWatched;
  }

  at(account: string, address: string): Lane | undefined {
    return this.#byAddress.get(account)?.get(address);
  }

  of(key: number): Lane | undefined {
    return this.#byKey.get(key);
  }

  add(lane: Lane): void {
    const ofAccount = this.#byAddress.get(lane.account) ?? new Map<string, Lane>();
    this.#byAddress.set(lane.account, ofAccount);
    const before = ofAccount.get(lane.address);
    if (before !== undefined) this.#recent.delete(before);
    ofAccount.set(lane.address, lane);
    this.#recent.add(lane);
  }

  /** The conversation has begun: from now on it is known by its key, too. */
  begun(lane: Lane, key: number): void {
    lane.key = key;
    this.#byKey.set(key, lane);
  }

  /** It has become idle: it is the most recent now, and the least recent may have to go. */
  rest(lane: Lane): void {
    if (!this.#recent.delete(lane)) return;
    this.#recent.add(lane);
    if (this.#recent.size > this.#limit) this.#forgetOldest();
  }

  move(lane: Lane, address: string): void {
    this.#leave(lane);
    lane.address = address;
    this.add(lane);
  }

  forget(lane: Lane): void {
    this.#leave(lane);
    this.#byKey.delete(lane.key);
  }

  #leave(lane: Lane): void {
    if (!this.#recent.delete(lane)) return;
    this.#byAddress.get(lane.account)?.delete(lane.address);
  }

  /** What is remembered about a customer has changed, for all of her conversations. Only a named or linked one can have several. */
  remember(lane: Lane, customer: Customer): void {
    lane.customer = customer;
    if (customer.name === undefined && customer.linked === undefined) return;
    for (const other of this.#recent) {
      if (other.customer?.key === customer.key) other.customer = customer;
    }
  }

  busy(): Lane[] {
    return [...this.#recent].filter((lane) => lane.mode !== 'idle' && lane.mode !== 'cold');
  }

  /** Whose customer sits before an open chat stays: she is likely to write next. */
  #forgetOldest(): void {
    let looked = 0;
    for (const lane of this.#recent) {
      if (this.#recent.size <= this.#limit || looked === LOOKED_AT) return;
      looked += 1;
      const isFree = lane.mode === 'idle' && lane.calls === 0 && !this.#isWatched(lane.id);
      if (isFree) this.forget(lane);
      else {
        this.#recent.delete(lane);
        this.#recent.add(lane);
      }
    }
  }
}

/** Lanes that are looked at for one to forget: so a crowd that stays costs no more than one that comes and goes. */
const LOOKED_AT = 8;
