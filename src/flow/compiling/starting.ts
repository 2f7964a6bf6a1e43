import type { FlowFile } from '../reading/flow-file.ts';
import { parseCron } from '../value/cron.ts';
import type { Compiler } from './compiler.ts';

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
  if (schedule !== undefined) checkSchedule(c, source, schedule);
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

/** Is it ever due, for whom, and can it begin with nothing handed in? */
function checkSchedule(c: Compiler, source: FlowFile['source'], schedule: string): void {
  if (parseCron(schedule) === undefined) {
    c.error(
      'flow.schedule',
      `“${schedule}” is not a schedule.`,
      ['triggers', 'schedule'],
      'Write minute, hour, day, month and weekday: "0 9 * * 1" is Monday at nine.',
    );
  }
  const needed = Object.entries(source.inputs ?? {}).find(([, type]) => !type.trim().endsWith('?'))?.[0];
  if (needed !== undefined) {
    c.error(
      'flow.needs_input',
      `A schedule cannot start this flow: it needs \`${needed}\`.`,
      ['inputs', needed],
      'Let it be unset (`?`), and look it up or ask for it.',
    );
  }
  if (source.guard === undefined) {
    c.warn(
      'flow.schedule_for_all',
      'This goes to everybody who has ever written to the bot.',
      ['triggers', 'schedule'],
      'Say whom it is meant for: `guard: customer.newsletter == true`. `guard: true` says that it is for all.',
    );
  }
}
