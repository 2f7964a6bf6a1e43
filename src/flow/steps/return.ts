import { z } from 'zod';
import { LEFT } from '../program.ts';
import { nearest } from '../reading/did-you-mean.ts';
import { common, Values } from '../reading/schema.ts';
import { defineStep } from '../step.ts';

/** Gives a sub-flow's result to its caller. */
export const giveBack = defineStep({
  word: 'return',
  schema: z.strictObject({ return: Values, ...common }),
  compile(step, c) {
    for (const name of Object.keys(step.return)) {
      if (name in c.header.outputs) continue;
      const guess = nearest(name, Object.keys(c.header.outputs));
      c.errorAtKey(
        'flow.unknown_output',
        `The flow declares no output \`${name}\`.`,
        name,
        guess ? `Did you mean \`${guess}\`?` : 'Declare it under `outputs:`.',
        [...c.at, 'return'],
      );
    }
    for (const [name, type] of Object.entries(c.header.outputs)) {
      if (type.kind !== 'optional' && !(name in step.return))
        c.error('flow.missing_output', `The output \`${name}\` is not returned.`, 'return');
    }
    const fields = Object.fromEntries(Object.entries(c.header.outputs).filter(([name]) => name in step.return));
    const value = c.value('return', step.return, { kind: 'object', name: c.header.flow, fields });
    c.emit({
      reads: value.reads,
      enter(run) {
        run.finish('returned', value.evaluate(run) as Readonly<Record<string, never>>);
        return LEFT;
      },
    });
    c.facts = undefined;
  },
});
