import { z } from 'zod';
import type { Json } from '../../type.ts';
import type { Label } from '../compiling/compiler.ts';
import { compileSpoken, Spoken } from '../compiling/spoken.ts';
import { WAIT } from '../program.ts';
import { Block, common, Duration, Name, Priority } from '../reading/schema.ts';
import type { Run } from '../run.ts';
import { defineStep } from '../step.ts';
import { parseDuration } from '../value/duration.ts';

/**
 * Brings in a human: `transfer` gives the conversation over, `approval` waits for a decision, `background` files a task and goes on.
 * Without a desk nobody could take a transfer over: the task is filed, the customer is told, and the flow goes on.
 */
export const handoff = defineStep({
  word: 'handoff',
  schema: z.strictObject({
    handoff: z.strictObject({
      mode: z.enum(['transfer', 'approval', 'background']).optional(),
      queue: Name,
      priority: Priority.optional(),
      reason: z.union([Name, z.string().regex(/^=/)]),
      attach: z.array(z.string()).optional(),
      say: Spoken.optional().meta({ description: 'What the customer is told; a sensible text when left out.' }),
      declined: Block.optional(),
      timeout: Duration.optional(),
      on_timeout: Block.optional(),
    }),
    ...common,
  }),
  idOf: (step) => `handoff_${step.handoff.queue}`,
  compile({ handoff: source }, c) {
    const mode = source.mode ?? 'transfer';
    const priority = c.value(['handoff', 'priority'], source.priority ?? 'normal', {
      kind: 'enum',
      values: ['low', 'normal', 'high', 'urgent'],
    });
    const reason = c.value(['handoff', 'reason'], source.reason, { kind: 'string' });
    const attach = (source.attach ?? []).map((path, index) => ({
      path,
      value: c.expression(['handoff', 'attach', index], path, 0),
    }));
    const said = source.say === undefined ? undefined : compileSpoken(c, ['handoff', 'say'], source.say);
    const timeout = source.timeout === undefined ? undefined : parseDuration(source.timeout);
    if (mode !== 'approval' && source.declined !== undefined)
      c.error('flow.unknown_key', '`declined` belongs to `mode: approval`.', ['handoff', 'declined']);
    if (timeout !== undefined && source.on_timeout === undefined)
      c.error('flow.missing_key', 'A `timeout` needs `on_timeout`.', ['handoff', 'timeout']);

    const next: Label = { pc: 0 };
    const declined: Label = { pc: -1 };
    const late: Label = { pc: -1 };
    const tell = (run: Run, phrase: string) => {
      if (said) {
        const { message, offers } = said.render(run);
        run.say(message, offers);
      } else run.say({ text: run.phrase(phrase) });
    };
    c.emit({
      parks: mode === 'approval',
      reads: [...priority.reads, ...reason.reads, ...attach.flatMap(({ value }) => [...value.reads])],
      enter(run) {
        const id = run.handoff({
          mode,
          queue: source.queue,
          priority: priority.evaluate(run) as 'low' | 'normal' | 'high' | 'urgent',
          reason: String(reason.evaluate(run)),
          attach: Object.fromEntries(attach.map(({ path, value }): [string, Json] => [path, value.evaluate(run)])),
          // Whether a human has taken it over in time only the desk knows.
          ...(mode === 'transfer' && timeout !== undefined && { timeout }),
        });
        if (mode === 'background') {
          if (said) tell(run, '');
          return next.pc;
        }
        tell(run, mode === 'approval' ? 'handoff_approval' : run.hasDesk ? 'handoff' : 'handoff_filed');
        if (mode === 'transfer' && !run.hasDesk) return next.pc;
        run.frame.pending = { id, attempt: 1, key: id };
        if (mode === 'approval') run.listen('handoff.decided', { handoff: id });
        if (timeout !== undefined && mode === 'approval') run.timer('timeout', timeout);
        return WAIT;
      },
      ...(mode === 'transfer' && {
        returned: (run: Run, _outcome, data) => {
          delete run.frame.pending;
          run.clearTimers();
          return data.resume === 'on_timeout' && late.pc >= 0 ? late.pc : next.pc;
        },
      }),
      hears: (run, name, data) =>
        mode === 'approval' && name === 'handoff.decided' && data.handoff === run.frame.pending?.id,
      signal(run, data) {
        delete run.frame.pending;
        run.clearTimers();
        return data.outcome === 'approved' ? next.pc : declined.pc;
      },
      timer(run, name) {
        if (name !== 'timeout' || late.pc < 0) return WAIT;
        delete run.frame.pending;
        run.clearTimers();
        run.unlisten();
        return late.pc;
      },
    });
    if (mode === 'approval')
      declined.pc = c.aside(['handoff', 'declined'], source.declined ?? [], { outcome: 'refused' }).pc;
    if (source.on_timeout !== undefined)
      late.pc = c.aside(['handoff', 'on_timeout'], source.on_timeout, { outcome: 'escalated' }).pc;
    c.place(next);
  },
});
