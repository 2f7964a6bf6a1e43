import type { ParleyError } from './errors.ts';
import type { Event } from './event.ts';
import type { Attachment, Message } from './message.ts';

// All that a channel's author needs of the house: channels import nothing else.
export { describeIssues, isRootAddress, referenceIn, secretOf } from './channel-settings.ts';
export { borderIn, graphemeIn, piecesOf } from './cut.ts';
export { codeOf, ParleyError } from './errors.ts';
export type { Consent } from './event.ts';
export type { Answers, Field, Form } from './form.ts';
export { answersInWords } from './form.ts';
export { FieldKept } from './form-kept.ts';
export { type Answered, neverLeft, request, TooLarge } from './line.ts';
export { type Run, runsIn, runsOf, sliceOf, withBullets, withoutMarkup, wordsOf } from './markdown.ts';
export type { Message } from './message.ts';
export { fetchOutside } from './outside-file.ts';
export type { Bubble, Button, Person, Phone, ScreenCard, Simulator } from './simulator.ts';
export { absolute, isWeb } from './web-address.ts';

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
   * How a customer who is in another app gets to this account, with a code to bring along: pure, or one call to a platform that makes
   * such ways itself. Without it, or with nothing in it, she is told to send the code there, and knows where that is.
   */
  entrance?(settings: Settings, code: string, signal: AbortSignal): Entrance | Promise<Entrance>;
  /** Hosts, and telephone numbers, that {@link Entrance.url} may lead to: others are strangers, to whom nobody is sent. */
  leadsTo?(settings: Settings): readonly string[];
  /**
   * Pure: our messages in the platform's own parts. Degrades, merges, splits at sentence borders; never truncates silently.
   * The parts of one call are sent in order, each once delivered before the next. It gets one message at a time, or, where the
   * channel {@link Capabilities.merges}, all that one turn says.
   */
  plan(messages: readonly Message[], context: PlanContext<Settings>): readonly Part[];
  /** One call to the platform, without hidden retries. Absent where customers fetch their messages themselves (web chat). */
  send?(part: Part, context: SendContext<Settings>): Promise<Receipt>;
  /** What a thrown error of `send` means. */
  classify?(error: unknown): SendError;
  /** Pure: what a {@link Report}'s code means, where it says that she cannot be told anything any more. */
  failure?(code: string): SendError | undefined;
  /** Checks the raw bytes of a webhook. Throws `channel.unverified`; waits at most for keys that the platform publishes. */
  verify?(request: RawRequest, settings: Settings, now: number): void | Promise<void>;
  /** Pure: the answer to verified bytes that are a handshake and bring nothing; `undefined`: they bring events. */
  challenge?(request: RawRequest, settings: Settings): RawResponse | undefined;
  /** Pure: verified bytes → events, each with a key that the platform repeats when it delivers again. */
  parse?(request: RawRequest, settings: Settings): readonly Inbound[];
  /** Pure: what verified bytes are answered with once all that they bring is on disk. Default: 200 and nothing. */
  respond?(request: RawRequest, settings: Settings): RawResponse;
  /**
   * Pure: verified bytes that only say that there is something to ask for: what {@link Channel.pull} is to be asked with, at once. Of
   * several with one `topic` (or none) that come while it is being asked, the last one counts.
   */
  nudge?(request: RawRequest, settings: Settings): Part | undefined;
  /** Pure: what verified bytes tell about messages that were sent. Absent where the platform tells nothing. */
  reports?(request: RawRequest, settings: Settings): readonly Report[];
  /** How this account's events come: the platform calls us (the default), we ask it for ever, or we ask it when it {@link Channel.nudge}s. */
  receives?(settings: Settings): 'webhook' | 'pull' | 'nudged';
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
  /**
   * Shows what there is so far of an answer that is still being written: all of it each time, under one number (1 to 2³¹ − 1) for the
   * whole answer. Best effort, and never instead of sending it.
   */
  draft?(
    text: string,
    context: CallContext<Settings> & { readonly address: string; readonly draft: number },
  ): Promise<void>;
  /** Replaces what was sent and has this id (of its {@link Receipt}). One call, as {@link Channel.send}. */
  edit?(part: Part, context: SendContext<Settings> & { readonly id: string }): Promise<void>;
  /** Takes back what was sent and has this id. */
  remove?(context: SendContext<Settings> & { readonly id: string }): Promise<void>;
  /**
   * Asks the platform whether all is as it must be, for `parley doctor --online`: do the secrets hold, does it call the right address?
   * Changes nothing there, and says nothing secret.
   */
  check?(context: CheckContext<Settings>): Promise<readonly Finding[]>;
}

/** A platform's limits as data, so that flows are checked against them before they run. */
export interface Capabilities {
  readonly text: { readonly limit: number; readonly unit: 'characters' | 'utf16' | 'bytes' };
  readonly markup: 'markdown' | 'none' | 'mrkdwn' | 'html';
  /** Native buttons: how many, and how long a label (characters, unless its `unit` says otherwise). Absent: degraded to "reply 2". */
  readonly choices?: { readonly max: number; readonly label: number; readonly unit?: 'bytes' };
  /** A native list to choose from, where there are more than buttons take. */
  readonly list?: { readonly max: number; readonly label: number };
  /** Are several questions answered at once, in a form ({@link Message.form})? Absent: they are asked one after the other. */
  readonly form?: true;
  /** A native calendar. Absent: dates are written. */
  readonly date?: true;
  readonly links: boolean;
  /** May a link be a text message that she only needs to send (`sms:`)? */
  readonly smsLinks?: true;
  readonly cards: boolean;
  readonly carousel: boolean;
  readonly images: boolean;
  readonly files: boolean;
  readonly typing: boolean;
  readonly edit: boolean;
  /** Do customers opt out by a word (STOP)? Then it is asked of the disk, before every send, whether they have. */
  readonly optOut?: true;
  /** Are addresses telephone numbers (E.164)? Then one can be written to that has never written to us. */
  readonly numbers?: true;
  /** May the same part be sent again under its key without the customer seeing it twice? */
  readonly idempotent: boolean;
  /** Is a message worth sparing? Then all that one turn says is planned together, and is delivered or fails together. */
  readonly merges?: true;
  /** How many calls of `send` the platform takes, in any stretch of so many milliseconds. What it says itself overrides this. */
  readonly rates?: readonly {
    readonly scope: 'account' | 'conversation';
    readonly messages: number;
    readonly per: number;
  }[];
  /**
   * Does the platform take messages only for a while after the customer did something (see {@link Inbound.window})? With `templates`,
   * messages that name one may be sent at other times, too.
   */
  readonly window?: { readonly templates: boolean };
  /**
   * May a webhook be answered with what the bot says to it, within so many milliseconds? Then `send` finds {@link SendContext.passive}
   * while the call waits.
   */
  readonly passive?: { readonly deadline: number };
}

export interface Entrance {
  /** What she looks for in the app: a number, a name. */
  readonly at?: string;
  /** Opens her app with the code ready to be sent, or sends it: of the web, or `sms:`. */
  readonly url?: string;
}

export interface RawRequest {
  readonly method: string;
  readonly url: URL;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export interface RawResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
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
  /** What this event lets us say, on platforms that count ({@link Capabilities.window}). One that is still open lasts on. */
  readonly window?: Window;
}

export interface Window {
  /** Milliseconds from the event. */
  readonly lasts: number;
  /** Calls of `send`; absent: as many as we like. */
  readonly messages?: number;
}

/** What became of a message that was sent. Comes in any order, and again. */
export type Report = Reported & {
  readonly status: 'sent' | 'delivered' | 'read' | 'failed';
  /** Why it failed: the platform's own code. */
  readonly code?: string;
};

/** By the `key` that it was sent under, or, where the platform takes none, by the `id` of its {@link Receipt}. */
export type Reported = { readonly key: string } | { readonly address: string; readonly id: string };

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

export interface CheckContext<Settings> extends CallContext<Settings> {
  /** Where the platform must call this account; absent where it does not, or nobody knows where we can be reached. */
  readonly webhook?: string;
}

/** Something that was looked at. */
export interface Finding {
  readonly ok: boolean;
  /** What was found: `the token is that of @my_shop_bot`. */
  readonly what: string;
  /** What to do about it. */
  readonly hint?: string;
}

export interface PullContext<Settings> extends CallContext<Settings> {
  readonly account: string;
  /**
   * Of the last {@link Pulled} whose events are all on disk; `undefined` before the first. It outlives the process, where the
   * platform only nudges; one that is asked for ever knows itself what it has told.
   */
  readonly cursor: string | undefined;
  /** Of {@link Channel.nudge}, where one is why we ask. */
  readonly nudge?: Part;
}

export interface Pulled {
  readonly events: readonly Inbound[];
  /** What came with them about messages that were sent, where the platform tells of that in the same place. */
  readonly reports?: readonly Report[];
  /** Why others were left out: they cannot be read, today or ever, and must not keep back what comes after them. */
  readonly unreadable?: readonly ParleyError[];
  /** Asking with it tells the platform that all of these are on disk. */
  readonly cursor: string;
  /** Is there more to be had at once? */
  readonly more?: boolean;
}

export interface PlanContext<Settings = unknown> {
  readonly locale: string;
  readonly settings: Settings;
  /** Where the world reaches us: what relative addresses of pictures and files are relative to. Absent: nobody can reach us. */
  readonly publicUrl?: string;
  /** Calls of `send` that the window has left, where the platform counts them. */
  readonly remaining?: number;
  /** The window is closed: only a template may be sent. */
  readonly template?: true;
}

/** One call's worth of payload: JSON in the platform's own words. */
export type Part = { readonly [key: string]: unknown };

export interface SendContext<Settings> {
  readonly settings: Settings;
  readonly address: string;
  /** Idempotency key of this part. */
  readonly key: string;
  readonly signal: AbortSignal;
  /**
   * Answers the webhook that waits with this part, in the platform's words. Resolves when the answer has left; rejects with a
   * retryable `channel.passive_gone` when it is too late, and nothing has left.
   */
  readonly passive?: (response: RawResponse) => Promise<void>;
}

export interface Receipt {
  /** The platform's id of the message, if it gives one. */
  readonly id?: string;
  /** Its reports name this id: it is kept, for {@link Report} to be understood. */
  readonly reported?: true;
}

export type SendError =
  /** Try again, not before `after` milliseconds. */
  | { readonly kind: 'retryable'; readonly after?: number }
  /** Stop sending in this scope for `after` milliseconds. */
  | { readonly kind: 'rate_limited'; readonly after: number; readonly scope: 'account' | 'conversation' }
  /** It may or may not have arrived. */
  | { readonly kind: 'unknown' }
  /** Not now: the customer must do something first. */
  | { readonly kind: 'window_closed' | 'quota_exhausted' }
  /** She has forbidden it, at the platform. */
  | { readonly kind: 'opted_out' }
  /**
   * She cannot be reached: she has blocked us, or left, and is told nothing before she writes again. `passing`: only this does not reach
   * her, because her phone is switched off, say; later messages are tried.
   */
  | { readonly kind: 'unreachable'; readonly reason: string; readonly passing?: true }
  /** The account's secrets are not taken (any more): nothing of this account will be. */
  | { readonly kind: 'auth'; readonly reason: string }
  /** The platform finds our part wrong: our mistake, which an operator must hear of. */
  | { readonly kind: 'invalid'; readonly reason: string }
  /** It never will. */
  | { readonly kind: 'permanent'; readonly reason: string };

/** Checks nothing at run time: gives a channel's author completion and types. */
export function defineChannel<Settings>(channel: Channel<Settings>): Channel<Settings> {
  return channel;
}
