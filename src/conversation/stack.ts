import { ParleyError } from '../errors.ts';
import type { Frame } from '../flow/frame.ts';
import { repairName } from '../flow/library.ts';
import { LEFT, type Op, RESUME, WAIT } from '../flow/program.ts';
import type { Json, JsonObject } from '../type.ts';
import { mayAskHowHumanWas, mayAskHowItWas, noteAsked } from './csat.ts';
import { noteEnding } from './memory.ts';
import type { Moves, Stage } from './stage.ts';

/** Operations a turn may run: a loop that never waits ends with a visible error. */
const OPERATIONS = 200;
/** Flows inside flows. */
const DEPTH = 12;

/** Runs the flow on top, and whatever comes to the top, until something waits. */
export function advance(stage: Stage): void {
  for (let left = OPERATIONS; ; left--) {
    const frame = stage.top;
    if (!frame || frame.waiting) return;
    if (left === 0) return overrun(stage, frame);
    const op = stage.op(frame);
    if (frame.skip && passOver(frame, op)) continue;
    if (op.writes.length > 0 || op.reads.length > 0) leaveTrail(frame);
    stage.focus(frame);
    land(
      stage,
      frame,
      guarded(stage, () => op.enter(stage)),
    );
  }
}

/** After a correction, what it does not touch is not done again. */
function passOver(frame: Frame, op: Op): boolean {
  const index = frame.skip?.indexOf(frame.pc) ?? -1;
  if (!frame.skip || index < 0 || !op.next) return false;
  frame.skip.splice(index, 1);
  if (frame.skip.length === 0) delete frame.skip;
  leaveTrail(frame);
  frame.pc = op.next.pc;
  return true;
}

function leaveTrail(frame: Frame): void {
  if (!frame.trail) frame.trail = [frame.pc];
  else if (!frame.trail.includes(frame.pc)) frame.trail.push(frame.pc);
}

/** Lets an event reach the operation that a frame waits at, and takes the frame where it leads. */
export function wake(stage: Stage, frame: Frame, how: () => number): void {
  stage.focus(frame);
  frame.waiting = false;
  land(stage, frame, guarded(stage, how));
}

function land(stage: Stage, frame: Frame, next: number): void {
  if (next >= 0) {
    frame.pc = next;
    return;
  }
  if (next === LEFT) return;
  frame.waiting = true;
  const program = stage.program(frame);
  const op = program.ops[frame.pc];
  const step = op && program.steps[op.step];
  frame.step = step?.id ?? '';
  frame.hash = step?.hash ?? '';
  if (next === RESUME) again(stage, frame);
  else if (next === WAIT && op?.parks) park(stage);
}

/** An expression may fail at run time (euros plus yuan): that is the flow's error, told to the customer, not a crash. */
function guarded(stage: Stage, run: () => number): number {
  try {
    return run();
  } catch (error) {
    if (!isFlowError(error)) throw error;
    stage.record('flow.error', { flow: stage.frame.flow, code: error.code });
    stage.repair('error', { reason: error.code });
    return LEFT;
  }
}

/** Is it the flow that is wrong (or an outside value in it), and not the house? */
export function isFlowError(error: unknown): error is ParleyError {
  return error instanceof ParleyError && /^(expression|message)\./.test(error.code);
}

function overrun(stage: Stage, frame: Frame): void {
  stage.record('flow.error', { flow: frame.flow, code: 'flow.loop' });
  for (const each of stage.state.frames.toReversed()) {
    drop(stage, each);
    if (each.by !== 'repair') stage.record('flow.ended', { flow: each.flow, outcome: 'escalated' });
  }
  stage.say({ text: stage.phrase('error') });
}

/** Asks again what the frame was asking; or takes the result that came in while another flow was on top. */
export function again(stage: Stage, frame: Frame): void {
  const op = stage.op(frame);
  const { arrived } = frame;
  if (arrived && op.result) {
    delete frame.arrived;
    wake(stage, frame, () => op.result?.(stage, arrived) ?? WAIT);
  } else if (op.again) wake(stage, frame, () => op.again?.(stage) ?? WAIT);
  else if (op.parks && frame === stage.top) park(stage);
}

/** What waits for the world and not for the customer gives the stage free; {@link unpark} brings it back. */
function park(stage: Stage): void {
  const { frames } = stage.state;
  const root = rootOf(frames);
  const group = frames.splice(root);
  stage.state.parked = [...(stage.state.parked ?? []), group];
  const below = frames.at(-1);
  if (below) again(stage, below);
}

export function unpark(stage: Stage, group: Frame[]): void {
  const rest = (stage.state.parked ?? []).filter((each) => each !== group);
  if (rest.length > 0) stage.state.parked = rest;
  else delete stage.state.parked;
  const root = group[0];
  if (root) root.by = stage.state.frames.length > 0 ? 'digression' : 'start';
  stage.state.frames.push(...group);
}

/** Makes room for one more flow: of all that was interrupted, what lies back furthest is given up. */
export function forgetOldest(stage: Stage): void {
  while (stage.state.frames.length > DEPTH / 2) {
    const { frames } = stage.state;
    const next = frames.findIndex((frame, index) => index > 0 && frame.by !== 'call');
    for (const frame of frames.slice(0, next < 0 ? frames.length : next)) {
      drop(stage, frame);
      if (frame.by !== 'repair') stage.record('flow.ended', { flow: frame.flow, outcome: 'abandoned' });
    }
  }
}

/** Index of the flow that the one on top belongs to: its caller, its caller's caller. */
export function rootOf(frames: readonly Frame[]): number {
  let index = frames.length - 1;
  while (index > 0 && frames[index]?.by === 'call') index--;
  return index;
}

/** Takes the frame off the stack with what it waits for. */
export function drop(stage: Stage, frame: Frame): void {
  stage.clearTimers(frame);
  stage.unlisten(frame);
  stage.state.frames = stage.state.frames.filter((each) => each !== frame);
  if (stage.state.offer?.frame === frame.id) delete stage.state.offer;
  if (stage.state.form?.frame === frame.id) delete stage.state.form;
}

export const moves: Moves = {
  push(stage, flow, by, inputs) {
    const program = stage.bot.programs.get(flow);
    if (!program) throw new Error(`The flow ${flow} is not loaded.`);
    const below = stage.top;
    if (below) below.waiting = true;
    if (by !== 'repair' && stage.state.frames.length >= DEPTH) {
      stage.record('flow.error', { flow, code: 'flow.too_deep' });
      throw new ParleyError('expression.too_deep', `More than ${DEPTH} flows would run inside each other.`);
    }
    const slots: Record<string, Json> = {};
    for (const [name, value] of Object.entries(inputs)) if (value !== null) slots[name] = value;
    stage.state.frames.push({
      id: stage.state.next++,
      flow,
      version: program.version,
      by,
      pc: 0,
      waiting: false,
      step: '',
      hash: '',
      slots,
    });
    if (by !== 'repair') stage.record('flow.started', { flow, by });
  },

  finish(stage, outcome, value) {
    const frame = stage.frame;
    if (saysItself(stage, frame)) {
      frame.outcome = outcome;
      return runHandler(stage, frame, 'completed', { flow: frame.flow, outcome });
    }
    drop(stage, frame);
    if (frame.by === 'repair') afterRepair(stage, frame, outcome);
    else {
      stage.record('flow.ended', { flow: frame.flow, outcome });
      noteEnding(stage, frame, outcome);
      afterFlow(stage, frame, outcome, value);
    }
  },

  link(stage, flow, inputs) {
    const { frames } = stage.state;
    const root = frames[rootOf(frames)];
    for (const frame of frames.slice(rootOf(frames))) {
      drop(stage, frame);
      if (frame.by !== 'repair') stage.record('flow.ended', { flow: frame.flow, outcome: 'linked' });
    }
    moves.push(stage, flow, root?.by === 'digression' ? 'digression' : 'start', inputs);
  },

  repair(stage, pattern, inputs) {
    const handler = handlerFor(stage, pattern);
    if (handler) return runHandler(stage, handler, pattern, inputs);
    const name = repairName(pattern);
    const top = stage.top;
    // Two corrections in one breath: it is about to speak already.
    if (top?.flow === name && !top.waiting) return;
    const repeated = stage.state.frames.some((frame) => frame.flow === name);
    if (stage.bot.programs.has(name) && !repeated) return moves.push(stage, name, 'repair', inputs);
    // No such repair flow, or it has run into itself: do what the pattern is for, without words of its own.
    if (top) top.waiting = true;
    if (pattern === 'error' || pattern === 'handoff')
      stage.say({ text: stage.phrase(pattern === 'error' ? 'error' : 'handoff_filed') });
    settle(stage, pattern, pattern === 'cancel' ? 'abandoned' : 'escalated');
  },
};

/** The nearest flow that answers the pattern itself. Only a pattern that ends the flow on top may reach past it to its callers. */
function handlerFor(stage: Stage, pattern: string): Frame | undefined {
  const { frames } = stage.state;
  const top = frames.at(-1);
  if (!top || top.by === 'repair') return undefined;
  const reach = pattern === 'cancel' || pattern === 'error' ? rootOf(frames) : frames.length - 1;
  for (let index = frames.length - 1; index >= reach; index--) {
    const frame = frames[index];
    if (frame && stage.program(frame).on.has(pattern) && !frame.back?.length) return frame;
  }
  return undefined;
}

/** Has the flow a last word of its own? Only one that nothing called and that has interrupted nothing. */
function saysItself(stage: Stage, frame: Frame): boolean {
  const alone = stage.state.frames.length === 1 && frame.by !== 'repair' && !stage.state.human;
  return alone && frame.outcome === undefined && stage.program(frame).on.has('completed');
}

/** Runs the flow's own block for a pattern; afterwards it goes on where it was. */
function runHandler(stage: Stage, frame: Frame, pattern: string, inputs: Readonly<Record<string, Json>>): void {
  for (const above of stage.state.frames.slice(stage.state.frames.indexOf(frame) + 1)) drop(stage, above);
  // What waits for the world goes on waiting, within its time; a question that is asked again begins its time anew.
  if (!stage.op(frame).parks) stage.clearTimers(frame);
  frame.back = [frame.waiting ? frame.pc : -1 - frame.pc];
  frame.pc = stage.program(frame).on.get(pattern) ?? 0;
  frame.waiting = false;
  for (const [name, value] of Object.entries(inputs))
    if (!(name in stage.program(frame).slots)) frame.slots[name] = value;
}

/** What a survey about a human is about: no flow is named so. */
const HUMAN = 'human';

/** A business flow has ended: its caller takes the result, or what it had interrupted goes on. */
function afterFlow(stage: Stage, frame: Frame, outcome: string, value: JsonObject | undefined): void {
  const below = stage.top;
  if (frame.by === 'call') {
    const op = below && stage.op(below);
    if (below && op?.back) wake(stage, below, () => op.back?.(stage, value, outcome) ?? WAIT);
  } else if (below) resumeAfterDigression(stage, below);
  else if (stage.state.human || stage.state.wishes) return;
  else if (mayAskHowItWas(stage, frame.flow, outcome)) askHowItWas(stage, frame.flow, outcome);
  else if (frame.outcome === undefined && stage.hasRepair('completed'))
    moves.push(stage, repairName('completed'), 'repair', { flow: frame.flow, outcome });
}

/** A human has closed the conversation, and the business wants to know how that was. */
export function askHowHumanWas(stage: Stage, outcome: string): void {
  if (mayAskHowHumanWas(stage)) askHowItWas(stage, HUMAN, outcome);
}

function askHowItWas(stage: Stage, flow: string, outcome: string): void {
  noteAsked(stage);
  moves.push(stage, repairName('csat'), 'repair', { flow, outcome });
}

function resumeAfterDigression(stage: Stage, below: Frame): void {
  const asks = stage.op(below).again !== undefined || below.arrived !== undefined;
  if (!asks || below.by === 'repair') return again(stage, below);
  const root = stage.state.frames[rootOf(stage.state.frames)];
  stage.focus(below);
  stage.repair('digression_resume', { flow: root ? stage.program(root).header.description : '' });
}

/** A repair flow has ended: the interrupted flow goes on where it was, unless the repair was its end. */
function afterRepair(stage: Stage, frame: Frame, outcome: string): void {
  settle(stage, frame.flow.slice(repairName('').length), outcome);
}

/** Does what a pattern is for, once its words are said. */
function settle(stage: Stage, pattern: string, outcome: string): void {
  if (pattern === 'knowledge' && outcome === 'not_found') return notUnderstood(stage);
  const ends =
    (pattern === 'cancel' && outcome === 'abandoned') ||
    (pattern === 'inactivity' && outcome === 'abandoned') ||
    (pattern === 'cannot_handle' && outcome === 'escalated') ||
    pattern === 'error' ||
    // After words of danger nobody is asked for an order number.
    pattern === 'unsafe';
  if (ends) endInterrupted(stage, pattern === 'cancel' || pattern === 'inactivity' ? 'abandoned' : 'escalated');
  else {
    const below = stage.top;
    if (below?.waiting) again(stage, below);
  }
}

/** No flow was meant, and no document answers. */
function notUnderstood(stage: Stage): void {
  stage.state.lost = (stage.state.lost ?? 0) + 1;
  moves.repair(stage, 'cannot_handle', { times: stage.state.lost, busy: false, given_up: false });
}

/** Ends the flow that was interrupted, with its callers; what that one had interrupted goes on. */
function endInterrupted(stage: Stage, outcome: string): void {
  endGroup(stage, outcome);
  const below = stage.top;
  if (below) resumeAfterDigression(stage, below);
}

/** Ends the flow on top with its callers, without a word. */
function endGroup(stage: Stage, outcome: string): void {
  const { frames } = stage.state;
  if (frames.length === 0) return;
  for (const frame of frames.slice(rootOf(frames))) {
    drop(stage, frame);
    if (frame.by !== 'repair') stage.record('flow.ended', { flow: frame.flow, outcome });
  }
}

/** A repair that is still talking gives way to what the customer wants instead. What had failed beneath it is over. */
export function leaveRepairs(stage: Stage): void {
  for (let frame = stage.top; frame?.by === 'repair'; frame = stage.top) {
    drop(stage, frame);
    if (frame.flow === repairName('error')) endGroup(stage, 'escalated');
  }
}
