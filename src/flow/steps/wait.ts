import { z } from 'zod';
import type { JsonObject } from '../../type.ts';
import type { Label } from '../compiling/compiler.ts';
import { compileInactivity, type IdleSource, Inactivity } from '../compiling/inactivity.ts';
import { WAIT } from '../program.ts';
import { Block, common, Duration, Name, Values } from '../reading/schema.ts';
import { defineStep } from '../step.ts';
import { parseDuration } from '../value/duration.ts';

/** Waits for something to happen in the business's world: a parcel received, a payment made. Never for ever. */
export const wait = defineStep({
  word: 'wait',
  schema: z.strictObject({
    wait: z.strictObject({ event: z.string(), match: Values.optional(), timeout: Duration }),
    as: Name.optional(),
    reminders: Inactivity.optional(),
    on_timeout: Block,
    ...common,
  }),
  idOf: (step) => `wait_${step.wait.event.replaceAll('.', '_')}`,
  compile(step, c) {
    const { event, match, timeout } = step.wait;
    const wanted = c.value(['wait', 'match'], match ?? {});
    const delay = parseDuration(timeout) ?? 0;
    const next: Label = { pc: 0 };
    const late: Label = { pc: -1 };
    c.emit({
      parks: true,
      reads: wanted.reads,
      writes: step.as === undefined ? [] : [step.as],
      enter(run) {
        run.listen(event, wanted.evaluate(run) as JsonObject);
        run.timer('timeout', delay);
        reminders.start(run);
        return WAIT;
      },
      hears(run, name, data) {
        if (name !== event) return false;
        const expected = wanted.evaluate(run) as JsonObject;
        return Object.keys(expected).every((key) => data[key] === expected[key]);
      },
      signal(run, data) {
        run.clearTimers();
        if (step.as !== undefined) run.slots[step.as] = data;
        return next.pc;
      },
      timer(run, name) {
        if (name !== 'timeout') return reminders.fire(run, name);
        run.clearTimers();
        run.unlisten();
        return late.pc;
      },
    });
    const reminders = compileInactivity(c, step.reminders as readonly IdleSource[] | undefined, 'reminders');
    late.pc = c.aside('on_timeout', step.on_timeout, { after: next }).pc;
    c.place(next);
    if (step.as !== undefined) c.result('as', step.as, { kind: 'any' });
  },
});
