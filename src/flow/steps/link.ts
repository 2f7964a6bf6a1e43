import { z } from 'zod';
import { compileInputs } from '../compiling/inputs.ts';
import { LEFT } from '../program.ts';
import { common, Name, Values } from '../reading/schema.ts';
import { defineStep } from '../step.ts';

/** Leaves for another flow, which takes this one's place. */
export const link = defineStep({
  word: 'link',
  schema: z.strictObject({ link: Name, with: Values.optional(), ...common }),
  compile(step, c) {
    const inputs = compileInputs(c, 'link', step.link, step.with ?? {});
    c.emit({
      reads: inputs.reads,
      enter(run) {
        run.link(step.link, inputs.evaluate(run));
        return LEFT;
      },
    });
    c.facts = undefined;
  },
});
