import { z } from 'zod';
import { required, type Type } from '../../type.ts';
import type { Compiler } from '../compiling/compiler.ts';
import { nearest } from '../reading/did-you-mean.ts';
import { Block, Condition, common } from '../reading/schema.ts';
import { defineStep } from '../step.ts';

/** Goes one of many ways; every value of an enum must have one. Several values share one with a comma: `shipped,packed:`. */
export const choose = defineStep({
  word: 'switch',
  schema: z.strictObject({ switch: Condition, cases: z.record(z.string(), Block), else: Block.optional(), ...common }),
  compile(step, c) {
    const subject = c.expression('switch', String(step.switch), 0);
    const cases = Object.entries(step.cases).map(([key, block]) => ({
      key,
      values: key.split(',').map((value) => value.trim()),
      block,
      label: { pc: 0 },
    }));
    checkCases(c, subject.type, cases, step.else !== undefined);
    const otherwise = { pc: 0 };
    const end = { pc: 0 };
    const table = new Map(cases.flatMap(({ values, label }) => values.map((value) => [value, label] as const)));
    c.emit({ reads: [...subject.reads], enter: (run) => (table.get(String(subject.evaluate(run))) ?? otherwise).pc });
    const ends = cases.map(({ key, block, label }) => {
      c.place(label);
      return c.branch([], () => {
        c.block(['cases', key], block);
        if (c.facts) c.jump(end);
      });
    });
    c.place(otherwise);
    const exhaustive = step.else === undefined && uncovered(subject.type, table)?.length === 0;
    const last = c.branch([], () => {
      if (step.else !== undefined) c.block('else', step.else);
    });
    c.place(end);
    c.join(...ends, exhaustive ? undefined : last);
  },
});

type Case = { readonly key: string; readonly values: readonly string[] };

function checkCases(c: Compiler, type: Type, cases: readonly Case[], hasElse: boolean): void {
  const subject = required(type);
  const allowed = subject.kind === 'enum' ? subject.values : subject.kind === 'boolean' ? ['true', 'false'] : undefined;
  for (const { key, values } of cases) {
    for (const value of values) {
      if (!allowed || allowed.includes(value)) continue;
      const guess = nearest(value, allowed);
      c.errorAtKey(
        'expression.enum',
        `\`${value}\` is not one of ${allowed.join(', ')}.`,
        key,
        guess ? `Did you mean \`${guess}\`?` : undefined,
        [...c.at, 'cases'],
      );
    }
  }
  if (hasElse) return;
  const missing = uncovered(type, new Map(cases.flatMap(({ values }) => values.map((value) => [value, true]))));
  if (missing === undefined) {
    if (type.kind !== 'any')
      c.error(
        'flow.not_exhaustive',
        'This `switch` does not say what to do with other values.',
        'switch',
        'Add `else:`.',
      );
  } else if (missing.length > 0) {
    c.error(
      'flow.not_exhaustive',
      `This \`switch\` has no case for ${missing.join(', ')}.`,
      'switch',
      'Add the cases, or `else:`.',
    );
  }
}

/** The values without a case; `undefined` when the type has no list of values. */
function uncovered(type: Type, covered: ReadonlyMap<string, unknown>): string[] | undefined {
  const subject = required(type);
  const values = subject.kind === 'enum' ? subject.values : subject.kind === 'boolean' ? ['true', 'false'] : undefined;
  return values?.filter((value) => !covered.has(value));
}
