import type { Frame } from '../flow/frame.ts';
import type { Json, JsonObject } from '../type.ts';
import type { Stage } from './stage.ts';

/**
 * A short memory of what was done for a customer before: which flow, when, with which outcome, about what. It is kept with what else is
 * remembered of her, so it is hers in every app, and erased and exported with her. There is none unless the business has switched it on, none
 * of who has not proven who she is, and none where she has not agreed.
 */
export interface MemorySettings {
  /** Milliseconds. */
  readonly keep: number;
  /** Things that are remembered, the newest. */
  readonly most: number;
  /** `asked`: only who has said yes is remembered. `notice`: everybody but who has said no. She says it in the slot `remember_me`. */
  readonly consent: 'asked' | 'notice';
}

/** One thing that was done, as it is kept. */
export type Past = JsonObject & {
  /** Who had proven to be her. Her own only: where somebody else comes to the same app, nothing of it is seen. */
  readonly of: string;
  readonly flow: string;
  readonly outcome: string;
  /** ISO 8601. */
  readonly at: string;
  /** What it was about, where the flow says (`remember:`). */
  readonly about?: string;
};

/** Slot of scope `customer` in which she rules over it. */
const CONSENT = 'remember_me';
/** Under which name it is kept among what is remembered of her. */
export const MEMORY = 'memory';
/** UTF-16 units of what it was about. */
const ABOUT = 60;
/** Timer of what waits to be kept. */
const WAITING = '0:remember';

/** What flows read as `memory`. */
export function memoryOf(stage: Stage): JsonObject {
  const recent = pastOf(stage)
    .toReversed()
    .map(({ flow, outcome, at, about }): JsonObject => {
      return { flow, title: stage.titleOf(flow) ?? flow.replaceAll('_', ' '), outcome, at, about: about ?? null };
    });
  return { last: recent[0] ?? null, recent };
}

/** A flow of hers has ended; what called it has its own end. Only flows that say `remember:` are remembered. */
export function noteEnding(stage: Stage, frame: Frame, outcome: string): void {
  const customer = stage.state.session?.customer;
  const { remember } = stage.program(frame);
  if (!remember || !mayKeep(stage) || customer === undefined || frame.by === 'call') return;
  stage.focus(frame);
  const about = remember(stage);
  const past: Past = {
    ...{ of: customer, flow: frame.flow, outcome, at: new Date(stage.now).toISOString() },
    ...(about !== null && { about: String(about).slice(0, ABOUT).toWellFormed() }),
  };
  stage.state.past = [...(stage.state.past ?? []), past];
}

/**
 * Before a turn ends: keeps what is new, drops what is too old, and all of it once she has said no. In the turn in which she proves who she
 * is, nobody has looked up yet what is remembered of her; so it waits for the next turn.
 */
export function keepMemory(stage: Stage): void {
  const { state, bot, customer } = stage;
  const held = customer[MEMORY];
  if (state.past !== undefined && !mayKeep(stage)) delete state.past;
  if (bot.memory !== undefined && customer[CONSENT] === false && Array.isArray(held) && held.length > 0)
    return stage.remember('customer', MEMORY, []);
  if (state.past === undefined || bot.memory === undefined) return;
  if (state.session?.at === stage.now) {
    state.timers = { ...state.timers, [WAITING]: stage.now + SOON };
    return;
  }
  const own = state.past.filter(({ of }) => of === state.session?.customer);
  stage.remember('customer', MEMORY, [...pastOf(stage), ...own].slice(-bot.memory.most));
  delete state.past;
}

/** Milliseconds. */
const SOON = 1_000;

function mayKeep({ bot, customer }: Stage): boolean {
  if (bot.memory === undefined) return false;
  return bot.memory.consent === 'asked' ? customer[CONSENT] === true : customer[CONSENT] !== false;
}

/** What is kept of who she has proven to be, the oldest first. */
function pastOf({ bot, customer, state, now }: Stage): Past[] {
  const held = customer[MEMORY];
  const whose = state.session?.customer;
  if (bot.memory === undefined || whose === undefined || customer[CONSENT] === false || !Array.isArray(held)) return [];
  const { keep } = bot.memory;
  return held.filter(
    (past: Json): past is Past => isPast(past) && past.of === whose && Date.parse(past.at) > now - keep,
  );
}

function isPast(value: Json): value is Past {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { of, flow, outcome, at } = value as JsonObject;
  return [of, flow, outcome, at].every((each) => typeof each === 'string');
}
