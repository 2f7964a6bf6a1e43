import { z } from 'zod';
import type { Type } from '../../type.ts';
import { Block, common, Duration, Name, Values } from '../reading/schema.ts';
import { defineStep } from '../step.ts';
import { parseType } from '../value/type-syntax.ts';

/**
 * Lets a model extract, classify, summarise or rephrase into a declared type. It has no tools and decides nothing; whenever it is slow,
 * absent or in doubt, `on_fail` stands in: values of the same type, or steps. Without a model configured that is always.
 */
export const llm = defineStep({
  word: 'llm',
  schema: z.strictObject({
    llm: z.strictObject({
      task: z.enum(['extract', 'classify', 'summarize', 'summarise', 'rephrase']),
      instruction: z.string().optional(),
      input: z.array(z.string()),
      out: z.record(Name, z.string()),
      limits: z.strictObject({ timeout: Duration.optional(), max_tokens: z.int().min(1).optional() }).optional(),
      on_fail: z.union([Values, Block]),
    }),
    as: Name.optional(),
    ...common,
  }),
  idOf: (step) => step.as,
  compile({ llm: { input, out, on_fail }, as }, c) {
    const inputs = input.map((path, index) => c.expression(['llm', 'input', index], path, 0));
    const fields: Record<string, Type> = {};
    for (const [name, written] of Object.entries(out)) {
      const parsed = parseType(written, c.library.types);
      if ('type' in parsed) fields[name] = parsed.type;
      else c.error('flow.type', parsed.problem, ['llm', 'out', name], parsed.hint);
    }
    const type: Type = { kind: 'object', name: as ?? 'llm', fields };
    const reads = inputs.flatMap((value) => [...value.reads]);
    const next = { pc: c.ops.length + 1 };
    if (isValues(on_fail, fields)) {
      const values = c.value(['llm', 'on_fail'], on_fail, type);
      c.emit({
        reads: [...reads, ...values.reads],
        writes: as === undefined ? [] : [as],
        enter(run) {
          if (as !== undefined) run.slots[as] = values.evaluate(run);
          return next.pc;
        },
      });
      if (as !== undefined) c.result('as', as, type);
      return;
    }
    c.emit({ reads, enter: () => next.pc });
    c.block(['llm', 'on_fail'], on_fail);
    if (as !== undefined) c.result('as', as, { kind: 'optional', of: type });
  },
});

/** `on_fail: {summary: …, angry: false}` gives the values; anything else is steps. */
function isValues(source: unknown, fields: Readonly<Record<string, Type>>): boolean {
  return (
    typeof source === 'object' &&
    source !== null &&
    !Array.isArray(source) &&
    Object.keys(source).every((key) => key in fields)
  );
}
