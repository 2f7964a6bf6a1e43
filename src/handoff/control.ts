import type { Draft, SampleReason, Source } from '../draft.ts';
import type { Attachment } from '../message.ts';
import type { Json, JsonObject } from '../type.ts';
import type { Clock } from './clocks.ts';
import type { Priority } from './policy.ts';
import type { Judgement } from './review/judgement.ts';

/**
 * Who has a conversation. There is one of these for each that ever had to do with a human; it is part of the conversation's state, so
 * whatever happens to it is taken strictly in order, and whoever comes second sees what the first has done.
 */
export interface Control {
  readonly at: Stand;
  /** Rises with every change of who may speak: what was to be said in an earlier one is said no more. */
  readonly epoch: number;
  /** Rises with every change that a button must know of: one that shows an older version does nothing. */
  readonly version: number;
  /** Since when it is at that stand (epoch milliseconds). */
  readonly since: number;
  /** The humans' part in it, from the handoff to its end; kept after the end until another begins. */
  readonly stretch?: Stretch;
  /** What flows have asked of humans, and nobody has done. */
  readonly tasks?: readonly Task[];
}

/** A flow asks humans for something, and goes on talking with her meanwhile. */
export interface Task {
  readonly id: string;
  /** `approval`: a flow waits for yes or no. `review`: what the bot would say, or has said, is to be judged. */
  readonly mode: 'approval' | 'background' | 'review';
  readonly queue: string;
  readonly priority: Priority;
  readonly reason: string;
  readonly attach: JsonObject;
  readonly at: number;
  /** As what the flow listens for the decision: when it no longer does, nobody need decide. */
  readonly listener?: string;
  /** Of a review. */
  readonly proposal?: Proposed;
}

/** What the bot would say, or has said. */
export interface Proposed {
  /** `approve`: she waits for it. `suggest`: whoever has her may use it. `sample`: she has read it. */
  readonly how: 'approve' | 'suggest' | 'sample';
  readonly why?: SampleReason;
  readonly draft: Draft;
  /** Until when she has been promised an answer; then a human takes over. */
  readonly until?: number;
}

/** What an agent has written, as long as she may still take it back. */
export interface Kept {
  /** Of the command that said it. */
  readonly said: string;
  readonly agent: string;
  readonly text: string;
  readonly attachments?: readonly Attachment[];
  /** When it goes out. */
  readonly at: number;
}

export type Stand =
  | 'bot'
  | 'queued'
  | 'offered'
  | 'active'
  | 'waiting_customer'
  | 'on_hold'
  | 'consult'
  | 'wrap_up'
  | 'closed';

export interface Stretch {
  /** The handoff's; of a takeover, one made for it. */
  readonly id: string;
  readonly queue: string;
  readonly priority: Priority;
  readonly reason: string;
  readonly opened: number;
  /** Since when it is in its queue. */
  readonly entered: number;
  /** What the flow sends along. */
  readonly attach?: JsonObject;
  /** Who holds it, or is offered it; of a closed one, who held it last. */
  readonly agent?: string;
  /** Who missed or declined it: the others are asked first. */
  readonly asked: readonly string[];
  /** Who had it the last time: asked first, if she is there. */
  readonly preferred?: string;
  /** Until when the offer stands. */
  readonly offer?: number;
  /** When she is asked what she would rather do than wait. */
  readonly ask?: number;
  /** She has been asked, and has not answered. */
  readonly choosing?: true;
  /** The flow's own limit: then it goes on without a human. */
  readonly deadline?: number;
  /** The colleague who is asked. */
  readonly consulted?: string;
  /** Until when it is on hold; absent: until somebody says something. */
  readonly hold?: number;
  readonly wrapUp?: number;
  /** Escalations that are done. */
  readonly escalated: number;
  readonly escalateAt?: number;
  readonly clocks: readonly Clock[];
  /** A human has written to her since the handoff. */
  readonly replied?: true;
  /** What goes out to her in a moment, in its order. */
  readonly kept?: readonly Kept[];
  readonly ended?: { readonly outcome: string; readonly topic?: string; readonly at: number };
}

export type Happening =
  /** A flow, a customer or a policy wants a human. */
  | {
      readonly on: 'requested';
      readonly id: string;
      readonly queue: string;
      readonly priority: Priority;
      readonly reason: string;
      readonly attach?: JsonObject;
      /** The flow's own limit, in milliseconds. */
      readonly timeout?: number;
    }
  | { readonly on: 'offered'; readonly agent: string }
  | { readonly on: 'declined'; readonly agent: string }
  | { readonly on: 'claimed'; readonly agent: string }
  /** Somebody gives it to an agent or a queue. */
  | { readonly on: 'assigned'; readonly agent: string; readonly to: string; readonly note: string }
  | { readonly on: 'requeued'; readonly agent: string; readonly queue: string; readonly note: string }
  /** A colleague is asked, before it is given to her or not. */
  | { readonly on: 'consulted'; readonly agent: string; readonly with: string; readonly note: string }
  | { readonly on: 'handed_over'; readonly agent: string }
  | { readonly on: 'held'; readonly agent: string; readonly for?: number }
  | { readonly on: 'resumed'; readonly agent: string }
  | {
      readonly on: 'said';
      readonly agent: string;
      readonly text: string;
      readonly attachments?: readonly Attachment[];
    }
  /** She changes what she has said, by the command that said it: what has not gone out yet goes out like this. */
  | { readonly on: 'edited'; readonly agent: string; readonly said: string; readonly text: string }
  /** She takes it back. */
  | { readonly on: 'deleted'; readonly agent: string; readonly said: string }
  /** What became of a change that came after the words had gone out. By the house. */
  | { readonly on: 'revised'; readonly said: string; readonly state: 'changed' | 'removed' | 'old_text' }
  | { readonly on: 'noted'; readonly agent: string; readonly text: string }
  /** A flow asks for a decision, or files a task. */
  | { readonly on: 'filed'; readonly task: Task }
  /** A human decides; the flow goes on. */
  | {
      readonly on: 'decided';
      readonly agent: string;
      readonly task: string;
      readonly outcome: 'approved' | 'rejected';
      readonly note?: string;
    }
  /** A task is done. */
  | { readonly on: 'done'; readonly agent: string; readonly task: string; readonly note?: string }
  /** The flow waits for it no longer: it was decided elsewhere, or its time is over. Of a suggestion: she has asked something else. */
  | { readonly on: 'lapsed'; readonly task: string; readonly why: 'decided' | 'over' }
  /** An agent judges what the bot would say, or has said. */
  | ({ readonly on: 'reviewed'; readonly agent: string; readonly task: string } & Judgement)
  /** She would rather see what else might answer it. */
  | { readonly on: 'swapped'; readonly agent: string; readonly task: string }
  | {
      readonly on: 'wrapped';
      readonly agent: string;
      readonly outcome: string;
      readonly topic: string;
      /** Could the bot have done this? Absent: she has not said. */
      readonly botCould?: boolean;
    }
  | { readonly on: 'finished'; readonly agent: string }
  /** Back to the bot. Without an agent: by the house. */
  | {
      readonly on: 'returned';
      readonly agent?: string;
      readonly outcome: string;
      readonly data?: JsonObject;
      /** Where the flow goes on: after its handoff, or as if nobody had come. */
      readonly resume?: 'next' | 'on_timeout';
    }
  /** No human can be reached at any desk just now. By the house. */
  | { readonly on: 'unreachable' }
  /** An agent has gone home, or does not work here any more. */
  | { readonly on: 'left'; readonly agent: string }
  /** The customer wrote. `busy`: a flow of the bot is waiting for just that. */
  | { readonly on: 'heard'; readonly text: string; readonly busy: boolean }
  /** The customer chose what she would rather do than wait. */
  | { readonly on: 'chosen'; readonly choice: Choice }
  | { readonly on: Passing };

/** Where a command comes from, if it is one. */
export interface Asked {
  /** Its id. */
  readonly command: string;
  /** The version that whoever pressed the button had before her. */
  readonly version?: number;
}

/** What time alone does. */
export type Passing =
  | 'undo_over'
  | 'offer_over'
  | 'wait_over'
  | 'deadline_over'
  | 'hold_over'
  | 'wrap_up_over'
  | 'clock_over'
  | 'escalation_due'
  | 'review_over';

export type Choice = 'wait' | 'ticket' | 'callback';

/** Everything that a step of control wants done; `with-desk.ts` makes effects of it. */
export type Deed =
  /** The house says this to the customer. */
  | { readonly do: 'tell'; readonly phrase: Phrase; readonly opens?: number; readonly choices?: readonly Choice[] }
  /** The agent's words go out. */
  | {
      readonly do: 'send';
      readonly agent: string;
      readonly text: string;
      readonly attachments?: readonly Attachment[];
      /** The command that said it. */
      readonly said: string;
    }
  /** The flow that waits for a decision goes on. */
  | { readonly do: 'decide'; readonly task: string; readonly outcome: string; readonly data: JsonObject }
  /** The flow goes on. */
  | { readonly do: 'resume'; readonly outcome: string; readonly data: JsonObject }
  /** She gets the answer that an agent has sent: in the bot's name, or, where that agent has her, as the agent's own words. */
  | { readonly do: 'answer'; readonly agent: string; readonly text: string; readonly source?: Source }
  /** No answer of the bot's comes: a human takes her over. */
  | { readonly do: 'seek'; readonly task: string; readonly reason: 'review_late' | 'review_rejected' }
  /** A task for the queue, instead of a conversation. */
  | { readonly do: 'file'; readonly reason: Choice }
  /** The agent let an offer pass. */
  | { readonly do: 'missed'; readonly agent: string }
  | { readonly do: 'record'; readonly name: string; readonly data: JsonObject }
  | { readonly do: 'line'; readonly line: Line };

export type Phrase = 'closed' | 'long_wait' | 'still_waiting' | 'unreachable' | 'filed' | 'called_back';

/** A line of the desk's log: what happened, by whom, from which stand to which. */
export interface Line {
  readonly on: Happening['on'] | 'refused' | 'muted' | 'moved';
  readonly from: Stand;
  readonly to: Stand;
  readonly epoch: number;
  readonly by?: string;
  /** Of the command that did it: who sent it finds out by this what became of it. */
  readonly command?: string;
  readonly [more: string]: Json | undefined;
}

export const BOT: Control = { at: 'bot', epoch: 0, version: 0, since: 0 };

/** Whom the customer hears; `undefined`: nobody yet. */
export function speaker({ at, stretch }: Control): string | 'bot' | undefined {
  if (at === 'bot' || at === 'closed') return 'bot';
  if (at === 'queued' || at === 'offered') return undefined;
  return stretch?.agent;
}

/** May the bot say anything? */
export function botSpeaks({ at }: Control): boolean {
  return at === 'bot' || at === 'closed';
}
