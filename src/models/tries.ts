import { setTimeout as pause } from 'node:timers/promises';
import { deadline, heeding, heedingEach } from './deadline.ts';
import { isModelError, ModelError } from './failure.ts';
import type { Call, Layer } from './provider.ts';

export interface Patience {
  /** Milliseconds of one try. */
  readonly each: number;
  /** Tries after the first. */
  readonly retries: number;
  /** Chance, for jitter; default `Math.random`. */
  readonly random?: () => number;
}

/**
 * Tries again what may pass: a try has its own time, and between two of them lies a wait of full jitter, or as long as the endpoint
 * asks for. Where that is longer than the caller has, it fails at once. A stream that has begun to speak is not begun anew.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function withTries({ each, retries, random = Math.random }: Patience): Layer {
  async function rest(error: unknown, tries: number, { signal }: Call): Promise<void> {
    if (!isModelError(error) || !error.retryable || tries > retries || signal.aborted) throw error;
    const wait = error.after ?? random() * Math.min(LONGEST_WAIT, BASE * 2 ** (tries - 1));
    if (wait > LONGEST_WAIT) throw error;
    await pause(wait, undefined, { signal }).catch(() => {
      throw signal.reason instanceof ModelError ? signal.reason : error;
    });
  }

  return (inner) => ({
    ...inner,
    async ask(request, call) {
      for (let tries = 1; ; tries++) {
        const { signal, done } = deadline(each, call.signal);
        try {
          return await heeding(signal, inner.ask(request, { ...call, signal }));
        } catch (error) {
          await rest(error, tries, call);
        } finally {
          done();
        }
      }
    },
    async *stream(request, call) {
      for (let tries = 1; ; tries++) {
        let begun = false;
        const first = deadline(each, call.signal);
        try {
          for await (const part of heedingEach(
            first.signal,
            inner.stream(request, { ...call, signal: first.signal }),
          )) {
            // The first word must come within a try's time; the whole is bounded by the caller's.
            if (!begun) first.keep();
            begun = true;
            yield part;
          }
          return;
        } catch (error) {
          if (begun) throw error;
          await rest(error, tries, call);
        } finally {
          first.done();
        }
      }
    },
  });
}

const BASE = 250;
/** Milliseconds: a customer waits meanwhile. */
const LONGEST_WAIT = 5_000;
