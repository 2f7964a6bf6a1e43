import { z } from 'zod';
import { OUTCOMES } from '../library.ts';
import { nearest } from '../reading/did-you-mean.ts';
import { common } from '../reading/schema.ts';
import { defineStep } from '../step.ts';

/** Ends the flow, and every flow that called it, with an outcome that the KPIs count. */
export const end = defineStep({
  word: 'end',
  schema: z.strictObject({ end: z.string(), ...common }),
  compile(step, c) {
    if (!c.outcomes.has(step.end)) {
      const guess = nearest(step.end, c.outcomes);
      c.error(
        'flow.unknown_outcome',
        `\`${step.end}\` is not an outcome.`,
        'end',
        guess
          ? `Did you mean \`${guess}\`?`
          : `Use one of ${OUTCOMES.join(', ')}, or list your own under \`outcomes:\`.`,
      );
    }
    c.finish(step.end);
  },
});
