/**
 * What was understood of a value before it was asked for is told with the next question, so that a wrong guess can be corrected: "Noted:
 * AB123456 · It is damaged".
 */
import { type Json, required } from '../type.ts';
import { showValue } from './message/show-value.ts';
import type { SlotSpec } from './program.ts';
import type { Run } from './run.ts';

/** More is no short line: the rest is told by the question after it. */
const MOST = 4;
/** UTF-16 units of one value. */
const LONGEST = 60;

/** The slot's value was said before its question came; `note` tells what of, once that question has judged it. */
export function markSaid({ frame }: Run, slot: string): void {
  frame.noted = { ...frame.noted, [slot]: '' };
}

/** The value holds: it is told, as she knows it. */
export function note(run: Run, slot: SlotSpec, value: Json, label: string | undefined): void {
  const { frame } = run;
  if (frame.noted?.[slot.name] === undefined) return;
  const shown = slot.sensitive === 'payment' ? undefined : (label ?? plainly(run, slot, value));
  if (shown === undefined || shown === '') forget(run, [slot.name]);
  else frame.noted = { ...frame.noted, [slot.name]: shown.slice(0, LONGEST).toWellFormed() };
}

/** She has answered the question itself, or the value did not hold: there is nothing to tell. */
export function unnote(run: Run, slot: string): void {
  if (run.frame.noted?.[slot] !== undefined) forget(run, [slot]);
}

/** What there is to tell before the next question, once; mostly nothing. */
export function tellNoted(run: Run): string | undefined {
  const { noted } = run.frame;
  if (noted === undefined) return undefined;
  const told = Object.keys(noted)
    .filter((name) => noted[name] !== '')
    .slice(0, MOST);
  if (told.length === 0) return undefined;
  forget(run, told);
  return run.phrase('noted', { values: told.map((name) => noted[name]).join(' · ') });
}

/** A line above a text, where there is one. */
export function below(line: string | undefined, text: string): string {
  return line === undefined ? text : `${line}\n${text}`;
}

function forget({ frame }: Run, names: readonly string[]): void {
  const rest = Object.entries(frame.noted ?? {}).filter(([name]) => !names.includes(name));
  if (rest.length > 0) frame.noted = Object.fromEntries(rest);
  else delete frame.noted;
}

function plainly(run: Run, slot: SlotSpec, value: Json): string | undefined {
  return showValue(required(slot.type), run.locale)?.(value, run);
}
