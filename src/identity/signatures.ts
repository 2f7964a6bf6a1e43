import type { ActionSignature } from '../action.ts';
import type { Type } from '../type.ts';

const string: Type = { kind: 'string' };
const boolean: Type = { kind: 'boolean' };

function unset(of: Type): Type {
  return { kind: 'optional', of };
}

function object(name: string, fields: Readonly<Record<string, Type>>): Extract<Type, { kind: 'object' }> {
  return { kind: 'object', name, fields };
}

function signature(
  name: string,
  effect: ActionSignature['effect'],
  takes: ActionSignature['in'],
  out: Type,
): ActionSignature {
  return { name, effect, in: takes, out, timeout: 10_000, errors: [] };
}

const INVITATION = object('Invitation', { id: string, code: string, at: unset(string), url: unset(string) });
const CONFIRMATION = object('Confirmation', { ok: boolean });
const OWN_ADDRESS = object('OwnAddress', { id: string, app: string, shown: string });
const UNLINKED = object('Unlinked', { ok: boolean });

/** The types of what these actions give, for slots to hold. */
export const TYPES = [INVITATION, CONFIRMATION, OWN_ADDRESS, UNLINKED];

/**
 * What the house itself does for flows, beside the business's connectors: `actions.ts` does it.
 *
 * - `parley.ways`: the kinds of channels, other than this one, where the customer can be.
 * - `parley.invite`: a code by which this conversation goes on there, once, within ten minutes. `at` is what she writes to (a number, a
 *   name), `url` what opens her app with the code ready; both unset where the app has none.
 * - `parley.withdraw`: the code is worth nothing any more.
 * - `parley.send_code`: sends a code to a telephone, at most three an hour. Its result is the same whether it was sent: nobody learns by it
 *   whose number that is.
 * - `parley.confirm_code`: is that the code? Then the number is hers. Five tries.
 * - `parley.addresses`: the addresses that are hers, as far as they may be shown.
 * - `parley.unlink`: one of them is hers no more.
 */
export const SIGNATURES: readonly ActionSignature[] = [
  signature('parley.ways', 'read', {}, { kind: 'list', of: string }),
  signature('parley.invite', 'write', { to: string }, INVITATION),
  signature('parley.withdraw', 'write', { id: string }, boolean),
  signature('parley.send_code', 'write', { phone: { kind: 'phone' } }, boolean),
  signature('parley.confirm_code', 'write', { code: string }, CONFIRMATION),
  signature('parley.addresses', 'read', {}, { kind: 'list', of: OWN_ADDRESS }),
  signature('parley.unlink', 'write', { id: string }, UNLINKED),
];

export function signatureOf(name: string): ActionSignature {
  const found = SIGNATURES.find((each) => each.name === name);
  if (found === undefined) throw new Error(`The house has no action ${name}.`);
  return found;
}
