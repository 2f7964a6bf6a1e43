import { z } from 'zod';
import { ParleyError } from '../../errors.ts';
import type { Happening } from '../../handoff/control.ts';
import type { Policy } from '../../handoff/policy.ts';
import { REASONS } from '../../handoff/review/judgement.ts';
import type { Act, Wanted } from './protocol.ts';

/** UTF-16 units of a reply or a note: what the longest app takes, and more. */
const TEXT = 8_000;
const MINUTE = 60_000;

const name = z.string().min(1).max(200);
const text = z.string().max(TEXT);

const ActSchema = z.union([
  z.strictObject({ do: z.enum(['claim', 'decline', 'hand_over', 'resume', 'finish']) }),
  z.strictObject({ do: z.literal('say'), text, files: z.array(name).max(10).optional() }),
  z.strictObject({ do: z.literal('undo'), said: name }),
  z.strictObject({ do: z.literal('note'), text }),
  z.strictObject({ do: z.literal('transfer'), to: name, note: text }),
  z.strictObject({ do: z.literal('requeue'), queue: name, note: text }),
  z.strictObject({ do: z.literal('consult'), with: name, note: text }),
  z.strictObject({
    do: z.literal('hold'),
    minutes: z
      .int()
      .min(1)
      .max(24 * 60)
      .optional(),
  }),
  z.strictObject({
    ...{ do: z.literal('decide'), task: name, outcome: z.enum(['approved', 'rejected']) },
    note: text.optional(),
  }),
  z.strictObject({ do: z.literal('done'), task: name, note: text.optional() }),
  z.strictObject({
    ...{ do: z.literal('judge'), task: name, verdict: z.literal('sent') },
    ...{ text: text.optional(), reason: z.enum(REASONS).optional(), note: text.optional() },
  }),
  z.strictObject({
    ...{ do: z.literal('judge'), task: name, verdict: z.literal('rejected'), reason: z.enum(REASONS) },
    ...{ text: text.optional(), flow: name.optional(), note: text.optional() },
  }),
  z.strictObject({ do: z.literal('another'), task: name }),
  z.strictObject({ do: z.literal('return'), outcome: name }),
  z.strictObject({ do: z.literal('close'), outcome: z.string().max(200), topic: z.string().max(200) }),
]);

const Schema = z.strictObject({
  conversation: name,
  command: name,
  version: z.int().min(0).optional(),
  act: ActSchema,
});

/** @throws ParleyError `desk.unknown_act` */
export function readWanted(json: unknown): Wanted {
  const read = Schema.safeParse(json);
  if (read.success) return read.data as Wanted;
  throw new ParleyError('desk.unknown_act', 'The desk does not know this act.', {
    hint: 'Its acts are in src/desks/web/protocol.ts. Reload the page if it is an older one.',
    cause: read.error,
  });
}

/**
 * What happens by her act.
 * @param agent whose session it is: nobody acts for another
 * @throws ParleyError `desk.unknown_agent`, `desk.unknown_queue`, `desk.empty`
 */
export function happeningOf(act: Act, agent: string, policy: Policy): Happening {
  switch (act.do) {
    case 'claim':
      return { on: 'claimed', agent };
    case 'decline':
      return { on: 'declined', agent };
    case 'hand_over':
      return { on: 'handed_over', agent };
    case 'resume':
      return { on: 'resumed', agent };
    case 'finish':
      return { on: 'finished', agent };
    case 'say':
      return said(act.text, agent, act.files ?? []);
    case 'undo':
      return { on: 'deleted', agent, said: act.said };
    case 'note':
      return { on: 'noted', agent, text: filled(act.text) };
    case 'transfer':
      return { on: 'assigned', agent, to: known(act.to, policy), note: act.note };
    case 'requeue':
      return { on: 'requeued', agent, queue: knownQueue(act.queue, policy), note: act.note };
    case 'consult':
      return { on: 'consulted', agent, with: known(act.with, policy), note: act.note };
    case 'hold':
      return { on: 'held', agent, ...(act.minutes === undefined ? {} : { for: act.minutes * MINUTE }) };
    case 'decide':
      return { on: 'decided', agent, task: act.task, outcome: act.outcome, ...noted(act.note) };
    case 'done':
      return { on: 'done', agent, task: act.task, ...noted(act.note) };
    case 'judge': {
      const { do: _, ...judgement } = act;
      return { on: 'reviewed', agent, ...judgement };
    }
    case 'another':
      return { on: 'swapped', agent, task: act.task };
    case 'return':
      return { on: 'returned', agent, outcome: act.outcome };
    case 'close':
      return { on: 'wrapped', agent, outcome: act.outcome, topic: act.topic };
  }
}

/** Files by their ids: the office looks them up, and takes only what was kept for this customer. */
function said(text: string, agent: string, files: readonly string[]): Happening {
  if (files.length === 0) return { on: 'said', agent, text: filled(text) };
  const attachments = files.map((id) => ({ id, name: '', type: '', size: 0, url: '' }));
  return { on: 'said', agent, text: text.trim(), attachments };
}

/** A note that is not required and not there says nothing. */
function noted(note: string | undefined): { readonly note?: string } {
  return note === undefined || note.trim() === '' ? {} : { note: note.trim() };
}

function filled(text: string): string {
  const trimmed = text.trim();
  if (trimmed !== '') return trimmed;
  throw new ParleyError('desk.empty', 'There is nothing in it.', { hint: 'Write something first.' });
}

function known(name: string, { agents }: Policy): string {
  if (agents.some((agent) => agent.name === name)) return name;
  throw new ParleyError('desk.unknown_agent', `Nobody called ${name} works at this desk.`, {
    hint: `There are: ${agents.map((agent) => agent.name).join(', ')}.`,
  });
}

function knownQueue(name: string, { queues }: Policy): string {
  if (Object.hasOwn(queues, name)) return name;
  throw new ParleyError('desk.unknown_queue', `This desk has no queue ${name}.`, {
    hint: `There are: ${Object.keys(queues).join(', ')}.`,
  });
}
