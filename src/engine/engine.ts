import type { Inbound, Report, SendContext } from '../channel.ts';
import type { Message } from '../message.ts';
import type { DeadLetter, QuarantinedEvent, StoredEntry } from '../store/store.ts';
import type { TakeTurn } from '../turn.ts';
import type { JsonObject } from '../type.ts';

/**
 * The engine holds the two promises: nothing that was acknowledged is lost, and nothing is done twice. The rest of the house
 * talks to conversations only through it.
 */
export interface Engine {
  /**
   * Takes an event into the inbox. Resolves only when it is on disk; the same key again changes nothing and answers as the first
   * time did. Rejects with `store.full` or `store.unavailable` (both retryable): then nothing was accepted.
   * @param passive answers the call that brought it, while that waits
   */
  accept(inbound: Inbound, passive?: SendContext<unknown>['passive']): Promise<Accepted>;
  /**
   * Takes an event in whose words are a code that continues a conversation: that one goes on where this came from, and the words are
   * for nobody else. Resolves when all of that is certain to happen. `unknown` (no such code), `here` (it came from where it stands):
   * nothing was taken in.
   * @param shown what the transcript keeps of it
   * @param passive as for `accept`
   */
  redeem(
    inbound: Inbound,
    code: string,
    shown: string,
    passive?: SendContext<unknown>['passive'],
  ): Promise<Accepted | 'unknown' | 'here'>;
  /**
   * A platform tells what became of a message that was sent. In any order, and again; what it tells of messages that are not there
   * changes nothing. Durable when it resolves; rejects as `accept` does.
   */
  report(account: string, report: Report): Promise<void>;
  /** The conversation at an address, if there is one. */
  find(account: string, address: string): Promise<string | undefined>;
  /** Entries after a sequence number, oldest first. */
  transcript(conversation: string, after: number, limit: number): Promise<readonly Entry[]>;
  /** Tells of new entries and of typing, after they are committed. Returns what ends the watching. */
  watch(conversation: string, listener: (news: News) => void): () => void;
  /**
   * The conversation at `from` is at `to` from now on, and nothing is at `from` any more (a visitor's token was replaced when she
   * proved who she is). Durable when it resolves; the same call again changes nothing.
   */
  readdress(account: string, from: string, to: string): Promise<void>;
  /**
   * Wakes every conversation that waits for this signal: each gets a `signal` event in its inbox. The same key again wakes nobody
   * twice. Resolves when all are on disk, with how many they are.
   */
  signal(name: string, data: JsonObject, key: string): Promise<number>;
  /** The customer has seen every entry up to `seq`: what others sent to her becomes `read`. Never goes back. */
  seen(conversation: string, seq: number): Promise<void>;
  /**
   * What was said reads like this from now on, in the customer's app too.
   * @throws ParleyError `engine.not_said`, `engine.cannot_revise` (the app does not allow it, or it is not sent yet), and what the channel throws
   */
  edit(conversation: string, seq: number, message: Message): Promise<void>;
  /** Takes back what was said from the customer's app; the transcript keeps it. Throws as `edit` does. */
  remove(conversation: string, seq: number): Promise<void>;
  health(): Health;
  /** Takes up work that an earlier process left, then new work. */
  start(): Promise<void>;
  /** Stops accepting, lets running turns and sends end, at most `grace` milliseconds. */
  stop(grace: number): Promise<void>;
}

/** For who runs the engine: reload, and what went wrong. */
export interface Operations {
  /** From the next turn on, conversations behave like this. */
  use(turn: TakeTurn): void;
  /** Events that a turn kept failing on, oldest first (at most 1,000). */
  quarantined(): Promise<readonly QuarantinedEvent[]>;
  /** Puts a quarantined event back into its conversation's inbox. `false`: there is none of that id. */
  replay(event: number): Promise<boolean>;
  /** What could not be said to customers, oldest first (at most 1,000). */
  dead(): Promise<readonly DeadLetter[]>;
  /** Sends a dead letter once more. `false`: there is none of that id. */
  resend(letter: number): Promise<boolean>;
}

export interface Accepted {
  /** Public id of the conversation. */
  readonly conversation: string;
  /** Sequence number of the entry in the conversation's transcript; 0 for an event that is not shown (a timer, a signal). */
  readonly seq: number;
  readonly duplicate: boolean;
}

/** One line of a transcript, as the store keeps it. */
export type Entry = StoredEntry;

export type News =
  | { readonly kind: 'entries'; readonly entries: readonly Entry[] }
  | { readonly kind: 'typing'; readonly on: boolean }
  | { readonly kind: 'status'; readonly seq: number; readonly status: Entry['status'] };

export interface Health {
  /** Can the store take writes right now? If not, the code of what is wrong. */
  readonly store: 'ok' | string;
  /** Milliseconds that the oldest due effect has been waiting. */
  readonly outboxAge: number;
  /** Conversations in which something said waits on disk: for a platform, a pause, a window. */
  readonly waiting: number;
  readonly quarantined: number;
  readonly dead: number;
  /** Accounts whose secrets their platform refuses: what they say waits, and is tried again. */
  readonly shut: readonly string[];
  readonly stopping: boolean;
  /** What holds the process up: turns that took long since it began, and the longest delay of the last minute in milliseconds. */
  readonly slow?: { readonly turns: number; readonly delay: number };
  /** What models were asked since the process began. */
  readonly models?: {
    readonly asked: number;
    readonly failed: number;
    readonly cached: number;
    readonly tokens: number;
    readonly cost: number;
  };
}
