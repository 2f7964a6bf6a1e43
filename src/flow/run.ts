import type { Handoff } from '../effect.ts';
import type { Form } from '../form.ts';
import type { Message } from '../message.ts';
import type { Json, JsonObject } from '../type.ts';
import type { Command, Question } from '../understanding/understanding.ts';
import type { Found } from './answering.ts';
import type { Env } from './expression/expression.ts';
import type { Frame } from './frame.ts';

/**
 * What a step may do while it runs: read values, say things, ask for effects, move on the stack. It is one turn's working copy; the
 * conversation hands it in, so that steps stay free of databases, clocks and platforms.
 */
export interface Run extends Env {
  /** The frame that is running. */
  readonly frame: Frame;
  /** Its slots, inputs and results: the same object as `frame.slots`. */
  readonly slots: Record<string, Json>;
  /** Slots of scope `conversation` and `customer`. */
  readonly shared: JsonObject;
  readonly customer: JsonObject;
  readonly session: JsonObject;
  /** What was done for her before: `last`, `recent`. */
  readonly memory: JsonObject;
  readonly channel: JsonObject;
  readonly conversation: JsonObject;
  readonly locale: string;
  /** The account of `parley.yaml` that she writes to. */
  readonly account: string;

  say(message: Message, offers?: readonly Offer[], form?: Omit<Form, 'token'>): void;
  /** A built-in text (`flows/repair/texts.yaml`) in the customer's language, with `{name}` filled in. */
  phrase(name: string, values?: Readonly<Record<string, string>>): string;

  /** Calls an action; the operation then waits for its result. Repeats under the same key when `again`. */
  call(request: CallRequest): void;
  /** Wakes this frame's operation after `delay` milliseconds with `name`. */
  timer(name: string, delay: number): void;
  clearTimers(): void;
  /** Waits for an outside event whose data has these values, until the frame moves on. */
  listen(event: string, match: JsonObject): void;
  unlisten(): void;
  handoff(task: Omit<Handoff, 'kind' | 'id'>): string;
  /** Is a desk there to take a conversation over? */
  readonly hasDesk: boolean;
  /** Has the business rules for who judges what the bot answers? */
  readonly isReviewed: boolean;
  /**
   * May this answer of the documents be said? `waits`: a human judges it first, and then it comes by itself; `kept`: the bot does not answer
   * this.
   */
  review(question: string, found: Found): 'said' | 'waits' | 'kept';
  /** What a customer calls a flow, for the button that starts it; `undefined` when she cannot start it. */
  titleOf(flow: string): string | undefined;
  /** A fact for the KPIs. */
  record(name: string, data: JsonObject): void;
  /** The answer to a question that is about to be asked, in what she has said before. */
  overhear(question: Question): Json | undefined;
  /** The words just understood held a secret: the transcript keeps none of them. */
  redact(): void;
  remember(scope: 'conversation' | 'customer', name: string, value: Json): void;
  authenticate(customer: string): void;
  /** The arm this customer is in: sticky, by weight. */
  arm(experiment: string, arms: Readonly<Record<string, number>>): string;

  /** Puts a sub-flow on top. Its outcome arrives in `into`. */
  push(flow: string, by: Frame['by'], inputs: Readonly<Record<string, Json>>): void;
  /** Ends the running flow with an outcome, or returns a value to its caller. */
  finish(outcome: string, value?: JsonObject): void;
  /** Leaves for another flow: the running one ends, the other takes its place. */
  link(flow: string, inputs: Readonly<Record<string, Json>>): void;
  /** Runs a repair pattern: the flow's own block under `on:`, or the repair flow. */
  repair(pattern: string, inputs?: Readonly<Record<string, Json>>): void;
}

/** An offered answer: a value for the open question (by its index), words said for the customer, or a move. */
export interface Offer {
  readonly label: string;
  readonly does: { readonly value: number } | { readonly skip: true } | { readonly says: string } | Command;
}

export interface CallRequest {
  readonly action: string;
  readonly effect: 'read' | 'write';
  readonly args: JsonObject;
  readonly timeout: number;
  readonly step: string;
  readonly attempt: number;
  /** A read that tells whether a write was done. */
  readonly check?: string;
  /** Milliseconds to wait before it is sent. */
  readonly delay?: number;
  /** Key of the earlier attempt: a retry asks under the same one. */
  readonly key?: string;
}
