import type { ActionSignature } from '../../action.ts';
import { optional, required } from '../../type.ts';
import { assignable } from '../expression/expression.ts';
import { nearest } from '../reading/did-you-mean.ts';
import type { Compiler } from './compiler.ts';
import { aType } from './values.ts';

/** The argument that a check may take beside those of its write: the key the write was asked for under. */
const KEY = 'key';

/**
 * The read that tells whether a write of unknown outcome was done (the step's `check:`, else the connector's). It gets those of the write's
 * arguments that it declares, and its `key`; it answers as the write would have, or with nothing where it was not done.
 */
export function compileCheck(
  c: Compiler,
  named: string | undefined,
  write: ActionSignature | undefined,
): string | undefined {
  const name = named ?? write?.check;
  if (name === undefined || write === undefined) return undefined;
  const check = c.library.actions.get(name);
  const wrong = (message: string, hint?: string) =>
    c.error('action.check', message, named === undefined ? 'action' : 'check', hint);
  if (!check) {
    const guess = nearest(name, c.library.actions.keys());
    wrong(
      `No connector has the action \`${name}\`.`,
      guess ? `Did you mean \`${guess}\`?` : 'Declare it in connectors.yaml.',
    );
    return undefined;
  }
  if (write.effect !== 'write') wrong(`\`${write.name}\` is a read: there is nothing to check.`, 'Remove `check:`.');
  if (check.effect !== 'read') wrong(`\`${name}\` writes; a check must be a read.`);
  const missing = Object.entries(check.in).filter(
    ([input, type]) => type.kind !== 'optional' && input !== KEY && !(input in write.in),
  );
  if (missing.length > 0) {
    wrong(
      `\`${name}\` needs ${missing.map(([input]) => `\`${input}\``).join(', ')}, which \`${write.name}\` does not take.`,
      `A check gets the write's own arguments, and its \`${KEY}\`.`,
    );
  }
  if (!assignable(required(check.out), write.out)) {
    wrong(
      `\`${name}\` gives ${aType(check.out)}, not ${aType(optional(write.out))}.`,
      'A check answers as the write would have, or with nothing.',
    );
  }
  return name;
}
