import type { Effect } from './effect.ts';
import type { Event } from './event.ts';
import type { JsonObject } from './type.ts';
import type { Command } from './understanding/understanding.ts';

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
  /**
   * What she had ruled about being written to in an earlier conversation from there, before this one's first turn: by the last
   * `consent` effect.
   */
  readonly ruling?: JsonObject;
  /** She must not be written to: the world moves her flows on in silence, and begins none. */
  readonly unheard?: true;
}

export interface Turn {
  /**
   * Replaces the state; plain JSON, at most 32 KB. Its `locale`, where it has one, is the language that the conversation is held in by
   * now: what a channel adds in words of its own is in that. */
  readonly state: JsonObject;
  /** In order. */
  readonly effects: readonly Effect[];
  /** The event held a secret or a card number: what the transcript may keep of the customer's words instead of them. */
  readonly redacted?: string;
}

/** One turn as it was taken: what came in, what it was understood as, where it left the conversation and what it wants done. */
export interface Witnessed {
  readonly before: JsonObject | undefined;
  readonly event: Event;
  readonly scene: Scene;
  /** Absent where words were not what moved the turn. */
  readonly understood?: readonly Command[];
  readonly turn: Turn;
}

/**
 * Looks on while turns are taken, for tracing. A turn that is taken again (after a crash, or a conflict) is told again. It must be
 * quick, and must not throw.
 */
export type Witness = (seen: Witnessed) => void;
