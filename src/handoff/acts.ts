import { begin, expired, without } from './clocks.ts';
import type { Control, Deed, Happening, Stretch, Task } from './control.ts';
import { close, end, wrap } from './ending.ts';
import { afterOpenTime, isOpen, nextOpening, openTimeBetween } from './hours.ts';
import { amend, keepBack, keptOf, letOut, replied, sendOf } from './kept.ts';
import { type Policy, PRIORITIES, type Priority, type Queue, queueOf } from './policy.ts';
import { lateFirst } from './review/drafts.ts';
import { dropped, record, startClocks, told } from './stretch.ts';
import type { Row } from './table.ts';
import { isOfTask, work } from './tasks.ts';

/** A step that the table allows. */
export interface Act {
  readonly control: Control;
  readonly happening: Happening;
  readonly policy: Policy;
  readonly now: number;
  readonly row: Row;
  /** Of the command, or of what stands for one: what is said is known by it. */
  readonly id: string;
}

export interface Done {
  readonly stretch?: Stretch;
  readonly tasks?: readonly Task[];
  readonly deeds: readonly Deed[];
}

/** What a step does besides moving on: to the stretch, to its clocks, and for the customer. */
export function act(from: Act): Done {
  const { control, happening, policy, now } = from;
  if (happening.on === 'requested') return open(happening, policy, now);
  if (happening.on === 'claimed' && (control.at === 'bot' || control.at === 'closed')) return takeOver(from, happening);
  if (isOfTask(happening)) return work(control.tasks ?? [], happening);
  if (happening.on === 'review_over') return giveUp(control);
  const { stretch } = control;
  if (stretch === undefined) return { deeds: [] };
  const queue = queueOf(policy, stretch.queue);
  switch (happening.on) {
    case 'offered':
      return { stretch: { ...stretch, agent: happening.agent, offer: now + queue.offer }, deeds: [] };
    case 'offer_over':
      return { ...passOn(stretch), deeds: [{ do: 'missed', agent: stretch.agent ?? '' }] };
    case 'declined':
      return passOn(stretch);
    case 'unreachable':
      return { stretch, deeds: [{ do: 'tell', phrase: 'unreachable' }] };
    case 'left':
      return leave(from, stretch);
    case 'claimed':
      return give(stretch, happening.agent, now);
    case 'assigned':
      return give(stretch, happening.to, now);
    case 'handed_over':
      return give(stretch, stretch.consulted ?? happening.agent, now);
    case 'requeued':
      return enqueue(dropped(stretch, 'agent', 'consulted', 'hold', 'offer'), policy, happening.queue, now);
    case 'consulted':
      return { stretch: { ...dropped(stretch, 'hold'), consulted: happening.with }, deeds: [] };
    case 'held':
      return {
        stretch: happening.for === undefined ? stretch : { ...stretch, hold: now + happening.for },
        deeds: [],
      };
    case 'hold_over':
    case 'resumed':
      return { stretch: dropped(stretch, 'hold', 'consulted'), deeds: [] };
    case 'said':
      return say(from, stretch, happening);
    case 'undo_over':
      return reply(stretch, now);
    case 'edited':
    case 'deleted':
      return { stretch: amend(stretch, happening), deeds: [] };
    case 'revised':
    case 'noted':
      return { stretch, deeds: [] };
    case 'heard':
      return hear(from, stretch, queue);
    case 'wait_over':
      return { stretch: { ...dropped(stretch, 'ask'), choosing: true }, deeds: [ask('long_wait')] };
    case 'chosen':
      return choose(stretch, happening.choice, queue, now);
    case 'deadline_over':
      return end(stretch, 'timeout', now, [{ do: 'resume', outcome: 'timeout', data: { resume: 'on_timeout' } }]);
    case 'escalation_due':
      return escalate(stretch, policy, queue, now);
    case 'clock_over':
      return miss(stretch, now);
    case 'wrapped':
      return wrap(stretch, happening, queue, now);
    case 'finished':
    case 'wrap_up_over':
      return close(stretch, policy);
    case 'returned': {
      const { outcome, data = {}, resume = 'next', agent } = happening;
      const told = { ...data, resume, ...(agent === undefined ? {} : { agent }) };
      const by = stretch.agent === undefined || control.at === 'offered' ? 'nobody' : 'human';
      return end(stretch, outcome, now, [{ do: 'resume', outcome, data: told }], by);
    }
  }
}

/** What nobody has approved in time is not said: never by itself. */
function giveUp({ tasks = [], ...control }: Control): Done {
  const late = lateFirst({ ...control, tasks })?.task;
  if (late === undefined) return { deeds: [] };
  return {
    tasks: tasks.filter((one) => one !== late),
    deeds: [{ do: 'seek', task: late.id, reason: 'review_late' }],
  };
}

// — Into the queue ———————————————————————————————————————————————————————————————————————————————————————————

function open(happening: Extract<Happening, { on: 'requested' }>, policy: Policy, now: number): Done {
  const { id, queue, priority, reason, attach, timeout } = happening;
  const stretch: Stretch = {
    ...{ id, queue, priority, reason, opened: now, entered: now, asked: [], escalated: 0, clocks: [] },
    ...(attach === undefined ? {} : { attach }),
    ...(timeout === undefined ? {} : { deadline: now + timeout }),
  };
  const opened = enqueue(startClocks(stretch, ['first_reply', 'resolution'], policy, now), policy, queue, now);
  return { ...opened, deeds: [record('desk.queued', stretch, { reason }), ...opened.deeds] };
}

/** The waiting begins: in this queue, with its hours and its steps. Promises made before hold on. */
function enqueue(before: Stretch, policy: Policy, name: string, now: number): Done & { readonly stretch: Stretch } {
  const queue = queueOf(policy, name);
  const { maxWait } = queue;
  const asks = maxWait === undefined ? undefined : afterOpenTime(queue.hours, now, maxWait);
  const rest = dropped(before, 'ask', 'choosing', 'escalateAt');
  const fresh = { ...rest, queue: name, entered: now, asked: [], escalated: 0 };
  const stretch = { ...plan(fresh, queue, now), ...(asks === undefined ? {} : { ask: asks }) };
  if (isOpen(queue.hours, now)) return { stretch, deeds: [] };
  const opens = nextOpening(queue.hours, now);
  // She has been told when they are there, and what she can do: to ask again before that would be one question too many.
  return { stretch: { ...stretch, choosing: true }, deeds: [ask('closed', opens)] };
}

function plan(stretch: Stretch, queue: Queue, now: number): Stretch {
  const step = queue.escalate[stretch.escalated];
  const waited = openTimeBetween(queue.hours, stretch.entered, now);
  const due = step === undefined ? undefined : afterOpenTime(queue.hours, now, Math.max(0, step.after - waited));
  const rest = dropped(stretch, 'escalateAt');
  return due === undefined ? rest : { ...rest, escalateAt: due };
}

function escalate(before: Stretch, policy: Policy, queue: Queue, now: number): Done {
  const step = queue.escalate[before.escalated];
  const priority = step?.priority === undefined ? before.priority : higher(before.priority, step.priority);
  const taken = { ...before, priority, escalated: before.escalated + 1 };
  const deeds = [record('desk.escalated', taken, { step: taken.escalated, priority })];
  // An offer that stands goes on standing.
  if (step?.queue === undefined || step.queue === before.queue) return { stretch: plan(taken, queue, now), deeds };
  const moved = enqueue(dropped(taken, 'agent', 'offer'), policy, step.queue, now);
  return {
    stretch: before.offer === undefined ? moved.stretch : { ...moved.stretch, ...standing(before) },
    deeds: [...deeds, ...moved.deeds],
  };
}

function standing({ agent, offer }: Stretch): Partial<Stretch> {
  return { ...(agent === undefined ? {} : { agent }), ...(offer === undefined ? {} : { offer }) };
}

function higher(one: Priority, other: Priority): Priority {
  return PRIORITIES.indexOf(one) > PRIORITIES.indexOf(other) ? one : other;
}

/** Back into the line: the others are asked before whoever let it pass. */
function passOn(stretch: Stretch): { readonly stretch: Stretch; readonly deeds: readonly Deed[] } {
  const asked = stretch.agent === undefined ? stretch.asked : [...new Set([...stretch.asked, stretch.agent])];
  return { stretch: { ...dropped(stretch, 'agent', 'offer'), asked }, deeds: [] };
}

function leave({ row, policy, now }: Act, stretch: Stretch): Done {
  if (row.to === 'closed') return close(stretch, policy);
  if (row.to === 'active') return { stretch: dropped(stretch, 'consulted'), deeds: [] };
  if (stretch.offer !== undefined) return passOn(stretch);
  return enqueue(dropped(stretch, 'agent', 'consulted', 'hold'), policy, stretch.queue, now);
}

// — While she waits ——————————————————————————————————————————————————————————————————————————————————————————

function choose(stretch: Stretch, choice: 'wait' | 'ticket' | 'callback', queue: Queue, now: number): Done {
  if (choice === 'wait') {
    const { maxWait } = queue;
    const again = maxWait === undefined ? undefined : afterOpenTime(queue.hours, now, maxWait);
    const rest = dropped(stretch, 'choosing');
    return {
      stretch: again === undefined ? rest : { ...rest, ask: again },
      deeds: [{ do: 'tell', phrase: 'still_waiting' }],
    };
  }
  return end(stretch, choice, now, [
    { do: 'file', reason: choice },
    { do: 'tell', phrase: choice === 'ticket' ? 'filed' : 'called_back' },
    { do: 'resume', outcome: choice, data: { resume: 'on_timeout' } },
  ]);
}

function ask(phrase: 'long_wait' | 'closed', opens?: number): Deed {
  return {
    ...{ do: 'tell', phrase, choices: ['wait', 'ticket', 'callback'] },
    ...(opens === undefined ? {} : { opens }),
  };
}

function hear({ control, row, policy, now }: Act, stretch: Stretch, queue: Queue): Done {
  if (row.to === 'bot' || (control.at === 'closed' && row.to === 'same')) return { stretch, deeds: [] };
  if (control.at === 'closed') return reopen(stretch, policy, now);
  const awake = control.at === 'on_hold' ? dropped(stretch, 'hold') : stretch;
  const back = control.at === 'wrap_up' && row.to === 'active' ? dropped(awake, 'wrapUp', 'ended') : awake;
  // The first reply is owed already; from then on, each of her messages begins the next one.
  if (!back.replied || (control.at === 'wrap_up' && row.to === 'same')) return { stretch: back, deeds: [] };
  return { stretch: { ...back, clocks: begin(back.clocks, 'next_reply', queue, now) }, deeds: [] };
}

/** She comes back. To the same agent, if that one is there: the router looks. */
function reopen(before: Stretch, policy: Policy, now: number): Done {
  const rest = dropped(before, 'ended', 'wrapUp', 'agent', 'replied', 'deadline', 'hold', 'consulted', 'offer');
  const known = before.agent === undefined ? {} : { preferred: before.agent };
  const again = { ...rest, ...known, opened: now, clocks: [] };
  const queued = enqueue(startClocks(again, ['first_reply', 'resolution'], policy, now), policy, before.queue, now);
  return { ...queued, deeds: [record('desk.reopened', queued.stretch, known), ...queued.deeds] };
}

// — In a human's hands ———————————————————————————————————————————————————————————————————————————————————————

function give(before: Stretch, agent: string, now: number): Done {
  const rest = dropped(before, 'offer', 'ask', 'choosing', 'deadline', 'escalateAt', 'consulted', 'hold', 'preferred');
  const stretch = { ...rest, agent };
  return { stretch, deeds: [record('desk.taken', stretch, { agent, waited: now - before.opened })] };
}

function takeOver({ control, policy, now }: Act, { agent }: Extract<Happening, { on: 'claimed' }>): Done {
  const queue = Object.keys(policy.queues)[0] ?? 'support';
  const stretch: Stretch = {
    ...{
      id: `takeover.${control.version + 1}`,
      queue,
      priority: 'normal',
      reason: 'takeover',
      opened: now,
      entered: now,
    },
    ...{ agent, asked: [], escalated: 0, clocks: [] },
  };
  return {
    stretch: startClocks(stretch, ['resolution'], policy, now),
    deeds: [record('desk.taken_over', stretch, { agent })],
  };
}

/** At once, or as soon as she can no longer take it back. */
function say({ policy, now, row, id }: Act, stretch: Stretch, happening: Extract<Happening, { on: 'said' }>): Done {
  if (row.when === 'may be undone') return { stretch: keepBack(stretch, happening, id, policy, now), deeds: [] };
  const answered = replied(stretch, now);
  return {
    stretch: answered.stretch,
    deeds: [sendOf(keptOf(happening, id, now)), ...told(answered.stretch, answered.verdicts)],
  };
}

function reply(before: Stretch, now: number): Done {
  const out = letOut(before, now);
  const answered = replied(out.stretch, now);
  return { stretch: answered.stretch, deeds: [...out.deeds, ...told(answered.stretch, answered.verdicts)] };
}

function miss(stretch: Stretch, now: number): Done {
  const clock = expired(stretch.clocks, now);
  if (clock === undefined) return { stretch, deeds: [] };
  const verdict = { clock, met: false, at: now };
  return { stretch: { ...stretch, clocks: without(stretch.clocks, clock) }, deeds: told(stretch, [verdict]) };
}
