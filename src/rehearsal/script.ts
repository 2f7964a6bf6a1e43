import { z } from 'zod';
import type { Problem } from '../flow/reading/problem.ts';
import { Duration } from '../flow/reading/schema.ts';
import { readYaml } from '../flow/reading/yaml.ts';
import { parseZod } from '../flow/reading/zod-problems.ts';
import { parseDuration } from '../flow/value/duration.ts';

/**
 * Conversation tests as authors write them, beside the flow. A file holds one test, a list of them under `tests:`, or several
 * documents' worth in a list.
 */
const Values = z.record(z.string(), z.unknown());

const User = z
  .union([
    z.string(),
    z.strictObject({
      say: z.string().optional(),
      start: z.string().optional(),
      set: Values.optional(),
      correct: Values.optional(),
      skip: z.union([z.string(), z.literal(true)]).optional(),
      tap: z.union([z.string(), z.array(z.string())]).optional(),
      form: z
        .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
        .optional()
        .meta({ description: 'Sends the form that was offered last: texts and labels, by the names of the slots.' }),
      send: z.array(Values).optional(),
      cancel: z.literal(true).optional(),
      human: z.literal(true).optional(),
      repeat: z.literal(true).optional(),
      chitchat: z.string().optional(),
      ask: z.string().optional(),
      language: z.string().optional(),
      open: z.literal(true).optional(),
    }),
  ])
  .meta({ description: 'What the customer does: words, or the moves they would be understood as.' });

const Names = z.union([z.string(), z.array(z.string())]);

const Expect = z.strictObject({
  asks: z.string().nullable().optional(),
  says: Names.optional(),
  not_says: Names.optional(),
  offers: z.array(z.string()).optional(),
  cites: Names.optional().meta({
    description: 'Documents of the knowledge, or their titles, that were answered from.',
  }),
  calls: z.array(z.union([z.string(), z.record(z.string(), Values)])).optional(),
  not_called: z.array(z.string()).optional(),
  hands_off: z.union([z.string(), Values]).optional(),
  ends: z.string().optional(),
  slots: Values.optional(),
  session: Values.optional(),
  commands: z.array(Values).optional(),
});
export type Expectation = z.infer<typeof Expect>;

const TurnSource = z.strictObject({
  user: User.optional(),
  advance: Duration.optional(),
  signal: z.strictObject({ event: z.string(), data: Values.optional() }).optional(),
  schedule: z.string().optional().meta({ description: 'The minute of this scheduled flow has come.' }),
  returned: z
    .string()
    .optional()
    .meta({ description: 'A human decides or gives the conversation back: approved, declined, resolved.' }),
  expect: Expect.optional(),
});
export type TurnSource = z.infer<typeof TurnSource>;

const Given = z.strictObject({
  session: z
    .strictObject({
      customer_id: z.string().optional(),
      auth_age: Duration.optional(),
      blocked: z.boolean().optional(),
    })
    .optional(),
  customer: Values.optional(),
  locale: z.string().optional(),
  channel: z.string().optional(),
  desk: z.boolean().optional(),
});

export const Test = z.strictObject({
  test: z.string(),
  clock: z.string().optional(),
  given: Given.optional(),
  stub: Values.optional(),
  turns: z.array(TurnSource),
});
export type TestSource = z.infer<typeof Test>;

export interface Script {
  readonly file: string;
  readonly test: TestSource;
  /** Where the test begins, and each of its turns. */
  readonly line: number;
  readonly lines: readonly number[];
}

/** Reads a test file: all its tests, and all its mistakes. */
export function readScripts(text: string, file: string): { scripts: readonly Script[]; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const scripts: Script[] = [];
  for (const part of documents(text)) {
    const yaml = readYaml(part.text, file);
    const shift = <P extends { line: number }>(place: P): P => ({ ...place, line: place.line + part.line });
    problems.push(...yaml.problems.map(shift));
    if (yaml.value === undefined || yaml.value === null) continue;
    const value = yaml.value as { tests?: unknown };
    const list = Array.isArray(value) ? value : Array.isArray(value.tests) ? value.tests : undefined;
    const base = list === undefined ? [] : Array.isArray(value) ? [] : ['tests'];
    const found: Problem[] = [];
    for (const [index, source] of (list ?? [value]).entries()) {
      const at = list === undefined ? [] : [...base, index];
      const test = parseZod(Test, source, at, yaml, found);
      if (!test) continue;
      const lines = test.turns.map((_, turn) => yaml.locate([...at, 'turns', turn]).line + part.line);
      scripts.push({ file, test, line: yaml.locate(at).line + part.line, lines });
    }
    problems.push(...found.map(shift));
  }
  return { scripts, problems };
}

/** The `---` separated parts of a file, each with the number of lines before it. */
function documents(text: string): { text: string; line: number }[] {
  const parts: { text: string; line: number }[] = [];
  let line = 0;
  for (const part of text.split(/^---[ \t]*$/m)) {
    if (part.trim() !== '') parts.push({ text: part, line });
    line += part.split('\n').length - 1;
  }
  return parts;
}

export function durationOf(written: string): number {
  return parseDuration(written) ?? 0;
}
