import type { Attachment, Message } from '../message.ts';
import type { JsonObject } from '../type.ts';
import type { Stand } from './control.ts';
import type { ClockKind, Priority } from './policy.ts';

/**
 * Where humans sit: a workspace, a page, a test. The house shows it what happens; what the humans do there comes back as
 * {@link Command}s. Everything may be shown again after a crash or a lost answer, under the same key: then nothing changes.
 *
 * What it throws is tried again later, in order; `retryable` on a ParleyError says nothing here, because nothing may be left out.
 */
export interface Desk {
  /** `web`; names its place in the log, so two of one kind need two names. */
  readonly kind: string;
  /** A conversation has come. Resolves with the place where everything of it is shown: for the same conversation always the same. */
  open(head: Head, recent: readonly Post[]): Promise<string>;
  /** Its head reads like this now. */
  update(place: string, head: Head): Promise<void>;
  /** A line of the conversation: the customer reads the same. A second one under the same key stands in its stead. */
  post(place: string, post: Post): Promise<void>;
  /** What only the humans read. */
  note(place: string, note: Note): Promise<void>;
  /** One agent is asked to take it. */
  offer(place: string, offer: Offer): Promise<void>;
  /** Only this agent is told: why her command did nothing, that she is taken to be away. */
  tell(place: string, notice: Notice): Promise<void>;
  /** The humans' part has ended; it may be opened again. */
  close(place: string, head: Head): Promise<void>;
}

/** All that a card shows of a conversation. Its buttons carry `conversation` and `version` with every command. */
export interface Head {
  /** Public id. */
  readonly conversation: string;
  readonly version: number;
  readonly at: Stand;
  readonly queue: string;
  readonly priority: Priority;
  readonly reason: string;
  /** Whose it is, or to whom it is offered. */
  readonly agent?: string;
  readonly consulted?: string;
  /** Since when she waits or waited for it (epoch milliseconds). */
  readonly opened: number;
  /** What was promised, and by when. */
  readonly due: readonly { readonly clock: ClockKind; readonly at: number }[];
  readonly customer: {
    /** Proved; absent: nobody knows who she is. */
    readonly name?: string;
    readonly attributes: JsonObject;
    readonly locale: string;
    /** The account of `parley.yaml` that she writes to. */
    readonly account: string;
  };
  /** What the flow has found out, and sends along. */
  readonly attach: JsonObject;
  readonly outcome?: string;
}

export interface Post {
  readonly key: string;
  readonly from: 'customer' | 'bot' | 'agent' | 'system';
  /** The agent's name, as customers see it. */
  readonly name?: string;
  /** Untrusted: text and never markup. */
  readonly message: Message;
  readonly attachments: readonly Attachment[];
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface Note {
  readonly key: string;
  /** Absent: the house. */
  readonly by?: string;
  /** Untrusted. */
  readonly text: string;
  readonly kind: 'note' | 'handover' | 'muted';
}

export interface Offer {
  readonly key: string;
  readonly agent: string;
  readonly until: number;
  readonly version: number;
}

export interface Notice {
  readonly key: string;
  readonly agent: string;
  /** `desk.taken`, and the other codes of `table.ts`; `away`. */
  readonly code: string;
  /** Whose it is. */
  readonly holder?: string;
}
