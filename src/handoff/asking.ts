import type { Effect, Handoff } from '../effect.ts';
import type { Event } from '../event.ts';
import type { Control, Happening, Task } from './control.ts';

/** The event by which a flow hears of a decision that it waits for. */
export const DECIDED = 'handoff.decided';

/** What one effect of a flow asks of the humans; `undefined`: nothing. */
export function askedBy(effect: Effect, effects: readonly Effect[], { tasks = [] }: Control, now: number) {
  if (effect.kind === 'handoff') return effect.mode === 'transfer' ? requestOf(effect) : filed(effect, effects, now);
  if (effect.kind !== 'unlisten') return undefined;
  const task = tasks.find(({ listener }) => listener === effect.id);
  return task && ({ on: 'lapsed', task: task.id, why: 'over' } satisfies Happening);
}

/** Somebody has decided by another door than the desk. */
export function decidedBy(event: Event, { tasks = [] }: Control): Happening | undefined {
  if (event.kind !== 'signal' || event.name !== DECIDED) return undefined;
  const task = tasks.find(({ id }) => id === event.data.handoff);
  return task && { on: 'lapsed', task: task.id, why: 'decided' };
}

function requestOf({ id, queue, priority, reason, attach, timeout }: Handoff): Happening {
  return { on: 'requested', id, queue, priority, reason, attach, ...(timeout === undefined ? {} : { timeout }) };
}

/** An approval stands open as long as its flow listens for it. */
function filed(
  { id, mode, queue, priority, reason, attach }: Handoff,
  effects: readonly Effect[],
  at: number,
): Happening {
  const listening = effects.find((one) => one.kind === 'listen' && one.event === DECIDED && one.match.handoff === id);
  const task: Task = {
    ...{ id, mode: mode === 'approval' ? mode : 'background', queue, priority, reason, attach, at },
    ...(listening?.kind === 'listen' ? { listener: listening.id } : {}),
  };
  return { on: 'filed', task };
}
