import type { Action } from '../action.ts';
import type { Channel } from '../channel.ts';
import type { Event, Whither } from '../event.ts';
import type { Log } from '../log.ts';
import type { Message } from '../message.ts';
import type { Store } from '../store/store.ts';
import type { TakeTurn } from '../turn.ts';
import type { JsonObject } from '../type.ts';
import type { Backoff } from './backoff.ts';

/** What an engine is made of. */
export interface EngineParts {
  readonly store: Store;
  /** How a conversation behaves; replaceable while running by `use`. */
  readonly turn: TakeTurn;
  /** By account. */
  readonly channels: ReadonlyMap<string, { readonly channel: Channel; readonly settings: unknown }>;
  /** By name: `orders.find`. */
  readonly actions: ReadonlyMap<string, Action>;
  /** Epoch milliseconds: a wall clock, which may jump. */
  readonly clock: { now(): number };
  readonly log: Log;
  /**
   * Why she may not be told this, by what is on disk of her consent and what is still open in her inbox; `undefined`: she may be.
   * Asked before every send.
   */
  readonly silences?: (ruling: JsonObject | undefined, open: readonly Event[], message: Message) => string | undefined;
  /**
   * Why this may not be said any more, by how often the conversation has changed hands; `undefined`: it may be. Asked right before
   * every call of a platform, where humans can take conversations over.
   */
  readonly fence?: (epoch: number, message: Message) => string | undefined;
  /**
   * Where else she may be told what she has not asked for and what does not reach her in this conversation, but by none of these
   * accounts; `undefined`: nowhere. Without it, nothing is told elsewhere.
   */
  readonly otherWay?: (conversation: number, tried: readonly string[]) => Promise<Whither | undefined>;
  /** Told when something has happened at the desk, and is on disk. */
  readonly onDesk?: () => void;
  /** Chance, for jitter; default `Math.random`. */
  readonly random?: () => number;
  /** Milliseconds that reads may take within a turn; default 200. */
  readonly grace?: number;
  /** Where the world reaches us, for channels that tell platforms of addresses. */
  readonly publicUrl?: string;
  /** Between tries of an event that the turn function throws on. */
  readonly poisonBackoff?: Backoff;
  /** Between tries of a send. */
  readonly sendBackoff?: Backoff;
  /** Tries of a send before it is a dead letter; default 8. */
  readonly sendTries?: number;
  /** Conversations kept in memory while nothing happens to them; default 4,096. */
  readonly hot?: number;
  /** Events in memory that have not been turned yet; beyond, `accept` rejects with `engine.busy`. Default 10,000. */
  readonly pressure?: number;
  /** Effects in memory; beyond, they wait on disk. Default 10,000. */
  readonly outbox?: number;
  /**
   * Milliseconds after a kill in which nothing is taken the quick way. The default, five minutes, is longer than platforms wait
   * before they deliver again what was not acknowledged (Telegram and Slack: a minute).
   */
  readonly careful?: number;
}

/** What an engine may do without. */
type Given = 'publicUrl' | 'fence' | 'otherWay' | 'onDesk';

/** The same with everything decided, and what all parts of the engine share. */
export interface Shared extends Required<Omit<EngineParts, 'turn' | Given>>, Pick<EngineParts, Given> {
  /** Replaced as a whole by `use`. */
  turn: TakeTurn;
  /** No new work is taken up. */
  stopping: boolean;
  /**
   * The last process was killed, perhaps by an event: until this instant of `performance.now()` every event is on disk, and its try
   * counted there, before its turn is taken.
   */
  readonly carefulUntil: number;
  /** Aborted when the grace of `stop` is over. */
  readonly abort: AbortController;
}

export const TRIES = 5;
/** Bytes of JSON. */
export const STATE_LIMIT = 32 * 1024;

export function share(parts: EngineParts): Shared {
  const { careful = 300_000 } = parts;
  return {
    careful,
    silences: () => undefined,
    random: Math.random,
    grace: 200,
    poisonBackoff: { base: 200, cap: 5_000 },
    sendBackoff: { base: 500, cap: 300_000 },
    sendTries: 8,
    hot: 4_096,
    pressure: 10_000,
    outbox: 10_000,
    ...parts,
    stopping: false,
    carefulUntil: parts.store.interrupted ? performance.now() + careful : 0,
    abort: new AbortController(),
  };
}
