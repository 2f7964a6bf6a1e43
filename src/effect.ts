import type { Draft, SampleReason } from './draft.ts';
import type { Event } from './event.ts';
import type { Message } from './message.ts';
import type { Json, JsonObject } from './type.ts';

/** Everything a turn wants done. Committed with the state in one transaction, performed afterwards, with a key each. */
export type Effect =
  /** Say it to the customer. */
  | { readonly kind: 'send'; readonly message: Message; readonly from: 'bot' | 'system' | 'agent' }
  /** Call an action; its end comes back as a `result` event with the same `id`. */
  | Call
  /** Come back with a `timer` event at `at` (epoch milliseconds), never earlier; a second one under the same id replaces the first. */
  | { readonly kind: 'timer'; readonly id: string; readonly at: number }
  | { readonly kind: 'cancel_timer'; readonly id: string }
  /**
   * Wake this conversation when an outside event of this name arrives whose data has every value of `match`: it then gets the
   * event as a `signal`. A second one under the same id replaces the first.
   */
  | { readonly kind: 'listen'; readonly id: string; readonly event: string; readonly match: JsonObject }
  | { readonly kind: 'unlisten'; readonly id: string }
  /** Tell the desk: a human takes over, decides, or finds a task in the queue. */
  | Handoff
  /** Remember about the customer, beyond this conversation. */
  | { readonly kind: 'customer'; readonly set: JsonObject }
  /** Keep what she has ruled about being written to, by account and address and beyond this conversation; `null`: nothing (any more). */
  | { readonly kind: 'consent'; readonly ruling: JsonObject | null }
  /** Who she is has been proven by a code: what is remembered of her is hers in all of her conversations. */
  | { readonly kind: 'identify'; readonly customer: string }
  /** Give an event to the conversation at another address; with `goes`, this one goes on there. */
  | {
      readonly kind: 'hand_on';
      readonly to: { readonly account: string; readonly address: string };
      readonly event: Event;
      readonly goes?: Goes;
    }
  | DeskEffect
  | Proposal
  /** A fact for the KPIs, such as `flow.ended {flow, outcome}`. */
  | { readonly kind: 'record'; readonly name: string; readonly data: JsonObject };

/** What goes along with a conversation: who it listens as, and the calls it waits for, by their ids here and there. */
export interface Goes {
  readonly listeners: Readonly<Record<string, string>>;
  readonly calls: Readonly<Record<string, string>>;
}

export interface Call {
  readonly kind: 'call';
  /** Unique in the conversation. */
  readonly id: string;
  /** `orders.find` */
  readonly action: string;
  readonly args: JsonObject;
  /** A read may be repeated; a write is done once under its `key`. */
  readonly effect: 'read' | 'write';
  /** Idempotency key: derived from conversation, frame, step and visit, so a replay asks under the same one. */
  readonly key: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** A read that tells whether a write was done, for when an earlier try may have been: its result, or `null` for no. */
  readonly check?: string;
  /** An earlier try under this key ended without anybody knowing how. */
  readonly again?: true;
  /** Not before this instant (epoch milliseconds): a retry that waits. */
  readonly notBefore?: number;
}

export interface Handoff {
  readonly kind: 'handoff';
  readonly id: string;
  readonly mode: 'transfer' | 'approval' | 'background';
  readonly queue: string;
  readonly priority: 'low' | 'normal' | 'high' | 'urgent';
  readonly reason: string;
  readonly attach: { readonly [name: string]: Json };
  /** Milliseconds that the flow waits for a human to take it over; then it goes on without. */
  readonly timeout?: number;
}

/** What the bot would say, or has said, for humans to judge. The desk takes it out of the turn: it reaches no store. */
export interface Proposal {
  readonly kind: 'draft';
  readonly id: string;
  /** `approve`: she waits for it. `suggest`: a human has her, and may use it. `sample`: it was said. */
  readonly how: 'approve' | 'suggest' | 'sample';
  /** Of a sample. */
  readonly why?: SampleReason;
  readonly draft: Draft;
}

/** Who has the conversation from now on, and what has happened at the desk: for its lists and its log. */
export interface DeskEffect {
  readonly kind: 'desk';
  readonly stand: DeskStand;
  readonly lines: readonly JsonObject[];
  /** Agents who let an offer pass; who lets `limit` pass in a row is away. */
  readonly missed?: readonly string[];
  readonly limit: number;
}

export interface DeskStand {
  /** `queued` and so on. */
  readonly at: string;
  readonly epoch: number;
  readonly version: number;
  readonly queue: string;
  /** Who holds it, or is offered it. */
  readonly agent?: string;
  /** When the humans' part began (epoch milliseconds). */
  readonly opened: number;
  /** So many open tasks and decisions that flows have asked for; absent: none. */
  readonly tasks?: number;
  /** The whole of it. */
  readonly control: JsonObject;
}
