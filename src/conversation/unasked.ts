import type { Event } from '../event.ts';
import type { Program } from '../flow/program.ts';
import type { Json, JsonObject } from '../type.ts';
import { enter, entryOf } from './decide.ts';
import { greet } from './greet.ts';
import { advance, isFlowError, leaveRepairs } from './stack.ts';
import type { Stage } from './stage.ts';

/**
 * Flows that the customer has not asked for: an event of the business's world or the calendar begins them. Where one is not for her,
 * nothing is said; where she must not be written to, or a human has the conversation, none begins.
 */

type Scheduled = Extract<Event, { kind: 'scheduled' }>;

/** Milliseconds that a scheduled flow waits for the flow that is at work: later it is not what the business meant to say. */
const PATIENCE = 60 * 60_000;

/** Begins the first flow that declares the event, is meant for her and does not run yet, above whatever is running. */
export function beginBySignal(stage: Stage, name: string, data: JsonObject): boolean {
  return [...stage.bot.programs.values()]
    .filter(({ header }) => header.events.includes(name))
    .some((program) => beginUnasked(stage, program, inputsOf(program, data)));
}

function inputsOf({ header }: Program, data: JsonObject): Record<string, Json> {
  return Object.fromEntries(
    Object.keys(header.inputs).flatMap((name) => (Object.hasOwn(data, name) ? [[name, data[name] ?? null]] : [])),
  );
}

/** A flow's minute has come. It begins when nothing else is at work, at the end of this turn or of a later one. */
export function scheduled(stage: Stage, { flow, minute }: Scheduled): void {
  // A flow that waits already is not said twice.
  const others = (stage.state.due ?? []).filter((each) => each.flow !== flow);
  stage.state.due = [...others, { flow, minute }];
}

/** Begins what the calendar has brought, one after the other, as long as nothing else is at work. */
export function beginDue(stage: Stage): void {
  while (stage.state.due && isIdle(stage)) {
    const [first, ...rest] = stage.state.due;
    if (rest.length > 0) stage.state.due = rest;
    else delete stage.state.due;
    if (!first) continue;
    const program = stage.bot.programs.get(first.flow);
    const isLate = stage.now - first.minute > PATIENCE;
    if (program && !isLate && beginUnasked(stage, program, {})) advance(stage);
    else stage.record('schedule.passed', { flow: first.flow, late: isLate });
  }
}

/** Flows that wait for the world are in nobody's way. */
function isIdle({ state }: Stage): boolean {
  return state.frames.length === 0 && !state.human;
}

function beginUnasked(stage: Stage, program: Program, values: Readonly<Record<string, Json>>): boolean {
  const { state, scene } = stage;
  const isRunning = state.frames.some(({ flow }) => flow === program.flow);
  const entry = state.human || scene.unheard || isRunning ? undefined : quietly(stage, program, values);
  if (entry === undefined) return false;
  greet(stage, false);
  leaveRepairs(stage);
  enter(stage, program, entry);
  return true;
}

/** A guard that fails to tell is the flow's mistake, and no reason to write to somebody who has asked for nothing. */
function quietly(stage: Stage, program: Program, values: Readonly<Record<string, Json>>) {
  try {
    return entryOf(stage, program, values);
  } catch (error) {
    if (!isFlowError(error)) throw error;
    stage.record('flow.error', { flow: program.flow, code: error.code });
    return undefined;
  }
}
