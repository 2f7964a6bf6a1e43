import type { Effect, Handoff } from '../effect.ts';
import type { Event } from '../event.ts';
import type { Attachment, Message } from '../message.ts';
import type { JsonObject } from '../type.ts';
import type { DeskTables } from './desk.ts';

/**
 * What is on disk: conversations, their inbox, their outbox, their timers, their transcript. A handful of operations, each atomic,
 * each durable when its promise resolves, and all of them free to share one sync with whatever else is asked in the same moment.
 *
 * Correctness rests on no lease and no lock held across a wait: a turn is applied only where its arrival is *still open* and the
 * conversation still has the version that the turn was computed on. So two workers on one conversation are wasteful, never wrong.
 * Operations asked one after the other are applied in that order.
 *
 * Every operation rejects with `store.full` (retryable: the disk is full, nothing was changed, it recovers by itself) or
 * `store.unavailable` (after a failed sync nobody knows what is on disk: the process must end and start again).
 */
export interface Store {
  /** The conversation at an address. */
  load(account: string, address: string): Promise<Conversation | undefined>;
  /** The same by its key or by its public id. */
  find(conversation: number | string): Promise<Conversation | undefined>;

  /** Puts an arrival into the inbox without turning it. Begins the conversation where there is none. */
  accept(arrival: Arrival): Promise<Acceptance>;
  /** The oldest open events of a conversation, in order. */
  take(conversation: number, limit: number): Promise<readonly OpenEvent[]>;
  /** Keys of conversations that have open events, the longest waiting first. */
  backlog(limit: number): Promise<readonly number[]>;
  /** The same, only of those with an event that has been tried before. */
  tried(limit: number): Promise<readonly number[]>;
  /** Arrival, state and everything the turn wants done, together: all or nothing. */
  commit(turn: FinishedTurn): Promise<Commitment>;
  /** Counts a try of an open event; with `quarantine` it leaves the inbox for an operator to look at. */
  fail(event: number, failure: { code: string; at: number; quarantine: boolean }): Promise<void>;
  /** Wakes each conversation that listens for this, once per key. Resolves with the keys of those that have a new open event. */
  signal(signal: Signal): Promise<readonly number[]>;

  /**
   * Takes effects that are due and held by nobody, for whole conversations at a time (all free ones of each, in order), so that a
   * send never overtakes an earlier one. They are the caller's until `until`; a later holder's token makes a late finisher harmless.
   * Sends of a conversation that is `sending` (its earlier ones are still held) stay; asked when the claim is made, not before.
   */
  claim(claim: {
    now: number;
    until: number;
    limit: number;
    sending?: (conversation: number) => boolean;
  }): Promise<readonly HeldEffect[]>;
  /** Ends a held effect or lets it go. `false`: it was no longer held under this token, and nothing was changed. */
  settle(settlement: Settlement): Promise<boolean>;
  /**
   * Part `part` of a held send is about to be handed to the platform; `undefined`: it is not, after all. On disk before it happens, so
   * that whoever claims it after a crash knows what may have happened. `false`: it was no longer held under this token.
   */
  begin(effect: Hold, part: number | undefined): Promise<boolean>;
  /** Lets go of effects that wait behind a failed one, until `due`. None of them is begun any more, unless it is so from `before`. */
  release(effects: readonly (Hold & Pick<HeldEffect, 'begun'>)[], due: number): Promise<void>;
  /**
   * What a platform tells of a part that was sent, in any order: never back to what has been left behind. What it tells of a message
   * that is still being sent counts from its end on. Resolves with what has changed: nothing for what it knows not.
   */
  progress(progress: Progress): Promise<readonly Progressed[]>;
  /** The platform's ids of what was sent, by part; `undefined` where it gave none. */
  receipts(conversation: string, seq: number): Promise<readonly (string | undefined)[]>;
  /** What was said reads like this from now on. */
  revise(conversation: string, seq: number, message: Message): Promise<void>;
  /** What the platform lets us say in a conversation; `undefined`: nothing was ever told of it. */
  allowance(conversation: number): Promise<Allowance | undefined>;
  /** When the next free effect is due, or `undefined`. */
  nextEffect(): Promise<number | undefined>;

  /** Timers that are due, earliest first. They stay until an arrival takes them. */
  due(now: number, limit: number): Promise<readonly DueTimer[]>;
  /** When the next timer is due, or `undefined`. */
  nextTimer(): Promise<number | undefined>;

  /** Entries after a sequence number, oldest first. */
  transcript(conversation: string, after: number, limit: number): Promise<readonly StoredEntry[]>;
  /** The last entry with offered choices or a form, of the last twenty, for a conversation that is not in memory. */
  offered(conversation: number): Promise<Message | undefined>;
  /** Everything up to `seq` has been seen. Never goes back. Resolves with the entries that became `read`. */
  seen(conversation: string, seq: number): Promise<readonly number[]>;
  /** The conversation at `from` is at `to`. Rejects with `store.address_taken` when another conversation is there. */
  readdress(account: string, from: string, to: string): Promise<void>;
  /** What is remembered about a customer whom a trusted door named. */
  customer(name: string): Promise<Customer | undefined>;
  /**
   * What she who writes from there has ruled about being written to, as the last `consent` effect of a conversation there said. It
   * outlives the conversation: the two are known by a salted hash only.
   */
  ruling(account: string, address: string): Promise<JsonObject | undefined>;

  /** Keeps an invitation to go on elsewhere: the only one of its conversation from now on. */
  invite(invitation: Invitation): Promise<void>;
  /** Makes an invitation worth nothing, if it still was worth something. */
  withdraw(conversation: number, id: string): Promise<void>;
  /**
   * Takes up an invitation from another address, together with the arrival that brought its code: its conversation gets a `leaving`
   * event in its inbox. The invitation is gone by this. Where there is none of that code, nothing is changed.
   */
  redeem(code: string, arrival: Arrival, channel: string): Promise<Redemption>;
  /**
   * Keeps a code that is sent to an address, for the customer of a conversation to prove by that the address is hers. `false`: too many
   * have been sent for that conversation, or to that address; nothing was kept.
   */
  challenge(challenge: Challenge): Promise<boolean>;
  /** She has told a code. With the right one the address is hers, and she is who writes from there. Tries are counted. */
  answer(answer: { readonly conversation: number; readonly code: string; readonly at: number }): Promise<boolean>;
  /** Whose an address is, if it has been proven. */
  owner(account: string, address: string): Promise<Customer | undefined>;
  /** The addresses that a customer has proven to be hers, the last one first. */
  identities(customer: number): Promise<readonly StoredIdentity[]>;
  /** The address is nobody's from now on, and who writes from there is known by nothing that was remembered. */
  unlink(account: string, address: string): Promise<boolean>;
  /** Has something come into a conversation under this key? */
  arrived(conversation: number, key: string): Promise<boolean>;
  /** When a customer last did something in a conversation (epoch milliseconds), as far back as a few lines tell. */
  heard(conversation: number): Promise<number | undefined>;

  /** Conversations that have begun, by rising key: where something may be said that nobody has asked for. */
  audience(after: number, limit: number): Promise<readonly Member[]>;

  /** How far an account's platform has been asked for what came in; `undefined` before the first time. */
  cursor(account: string): Promise<string | undefined>;
  keepCursor(account: string, cursor: string): Promise<void>;

  quarantined(limit: number): Promise<readonly QuarantinedEvent[]>;
  dead(limit: number): Promise<readonly DeadLetter[]>;
  /** Puts a quarantined event back into its conversation's inbox. Resolves with the conversation's key. */
  replayEvent(event: number): Promise<number | undefined>;
  /** Puts a dead letter back into the outbox, due at once. */
  replayLetter(effect: number, now: number): Promise<boolean>;
  counts(): Promise<Counts>;
  handoffs(limit: number): Promise<readonly StoredHandoff[]>;
  insights(after: number, limit: number): Promise<readonly Insight[]>;

  /** Keeps a document of knowledge that came from outside, in place of the one of that set and id. */
  keepDocument(document: KeptDocument): Promise<void>;
  /** `false`: there was none. */
  dropDocument(set: string, id: string): Promise<boolean>;
  /** The documents kept, by rising key; one that is replaced gets a new key. */
  documents(after: number, limit: number): Promise<readonly (KeptDocument & { readonly key: number })[]>;

  /** Keeps vectors of texts, so that none is asked for twice. One of the same maker and text is replaced. */
  keepVectors(vectors: readonly KeptVector[]): Promise<void>;
  /** Those that this maker made, by rising key. */
  vectors(maker: string, after: number, limit: number): Promise<readonly (KeptVector & { readonly key: number })[]>;
  /** Drops those of other makers, and of texts that are not among these. Resolves with how many. */
  dropVectors(maker: string, keep: ReadonlySet<string>): Promise<number>;

  /** The desk's lists and log. */
  readonly desk: DeskTables;

  /** Keeps a flow's source as long as open conversations may be pinned to it. The same hash again changes nothing. */
  keepFlow(flow: KeptFlow): Promise<void>;
  keptFlows(): Promise<readonly KeptFlow[]>;
  dropFlow(hash: string): Promise<void>;
  /** The states of all conversations, by rising key: what a dry run of a deployment looks at. */
  states(
    after: number,
    limit: number,
  ): Promise<readonly { readonly key: number; readonly id: string; readonly state: string }[]>;

  /**
   * Forgets what is older than these instants, a page at a time, so that nobody waits for it: asked again with `after: next` until
   * there is no next. What is yet to be sent, or could not be, stays; so does the last insight, whose id is somebody's cursor.
   */
  prune(page: Page): Promise<{ readonly pruned: number; readonly next: number | undefined }>;

  /** Did whoever had it open before end without closing it? Then an event may be here, or on its way again, that ends processes. */
  readonly interrupted: boolean;
  /** Can it take writes right now? */
  health(): 'ok' | 'store.full' | 'store.unavailable';
  /** Called once when the store can never be trusted again in this process. */
  onFatal(listener: () => void): void;
  close(): Promise<void>;
}

export interface Page {
  /** Epoch milliseconds. Keys of arrivals: a platform that delivers again after this is answered anew. */
  readonly keys?: number;
  readonly insights?: number;
  /** Lines of transcripts. */
  readonly entries?: number;
  /** What was done for customers: entries of their attribute `memory`, by their `at`. */
  readonly memories?: number;
  /** Conversations with a greater key; 0 to begin. */
  readonly after: number;
  /** Conversations looked at, and insights forgotten, at a time. */
  readonly limit: number;
}

/** A conversation as it was loaded. */
export interface Conversation extends Whereabouts {
  /** Rises by one with every turn; 0 before the first. */
  readonly version: number;
  /** JSON. */
  /** Sequence number of its last entry; 0 before the first. */
  readonly seq: number;
  /** Where the store keeps that entry. */
  readonly tail: number;
  readonly state: string | undefined;
  readonly customer: Customer | undefined;
  /** Are events waiting in its inbox? */
  readonly open: boolean;
}

/** Which conversation is meant, and how to begin it where there is none. */
export interface Whereabouts {
  /** The store's own key; 0: not begun yet. */
  readonly key: number;
  /** Public id, chosen by who begins it. */
  readonly id: string;
  readonly account: string;
  readonly address: string;
  readonly locale: string;
}

/** A code that continues a conversation elsewhere. Kept as a salted hash. */
export interface Invitation {
  /** Public: tells nothing of the code. */
  readonly id: string;
  readonly code: string;
  readonly conversation: number;
  /** Epoch milliseconds. */
  readonly until: number;
  readonly at: number;
}

export type Redemption =
  | {
      readonly outcome: 'left';
      /** The conversation that goes on elsewhere. */
      readonly from: number;
      /** Where it goes on, with the entry that the arrival became. */
      readonly key: number;
      readonly id: string;
      readonly seq: number;
      readonly tail: number;
      readonly unparked: boolean;
    }
  | { readonly outcome: 'unknown' }
  /** It came from where it stands. */
  | { readonly outcome: 'here' }
  | { readonly outcome: 'duplicate'; readonly key: number; readonly id: string; readonly seq: number };

export interface Challenge {
  readonly conversation: number;
  readonly account: string;
  readonly address: string;
  readonly code: string;
  readonly until: number;
  readonly at: number;
}

/** An address that is a customer's, and by what. */
export interface StoredIdentity {
  readonly account: string;
  readonly address: string;
  /** A trusted door's word, or a one-time code. */
  readonly proof: 'signed' | 'code';
  /** When it was proven last (epoch milliseconds). */
  readonly at: number;
}

/** A conversation, and whose it is. */
export interface Member {
  readonly key: number;
  readonly account: string;
  readonly address: string;
  /** Key of the customer; absent where nothing is remembered of her. */
  readonly customer?: number;
}

export interface Customer {
  readonly key: number;
  /** As the trusted door calls her; absent for somebody who has not said who she is. */
  readonly name?: string;
  /** Several addresses may be hers, although nobody has named her. */
  readonly linked?: true;
  readonly attributes: JsonObject;
}

/** Something that happened to a conversation, and where it comes from: what makes it happen only once. */
export interface Arrival {
  readonly to: Whereabouts;
  readonly origin: Origin;
  readonly event: Event;
  /** What the transcript shows of it; absent for what is not shown. */
  readonly shown?: Shown;
  /** What we may say from now on. What was parked for want of it is due at once. */
  readonly window?: Allowance;
  /** Epoch milliseconds. */
  readonly at: number;
}

export type Origin =
  /** From outside: the key is unique in the conversation. */
  | { readonly kind: 'door'; readonly key: string }
  /** From the inbox, by {@link Store.accept}. Only for `commit`. */
  | { readonly kind: 'inbox'; readonly id: number }
  /** The end of an effect that is held: it is settled by this. */
  | { readonly kind: 'effect'; readonly id: number; readonly token: number }
  /** A timer: it is gone by this. */
  | { readonly kind: 'timer'; readonly id: string; readonly due: number };

export interface Shown {
  readonly id: string;
  readonly from: 'customer' | 'agent';
  readonly message: Message;
  readonly attachments?: readonly Attachment[];
}

export type Acceptance =
  | {
      readonly outcome: 'accepted';
      readonly key: number;
      readonly id: string;
      readonly seq: number;
      /** Where the store keeps its entry, if it is shown. */
      readonly tail: number;
      /** Something parked waits for a claim. */
      readonly unparked?: true;
    }
  | { readonly outcome: 'duplicate'; readonly key: number; readonly id: string; readonly seq: number }
  /** The timer was cancelled, or the effect settled by somebody else. */
  | { readonly outcome: 'gone' };

export interface OpenEvent {
  /** The inbox's own id. */
  readonly id: number;
  readonly event: Event;
  /** Of its entry, 0 if it is not shown. */
  readonly seq: number;
  readonly at: number;
  /** Failed so far. */
  readonly tries: number;
}

export interface FinishedTurn {
  readonly arrival: Arrival;
  /** Of the conversation when the turn was computed. */
  readonly version: number;
  /** What the caller knows of the conversation at that version. If it still holds, nothing need be looked up. */
  readonly known?: { readonly seq: number; readonly tail: number; readonly customer: number | undefined };
  /** JSON. */
  readonly state: string;
  readonly effects: readonly Effect[];
  /** Entry of an arrival from the inbox, so that `redacted` reaches it. */
  readonly seq?: number;
  /** The transcript keeps this instead of the customer's words, and the rest of them is wiped. */
  readonly redacted?: string;
  /** A trusted door named the customer: what this conversation remembers moves to her. */
  readonly identified?: string;
  /**
   * How what is said gets to the customer: she fetches it, it is sent by the caller, or it waits for a claim. Where something said
   * earlier waits for a claim, what is to be held waits behind it instead; only a template passes what is parked.
   */
  readonly delivery: 'fetched' | 'held' | 'free';
  /** Where they are held: the caller sends the first thing said as soon as this is on disk (see {@link Store.begin}). */
  readonly begins?: boolean;
  /** Until when the caller holds the effects that are due at once. */
  readonly heldUntil: number;
}

export type Commitment =
  | {
      readonly outcome: 'applied';
      readonly key: number;
      /** Of the arrival's entry, 0 if it is not shown. */
      readonly seq: number;
      /** Of the first thing said in this turn; the others follow by one. */
      readonly first: number;
      /** Where the store keeps the conversation's last entry now. */
      readonly tail: number;
      /** Effects that the caller holds now, in order. */
      readonly held: readonly HeldEffect[];
      /** Something said waits for a claim. */
      readonly freed: boolean;
      /** Something parked waits for a claim. */
      readonly unparked: boolean;
      readonly customer: Customer | undefined;
      /** Conversations that this one has handed something on to. */
      readonly woken?: readonly number[];
    }
  | { readonly outcome: 'duplicate'; readonly key: number; readonly id: string; readonly seq: number }
  | { readonly outcome: 'gone' }
  /** The conversation has moved on: load it again and compute the turn again. */
  | { readonly outcome: 'stale' };

export interface HeldEffect {
  readonly id: number;
  readonly token: number;
  readonly conversation: number;
  readonly tries: number;
  /** Where the store keeps its entry: given back when it is settled, it spares a search. */
  readonly entry?: number;
  /** On disk is that its part `parts` is being sent: by this holder, or, nobody knows how far it came, by one before it. */
  readonly begun?: 'now' | 'before';
  readonly work: Send | Extract<Effect, { kind: 'call' }>;
}

export interface Send {
  readonly kind: 'send';
  readonly seq: number;
  /** Sequence number of the first thing that was said in the same turn. */
  readonly turn: number;
  /** When it was said (epoch milliseconds). */
  readonly at: number;
  readonly message: Message;
  /** Parts that arrived before an earlier try failed. */
  readonly parts: number;
  /** Nobody knows of one of those parts whether it arrived. */
  readonly unsure?: true;
}

/** An effect and the claim to it. */
export interface Hold {
  readonly id: number;
  readonly token: number;
}

/** Until when (epoch milliseconds) we may say something, and how many calls of `send` that may take: absent: as many as we like. */
export interface Allowance {
  readonly until: number;
  readonly messages?: number;
}

export interface Progress {
  readonly account: string;
  /** Public id. */
  readonly conversation: string;
  readonly seq: number;
  readonly part: number;
  readonly status: 'sent' | 'delivered' | 'read' | 'failed';
  /** Why it failed. */
  readonly code?: string;
  readonly at: number;
}

export interface Progressed {
  readonly seq: number;
  readonly status: DeliveryStatus;
}

export interface Settlement extends Hold {
  /** Of the held effect, if it had one. */
  readonly entry?: number;
  /** Effects that were sent together with it, as one message: they end as it does. */
  readonly others?: readonly (Hold & { readonly entry?: number })[];
  /** Calls of `send` that the platform counts against the {@link Allowance}. */
  readonly spent?: { readonly conversation: number; readonly calls: number };
  /** The platform's ids of its parts, to change or take them back by. */
  readonly receipts?: readonly { readonly part: number; readonly id: string }[];
  /** What its holder sends next, as soon as this is on disk: as by {@link Store.begin}. */
  readonly next?: Hold & { readonly part: number };
  readonly end:
    | {
        readonly kind: 'done';
        readonly status: 'sent' | 'unknown';
        /** Calls of `send` it took in all; default 1. */
        readonly parts?: number;
        readonly at: number;
      }
    | {
        readonly kind: 'retry';
        readonly due: number;
        readonly parts: number;
        readonly tries: number;
        readonly unsure?: boolean;
      }
    /**
     * The platform takes nothing until the customer does something: due when {@link Arrival.window} says so, or when it is given up at
     * `due`. A human is told by `handoff`, once until then. `seen`: the `until` of the allowance that is used up (0: there was none);
     * where there is another one by now, it is due at once instead.
     */
    | {
        readonly kind: 'park';
        readonly due: number;
        readonly parts: number;
        readonly unsure?: boolean;
        readonly seen: number;
        readonly at: number;
        readonly handoff: Handoff;
      }
    | { readonly kind: 'dead'; readonly code: string; readonly at: number }
    /** It has failed, and she is told by another way: `event` is in the conversation's inbox by this. */
    | { readonly kind: 'elsewhere'; readonly event: Event; readonly at: number };
}

export interface Signal {
  readonly name: string;
  readonly data: JsonObject;
  readonly key: string;
  readonly at: number;
}

export interface DueTimer {
  readonly conversation: number;
  readonly id: string;
  readonly due: number;
}

export type DeliveryStatus = 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'unknown';

/** One line of a transcript. Sequence numbers of a conversation rise by one, from 1. */
export interface StoredEntry {
  readonly seq: number;
  /** For what came in through a door, the key it came with: its sender knows it by that. */
  readonly id: string;
  readonly from: 'customer' | 'bot' | 'agent' | 'system';
  readonly message: Message;
  readonly attachments?: readonly Attachment[];
  /** Epoch milliseconds. */
  readonly at: number;
  readonly status: DeliveryStatus;
}

export interface QuarantinedEvent {
  readonly id: number;
  readonly conversation: string;
  readonly event: Event;
  readonly code: string;
  readonly at: number;
}

/** For whoever watches over the process. */
export interface Counts {
  readonly quarantined: number;
  readonly dead: number;
  /** When the oldest effect was due. */
  readonly oldestEffect: number | undefined;
  /** Conversations in which something said waits for a claim: what they say next waits behind it. */
  readonly waiting: number;
}

export interface DeadLetter {
  readonly id: number;
  readonly conversation: string;
  readonly seq: number;
  readonly message: Message;
  readonly code: string;
  readonly at: number;
}

export interface StoredHandoff {
  readonly id: number;
  readonly conversation: string;
  readonly handoff: Extract<Effect, { kind: 'handoff' }>;
  readonly status: 'open' | 'closed';
  readonly at: number;
}

export interface Insight {
  readonly id: number;
  readonly conversation: string;
  readonly name: string;
  readonly data: JsonObject;
  readonly at: number;
}

export interface KeptFlow {
  readonly hash: string;
  readonly source: string;
}

export interface KeptVector {
  /** The model that made it: vectors of two models cannot be compared. */
  readonly maker: string;
  /** Fingerprint of the text. */
  readonly text: string;
  /** As the knowledge room writes it. */
  readonly bytes: Uint8Array;
}

export interface KeptDocument {
  /** Of knowledge. */
  readonly set: string;
  /** Unique in the set. */
  readonly id: string;
  /** JSON, as the knowledge room writes it. */
  readonly content: string;
  /** When it came (epoch milliseconds). */
  readonly at: number;
}
