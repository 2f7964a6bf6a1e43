import type { Compiler } from './compiler.ts';
import type { FlowFile } from './flow-file.ts';

/** Can the flow be started, and by what it says? */
export function checkStarting(c: Compiler, { source, header }: FlowFile): void {
  c.at = [];
  const { examples, events, schedule } = header;
  if (source.title !== undefined) {
    c.text('title', source.title);
    c.checkLabel(['title'], source.title);
  }
  for (const locale of Object.keys(examples)) {
    if (c.library.locales.includes(locale)) continue;
    c.warn(
      'flow.example_locale',
      `Nobody will hear these examples: the deployment does not list \`${locale}\`.`,
      ['triggers', 'examples', locale],
      `Its languages are ${c.library.locales.join(', ')}.`,
    );
  }
  if (schedule !== undefined && !isCron(schedule)) {
    c.error(
      'flow.schedule',
      `“${schedule}” is not a schedule.`,
      ['triggers', 'schedule'],
      'Write minute, hour, day, month and weekday: "0 9 * * 1" is Monday at nine.',
    );
  }
  if (header.callableOnly) return;
  const isHeard = c.library.locales.some((locale) => (examples[locale]?.length ?? 0) > 0);
  const needed = Object.entries(header.inputs).find(([, { kind }]) => kind !== 'optional')?.[0];
  if (needed !== undefined && isHeard) {
    c.warn(
      'flow.needs_input',
      `A customer cannot start this flow: it needs \`${needed}\`.`,
      ['inputs', needed],
      'Let it be unset (`?`) and ask for it, or say `callable_only: true`.',
    );
  }
  if (!isHeard && events.length === 0 && schedule === undefined) {
    c.warn(
      'flow.no_examples',
      'A customer can never start this flow by words.',
      ['flow'],
      'Give examples under `triggers:`, or say `callable_only: true`.',
    );
  }
}

const LIMITS = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/** Five fields of numbers, `*`, ranges, steps and lists of them, each within its limits. */
function isCron(text: string): boolean {
  const fields = text.trim().split(/ +/);
  return (
    fields.length === LIMITS.length && LIMITS.every(([low, high], index) => isField(fields[index] ?? '', low, high))
  );
}

function isField(field: string, low: number, high: number): boolean {
  return field.split(',').every((part) => {
    const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part);
    if (!match) return false;
    const [, from = low, to = from, step = 1] = match;
    return Number(from) >= low && Number(to) <= high && Number(from) <= Number(to) && Number(step) > 0;
  });
}
