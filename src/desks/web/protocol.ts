import type { Head, Note, Post, Receipt, TaskCard } from '../../handoff/desk.ts';
import type { Presence } from '../../handoff/policy.ts';
import type { Judgement } from '../../handoff/review/judgement.ts';
import type { Attachment } from '../../message.ts';

/** What the page and its server tell each other. */

/** A conversation in a list. */
export interface Card extends Head {
  /** Until when the offer stands (epoch milliseconds). */
  readonly until?: number;
  /** What flows wait for, and nobody has done. */
  readonly tasks?: readonly TaskCard[];
  /** The last thing said. */
  readonly last?: { readonly from: Post['from']; readonly text: string; readonly at: number; readonly key: string };
}

/** What stands in a conversation, in order. */
export type Item =
  | ({ readonly kind: 'post' /** How far an agent's words have come. */; readonly status?: string } & Post)
  /** What an agent has said, as long as it may be taken back; `at`: when it goes out. */
  | {
      readonly kind: 'held';
      /** The command that said it. */
      readonly key: string;
      readonly at: number;
      readonly agent: string;
      readonly text: string;
      readonly attachments: readonly Attachment[];
    }
  | ({ readonly kind: 'note'; readonly note: Note['kind'] } & Omit<Note, 'kind'> & { readonly at: number })
  /** Something the desk did. */
  | {
      readonly kind: 'event';
      readonly key: string;
      readonly at: number;
      readonly on: string;
      readonly by?: string;
      readonly agent?: string;
      readonly queue?: string;
      readonly outcome?: string;
    };

export interface Thread {
  readonly card: Card;
  readonly items: readonly Item[];
  /** The same, with what became of those that were done since this process began. */
  readonly tasks: readonly TaskCard[];
  /** What became of what agents have said, by the commands that said it, as far as it is more than the line itself tells. */
  readonly receipts: Readonly<Record<string, Receipt['state']>>;
  /** There is more before it. */
  readonly isCut: boolean;
}

export interface Colleague {
  readonly name: string;
  /** What customers read. */
  readonly shown: string;
  readonly presence: Presence;
  readonly queues: readonly string[];
}

/** All that a page begins with. */
export interface World {
  readonly me: string;
  readonly business: string;
  /** Everybody at the desk, herself among them. */
  readonly agents: readonly Colleague[];
  readonly queues: readonly string[];
  /** May she change what the bot knows? */
  readonly isOwner: boolean;
  readonly cards: readonly Card[];
  /** The house's clock (epoch milliseconds): promises run by it. */
  readonly now: number;
}

/** A line of the stream. */
export type Told =
  | { readonly tell: 'world'; readonly world: World }
  | { readonly tell: 'card'; readonly card: Card }
  /** It is nothing of hers any more. */
  | { readonly tell: 'gone'; readonly conversation: string }
  /** Something stands there that did not: look again. */
  | { readonly tell: 'news'; readonly conversation: string }
  | { readonly tell: 'agents'; readonly agents: readonly Colleague[] }
  /** Only to her: what became of a command, or of her. */
  | { readonly tell: 'notice'; readonly code: string; readonly conversation: string; readonly holder?: string }
  /** The session has ended. */
  | { readonly tell: 'out' };

/** What she wants done with a conversation. Who she is stands in her session, and nowhere here. */
export type Act =
  | { readonly do: 'claim' | 'decline' | 'hand_over' | 'resume' | 'finish' }
  | { readonly do: 'say'; readonly text: string; readonly files?: readonly string[] }
  /** Takes back what has not gone out yet; later, where her app can. */
  | { readonly do: 'undo'; readonly said: string }
  | { readonly do: 'note'; readonly text: string }
  | { readonly do: 'transfer'; readonly to: string; readonly note: string }
  | { readonly do: 'requeue'; readonly queue: string; readonly note: string }
  | { readonly do: 'consult'; readonly with: string; readonly note: string }
  | { readonly do: 'hold'; readonly minutes?: number }
  | { readonly do: 'decide'; readonly task: string; readonly outcome: 'approved' | 'rejected'; readonly note?: string }
  | { readonly do: 'done'; readonly task: string; readonly note?: string }
  /** What the bot would say, or has said, is right, or is to read otherwise, or is wrong. */
  | ({ readonly do: 'judge'; readonly task: string } & Judgement)
  /** What else might answer it. */
  | { readonly do: 'another'; readonly task: string }
  | { readonly do: 'return'; readonly outcome: string }
  | { readonly do: 'close'; readonly outcome: string; readonly topic: string };

export interface Wanted {
  readonly conversation: string;
  /** Its own id: sent again, it is the same. */
  readonly command: string;
  /** Of the card she saw: where it is another by now, nothing is done. */
  readonly version?: number;
  readonly act: Act;
}

export type Outcome = { readonly ok: true } | { readonly ok: false; readonly code: string; readonly holder?: string };

/** Whether she is known, and how she may become so. */
export interface Door {
  readonly business: string;
  readonly me?: string;
  /** Anybody may be one of these: a demo on this machine. */
  readonly demo?: readonly { readonly name: string; readonly shown: string; readonly queues: readonly string[] }[];
}
