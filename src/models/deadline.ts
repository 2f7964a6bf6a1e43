import { ModelError } from './failure.ts';

/** A signal that ends with its parent or after so many milliseconds. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** From now on it ends with its parent only. */
  keep(): void;
  /** Lets go of both. */
  done(): void;
}

export function deadline(limit: number, parent: AbortSignal | undefined): Deadline {
  const own = new AbortController();
  const stop = () => own.abort(parent?.reason);
  const timer = setTimeout(() => own.abort(new ModelError('model.timeout', { detail: `${limit} ms.` })), limit);
  if (parent?.aborted) stop();
  else parent?.addEventListener('abort', stop, { once: true });
  return {
    signal: own.signal,
    keep: () => clearTimeout(timer),
    done() {
      clearTimeout(timer);
      parent?.removeEventListener('abort', stop);
    },
  };
}

/** Waits no longer than the signal allows, whether or not the work heeds it. */
export async function heeding<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stop = () => {};
  const ended = new Promise<never>((_, reject) => {
    stop = () => reject(reasonOf(signal));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    signal.removeEventListener('abort', stop);
    // The loser may yet fail, and nobody is there to hear it.
    work.catch(() => undefined);
  }
}

/** The same for every piece of a stream. */
export async function* heedingEach<T>(signal: AbortSignal, pieces: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = pieces[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await heeding(signal, iterator.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a generator that hangs in `next` would never return.
    iterator.return?.()?.catch(() => undefined);
  }
}

function reasonOf({ reason }: AbortSignal): unknown {
  return reason instanceof ModelError ? reason : new ModelError('model.timeout', { detail: 'It was broken off.' });
}
