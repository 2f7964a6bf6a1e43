import type { Frame } from '../flow/frame.ts';
import { repairName } from '../flow/library.ts';
import type { Program } from '../flow/program.ts';
import type { Bot } from './bot.ts';
import { drop, moves, unpark } from './stack.ts';
import type { Stage } from './stage.ts';

/** What becomes of a running flow when its file has changed. */
export type Fate =
  | { readonly fate: 'same' }
  /** It finishes in the version it began in. */
  | { readonly fate: 'pin' }
  /** It goes on in the new version, at the step of the same id. */
  | { readonly fate: 'migrate'; readonly place: Place }
  | { readonly fate: 'restart' }
  | { readonly fate: 'handoff' };

/**
 * Decides it, for a turn and for the dry run of a deployment alike. `on_update` of the *new* version rules; what it asks for but
 * cannot be had falls to the next best: a migration needs the step unchanged and the slots of the same types, a pin needs the old
 * version still loaded.
 */
export function fateOf(frame: Frame, bot: Pick<Bot, 'programs' | 'versions'>): Fate {
  const current = bot.programs.get(frame.flow);
  if (current?.version === frame.version) return { fate: 'same' };
  const old = bot.versions.get(frame.version);
  if (!current) return old ? { fate: 'pin' } : { fate: 'handoff' };
  const { onUpdate, urgent } = current.header;
  // What has been done is not silently done again: a human looks at it.
  const restart = frame.writes?.length ? ('handoff' as const) : ('restart' as const);
  if (onUpdate === 'handoff') return { fate: 'handoff' };
  if (onUpdate === 'restart') return { fate: restart };
  if (onUpdate === 'pin' && old && !urgent) return { fate: 'pin' };
  const place = placeIn(current, frame, old);
  if (place) return { fate: 'migrate', place };
  return old && !urgent ? { fate: 'pin' } : { fate: restart };
}

/** The frame's position in another version. */
interface Place {
  readonly pc: number;
  readonly trail: readonly number[];
  readonly writes: readonly number[];
}

/** Where the frame's step is in the new version, if it is still the same step with the same values to work with. */
function placeIn(current: Program, frame: Frame, old: Program | undefined): Place | undefined {
  const step = sameStep(current, frame.step);
  if (!step || step.hash !== frame.hash || frame.back?.length) return undefined;
  const changed = Object.keys(frame.slots).some((name) => {
    const before = old?.slots[name]?.type;
    const after = current.slots[name]?.type;
    return before !== undefined && JSON.stringify(before) !== JSON.stringify(after);
  });
  const writes = (frame.writes ?? []).map((pc) => moved(pc, current, old));
  if (changed || writes.includes(undefined)) return undefined;
  const trail = (frame.trail ?? []).map((pc) => moved(pc, current, old));
  const known = (pc: number | undefined) => pc !== undefined;
  return { pc: step.pc, trail: trail.filter(known), writes: writes.filter(known) };
}

function sameStep(program: Program, id: string): Program['steps'][number] | undefined {
  return program.steps.find((step) => step.id === id) ?? program.steps.find(({ was }) => was === id);
}

/** The same operation in the new version: as far into the same, unchanged step. */
function moved(pc: number, current: Program, old: Program | undefined): number | undefined {
  const before = old?.steps[old.ops[pc]?.step ?? -1];
  const after = before && sameStep(current, before.id);
  return after && after.hash === before.hash ? after.pc + pc - before.pc : undefined;
}

/** Brings every running flow to a version that is loaded, before anything else happens in the turn. */
export function reconcile(stage: Stage): void {
  const { state } = stage;
  reconcileGroup(stage, state.frames, false);
  for (const group of state.parked ?? []) reconcileGroup(stage, group, true);
}

function reconcileGroup(stage: Stage, frames: readonly Frame[], isParked: boolean): void {
  const { bot } = stage;
  let changed: Frame | undefined;
  for (const frame of frames) {
    if (bot.programs.get(frame.flow)?.version === frame.version) continue;
    const fate = fateOf(frame, bot);
    const version = bot.programs.get(frame.flow)?.version ?? frame.version;
    if (fate.fate === 'same' || fate.fate === 'pin') continue;
    stage.record('flow.updated', { flow: frame.flow, fate: fate.fate });
    if (fate.fate === 'handoff') return giveUp(stage, frames, isParked);
    if (fate.fate === 'migrate') move(frame, version, fate.place);
    else {
      stage.clearTimers(frame);
      stage.unlisten(frame);
      restart(stage, frame, version);
      changed ??= frame;
    }
  }
  if (!changed) return;
  if (isParked) unpark(stage, frames as Frame[]);
  startAgain(stage, changed);
}

/** Same step, new place. What cannot be found again of what ran before is forgotten: a correction then asks instead of undoing. */
function move(frame: Frame, version: string, { pc, trail, writes }: Place): void {
  frame.version = version;
  frame.pc = pc;
  frame.trail = [...trail];
  if (writes.length > 0) frame.writes = [...writes];
  delete frame.skip;
}

/** From its first step, with what was said so far. A new id, so that its writes have keys of their own. */
function restart(stage: Stage, frame: Frame, version: string): void {
  const { flow, by, slots } = frame;
  for (const key of Object.keys(frame)) delete (frame as unknown as Record<string, unknown>)[key];
  const id = stage.state.next++;
  Object.assign(frame, { id, flow, by, version, pc: 0, waiting: false, step: '', hash: '', slots });
}

/** The flows above a restarted one were called or opened by steps that may be gone. */
function startAgain(stage: Stage, frame: Frame): void {
  for (let above = stage.top; above && above !== frame; above = stage.top) drop(stage, above);
  if (!stage.hasRepair('version_changed')) return;
  stage.focus(frame);
  const { description } = stage.program(frame).header;
  moves.push(stage, repairName('version_changed'), 'repair', { flow: description });
  frame.waiting = false;
}

/** The business wants a human to look at these conversations. */
function giveUp(stage: Stage, frames: readonly Frame[], isParked: boolean): void {
  if (isParked) unpark(stage, frames as Frame[]);
  for (const frame of frames.toReversed()) drop(stage, frame);
  const below = stage.top;
  const isMoving = below?.waiting === false;
  if (below) stage.focus(below);
  stage.repair('handoff', { reason: 'version_changed' });
  if (isMoving && stage.top !== below) below.waiting = false;
}
