import type { Action } from '../action.ts';
import type { Call } from '../effect.ts';
import type { Outcome } from '../event.ts';
import { perform } from './call.ts';

type Context = Parameters<typeof perform>[2];

/**
 * Performs a call that an earlier try may have done already. A read is simply repeated. A write that names a check is looked up first: if
 * it was done, that is its result. Without a check it is asked for again under the same key, which is the business system's to heed.
 */
export async function performAgain(
  call: Call,
  actions: ReadonlyMap<string, Action>,
  context: Context,
): Promise<Outcome> {
  const check = call.effect === 'write' && call.check !== undefined ? actions.get(call.check) : undefined;
  if (check === undefined) return perform(call, actions.get(call.action), context);
  const looked = await perform(
    { ...call, action: check.name, effect: 'read', args: argumentsOf(check, call) },
    check,
    context,
  );
  if (!looked.ok) {
    return {
      ok: false,
      error: 'unknown_outcome',
      message: `Nobody knows whether ${call.action} was done: ${looked.message}`,
      retryable: true,
    };
  }
  return looked.value === null ? perform(call, actions.get(call.action), context) : looked;
}

function argumentsOf(check: Action, { args, key }: Call): Call['args'] {
  const given = { ...args, key };
  return Object.fromEntries(Object.entries(given).filter(([name]) => name in check.in));
}
