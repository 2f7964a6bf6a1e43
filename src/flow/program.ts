import type { ReviewMode, Risk } from '../draft.ts';
import type { Outcome } from '../event.ts';
import type { Json, JsonObject, Type } from '../type.ts';
import type { Question } from '../understanding/understanding.ts';
import type { Questionnaire } from './compiling/form.ts';
import type { Run } from './run.ts';
import type { Pattern } from './value/pattern.ts';

/** A flow, compiled: a flat array of operations, one version of it. */
export interface Program {
  readonly flow: string;
  /** Hash of its normalised source. */
  readonly version: string;
  readonly header: Header;
  readonly ops: readonly Op[];
  readonly steps: readonly StepInfo[];
  readonly slots: Readonly<Record<string, SlotSpec>>;
  /** Where each slot is asked for. */
  readonly asks: ReadonlyMap<string, number>;
  /** Where the blocks under `on:` begin. */
  readonly on: ReadonlyMap<string, number>;
  readonly guard: ((run: Run) => boolean) | undefined;
  /** What it was about, for the memory of what was done; absent: that is not remembered. */
  readonly remember: ((run: Run) => Json) | undefined;
  /** Has it something to say outside a channel's window: a message with a template? */
  readonly templates: boolean;
  /** What each confirm binds, as a function to the hash of the present values. */
  readonly confirms: ReadonlyMap<string, (run: Run) => string>;
}

export interface Header {
  readonly flow: string;
  readonly description: string;
  /** What customers call it, by locale; `*` for all of them. */
  readonly title: Readonly<Record<string, string>>;
  readonly examples: Readonly<Record<string, readonly string[]>>;
  /** Names of events that start it. */
  readonly events: readonly string[];
  readonly schedule: string | undefined;
  readonly inputs: Readonly<Record<string, Type>>;
  readonly outputs: Readonly<Record<string, Type>>;
  readonly callableOnly: boolean;
  readonly onUpdate: 'pin' | 'migrate' | 'restart' | 'handoff';
  readonly urgent: boolean;
  /** As its author says; absent: as its steps tell. */
  readonly risk?: Risk;
  readonly review?: ReviewMode;
}

/** A step as its author knows it. */
export interface StepInfo {
  readonly id: string;
  readonly was: string | undefined;
  readonly kind: string;
  readonly line: number;
  /** Hash of its normalised source. */
  readonly hash: string;
  readonly pc: number;
}

export interface SlotSpec {
  readonly name: string;
  readonly type: Type;
  readonly pattern?: Pattern;
  readonly source?: string;
  readonly min?: number;
  readonly max?: number;
  /** Of money: what an amount without one is in. ISO 4217. */
  readonly currency?: string;
  readonly description?: string;
  readonly sensitive?: 'pii' | 'secret' | 'payment';
  readonly scope: 'flow' | 'conversation' | 'customer';
  /** May it be filled before it is asked for? */
  readonly prefill: boolean;
  /** Does it begin as the words that the customer started the flow by? */
  readonly words?: true;
}

/**
 * One operation. `enter` runs it; the other functions take what it waits for. Each answers with the next operation's index, or
 * {@link WAIT}, or {@link LEFT}.
 */
export interface Op {
  /** Index of the author's step in `steps`; -1 for jumps the compiler adds. */
  readonly step: number;
  readonly enter: (run: Run) => number;
  /** Variables it reads and sets: how far a correction reaches. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Performs a write at an outside system. */
  readonly effect?: boolean;
  /** A write for which nobody is asked: `consent: implied`. */
  readonly unasked?: boolean;
  /** What the customer is being asked, for understanding. */
  readonly question?: (run: Run) => Question | undefined;
  /** Which slot or confirm the question fills. */
  readonly asks?: string;
  /** A value was typed, tapped or understood. `undefined`: the words were no answer. */
  readonly answer?: (run: Run, value: Json | undefined) => number;
  /** The value behind an offered choice. */
  readonly chosen?: (run: Run, index: number) => Json | undefined;
  /** The value as the slot would take it, without taking it; `undefined` when it would refuse. */
  readonly check?: (run: Run, value: Json) => Json | undefined;
  /** What the customer knows a value by: the label it was offered under. */
  readonly label?: (run: Run, value: Json) => string | undefined;
  /** The form that the question belongs to: questions that may be answered together, each at an operation of its own. */
  readonly form?: Questionnaire;
  /** A form was sent whose values are in the frame. */
  readonly filled?: (run: Run) => number;
  readonly skip?: (run: Run) => number;
  /** Asks again, after an interruption that spent no try. */
  readonly again?: (run: Run) => number;
  readonly result?: (run: Run, outcome: Outcome) => number;
  readonly timer?: (run: Run, name: string) => number;
  /** Is this outside event what it waits for? */
  readonly hears?: (run: Run, name: string, data: JsonObject) => boolean;
  readonly signal?: (run: Run, data: JsonObject) => number;
  readonly returned?: (run: Run, outcome: string, data: JsonObject) => number;
  /** What it did need not be done again when a correction elsewhere runs the flow past it: go on here. */
  readonly next?: { readonly pc: number };
  /** While it waits, the customer may do something else: it waits for the world, not for her. */
  readonly parks?: boolean;
  /** The called flow ended. */
  readonly back?: (run: Run, value: JsonObject | undefined, outcome: string) => number;
}

/** The operation waits. */
export const WAIT = -1;
/** The stack has changed: go on with whatever is on top. */
export const LEFT = -2;
/** The operation at `pc` waited before, and asks again. */
export const RESUME = -3;
