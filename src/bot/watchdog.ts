import type { Action } from '../action.ts';
import type { Log } from '../log.ts';
import type { TakeTurn } from '../turn.ts';
import type { JsonObject } from '../type.ts';

/** Milliseconds that nothing may hold up everybody else: turns take a thousandth of it. */
const LONG = 250;
const LOOK_EVERY = 100;
/** Milliseconds for which the longest hold-up is remembered, at least. */
const MEMORY = 60_000;

/** Whatever holds the whole process up, so that no other customer is answered. */
export interface Watchdog {
  /** The same turns. One that takes long is told with flow and step. */
  turn(take: TakeTurn): TakeTurn;
  /** The same action. One that calculates long instead of waiting is told by its name. */
  action(action: Action): Action;
  figures(): Slowness;
  stop(): void;
}

export interface Slowness {
  /** Turns that took long, since the process began. */
  readonly turns: number;
  /** The longest that everything had to wait in the last minute, in milliseconds. */
  readonly delay: number;
}

/** @param now milliseconds of a clock that never jumps */
export function createWatchdog(log: Log, now: () => number = () => performance.now()): Watchdog {
  let turns = 0;
  /** Until when what held the process up has been told of. */
  let told = now();
  let looked = now();
  let [longest, before, since] = [0, 0, now()];

  const timer = setInterval(() => {
    const at = now();
    const delay = at - looked - LOOK_EVERY;
    // Nobody has told who it was: an action after its first await, a garbage collection, a machine that slept.
    if (delay > LONG && told <= looked) log.warn('engine.blocked', { ms: Math.round(delay) });
    if (at - since > MEMORY) [longest, before, since] = [0, longest, at];
    longest = Math.max(longest, delay);
    looked = at;
  }, LOOK_EVERY).unref();

  /** Runs it, and tells of it when it has taken long. */
  function timed<T>(run: () => T, tell: (result: T | undefined, ms: number) => void): T {
    const begin = now();
    let result: T | undefined;
    try {
      result = run();
      return result;
    } finally {
      const end = now();
      if (end - begin > LONG) {
        told = end;
        tell(result, Math.round(end - begin));
      }
    }
  }

  return {
    turn: (take) => (state, event, scene) =>
      timed(
        () => take(state, event, scene),
        (turn, ms) => {
          turns += 1;
          log.warn('engine.slow_turn', { ms, conversation: scene.conversation, ...placeOf(turn?.state, state) });
        },
      ),
    action: (action) => ({
      ...action,
      run: (args, context) =>
        timed(
          () => action.run(args, context),
          (_, ms) => log.warn('engine.slow_action', { ms, action: action.name }),
        ),
    }),
    figures: () => ({ turns, delay: Math.round(Math.max(longest, before, now() - looked - LOOK_EVERY, 0)) }),
    stop: () => clearInterval(timer),
  };
}

/** Where the conversation stands after the turn, or stood before it when the flow has ended in it. */
function placeOf(...states: readonly (JsonObject | undefined)[]): { flow?: string; step?: string } {
  for (const state of states) {
    // Conversations write their state in this shape (conversation/state.ts).
    const frames = (state?.frames ?? []) as unknown as readonly { readonly flow: string; readonly step: string }[];
    const top = frames.at(-1);
    if (top) return { flow: top.flow, step: top.step };
  }
  return {};
}
