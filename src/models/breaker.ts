import { isModelError, ModelError } from './failure.ts';
import type { Layer } from './provider.ts';

/** Who is let through just now: the engine's `Breakers`, which keep platforms' accounts, keep models, too. Instants in epoch milliseconds. */
export interface Gate {
  /** Until when nothing may be asked; `undefined`: go on. */
  wait(name: string, now: number): number | undefined;
  pause(name: string, until: number): void;
  refused(name: string, now: number): number;
  passed(name: string): void;
}

/** Failures in a row after which a model is left alone. */
const ENOUGH = 3;

/** What tells of the endpoint's health. A question that is too long, or an answer in the wrong shape, does not. */
const ILL = new Set([
  'model.timeout',
  'model.unavailable',
  'model.rate_limited',
  'model.refused',
  'model.missing_package',
]);

/**
 * Leaves an endpoint alone that fails again and again: everybody else is told so at once, and goes the way without it, instead of
 * waiting for the same timeout. Then a single question tries whether it is well.
 */
export function withBreaker(gate: Gate, now: () => number, key?: string): Layer {
  return (inner) => {
    const name = key ?? inner.name;
    let failures = 0;
    const enter = () => {
      const until = gate.wait(name, now());
      if (until !== undefined) throw new ModelError('model.shut', { after: until - now() });
    };
    const passed = () => {
      failures = 0;
      gate.passed(name);
    };
    const failed = (error: unknown) => {
      if (!isModelError(error) || error.code === 'model.budget') return;
      if (!ILL.has(error.code)) return passed();
      if (error.after !== undefined) gate.pause(name, now() + Math.min(error.after, LONGEST_PAUSE));
      failures += 1;
      if (failures >= ENOUGH) gate.refused(name, now());
    };
    return {
      ...inner,
      async ask(request, call) {
        enter();
        try {
          const reply = await inner.ask(request, call);
          passed();
          return reply;
        } catch (error) {
          if (!isOurs(call.signal)) failed(error);
          throw error;
        }
      },
      async *stream(request, call) {
        enter();
        try {
          yield* inner.stream(request, call);
          passed();
        } catch (error) {
          if (!isOurs(call.signal)) failed(error);
          throw error;
        }
      },
    };
  };
}

/** Our own end broke it off: that says nothing of the endpoint. Our patience running out does. */
function isOurs({ aborted, reason }: AbortSignal): boolean {
  return aborted && !isModelError(reason);
}

const LONGEST_PAUSE = 300_000;
