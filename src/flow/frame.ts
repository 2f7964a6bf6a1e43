import type { Outcome } from '../event.ts';
import type { Json, JsonObject } from '../type.ts';
import type { Wrong } from './compiling/form.ts';

/** One running flow: where it stands and what it knows. Plain JSON; empty parts are left out to keep the state small. */
export interface Frame {
  /** Unique in the conversation, never reused: part of idempotency keys. */
  id: number;
  flow: string;
  /** Hash of the flow as it was when the frame started, or was last migrated. */
  version: string;
  /** What made it run, which decides what goes on below when it ends. */
  by: 'start' | 'call' | 'digression' | 'repair';
  /** Index of the operation it stands at. */
  pc: number;
  /** Does that operation wait for something? */
  waiting: boolean;
  /** The author's step at `pc`, and its hash: an update of the flow finds its place by them. */
  step: string;
  hash: string;
  /** Slots, inputs and results by name. */
  slots: Record<string, Json>;
  /** Failed answers to the question that is open at `pc`. */
  tries?: number;
  /** How often a step was entered, where that matters (`next` with `max`, calls). */
  visits?: Record<string, number>;
  /** Confirms given, with the hash of the values they bind. */
  confirms?: Record<string, string>;
  /** Operations that ran, in order of their first run: what a correction may have to undo. */
  trail?: number[];
  /** Operations that performed a write. */
  writes?: number[];
  /** Operations to pass over once: they ran before a correction that does not touch them. */
  skip?: number[];
  /** Slots that hold the default of a question that was not to be asked: if it is to be asked after all, it is. */
  defaulted?: Readonly<Record<string, Json>>;
  pending?: Pending;
  /** The pending call ended while another flow was on top. */
  arrived?: Outcome;
  /** Operations to go back to when a block beside the main line ends; one that was about to run, not waiting, as `-1 - pc`. */
  back?: number[];
  /** How it is ending, while its own `on: completed` has the word. */
  outcome?: string;
  /** Values said before they were asked for that the slot does not take as they are: its question will judge them. */
  said?: Record<string, Json>;
  /** What is left of her words once the answers were taken from them, and when they were said: later questions listen to it. */
  words?: { readonly text: string; readonly at: number };
  /** Slots whose values were said before they were asked for, as she is to be told; `''` until their question has judged them. */
  noted?: Readonly<Record<string, string>>;
  /** She answers the questions of a form one by one. */
  stepwise?: true;
  /** Questions that she left blank in a form, as she may. */
  blank?: string[];
  /** What was wrong with a form, by slot, until it is told. */
  wrong?: Readonly<Record<string, Wrong>>;
  /** What it was waiting for has happened while a human had the conversation: it goes on when the bot has it again. */
  heard?: { readonly name: string; readonly data: JsonObject };
  /** Is the engine listening for an outside event in its name? As what, where it is not the frame's id. */
  listens?: true | string;
}

/** The call, task or handoff that an operation waits for. */
export interface Pending {
  readonly id: string;
  readonly attempt: number;
  readonly key: string;
}
