import { z } from 'zod';
import { compileSpoken, Spoken } from '../compiling/spoken.ts';
import { common } from '../reading/schema.ts';
import { defineStep } from '../step.ts';

/** Sends a message. */
export const say = defineStep({
  word: 'say',
  schema: z.strictObject({ say: Spoken, ...common }),
  compile(step, c) {
    const spoken = compileSpoken(c, 'say', step.say);
    const next = c.ops.length + 1;
    c.emit({
      reads: spoken.reads,
      enter(run) {
        const { message, offers } = spoken.render(run);
        run.say(message, offers);
        return next;
      },
    });
  },
});
