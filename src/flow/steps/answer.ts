import { z } from 'zod';
import { Block, common, Name, Value } from '../schema.ts';
import { defineStep } from '../step.ts';

/**
 * Answers from the business's knowledge, with the source. Where nothing is known (as in a deployment without a knowledge source) it
 * takes `on_none`, never a guess.
 */
export const answer = defineStep({
  word: 'answer',
  schema: z.strictObject({
    answer: z.strictObject({
      query: Value,
      from: z.array(Name).optional(),
      must_cite: z.boolean().optional(),
      on_none: z.union([z.literal('continue'), Block]),
    }),
    ...common,
  }),
  compile({ answer: { query, on_none } }, c) {
    const asked = c.value(['answer', 'query'], query, { kind: 'text' });
    const none = { pc: c.ops.length + 1 };
    c.emit({
      reads: asked.reads,
      enter(run) {
        run.record('knowledge.none', { query: asked.evaluate(run) });
        return none.pc;
      },
    });
    if (on_none !== 'continue') c.block(['answer', 'on_none'], on_none);
  },
});
