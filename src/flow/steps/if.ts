import { z } from 'zod';
import { Block, Condition, common } from '../reading/schema.ts';
import { defineStep } from '../step.ts';

/** Goes one way or the other. */
export const branch = defineStep({
  word: 'if',
  schema: z.strictObject({ if: Condition, then: Block, else: Block.optional(), ...common }),
  compile(step, c) {
    const condition = c.condition('if', step.if);
    const otherwise = { pc: 0 };
    const end = { pc: 0 };
    const yes = c.ops.length + 1;
    c.emit({ reads: [...condition.reads], enter: (run) => (condition.evaluate(run) === true ? yes : otherwise.pc) });
    const after = c.branch(condition.whenTrue, () => {
      c.block('then', step.then);
      if (step.else !== undefined && c.facts) c.jump(end);
    });
    c.place(otherwise);
    const afterElse = c.branch(condition.whenFalse, () => {
      if (step.else !== undefined) c.block('else', step.else);
    });
    c.place(end);
    c.join(after, afterElse);
  },
});
