import type { Call, Effect } from '../effect.ts';
import type { Outcome } from '../event.ts';
import type { Scene, TakeTurn, Turn } from '../turn.ts';

/** A turn, and the reads that were begun for it and have not answered yet. */
export interface GraciousTurn {
  readonly turn: Turn;
  readonly running: ReadonlyMap<string, Promise<Outcome>>;
}

/**
 * A turn, of which `first` has been taken, with its quick reads: what it wants to read is read at once, and if all of it answers within the grace, the answers are
 * taken into the same turn, and so on for what those want to read. What is slower stays an effect of the turn, to be committed while
 * it runs on. To read again after a crash harms nobody, so none of this is on disk before its turn is.
 */
export async function takeGraciously(
  take: TakeTurn,
  first: Turn,
  scene: Scene,
  abilities: { read: (call: Call) => Promise<Outcome>; grace: number },
): Promise<GraciousTurn> {
  let latest = first;
  let fresh: readonly Effect[] = first.effects;
  const effects: Effect[] = [];
  const running = new Map<string, Promise<Outcome>>();
  const redacted = first.redacted === undefined ? {} : { redacted: first.redacted };
  const end = (rest: readonly Effect[]): GraciousTurn => ({
    turn: { state: latest.state, effects: [...effects, ...rest], ...redacted },
    running,
  });

  for (let round = 0; round < ROUNDS; round += 1) {
    const reads = fresh.filter(isQuickRead);
    if (reads.length === 0) break;
    const answers = reads.map(abilities.read);
    const outcomes = await within(abilities.grace, Promise.all(answers));
    if (outcomes === undefined) {
      reads.forEach((call, index) => {
        running.set(call.id, answers[index]!);
      });
      break;
    }
    effects.push(...fresh.filter((effect) => !isQuickRead(effect)));
    const next: Effect[] = [];
    reads.forEach((call, index) => {
      latest = take(latest.state, { kind: 'result', call: call.id, outcome: outcomes[index]! }, scene);
      next.push(...latest.effects);
    });
    fresh = next;
  }
  return end(fresh);
}

/** A read that may be done at once and awaited. */
export function isQuickRead(effect: Effect): effect is Call {
  return effect.kind === 'call' && effect.effect === 'read' && effect.notBefore === undefined;
}

/** A flow that goes on reading after so many rounds gets the rest as events, and others a turn meanwhile. */
const ROUNDS = 8;

async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  let cancel = () => {};
  const late = new Promise<undefined>((resolve) => {
    cancel = after(milliseconds, () => resolve(undefined));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancel();
  }
}

/** After 0 milliseconds is: once everything that is ready has run. */
function after(milliseconds: number, run: () => void): () => void {
  if (milliseconds === 0) {
    const immediate = setImmediate(run);
    return () => clearImmediate(immediate);
  }
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
}
