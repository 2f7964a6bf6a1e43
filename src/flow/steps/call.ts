import { z } from 'zod';
import type { JsonObject, Type } from '../../type.ts';
import { compileInputs } from '../compiling/inputs.ts';
import { LEFT } from '../program.ts';
import { common, Name, Values } from '../reading/schema.ts';
import { defineStep } from '../step.ts';

/** Of a flow that does not exist, which is told once, at its name. */
const UNKNOWN: Type = { kind: 'any' };

/** Runs a sub-flow and takes what it returns. A sub-flow that ends instead of returning ends this flow too. */
export const call = defineStep({
  word: 'call',
  schema: z.strictObject({ call: Name, with: Values.optional(), as: Name.optional(), ...common }),
  idOf: (step) => step.call,
  compile(step, c) {
    const inputs = compileInputs(c, 'call', step.call, step.with ?? {});
    const called = c.library.flows.get(step.call);
    const next = { pc: c.ops.length + 1 };
    c.emit({
      reads: inputs.reads,
      writes: step.as === undefined ? [] : [step.as],
      next,
      enter(run) {
        run.push(step.call, 'call', inputs.evaluate(run));
        return LEFT;
      },
      back(run, value: JsonObject | undefined, outcome) {
        if (value === undefined) {
          run.finish(outcome);
          return LEFT;
        }
        if (step.as !== undefined) run.slots[step.as] = value;
        return next.pc;
      },
    });
    if (step.as !== undefined)
      c.result(
        'as',
        step.as,
        called ? { kind: 'object', name: step.call, fields: called.outputs } : UNKNOWN,
        'identity',
      );
  },
});
