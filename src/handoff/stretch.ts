import { begin, type Verdict } from './clocks.ts';
import type { Deed, Stretch } from './control.ts';
import { type ClockKind, type Policy, queueOf } from './policy.ts';

/** What the steps of control do to the humans' part of a conversation, and tell of it. */
export function startClocks(stretch: Stretch, kinds: readonly ClockKind[], policy: Policy, now: number): Stretch {
  const queue = queueOf(policy, stretch.queue);
  return { ...stretch, clocks: kinds.reduce((clocks, kind) => begin(clocks, kind, queue, now), stretch.clocks) };
}

/** How promises were kept, for the figures. */
export function told(stretch: Stretch, verdicts: readonly Verdict[]): Deed[] {
  return verdicts.map(({ clock, met, at }) =>
    record(met ? 'sla.met' : 'sla.missed', stretch, { clock: clock.kind, took: at - clock.since }),
  );
}

export function record(name: string, { id, queue }: Stretch, data: Readonly<Record<string, string | number>>): Deed {
  return { do: 'record', name, data: { handoff: id, queue, ...data } };
}

type Optional = {
  [Name in keyof Stretch]-?: undefined extends Stretch[Name] ? Name : never;
}[keyof Stretch];

/** Without these. */
export function dropped(stretch: Stretch, ...names: readonly Optional[]): Stretch {
  const rest: { -readonly [Name in keyof Stretch]: Stretch[Name] } = { ...stretch };
  for (const name of names) delete rest[name];
  return rest;
}
