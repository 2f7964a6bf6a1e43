import { afterOpenTime } from './hours.ts';
import type { ClockKind, Queue } from './policy.ts';

/**
 * A promise about time. When it is due is decided when it begins, by the hours that hold then: what is changed in the calendar
 * afterwards judges nobody anew. It is missed at that instant, not when somebody gets around to answering.
 */
export interface Clock {
  readonly kind: ClockKind;
  readonly since: number;
  /** `undefined`: the team never opens again, so nothing can be missed. */
  readonly due?: number;
}

export interface Verdict {
  readonly clock: Clock;
  readonly met: boolean;
  readonly at: number;
}

/** Begins one, unless it runs already or nothing is promised. */
export function begin(clocks: readonly Clock[], kind: ClockKind, queue: Queue, now: number): readonly Clock[] {
  const promised = queue.sla[kind];
  if (promised === undefined || clocks.some((clock) => clock.kind === kind)) return clocks;
  const due = afterOpenTime(queue.hours, now, promised);
  return [...clocks, due === undefined ? { kind, since: now } : { kind, since: now, due }];
}

/** The promise is kept: the clock stops. */
export function keep(
  clocks: readonly Clock[],
  kinds: readonly ClockKind[],
  now: number,
): { readonly clocks: readonly Clock[]; readonly verdicts: readonly Verdict[] } {
  const kept = clocks.filter(({ kind }) => kinds.includes(kind));
  return {
    clocks: clocks.filter((clock) => !kept.includes(clock)),
    verdicts: kept.map((clock) => ({ clock, met: true, at: now })),
  };
}

/** The earliest that has run out; `undefined`: none has. */
export function expired(clocks: readonly Clock[], now: number): Clock | undefined {
  return clocks.filter(({ due }) => due !== undefined && due <= now).toSorted((a, b) => (a.due ?? 0) - (b.due ?? 0))[0];
}

export function without(clocks: readonly Clock[], gone: Clock): readonly Clock[] {
  return clocks.filter((clock) => clock !== gone);
}
