import { z } from 'zod';
import type { Happening } from '../../handoff/control.ts';
import { give } from './buttons.ts';
import { tappedIn } from './card.ts';
import type { Form } from './forms.ts';
import type { Inside } from './inside.ts';
import { typed } from './said.ts';

const Values = z.record(
  z.string(),
  z.record(
    z.string(),
    z.object({
      value: z.string().nullish(),
      selected_option: z.object({ value: z.string() }).nullish(),
    }),
  ),
);

export interface Sent {
  readonly user: string;
  readonly view: {
    readonly id: string;
    readonly private_metadata: string;
    readonly state: { readonly values: unknown };
  };
}

/** A form was sent. @returns what is wrong with it, by its fields; `undefined`: it is taken */
export async function answerForm(
  inside: Inside,
  form: Form,
  { user, view }: Sent,
): Promise<Readonly<Record<string, string>> | undefined> {
  const tapped = tappedIn(view.private_metadata);
  const agent = inside.staff.of(user);
  const filled = filledIn(view.state.values);
  const missing = NEEDED[form].filter((name) => filled(name) === '');
  if (missing.length > 0) return Object.fromEntries(missing.map((name) => [name, inside.words.needed]));
  if (tapped === undefined || agent === undefined) return { [NEEDED[form][0] ?? '']: inside.words.failed };
  const { conversation, version } = tapped;
  const command = `slack:${view.id}:${user}`;
  const answer = filled('bot_could');
  if (form === 'close' && answer !== '') {
    const text = `${inside.words.bot_could} ${answer === 'yes' ? inside.words.yes : inside.words.no}`;
    await give(inside, user, undefined, {
      conversation,
      command: `${command}:bot`,
      happening: { on: 'noted', agent, text },
    });
  }
  await give(inside, user, undefined, { conversation, version, command, happening: happeningOf(form, agent, filled) });
  return undefined;
}

/** What must be filled in: `table.ts` refuses it otherwise. */
const NEEDED: Readonly<Record<Form, readonly string[]>> = {
  assign: ['to', 'note'],
  consult: ['to', 'note'],
  close: ['outcome', 'topic'],
};

function happeningOf(form: Form, agent: string, filled: (name: string) => string): Happening {
  const [, kind, to = ''] = /^(agent|queue):(.*)$/s.exec(filled('to')) ?? [];
  const note = filled('note');
  if (form === 'close') return { on: 'wrapped', agent, outcome: filled('outcome'), topic: filled('topic') };
  if (form === 'consult') return { on: 'consulted', agent, with: to, note };
  return kind === 'queue' ? { on: 'requeued', agent, queue: to, note } : { on: 'assigned', agent, to, note };
}

function filledIn(values: unknown): (name: string) => string {
  const read = Values.safeParse(values).data ?? {};
  return (name) => {
    const { value, selected_option: option } = read[name]?.[name] ?? {};
    return typed(option?.value ?? value ?? '').trim();
  };
}
