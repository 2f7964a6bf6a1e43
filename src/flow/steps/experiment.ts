import { z } from 'zod';
import { Block, common, Name } from '../reading/schema.ts';
import { defineStep } from '../step.ts';

/** Sends each customer one of several ways, always the same one, by weight. An arm without steps just goes on. */
export const experiment = defineStep({
  word: 'experiment',
  schema: z
    .object({ experiment: Name, arms: z.record(Name, z.number().min(0)), goal: Name.optional(), ...common })
    .catchall(Block),
  idOf: (step) => step.experiment,
  compile(step, c) {
    const { experiment: name, arms, goal, id: _id, was: _was, ...blocks } = step;
    for (const arm of Object.keys(blocks)) {
      if (!(arm in arms))
        c.errorAtKey(
          'flow.unknown_key',
          `\`${arm}\` is not an arm of this experiment.`,
          arm,
          `Its arms are ${Object.keys(arms).join(', ')}.`,
        );
    }
    if (goal !== undefined && !c.outcomes.has(goal))
      c.error('flow.unknown_outcome', `The goal \`${goal}\` is not an outcome.`, 'goal');
    if (Object.values(arms).every((weight) => weight === 0))
      c.error('flow.invalid_value', 'No arm has any weight.', 'arms');
    const labels = new Map(Object.keys(arms).map((arm) => [arm, { pc: 0 }]));
    const end = { pc: 0 };
    c.emit({ enter: (run) => (labels.get(run.arm(name, arms)) ?? end).pc });
    const ends = Object.keys(arms).map((arm) => {
      const label = labels.get(arm);
      if (label) c.place(label);
      return c.branch([], () => {
        if (blocks[arm] !== undefined) c.block(arm, blocks[arm]);
        if (c.facts) c.jump(end);
      });
    });
    c.place(end);
    c.join(...ends);
  },
});
