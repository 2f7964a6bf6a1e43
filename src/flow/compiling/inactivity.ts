import { z } from 'zod';
import { WAIT } from '../program.ts';
import { Duration } from '../reading/schema.ts';
import type { Run } from '../run.ts';
import { parseDuration } from '../value/duration.ts';
import type { Compiler } from './compiler.ts';

/** What happens when a question stays unanswered: each entry is a step with `after`. */
export const Inactivity = z.array(z.object({ after: Duration }).catchall(z.unknown())).meta({
  description: 'Steps to run when no answer comes: [{after: 10m, say: Still there?}, {after: 2h, end: abandoned}].',
});

export interface IdleSource {
  readonly after: string;
  readonly [key: string]: unknown;
}

export interface Idle {
  /** Begins to count; every question asked begins anew. */
  start(run: Run): void;
  fire(run: Run, name: string): number;
}

/** Compiles the entries beside the main line; afterwards the question is still open. */
export function compileInactivity(c: Compiler, entries: readonly IdleSource[] | undefined, key = 'inactivity'): Idle {
  const compiled = (entries ?? []).map(({ after, template: _template, ...step }, index) => ({
    delay: parseDuration(after) ?? 0,
    start: c.aside([key, index], step, { resume: 'silently' }),
  }));
  return {
    start(run) {
      for (const [index, { delay }] of compiled.entries()) run.timer(`${key}.${index}`, delay);
    },
    fire(run, name) {
      const entry = name.startsWith(`${key}.`) ? compiled[Number(name.slice(key.length + 1))] : undefined;
      if (!entry) return WAIT;
      run.frame.back = [...(run.frame.back ?? []), run.frame.pc];
      return entry.start.pc;
    },
  };
}
