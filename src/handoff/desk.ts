import type { Attachment, Message } from '../message.ts';
import type { JsonObject } from '../type.ts';
import type { Stand, Task } from './control.ts';
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
  /**
   * How far an agent's words have come, by the command that said them: what she wrote at this desk gets a mark. Words of another desk
   * may be meant: then there is nothing to mark. The same again changes nothing, and a later one stands in an earlier one's stead.
   */
  receipt(place: string, receipt: Receipt): Promise<void>;
  /** A flow asks humans for a decision, or files a task: a card with buttons of its own; with `ended`, what became of it. */
  task(place: string, task: TaskCard): Promise<void>;
  /** Only this agent is told: why her command did nothing, that she is taken to be away. */
  tell(place: string, notice: Notice): Promise<void>;
  /** The humans' part has ended; it may be opened again. */
  close(place: string, head: Head): Promise<void>;
  /** Can humans be reached at it now? Absent: they always can. */
  health?(): DeskHealth;
}

/**
 * `manned`: as far as anybody knows, somebody reads it. `empty`: it works, and nobody looks on. `down`: it has not taken what it was
 * shown since then (epoch milliseconds).
 */
export type DeskHealth = { readonly is: 'manned' | 'empty' } | { readonly is: 'down'; readonly since: number };

/** All that a card shows of a conversation. Its buttons carry `conversation` and `version` with every command. */
export interface Head {
  /** Public id. */
  readonly conversation: string;
  /** By which humans speak of it: `#4821`. */
  readonly number: number;
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
    /** Channel kind: `wechat`; empty when the account is gone. */
    readonly channel: string;
    /** How it was proved that she is who she says, and when (epoch milliseconds); absent: it was not. */
    readonly verified?: { readonly by: 'signed' | 'code'; readonly at: number };
  };
  /** What the flow has found out, and sends along. Card numbers, addresses and the like are masked: see {@link Head.masked}. */
  readonly attach: JsonObject;
  /** What has happened so far, a line each, in the desk's language. Untrusted: it may hold her words. */
  readonly summary: readonly string[];
  /** The flow and the step at which it stands; absent: none does. */
  readonly flow?: { readonly name: string; readonly title: string; readonly step: string };
  /** She was `upset`; absent: nothing of that kind was heard. */
  readonly mood?: 'upset';
  /** Which one in its queue, from 1; only while it waits. */
  readonly position?: number;
  /** She writes another language than the agents, and what they say can be translated for her. */
  readonly translates?: true;
  /** Where the web desk shows it; absent: nobody knows where we can be reached. */
  readonly link?: string;
  /** What is masked here, and may be revealed to an agent by the office's `reveal`: `customer.phone`, `attach.iban`. */
  readonly masked: readonly string[];
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
  /** Of an agent's words: the command that said them. At the desk where she wrote them they stand already. */
  readonly said?: string;
  /** Something in its text is masked; to reveal it: `post.` and the key. */
  readonly masked?: true;
  /** She, or the agent, has changed it since. */
  readonly edited?: true;
  /** In the agents' language; it comes after the original, under the same key, where a model makes it. */
  readonly translation?: Translation;
}

export interface Translation {
  /** `en` */
  readonly locale: string;
  /** Untrusted: text and never markup. Masked as the original. */
  readonly text: string;
}

/**
 * How far it is. `held`: it goes out at `until`, and may be taken back. `cancelled`, `replaced`: so it was. `changed`, `removed`: later,
 * at her app. `old_text`: she still sees what was written first.
 */
export type ReceiptState =
  | 'held'
  | 'cancelled'
  | 'replaced'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'failed'
  | 'unknown'
  | 'changed'
  | 'removed'
  | 'old_text';

export interface Receipt {
  readonly key: string;
  /** The command that said it. */
  readonly said: string;
  readonly state: ReceiptState;
  /** Who said it, where that is known. */
  readonly agent?: string;
  readonly until?: number;
}

export interface TaskCard extends Omit<Task, 'listener'> {
  /** What of `attach` is masked, and may be revealed to whoever serves its queue: `task:c1.7:iban`. */
  readonly masked?: readonly string[];
  /** What became of it; absent: it is open. */
  readonly ended?: {
    readonly how: 'approved' | 'rejected' | 'sent' | 'done' | 'decided' | 'over';
    /** Absent: nobody, or somebody at another door. */
    readonly by?: string;
    readonly note?: string;
  };
}

export interface Note {
  readonly key: string;
  /** Absent: the house. */
  readonly by?: string;
  /** Untrusted. */
  readonly text: string;
  readonly kind: 'note' | 'handover' | 'muted';
  /** The command that wrote it: at the desk where it was written it stands already. */
  readonly said?: string;
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
