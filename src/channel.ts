import type { ParleyError } from './errors.ts';
import type { Event } from './event.ts';
import type { Attachment, Message } from './message.ts';

// All that a channel's author needs of the house: channels import nothing else.
export { describeIssues, isRootAddress, referenceIn, secretOf } from './channel-settings.ts';
export { ParleyError } from './errors.ts';
export type { Consent } from './event.ts';
export type { Message } from './message.ts';

/**
 * A channel brings one app's customers to the bot and the bot's words to them. What platforms do differently is declared here, as
 * data and pure functions; retries, order, budgets and durability are the engine's.
 */
export interface Channel<Settings = unknown> {
  /** `sms`: the name in `parley.yaml`. */
  readonly kind: string;
  /** Reads one account's settings from `parley.yaml`; throws a {@link ParleyError} that names what is missing. */
  settings(raw: unknown, environment: Readonly<Record<string, string | undefined>>): Settings;
  readonly can: Capabilities;
  /**
   * Pure: our messages in the platform's own parts. Degrades, merges, splits at sentence borders; never truncates silently.
   * The parts of one call are sent in order, each once delivered before the next.
   */
  plan(messages: readonly Message[], context: PlanContext): readonly Part[];
  /** One call to the platform, without hidden retries. Absent where customers fetch their messages themselves (web chat). */
  send?(part: Part, context: SendContext<Settings>): Promise<Receipt>;
  /** What a thrown error of `send` means. */
  classify?(error: unknown): SendError;
  /** Checks the raw bytes of a webhook. Throws `channel.unverified`. */
  verify?(request: RawRequest, settings: Settings, now: number): void;
  /** Pure: verified bytes → events, each with a key that the platform repeats when it delivers again. */
  parse?(request: RawRequest, settings: Settings): readonly Inbound[];
  /** Pure: what verified bytes tell about messages that were sent. Absent where the platform tells nothing. */
  reports?(request: RawRequest, settings: Settings): readonly Report[];
  /** How this account's events come: the platform calls us (the default), or we ask it. */
  receives?(settings: Settings): 'webhook' | 'pull';
  /** Asks the platform for what has come in since `cursor`; waits there for something to come, within the limits of `signal`. */
  pull?(context: PullContext<Settings>): Promise<Pulled>;
  /**
   * Gets a file that a customer sent. A retryable {@link ParleyError}: the event is refused, so that the platform delivers it again;
   * any other: the event is taken without the file.
   */
  fetch?(media: Media, context: CallContext<Settings>): Promise<Uint8Array>;
  /** Tells the platform that an event is on disk, where it wants to hear more than an answered call: a button's spinner ends. */
  acknowledge?(receipt: Part, context: CallContext<Settings>): Promise<void>;
  /** Shows the customer that an answer is being prepared. Best effort. */
  typing?(context: CallContext<Settings> & { readonly address: string }): Promise<void>;
}

/** A platform's limits as data, so that flows are checked against them before they run. */
export interface Capabilities {
  readonly text: { readonly limit: number; readonly unit: 'characters' | 'utf16' | 'bytes' };
  readonly markup: 'markdown' | 'none' | 'mrkdwn' | 'html';
  /** Native buttons: how many, and how long a label. Absent: degraded to "reply 2". */
  readonly choices?: { readonly max: number; readonly label: number };
  readonly links: boolean;
  readonly cards: boolean;
  readonly carousel: boolean;
  readonly images: boolean;
  readonly files: boolean;
  readonly typing: boolean;
  readonly edit: boolean;
  /** Do customers opt out by a word (STOP)? Then it is asked of the disk, before every send, whether they have. */
  readonly optOut?: true;
  /** May the same part be sent again under its key without the customer seeing it twice? */
  readonly idempotent: boolean;
}

export interface RawRequest {
  readonly method: string;
  readonly url: URL;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** An event and where it belongs. */
export interface Inbound {
  /** The account of `parley.yaml` that received it. */
  readonly account: string;
  /** Who wrote, in the platform's own words: the other end of the conversation. */
  readonly address: string;
  /** Repeats when, and only when, the platform delivers the same thing again. */
  readonly key: string;
  readonly event: Event;
  /** Epoch milliseconds at the platform. */
  readonly sentAt?: number;
  readonly locale?: string;
  readonly attachments?: readonly Attachment[];
  /** Files of a message that are still at the platform: fetched into our own store before the event is accepted. */
  readonly media?: readonly Media[];
  /** For {@link Channel.acknowledge}, in the platform's own words. */
  readonly receipt?: Part;
}

/** What became of a message that was sent. Comes in any order, and again. */
export interface Report {
  /** The `key` that it was sent under. */
  readonly key: string;
  readonly status: 'sent' | 'delivered' | 'read' | 'failed';
  /** Why it failed: the platform's own code. */
  readonly code?: string;
}

/** A file at the platform. */
export interface Media {
  /** The platform's own name for it. */
  readonly ref: string;
  /** As its sender calls it, or as good as one can. */
  readonly name: string;
  /** Bytes, if the platform says. */
  readonly size?: number;
}

/** For the small calls beside a send. */
export interface CallContext<Settings> {
  readonly settings: Settings;
  readonly signal: AbortSignal;
}

export interface PullContext<Settings> extends CallContext<Settings> {
  readonly account: string;
  /** Of the last {@link Pulled} whose events are all on disk; `undefined` when the process begins. */
  readonly cursor: string | undefined;
}

export interface Pulled {
  readonly events: readonly Inbound[];
  /** Why others were left out: they cannot be read, today or ever, and must not keep back what comes after them. */
  readonly unreadable?: readonly ParleyError[];
  /** Asking with it tells the platform that all of these are on disk. */
  readonly cursor: string;
}

export interface PlanContext {
  readonly locale: string;
}

/** One call's worth of payload: JSON in the platform's own words. */
export type Part = { readonly [key: string]: unknown };

export interface SendContext<Settings> {
  readonly settings: Settings;
  readonly address: string;
  /** Idempotency key of this part. */
  readonly key: string;
  readonly signal: AbortSignal;
}

export interface Receipt {
  /** The platform's id of the message, if it gives one. */
  readonly id?: string;
}

export type SendError =
  /** Try again, not before `after` milliseconds. */
  | { readonly kind: 'retryable'; readonly after?: number }
  /** Stop sending in this scope for `after` milliseconds. */
  | { readonly kind: 'rate_limited'; readonly after: number; readonly scope: 'account' | 'conversation' }
  /** It may or may not have arrived. */
  | { readonly kind: 'unknown' }
  /** It never will. */
  | { readonly kind: 'permanent'; readonly reason: string };

/** Checks nothing at run time: gives a channel's author completion and types. */
export function defineChannel<Settings>(channel: Channel<Settings>): Channel<Settings> {
  return channel;
}
