import { z } from 'zod';
import { LEFT } from '../program.ts';
import { Block, common, Name } from '../reading/schema.ts';
import { defineStep } from '../step.ts';

/** Jumps to another step; back only a bounded number of times. */
export const next = defineStep({
  word: 'next',
  schema: z.strictObject({
    next: Name,
    max: z.int().min(1).max(1000).optional(),
    on_fail: Block.optional(),
    ...common,
  }),
  compile(step, c) {
    const goesBack = c.targets.has(step.next);
    if (goesBack && step.max === undefined) {
      c.error(
        'flow.unbounded_loop',
        `This jumps back to \`${step.next}\` without a bound.`,
        'next',
        'Add `max: 3`, and `on_fail:` for what happens then.',
      );
    }
    const target = c.target(step.next, 'next');
    const key = c.steps[c.step]?.id ?? step.next;
    const failed = { pc: 0 };
    c.emit({
      enter(run) {
        if (step.max === undefined) return target.pc;
        const visits = (run.frame.visits?.[key] ?? 0) + 1;
        run.frame.visits = { ...run.frame.visits, [key]: visits };
        return visits <= step.max ? target.pc : failed.pc;
      },
    });
    c.place(failed);
    if (step.max !== undefined) {
      if (step.on_fail !== undefined) c.aside('on_fail', step.on_fail, { outcome: 'escalated' });
      else
        c.emit({
          enter(run) {
            run.repair('error', { reason: 'too_often' });
            return LEFT;
          },
        });
    }
    c.facts = undefined;
  },
});
