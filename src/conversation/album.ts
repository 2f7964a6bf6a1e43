import { read, store } from '../flow/slot.ts';
import type { JsonObject } from '../type.ts';
import type { Stage } from './stage.ts';

/**
 * Pictures that she has sent at once come as a message each. The first answers the question; the others join its answer, though the
 * next question may be open by then. As many as the question takes: a flow that wants four photos has no use for a fifth.
 * Returns whether they belonged to an answer.
 */
export function joinAlbum(stage: Stage, id: string | undefined, files: readonly JsonObject[]): boolean {
  const { album, frames, parked = [] } = stage.state;
  if (id === undefined || album?.id !== id) return false;
  const frame = [...frames, ...parked.flat()].find((each) => each.id === album.frame);
  if (frame === undefined) return true;
  const program = stage.program(frame);
  const spec = program.slots[album.slot];
  const op = program.ops[program.asks.get(album.slot) ?? -1];
  if (spec === undefined || op === undefined) return true;
  stage.focus(frame);
  const before = read(stage, spec);
  const whole = op.check?.(stage, [...(Array.isArray(before) ? before : []), ...files]);
  if (whole !== undefined) store(stage, spec, whole);
  if (stage.top !== undefined) stage.focus(stage.top);
  return true;
}

/** What the first of an album has answered, if it was taken. */
export function rememberAlbum(stage: Stage, id: string | undefined, frame: number, slot: string): void {
  if (id !== undefined) stage.state.album = { id, frame, slot };
  else delete stage.state.album;
}
