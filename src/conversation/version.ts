import type { Frame } from '../flow/frame.ts';
import type { Program } from '../flow/program.ts';
import type { Bot } from './bot.ts';
import type { Stage } from './stage.ts';

/** What becomes of a running flow when its file has changed. */
export type Fate =
  | { readonly fate: 'same' }
  /** It finishes in the version it began in. */
  | { readonly fate: 'pin' }
  /** It goes on in the new version, at the step of the same id. */
  | { readonly fate: 'migrate'; readonly pc: number }
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
  if (onUpdate === 'handoff' || onUpdate === 'restart') return { fate: onUpdate };
  if (onUpdate === 'pin' && old && !urgent) return { fate: 'pin' };
  const pc = placeIn(current, frame, old);
  if (pc !== undefined) return { fate: 'migrate', pc };
  return old && !urgent ? { fate: 'pin' } : { fate: 'restart' };
}

/** Where the frame's step is in the new version, if it is still the same step with the same values to work with. */
function placeIn(current: Program, frame: Frame, old: Program | undefined): number | undefined {
  const step = current.steps.find(({ id }) => id === frame.step) ?? current.steps.find(({ was }) => was === frame.step);
  if (!step || (step.id === frame.step && step.hash !== frame.hash)) return undefined;
  const changed = Object.keys(frame.slots).some((name) => {
    const before = old?.slots[name]?.type;
    const after = current.slots[name]?.type;
    return before !== undefined && JSON.stringify(before) !== JSON.stringify(after);
  });
  return changed || frame.back?.length ? undefined : step.pc;
}

/** Brings every running flow to a version that is loaded, before anything else happens in the turn. */
export function reconcile(stage: Stage): void {
  const { state, bot } = stage;
  let changed: Frame | undefined;
  let lost = false;
  for (const frame of [...state.frames, ...(state.parked ?? []).flat()]) {
    if (bot.programs.get(frame.flow)?.version === frame.version) continue;
    const fate = fateOf(frame, bot);
    const version = bot.programs.get(frame.flow)?.version ?? frame.version;
    if (fate.fate === 'same' || fate.fate === 'pin') continue;
    stage.record('flow.updated', { flow: frame.flow, fate: fate.fate });
    if (fate.fate === 'handoff') lost = true;
    else if (fate.fate === 'migrate') move(frame, version, fate.pc);
    else {
      stage.clearTimers(frame);
      restart(frame, version);
      changed = frame;
    }
  }
  if (lost) giveUp(stage);
  else if (changed) startAgain(stage, changed);
}

/** Same step, new place. What ran before it is unknown to the new version: a correction asks again instead of undoing. */
function move(frame: Frame, version: string, pc: number): void {
  frame.version = version;
  frame.pc = pc;
  delete frame.trail;
  delete frame.writes;
  delete frame.skip;
}

function restart(frame: Frame, version: string): void {
  const { id, flow, by, slots } = frame;
  for (const key of Object.keys(frame)) delete (frame as unknown as Record<string, unknown>)[key];
  Object.assign(frame, { id, flow, by, version, pc: 0, waiting: false, step: '', hash: '', slots });
}

/** The flows above a restarted one were called or opened by steps that may be gone. */
function startAgain(stage: Stage, frame: Frame): void {
  const { frames } = stage.state;
  const index = frames.indexOf(frame);
  if (index < 0) return;
  for (const above of frames.splice(index + 1)) stage.clearTimers(above);
  stage.focus(frame);
  const description = stage.program(frame).header.description;
  if (!stage.hasRepair('version_changed')) return;
  stage.repair('version_changed', { flow: description });
  frame.waiting = false;
}

/** The business wants a human to look at these conversations. */
function giveUp(stage: Stage): void {
  for (const frame of stage.state.frames) stage.clearTimers(frame);
  stage.state.frames = [];
  stage.repair('handoff', { reason: 'version_changed' });
}
