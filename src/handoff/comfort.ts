import type { Control } from './control.ts';
import type { Counter } from './counter.ts';
import type { Desk } from './desk.ts';

/** Where she waits for a human. */
const WAITING = ['queued', 'offered'];
const MOST = 1_000;
/** Milliseconds that a desk may be down before who waits hears of it: most faults are over sooner. */
const PATIENCE = 60_000;

/** Tells who waits, once for each wait, that no human can be reached: a desk is down, and at the others nobody looks on. */
export function openComfort(counter: Counter, desks: readonly Pick<Desk, 'health'>[]): (now: number) => Promise<void> {
  const told = new Set<string>();

  return async (now) => {
    if (!areOut(desks, now)) return told.clear();
    for (const { conversation, control } of await counter.store.desk.stands(WAITING, MOST)) {
      const { stretch } = control as unknown as Control;
      const command = `unreachable:${stretch?.id ?? conversation}`;
      if (told.has(command)) continue;
      // Given again after a restart, it is the same command, and she is not told again.
      await counter.give({ conversation, command, happening: { on: 'unreachable' } });
      told.add(command);
    }
  };
}

function areOut(desks: readonly Pick<Desk, 'health'>[], now: number): boolean {
  const health = desks.map((desk) => desk.health?.() ?? ({ is: 'manned' } as const));
  return (
    health.every(({ is }) => is !== 'manned') && health.some((one) => one.is === 'down' && now - one.since >= PATIENCE)
  );
}
