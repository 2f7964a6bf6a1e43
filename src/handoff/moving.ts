import type { Effect } from '../effect.ts';
import type { JsonObject } from '../type.ts';
import { botSpeaks, type Control } from './control.ts';

/** What stays of control where a conversation was until now: the bot is free here, and what was open goes on elsewhere. */
export function leaving(control: Control, now: number): Control {
  const { epoch, version, stretch } = control;
  const left = { at: 'bot', since: now, epoch: epoch + (botSpeaks(control) ? 0 : 1), version: version + 1 } as const;
  if (stretch === undefined) return left;
  const { kept: _, ...rest } = stretch;
  return { ...left, stretch: { ...rest, clocks: [], ended: { outcome: 'moved', at: now } } };
}

/** What goes on elsewhere takes along who has it, and what was asked of the humans. */
export function carrying(effect: Effect, control: Control): Effect {
  if (effect.kind !== 'hand_on' || effect.event.kind !== 'continued') return effect;
  const { listeners = {} } = effect.goes ?? {};
  const tasks = control.tasks?.map((task) =>
    task.listener === undefined ? task : { ...task, listener: listeners[task.listener] ?? task.listener },
  );
  const carried = tasks === undefined ? control : { ...control, tasks };
  const state = { ...effect.event.state, desk: carried as unknown as JsonObject };
  return { ...effect, event: { ...effect.event, state } };
}

/** It has come from another app. */
export function arriving(here: Control, carried: Control): Control {
  const changes = botSpeaks(here) && botSpeaks(carried) ? 0 : 1;
  return {
    ...carried,
    epoch: Math.max(here.epoch, carried.epoch) + changes,
    version: Math.max(here.version, carried.version) + 1,
  };
}
