import { z } from 'zod';
import { nearest } from '../reading/did-you-mean.ts';
import { common, Name, Value } from '../reading/schema.ts';
import { store } from '../slot.ts';
import { defineStep } from '../step.ts';

/** Gives slots a value; `null` empties them. */
export const set = defineStep({
  word: 'set',
  schema: z.strictObject({ set: z.record(Name, Value), ...common }),
  compile(step, c) {
    const assignments = Object.entries(step.set).flatMap(([name, source]) => {
      const slot = c.slots[name];
      if (!slot) {
        const guess = nearest(name, Object.keys(c.slots));
        c.errorAtKey(
          'flow.unknown_slot',
          `No slot is called \`${name}\`.`,
          name,
          guess ? `Did you mean \`${guess}\`?` : 'Declare it under `slots:`.',
          [...c.at, 'set'],
        );
        return [];
      }
      const value = c.value(['set', name], source, source === null ? undefined : slot.type);
      c.assign(name, value.type.kind !== 'null' && value.type.kind !== 'optional');
      return [{ slot, value }];
    });
    const next = c.ops.length + 1;
    c.emit({
      reads: assignments.flatMap(({ value }) => value.reads),
      writes: assignments.map(({ slot }) => slot.name),
      enter(run) {
        for (const { slot, value } of assignments) store(run, slot, value.evaluate(run));
        return next;
      },
    });
  },
});
