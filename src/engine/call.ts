import { type Action, ActionError } from '../action.ts';
import type { Call } from '../effect.ts';
import { codeOf } from '../errors.ts';
import type { Outcome } from '../event.ts';
import type { Json } from '../type.ts';

/** Performs one call and says how it ended. Never throws: whatever an action does is an {@link Outcome}. */
export async function perform(
  call: Call,
  action: Action | undefined,
  context: { conversation: string; attempt: number; stopping: AbortSignal },
): Promise<Outcome> {
  if (action === undefined) {
    return { ok: false, error: 'unavailable', message: `There is no action ${call.action}.`, retryable: false };
  }
  // One controller and a listener: a combined signal would cost more than a quick read.
  const { stopping } = context;
  const cut = new AbortController();
  const { signal } = cut;
  const stop = () => cut.abort();
  if (stopping.aborted) stop();
  else stopping.addEventListener('abort', stop, { once: true });
  let timedOut = false;
  // An action may not heed its signal, so its answer is not waited for longer either.
  const late = Promise.withResolvers<Outcome>();
  const timer = setTimeout(() => {
    timedOut = true;
    cut.abort();
    late.resolve({ ok: false, error: 'timeout', message: `No answer within ${call.timeout} ms.`, retryable: true });
  }, call.timeout);
  const { conversation, attempt } = context;
  const answer = run(
    () => action.run(call.args, { key: call.key, signal, conversation, attempt }),
    () => timedOut,
  );
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener('abort', stop);
  }
}

async function run(action: () => Promise<Json>, timedOut: () => boolean): Promise<Outcome> {
  let value: Json;
  try {
    value = await action();
  } catch (error) {
    return failureOf(error, timedOut());
  }
  try {
    // What the turn sees must be what a replay would read from disk: plain JSON, nothing else.
    return { ok: true, value: JSON.parse(JSON.stringify(value ?? null)) as Json };
  } catch (error) {
    const message = `The result is not JSON (${codeOf(error)}).`;
    return { ok: false, error: 'invalid_result', message, retryable: false };
  }
}

function failureOf(error: unknown, timedOut: boolean): Outcome {
  if (timedOut) return { ok: false, error: 'timeout', message: 'No answer in time.', retryable: true };
  if (isActionError(error)) {
    return { ok: false, error: error.error, message: error.message, retryable: error.retryable };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { ok: false, error: 'unavailable', message, retryable: true };
}

/** By its shape: an action's package may bring its own copy of the class. */
function isActionError(error: unknown): error is ActionError {
  return error instanceof ActionError || (error instanceof Error && error.name === 'ActionError' && 'error' in error);
}
