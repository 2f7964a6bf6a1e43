import type { Effect } from './effect.ts';
import type { Event } from './event.ts';
import type { JsonObject } from './type.ts';

/**
 * One turn of a conversation: the pure function between an event and what becomes of it. No clock, no input or output, no
 * randomness: what it needs is handed to it, so a turn can be run again after a crash and comes out the same.
 */
export type TakeTurn = (state: JsonObject | undefined, event: Event, scene: Scene) => Turn;

/** All that a turn may know beyond state and event. */
export interface Scene {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Public id of the conversation. */
  readonly conversation: string;
  readonly account: string;
  /** Channel kind: `web`. */
  readonly channel: string;
  /** Locale the channel reported when the conversation began. */
  readonly locale: string;
  /** What is remembered about the customer (customer-scoped slots, profile). */
  readonly customer: JsonObject;
}

export interface Turn {
  /** Replaces the state; plain JSON, at most 32 KB. */
  readonly state: JsonObject;
  /** In order. */
  readonly effects: readonly Effect[];
  /** The event held a secret or a card number: what the transcript may keep of the customer's words instead of them. */
  readonly redacted?: string;
}
