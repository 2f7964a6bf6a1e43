import type { Frame } from '../flow/frame.ts';
import { repairName } from '../flow/library.ts';
import type { Op, Program } from '../flow/program.ts';
import { read, store } from '../flow/slot.ts';
import type { Json } from '../type.ts';
import { again, drop, unpark } from './stack.ts';
import type { Stage } from './stage.ts';

/**
 * The customer changes an earlier answer. What was read or computed from it is dropped, consents that cover it are withdrawn, and the
 * flow goes back to the earliest step it affects. A write that depended on it has happened and is never silently redone:
 * `on.correction` decides, by default with a human. Returns whether there was anything to correct.
 */
export function correct(stage: Stage, slot: string, value: Json | undefined): boolean {
  const frame = holderOf(stage, slot);
  if (!frame) return false;
  stage.focus(frame);
  const program = stage.program(frame);
  const spec = program.slots[slot];
  const asked = program.asks.get(slot);
  const op = asked === undefined ? undefined : program.ops[asked];
  if (!spec || asked === undefined || !op) return false;

  if (value !== undefined && same(value, read(stage, spec))) return true;
  const reach = reachOf(program, frame, slot, asked);
  if (reach.written) {
    explain(stage, frame, { slot, value: shown(stage, op, value), written: true });
    return true;
  }
  const accepted = value === undefined ? undefined : op.check?.(stage, value);
  store(stage, spec, accepted ?? null);
  for (const name of reach.results) delete frame.slots[name];
  withdraw(stage, program, frame);

  const target = accepted === undefined ? asked : reach.first;
  if (target !== undefined && isBehind(frame, target)) {
    dropAbove(stage, frame);
    rewind(stage, program, frame, target, reach.affected);
  } else keepUndone(frame, reach.affected);
  if (accepted !== undefined) announce(stage, { slot, value: shown(stage, op, accepted), written: false });
  else if (target === undefined && stage.top?.waiting) again(stage, stage.top);
  return true;
}

/** Has the flow been there? A question that still lies ahead will ask by itself. */
function isBehind(frame: Frame, target: number): boolean {
  return frame.trail?.includes(target) === true || target < frame.pc;
}

/** What an earlier correction spared, but this one touches, is done again after all. */
function keepUndone(frame: Frame, affected: ReadonlySet<number>): void {
  const spared = frame.skip?.filter((pc) => !affected.has(pc)) ?? [];
  if (spared.length > 0) frame.skip = spared;
  else delete frame.skip;
}

function same(a: Json, b: Json): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

interface Correction {
  readonly slot: string;
  readonly value: string;
  readonly written: boolean;
  readonly [name: string]: Json;
}

/** What has been done cannot be changed: the flow's own words on that, or the repair flow's, and nothing moves. */
function explain(stage: Stage, frame: Frame, correction: Correction): void {
  const above = stage.state.frames[stage.state.frames.indexOf(frame) + 1];
  // A flow that waits for one it has called has nowhere to go back to without it: then the repair flow speaks, on top of both.
  if (stage.program(frame).on.has('correction') && above?.by !== 'call') dropAbove(stage, frame);
  if (stage.top) stage.focus(stage.top);
  stage.repair('correction', correction);
}

/** The innermost running flow that knows the slot, or the last one that waits for the world. */
function holderOf(stage: Stage, slot: string): Frame | undefined {
  const holds = (frame: Frame) => {
    stage.focus(frame);
    const spec = frame.by === 'repair' ? undefined : stage.program(frame).slots[slot];
    return spec !== undefined && read(stage, spec) !== null;
  };
  const running = stage.state.frames.findLast(holds);
  if (running) return running;
  for (const group of (stage.state.parked ?? []).toReversed()) {
    const frame = group.findLast(holds);
    if (frame) {
      unpark(stage, group);
      return frame;
    }
  }
  return undefined;
}

interface Reach {
  /** Operations that read the slot, or what was computed from it. */
  readonly affected: ReadonlySet<number>;
  /** The first of them to have run. */
  readonly first: number | undefined;
  /** Results that are no longer true. */
  readonly results: ReadonlySet<string>;
  readonly written: boolean;
}

function reachOf(program: Program, frame: Frame, slot: string, asked: number): Reach {
  const stale = new Set([slot]);
  const results = new Set<string>();
  const affected = new Set<number>();
  let first: number | undefined;
  const spared = frame.skip ?? [];
  for (const pc of [...(frame.trail ?? []), ...spared]) {
    const op = program.ops[pc];
    if (!op || pc === asked || !op.reads.some((name) => stale.has(name))) continue;
    affected.add(pc);
    if (!spared.includes(pc)) first ??= pc;
    // A later question keeps its answer, which is validated again and may change; what was looked up or computed is gone.
    for (const name of op.writes) {
      stale.add(name);
      if (op.asks === undefined) results.add(name);
    }
  }
  return { affected, first, results, written: writesOf(program, frame).some((pc) => affected.has(pc)) };
}

/** What it has done, and what it may be doing just now. */
function writesOf(program: Program, frame: Frame): readonly number[] {
  const done = frame.writes ?? [];
  return frame.pending && program.ops[frame.pc]?.effect ? [...done, frame.pc] : done;
}

function withdraw(stage: Stage, program: Program, frame: Frame): void {
  for (const [name, hash] of Object.entries(frame.confirms ?? {})) {
    if (program.confirms.get(name)?.(stage) === hash) continue;
    const { [name]: _withdrawn, ...others } = frame.confirms ?? {};
    frame.confirms = others;
  }
}

function rewind(stage: Stage, program: Program, frame: Frame, target: number, affected: ReadonlySet<number>): void {
  stage.clearTimers(frame);
  stage.unlisten(frame);
  const trail = frame.trail ?? [];
  const later = trail.slice(Math.max(trail.indexOf(target), 0));
  const passed = new Set([...later, ...(frame.skip ?? [])]);
  frame.skip = [...passed].filter((pc) => pc !== target && !affected.has(pc) && isDone(program.ops[pc], frame));
  if (frame.skip.length === 0) delete frame.skip;
  frame.trail = trail.slice(0, trail.length - later.length);
  delete frame.tries;
  delete frame.pending;
  delete frame.arrived;
  delete frame.back;
  frame.pc = target;
  frame.waiting = false;
}

/** Did it finish, and is what it found still there? */
function isDone(op: Op | undefined, frame: Frame): boolean {
  return op?.next !== undefined && op.writes.every((name) => name in frame.slots);
}

function dropAbove(stage: Stage, frame: Frame): void {
  for (let above = stage.top; above && above !== frame; above = stage.top) drop(stage, above);
}

/** Says that it was understood; the flow then goes on where the correction took it. */
function announce(stage: Stage, correction: Correction): void {
  const frame = stage.top;
  // Several corrections in one breath are acknowledged once.
  if (!frame || frame.flow === repairName('correction')) return;
  const speaks = stage.hasRepair('correction') || stage.program(frame).on.has('correction');
  if (!speaks) {
    if (frame.waiting) again(stage, frame);
    return;
  }
  const isMoving = !frame.waiting;
  stage.focus(frame);
  stage.repair('correction', correction);
  if (isMoving && stage.top !== frame) frame.waiting = false;
}

/** As the customer knows it: by the label it was offered under. */
function shown(stage: Stage, op: Op, value: Json | undefined): string {
  if (value === undefined) return '';
  const label = op.label?.(stage, value);
  return label ?? (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
}
