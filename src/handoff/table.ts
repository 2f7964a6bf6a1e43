import type { Control, Happening, Stand } from './control.ts';
import type { Policy } from './policy.ts';
import { isBareThanks } from './thanks.ts';

/**
 * Who may have a conversation next, after what: the whole of it. The first row that fits counts; what no row fits is refused. What a
 * step does besides is in `acts.ts`; the drawing in docs/desk.md is made from this table, and a test keeps them equal.
 */
export interface Row {
  readonly on: Happening['on'];
  readonly from: readonly Stand[];
  readonly when?: Condition;
  /** `same`: it stays where it is. */
  readonly to: Stand | 'same';
  /** For the drawing and the table in the docs. */
  readonly rule: string;
}

const WAITING = ['queued', 'offered'] as const;
const HELD = ['active', 'waiting_customer', 'on_hold', 'consult'] as const;
const HUMAN = [...WAITING, ...HELD, 'wrap_up'] as const;
const ALL = ['bot', ...HUMAN, 'closed'] as const;

export const TABLE: readonly Row[] = [
  { on: 'requested', from: ['bot', 'closed'], to: 'queued', rule: 'the bot falls silent at once' },
  { on: 'claimed', from: [...WAITING], to: 'active', rule: 'the first one wins' },
  { on: 'claimed', from: ['bot', 'closed'], to: 'active', rule: 'an agent takes over' },

  { on: 'offered', from: ['queued'], to: 'offered', rule: 'by the router, for a while' },
  { on: 'offer_over', from: ['offered'], to: 'queued', rule: 'missed: the next one is asked' },
  { on: 'declined', from: ['offered'], when: 'holder', to: 'queued', rule: 'the next one is asked' },
  { on: 'wait_over', from: [...WAITING], to: 'same', rule: 'she is asked: wait, ticket or call back' },
  { on: 'chosen', from: [...WAITING], when: 'waits', to: 'same', rule: 'she keeps waiting' },
  { on: 'chosen', from: [...WAITING], to: 'bot', rule: 'a task is filed, the flow goes on' },
  { on: 'deadline_over', from: [...WAITING], to: 'bot', rule: "the flow's own limit: it goes on at on_timeout" },
  { on: 'escalation_due', from: [...WAITING], to: 'same', rule: 'higher priority, or another queue' },

  { on: 'said', from: [...HELD], when: 'may be undone', to: 'same', rule: 'it is kept back for a moment' },
  {
    on: 'undo_over',
    from: ['active', 'waiting_customer', 'on_hold'],
    to: 'waiting_customer',
    rule: 'what was kept back goes out',
  },
  { on: 'undo_over', from: ['consult', 'wrap_up'], to: 'same', rule: 'what was kept back goes out' },
  { on: 'edited', from: [...ALL], to: 'same', rule: 'what was kept back is changed; later, where her app can' },
  { on: 'deleted', from: [...ALL], to: 'same', rule: 'what was kept back is dropped; later, where her app can' },
  { on: 'revised', from: [...ALL], to: 'same', rule: 'what became of a late change' },
  {
    on: 'said',
    from: ['active', 'waiting_customer', 'on_hold'],
    when: 'holder',
    to: 'waiting_customer',
    rule: 'the agent answers',
  },
  { on: 'said', from: ['consult'], when: 'holder', to: 'same', rule: 'the agent answers' },
  { on: 'noted', from: [...HUMAN, 'closed'], to: 'same', rule: 'the customer never sees it' },
  {
    on: 'held',
    from: ['active', 'waiting_customer'],
    when: 'holder',
    to: 'on_hold',
    rule: 'for a while or until a word',
  },
  { on: 'hold_over', from: ['on_hold'], to: 'active', rule: 'the while is over' },
  { on: 'resumed', from: ['on_hold', 'consult'], when: 'holder', to: 'active', rule: 'goes on alone' },
  {
    on: 'consulted',
    from: ['active', 'waiting_customer', 'on_hold'],
    when: 'holder',
    to: 'consult',
    rule: 'a colleague is asked, with a note',
  },
  { on: 'handed_over', from: ['consult'], when: 'holder', to: 'active', rule: 'to the colleague' },
  { on: 'assigned', from: [...HELD], when: 'holder', to: 'active', rule: 'to another agent, with a note' },
  { on: 'assigned', from: [...WAITING], to: 'active', rule: 'to an agent, with a note' },
  { on: 'requeued', from: [...HELD], when: 'holder', to: 'queued', rule: 'to a queue, with a note' },
  { on: 'requeued', from: [...WAITING], to: 'queued', rule: 'to another queue, with a note' },

  { on: 'wrapped', from: [...HELD], when: 'holder', to: 'wrap_up', rule: 'with outcome and topic' },
  { on: 'finished', from: ['wrap_up'], when: 'holder', to: 'closed', rule: 'the place is free' },
  { on: 'wrap_up_over', from: ['wrap_up'], to: 'closed', rule: 'the place is free' },
  { on: 'returned', from: [...HELD, 'wrap_up'], when: 'holder or house', to: 'bot', rule: 'the flow goes on' },
  { on: 'returned', from: [...WAITING], to: 'bot', rule: 'the flow goes on' },

  { on: 'unreachable', from: [...WAITING], to: 'same', rule: 'she is told that it takes longer, and keeps her place' },
  { on: 'left', from: ['offered'], when: 'holder', to: 'queued', rule: 'the next one is asked' },
  { on: 'left', from: [...HELD], when: 'holder', to: 'queued', rule: 'nobody is left alone' },
  { on: 'left', from: ['consult'], when: 'consulted', to: 'active', rule: 'goes on alone' },
  { on: 'left', from: ['wrap_up'], when: 'holder', to: 'closed', rule: 'the place is free' },

  { on: 'heard', from: ['waiting_customer', 'on_hold'], to: 'active', rule: 'she writes' },
  { on: 'heard', from: [...WAITING, 'active', 'consult'], to: 'same', rule: 'she writes' },
  { on: 'heard', from: ['wrap_up'], when: 'thanks', to: 'same', rule: 'a bare thanks' },
  { on: 'heard', from: ['wrap_up'], to: 'active', rule: 'she writes again' },
  { on: 'heard', from: ['closed'], when: 'long ago', to: 'bot', rule: 'a new conversation' },
  {
    on: 'heard',
    from: ['closed'],
    when: 'thanks or answer',
    to: 'same',
    rule: 'a bare thanks, or an answer to the bot',
  },
  { on: 'heard', from: ['closed'], to: 'queued', rule: 'she writes again within a day' },

  { on: 'filed', from: [...ALL], to: 'same', rule: 'a flow asks for a decision, or files a task' },
  { on: 'decided', from: [...ALL], to: 'same', rule: 'the flow goes on' },
  { on: 'done', from: [...ALL], to: 'same', rule: 'nobody need do it any more' },
  { on: 'lapsed', from: [...ALL], to: 'same', rule: 'the flow waits for it no longer' },

  {
    on: 'reviewed',
    from: [...ALL],
    when: 'says nothing',
    to: 'same',
    rule: 'a draft is rejected, or what was said is judged',
  },
  { on: 'reviewed', from: ['bot', 'closed'], to: 'same', rule: 'the answer goes out, in the name of the bot' },
  {
    on: 'reviewed',
    from: [...HELD],
    when: 'holder',
    to: 'same',
    rule: 'the answer goes out, in the name of the agent',
  },
  { on: 'swapped', from: [...ALL], to: 'same', rule: 'another draft is shown' },
  { on: 'review_over', from: [...ALL], to: 'same', rule: 'a human takes over what the bot did not answer' },

  { on: 'clock_over', from: [...HUMAN], to: 'same', rule: 'a promise is missed' },
];

type Condition = keyof typeof CONDITIONS;

interface Case {
  readonly control: Control;
  readonly happening: Happening;
  readonly policy: Policy;
  readonly now: number;
}

const CONDITIONS = {
  'may be undone': ({ control, happening, policy }: Case) =>
    (policy.undo ?? 0) > 0 && agentOf(happening) === control.stretch?.agent,
  holder: ({ control, happening }: Case) => agentOf(happening) === control.stretch?.agent,
  'holder or house': ({ control, happening }: Case) =>
    agentOf(happening) === undefined || agentOf(happening) === control.stretch?.agent,
  consulted: ({ control, happening }: Case) => agentOf(happening) === control.stretch?.consulted,
  waits: ({ happening }: Case) => happening.on === 'chosen' && happening.choice === 'wait',
  thanks: ({ happening }: Case) => happening.on === 'heard' && isBareThanks(happening.text),
  'thanks or answer': ({ happening }: Case) =>
    happening.on === 'heard' && (happening.busy || isBareThanks(happening.text)),
  'says nothing': ({ control, happening }: Case) =>
    happening.on === 'reviewed' &&
    (happening.verdict === 'rejected' ||
      control.tasks?.find(({ id }) => id === happening.task)?.proposal?.how === 'sample'),
  'long ago': ({ control, policy, now }: Case) => now - control.since >= policy.reopen,
} as const;

/** The row that fits; otherwise why none does. */
export function rowFor(from: Case): Row | Refusal {
  const { control, happening } = from;
  const there = TABLE.filter((row) => row.on === happening.on && row.from.includes(control.at));
  const row = there.find(({ when }) => when === undefined || CONDITIONS[when](from));
  if (row !== undefined) return row;
  if (there.length > 0) return 'desk.not_yours';
  return happening.on === 'claimed' ? 'desk.taken' : 'desk.not_now';
}

/** Somebody else holds it; somebody else was first; nothing of that kind can happen as things are; there is no such task any more. */
export type Refusal =
  | 'desk.not_yours'
  | 'desk.taken'
  | 'desk.not_now'
  | 'desk.stale'
  | 'desk.incomplete'
  | 'desk.decided';

export function agentOf(happening: Happening): string | undefined {
  return 'agent' in happening ? happening.agent : undefined;
}
