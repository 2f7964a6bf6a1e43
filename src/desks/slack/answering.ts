import { z } from 'zod';
import type { Happening } from '../../handoff/control.ts';
import { give } from './buttons.ts';
import { tappedIn } from './card.ts';
import type { Form } from './forms.ts';
import type { Inside } from './inside.ts';
import { fill } from './words.ts';

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
  const { words, staff } = inside;
  const tapped = tappedIn(view.private_metadata);
  const agent = staff.of(user);
  const field = fieldsIn(view.state.values);
  const missing = NEEDED[form].map(field).filter(({ filled }) => filled === '');
  if (missing.length > 0) return Object.fromEntries(missing.map(({ block }) => [block, words.needed]));
  const first = field(NEEDED[form][0] ?? '').block;
  if (tapped === undefined || agent === undefined) return { [first]: words.failed };
  const { conversation } = tapped;
  // Without the version that she saw: the customer may have written while she filled it in. Whose it is, is asked all the same.
  const command = `slack:${view.id}:${user}`;
  const filled = (name: string) => field(name).filled;
  const answer = await give(inside, user, undefined, {
    conversation,
    command,
    happening: happeningOf(form, agent, filled),
  });
  if (answer?.ok === false) {
    const holder = answer.holder === undefined ? words.nobody : staff.shown(answer.holder);
    return { [first]: fill(words.refusals[answer.code] ?? words.failed, { holder }) };
  }
  if (form === 'close' && filled('bot_could') !== '') {
    const text = `${words.bot_could} ${filled('bot_could') === 'yes' ? words.yes : words.no}`;
    await give(inside, user, undefined, {
      conversation,
      command: `${command}:bot`,
      happening: { on: 'noted', agent, text },
    });
  }
  return undefined;
}

/** What must be filled in: `table.ts` refuses it otherwise. The first one tells what is wrong with the whole. */
const NEEDED: Readonly<Record<Form, readonly string[]>> = {
  reply: ['text'],
  assign: ['note', 'to'],
  consult: ['note', 'to'],
  close: ['topic', 'outcome'],
};

function happeningOf(form: Form, agent: string, filled: (name: string) => string): Happening {
  const [, kind, to = ''] = /^(agent|queue):(.*)$/s.exec(filled('to')) ?? [];
  const note = filled('note');
  switch (form) {
    case 'reply':
      return { on: 'said', agent, text: filled('text') };
    case 'close':
      return {
        ...{ on: 'wrapped', agent, outcome: filled('outcome'), topic: filled('topic') },
        ...(filled('bot_could') === '' ? {} : { botCould: filled('bot_could') === 'yes' }),
      };
    case 'consult':
      return { on: 'consulted', agent, with: to, note };
    case 'assign':
      return kind === 'queue' ? { on: 'requeued', agent, queue: to, note } : { on: 'assigned', agent, to, note };
  }
}

/** By the names of the elements: a block gets another name when it is filled in for her (see `forms.ts`). */
function fieldsIn(values: unknown): (name: string) => { readonly block: string; readonly filled: string } {
  const blocks = Object.entries(Values.safeParse(values).data ?? {});
  return (name) => {
    const [block = name, elements = {}] = blocks.find(([, elements]) => name in elements) ?? [];
    const { value, selected_option: option } = elements[name] ?? {};
    return { block, filled: (option?.value ?? value ?? '').trim() };
  };
}
