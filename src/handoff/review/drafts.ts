import type { Draft, Source } from '../../draft.ts';
import type { Proposal } from '../../effect.ts';
import { maskSensitive } from '../../privacy/masking.ts';
import type { Control, Deed, Happening, Proposed, Task } from '../control.ts';
import type { Policy } from '../policy.ts';
import { editOf, extentOf } from './edit.ts';

type OfReview = Extract<Happening, { on: 'reviewed' | 'swapped' }>;

/** Drafts of one conversation that its state keeps: each may have a few kilobytes of the 32 that it holds. */
const MOST = 3;

export function isOfReview(happening: Happening): happening is OfReview {
  return happening.on === 'reviewed' || happening.on === 'swapped';
}

/**
 * What happens by a draft of the bot's: it is laid before the humans, and what it stands in the place of is laid aside. One more than can be
 * waited for is none of the bot's any more.
 */
export function proposedBy(
  { id, how, why, draft }: Proposal,
  { tasks = [], stretch }: Control,
  { review }: Policy,
  now: number,
): readonly Happening[] {
  const queue = stretch?.queue ?? review?.queue ?? '';
  const drafts = tasks.filter(({ proposal }) => proposal !== undefined);
  const proposal: Proposed = {
    ...{ how, draft: { ...draft, question: maskSensitive(draft.question) } },
    ...(why === undefined ? {} : { why }),
    ...(how === 'approve' ? { until: now + (review?.timeout ?? TIMEOUT) } : {}),
  };
  const task: Task = {
    id,
    mode: 'review',
    queue,
    priority: 'normal',
    reason: `answer_${how}`,
    attach: {},
    at: now,
    proposal,
  };
  // One suggestion at a time, shared by everybody; a sample that nobody has looked at is worth less than a new draft.
  const old = drafts.filter((one) => one.proposal?.how === 'suggest' && how === 'suggest');
  const rest = drafts.filter((one) => !old.includes(one));
  const spare = rest.find((one) => one.proposal?.how !== 'approve');
  const aside = rest.length < MOST ? old : spare === undefined ? undefined : [...old, spare];
  if (aside !== undefined) return [...aside.map(lapse), { on: 'filed', task }];
  return how === 'approve' ? [seekingBy(id, queue, 'review_late')] : [];
}

/** What becomes of the drafts by a judgement. */
export function judge(tasks: readonly Task[], happening: OfReview): { tasks: readonly Task[]; deeds: readonly Deed[] } {
  const task = tasks.find(({ id }) => id === happening.task);
  if (task?.proposal === undefined) return { tasks, deeds: [] };
  const { proposal } = task;
  if (happening.on === 'swapped')
    return { tasks: tasks.map((one) => (one === task ? { ...one, proposal: swapped(proposal) } : one)), deeds: [] };
  const rest = tasks.filter((one) => one !== task);
  const { agent, verdict } = happening;
  const data = { agent, verdict, how: proposal.how, flow: proposal.draft.flow };
  const record: Deed = { do: 'record', name: 'review.judged', data };
  if (proposal.how === 'sample') return { tasks: rest, deeds: [record] };
  if (happening.verdict === 'sent')
    return { tasks: rest, deeds: [record, { do: 'answer', agent, ...finalOf(proposal.draft, happening.text) }] };
  const isWaiting = proposal.how === 'approve' && happening.reason !== 'not_needed';
  const seek: readonly Deed[] = isWaiting ? [{ do: 'seek', task: task.id, reason: 'review_rejected' }] : [];
  return { tasks: rest, deeds: [record, ...seek] };
}

/** The first one whose time is over, and when it is. */
export function lateFirst({ tasks = [] }: Control): { readonly task: Task; readonly at: number } | undefined {
  return tasks
    .flatMap((task) => (task.proposal?.until === undefined ? [] : [{ task, at: task.proposal.until }]))
    .reduce(
      (first: { task: Task; at: number } | undefined, one) => (first && first.at <= one.at ? first : one),
      undefined,
    );
}

/** She has been promised an answer, and has none. */
export function seekingBy(id: string, queue: string, reason: string): Happening {
  return { on: 'requested', id: `${id}.human`, queue, priority: 'high', reason };
}

/** What an agent has written anew is in no document. */
function finalOf({ text, source }: Draft, changed: string | undefined): { text: string; source?: Source } {
  const final = changed?.trim() || text;
  return extentOf(editOf(text, final).ratio) === 'rewrite' ? { text: final } : { text: final, source };
}

function lapse({ id }: Task): Happening {
  return { on: 'lapsed', task: id, why: 'over' };
}

/** What else might answer comes up, and what was shown goes to the end. */
function swapped(proposal: Proposed): Proposed {
  const { draft } = proposal;
  const [next, ...others] = draft.others;
  if (next === undefined) return proposal;
  const { text, source, confidence } = draft;
  // It is a document's own text.
  return {
    ...proposal,
    draft: {
      ...{ ...draft, ...next, grounding: [true] },
      source: { ...next.source, passage: next.source.passage || next.text },
      others: [...others, { text, source, confidence }],
    },
  };
}

/** Milliseconds. */
const TIMEOUT = 600_000;
