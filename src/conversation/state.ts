import type { Draft } from '../draft.ts';
import type { Frame } from '../flow/frame.ts';
import type { Json, JsonObject } from '../type.ts';
import type { Command } from '../understanding/understanding.ts';
import type { Past } from './memory.ts';
import type { Held, OpenDoubt } from './second-opinion.ts';
import type { Wish } from './wishes.ts';

/**
 * All that a conversation is between two turns: plain JSON, a few hundred bytes. Empty parts are left out. A turn works on a copy
 * ({@link draftOf}), so a state that was handed out never changes.
 */
export interface State {
  /** Schema version of this record. */
  v: 1;
  /** Turns taken: rises by one each. */
  turns: number;
  locale: string;
  /** The stack of running flows, the one on top last. */
  frames: Frame[];
  /** Stacks that wait for the world (a parcel, a decision), out of the customer's way. */
  parked?: Frame[][];
  /** Id of the next frame. */
  next: number;
  /** Has she been told that she talks to a bot? */
  greeted?: true;
  /** Slots of scope `conversation`. */
  shared?: Record<string, Json>;
  /** Who the customer proved to be, and when. */
  session?: { customer?: string; at?: number; blocked?: boolean };
  /** Timers by id, `<frame>:<name>`, with the instant each is due. */
  timers?: Record<string, number>;
  /** When the engine will wake this conversation. One timer row serves all of `timers`. */
  wake?: number;
  /** The answers offered last. */
  offer?: OpenOffer;
  /** The form that can be sent. */
  form?: OpenForm;
  /** The album whose first picture has answered a question. */
  album?: { readonly id: string; readonly frame: number; readonly slot: string };
  /** What the link carried by which she came last. */
  payload?: string;
  /** Experiment arms. */
  arms?: Record<string, string>;
  /** Flows whose minute came while another one was at work. */
  due?: readonly { readonly flow: string; readonly minute: number }[];
  /** What is said since was set off by the world, and she has done nothing yet: accounts by which it could not reach her. */
  unasked?: readonly string[];
  /** When the `upset` pattern spoke last. */
  calmed?: number;
  /** When something was given to humans of which nobody has told that it is done. */
  handed?: number;
  /** A human has the conversation: the bot is silent. */
  human?: true;
  /** The conversation that was held here until then goes on there. */
  gone?: { readonly account: string; readonly address: string };
  /** Calls that are not back yet, of conversations that have gone on elsewhere: by their ids here and there. */
  went?: { readonly account: string; readonly address: string; readonly calls: Readonly<Record<string, string>> }[];
  /** What the bot would say to her last words is being looked up for the human who has her. */
  suggests?: { readonly call: string; readonly question: string };
  /** The last answer of which some are judged afterwards: what follows it may tell that it was none. */
  answered?: { readonly draft: Draft; readonly at: number };
  /** What was done for her and is yet to be remembered, see `memory.ts`. */
  past?: Past[];
  /** Counts what has been offered, handed off, listened for: ids. */
  count: number;
  /** Words that a model is being asked about. */
  doubt?: OpenDoubt;
  /** What she wrote while that was so, and that an answer being looked up comes before. */
  later?: readonly Held[];
  /** What else she wants, said in one message with what is being done. */
  wishes?: readonly Wish[];
  /** How often in a row nothing could be made of the customer's words. */
  lost?: number;
}

export interface OpenOffer {
  readonly id: number;
  /** Frame that asked; 0 when the offers belong to no question. */
  readonly frame: number;
  /** In the order shown: the index of a value, `'skip'`, words, or a move. */
  readonly does: readonly (number | 'skip' | { readonly says: string } | Command)[];
}

/** Several questions of a frame, shown together; the first of them is the one that the frame waits at. */
export interface OpenForm {
  readonly id: number;
  readonly frame: number;
  /** The operation that waits. */
  readonly pc: number;
  /** Slots, in the order shown. */
  readonly fields: readonly string[];
}

export function freshState(locale: string): State {
  return { v: 1, turns: 0, locale, frames: [], next: 1, count: 0 };
}

/** A copy that may be changed: as deep as a turn changes it, and no deeper. */
export function draftOf(state: JsonObject): State {
  const draft = { ...(state as unknown as State) };
  draft.frames = draft.frames.map(copyFrame);
  if (draft.parked) draft.parked = draft.parked.map((frames) => frames.map(copyFrame));
  if (draft.timers) draft.timers = { ...draft.timers };
  return draft;
}

function copyFrame(frame: Frame): Frame {
  const copy = { ...frame, slots: { ...frame.slots } };
  if (copy.trail) copy.trail = [...copy.trail];
  if (copy.writes) copy.writes = [...copy.writes];
  if (copy.skip) copy.skip = [...copy.skip];
  if (copy.back) copy.back = [...copy.back];
  return copy;
}
