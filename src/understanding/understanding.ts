import type { Json, Type } from '../type.ts';

/**
 * Utterance + context → commands. This is all that understanding may do: the flow decides what becomes of a command, and a value
 * passes the slot's validation like any other. Implementations are pure and quick; one that asks a model answers through an effect.
 */
export interface Understanding {
  understand(text: string, context: Context): readonly Command[];
  /** The answer to a question that was not asked yet, in words that were said for something else; only one that is beyond doubt. */
  overhear?(text: string, question: Question, context: Context): Overheard | undefined;
  /** Which of so many things on offer is named by its place, and by nothing else ("the second one", "第二个"): from 1. */
  place?(text: string, count: number): number | undefined;
  /** The flows that are closest, best first: for the author's eyes and for measuring. What becomes of them, `understand` decides. */
  rank?(text: string): readonly Ranked[];
  /** The locale that the words are in, where that is beyond doubt another of `locales` than `present`. What letters alone tell, is told already. */
  spokenIn?(text: string, present: string, locales: readonly string[]): string | undefined;
  /** Whom to ask where this is not sure; absent: nobody is there, and what `understand` says stands. */
  readonly second?: SecondOpinion;
}

/**
 * A model, asked through an effect where the words were not understood for sure. What it answers are proposals: {@link weigh} lets through
 * only what stands in her words or is on offer, and never her consent.
 */
export interface SecondOpinion {
  /** Milliseconds that a customer waits for it; then what was understood without stands. */
  readonly timeout: number;
  /** Confidence under which a flow is doubted, 0 to 1. */
  readonly below: number;
  /** Why these commands are not sure enough to act upon; `undefined`: they are. `below`: another threshold, to measure it. */
  doubt(text: string, context: Context, commands: readonly Command[], below?: number): Doubt | undefined;
  /** What of its answer to these words may be acted upon, as the conversation stands now. Whatever is in `answer`, nothing is thrown. */
  weigh(answer: Json, text: string, context: Context): Weighed;
}

export interface Doubt {
  /**
   * Nothing was understood; a flow was, but faintly; several are as close; a question that no document is known for; an answer that is
   * only likely; a correction that does not say to what; or a long message of which most is left over.
   */
  readonly reason: 'unknown' | 'faint' | 'close' | 'question' | 'answer' | 'correction' | 'more';
  /** Of the closest flow, 0 to 1. */
  readonly confidence: number;
}

export interface Weighed {
  readonly commands: readonly Command[];
  /** What was proposed and is not done: which move, and why. Never what a customer or a model wrote. */
  readonly rejected: readonly { readonly move: string; readonly why: Rejection }[];
}

/**
 * It is no command at all; no such flow, no such slot here; a value that neither stands in her words nor is on offer; one that the slot does not
 * take; two values for one slot; a yes that must be her own; something that is not possible now.
 */
export type Rejection =
  | 'no_command'
  | 'unknown_flow'
  | 'unknown_slot'
  | 'not_said'
  | 'invalid_value'
  | 'contradiction'
  | 'consent'
  | 'not_now';

/** How close a flow is to what was said. */
export interface Ranked {
  readonly flow: string;
  /** Probability that it is meant, 0 to 1, calibrated on examples held back. */
  readonly confidence: number;
  /** The flow's share among all, 0 to 1. */
  readonly share: number;
  /** Likeness to the flow's nearest example, 0 to 1. */
  readonly likeness: number;
}

/** The moves a customer can make. `confidence` is calibrated, 0 to 1. */
export type Command =
  | { readonly do: 'start'; readonly flow: string; readonly confidence: number }
  /** Two or three flows are equally close: ask which. */
  | { readonly do: 'clarify'; readonly flows: readonly string[] }
  /** An answer to the open question, or a value said in passing. */
  | {
      readonly do: 'set';
      readonly slot: string;
      readonly value: Json;
      readonly confidence: number;
      readonly span?: Span;
    }
  /** "No, I meant the lamp": a slot that has a value already. */
  | {
      readonly do: 'correct';
      readonly slot: string;
      readonly value?: Json;
      readonly confidence: number;
      readonly span?: Span;
    }
  | { readonly do: 'cancel' }
  | { readonly do: 'skip' }
  | { readonly do: 'repeat' }
  | { readonly do: 'human' }
  | { readonly do: 'chitchat'; readonly topic: string }
  | { readonly do: 'ask'; readonly query: string }
  | { readonly do: 'language'; readonly locale: string }
  | { readonly do: 'stop' }
  /** Somebody may be in danger: before anything else that was said. */
  | { readonly do: 'unsafe'; readonly danger: Danger }
  /** She is angry; what else she said follows. */
  | { readonly do: 'upset' };

/** She means to hurt herself, or others, or somebody needs help at once. */
export type Danger = 'self_harm' | 'threat' | 'emergency';

/** Half-open range of UTF-16 units in the utterance. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A value, and where it was heard. */
export interface Overheard {
  readonly value: Json;
  readonly spans: readonly Span[];
}

export interface Context {
  readonly locale: string;
  /** Epoch milliseconds: "tomorrow" depends on it. */
  readonly now: number;
  /** IANA zone, such as `Europe/Berlin`. */
  readonly timezone: string;
  /** What the bot has just asked, if anything. */
  readonly question?: Question;
  /** What an amount of money is in that is said without a currency, where its slot does not tell: ISO 4217. */
  readonly currency?: string;
  /** Slots of the running flows that have a value: the ones a correction can mean. */
  readonly known: readonly SlotView[];
  /** Is a flow running? Without one there is nothing to cancel, skip or correct. */
  readonly busy: boolean;
  /** Slots of the running flows that have no value yet and may be given one before they are asked for. Told only where a model may be asked. */
  readonly awaited?: readonly SlotView[];
}

export interface SlotView {
  readonly name: string;
  readonly type: Type;
  readonly pattern?: string;
  /** Of money: what an amount is in that is said without a currency. */
  readonly currency?: string;
  readonly description?: string;
  readonly choices?: readonly ChoiceView[];
  /** What she keeps to herself: no model is told of it, and none fills it. */
  readonly hidden?: boolean;
}

export interface Question extends SlotView {
  /** `confirm` waits for yes or no; its answer is a `set` of a boolean. */
  readonly confirm: boolean;
  readonly optional: boolean;
}

/** An offered answer, and all the ways it may be said. */
export interface ChoiceView {
  readonly value: Json;
  /** Its label in every locale. */
  readonly labels: readonly string[];
}
