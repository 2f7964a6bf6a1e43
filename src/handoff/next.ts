import { act } from './acts.ts';
import { expired } from './clocks.ts';
import {
  type Asked,
  botSpeaks,
  type Control,
  type Deed,
  type Happening,
  type Line,
  type Passing,
  type Stretch,
  speaker,
} from './control.ts';
import { hurried, keptAs } from './kept.ts';
import { lineOf } from './line.ts';
import type { Policy } from './policy.ts';
import { lateFirst } from './review/drafts.ts';
import { agentOf, type Refusal, rowFor } from './table.ts';
import { isDecided } from './tasks.ts';

export interface Step {
  readonly control: Control;
  readonly deeds: readonly Deed[];
  /** Nothing has happened, for this reason. */
  readonly refused?: Refusal;
}

/**
 * What becomes of control when something happens: a pure function. Time first: whatever was due by now has happened before, so a late
 * timer never changes a verdict.
 */
export function next(control: Control, happening: Happening, policy: Policy, now: number, asked?: Asked): Step {
  const before = passTime(control, policy, now);
  const step = one(before.control, happening, policy, now, asked);
  return { ...step, deeds: [...before.deeds, ...step.deeds] };
}

/** Everything that is due by now, in its order. */
export function passTime(control: Control, policy: Policy, now: number): Step {
  let step: Step = { control, deeds: [] };
  for (;;) {
    const due = dueFirst(step.control);
    if (due === undefined || due.at > now) return step;
    const passed = one(step.control, { on: due.on }, policy, due.at);
    step = { control: passed.control, deeds: [...step.deeds, ...passed.deeds] };
  }
}

/** When time will next do something; `undefined`: nothing is waited for. */
export function wakeAt(control: Control): number | undefined {
  return dueFirst(control)?.at;
}

/** What an agent has said goes out before anybody else may speak, and before she calls it an end. */
function one(control: Control, happening: Happening, policy: Policy, now: number, asked?: Asked): Step {
  const step = take(control, happening, policy, now, asked);
  if (step.refused !== undefined || !keeps(control) || !parts(control, step.control)) return step;
  const due = { ...control, stretch: hurried(control.stretch, now) };
  const said = take(due, { on: 'undo_over' }, policy, now);
  // The button that she pressed showed it as it was before.
  const then = take(said.control, happening, policy, now, asked && { command: asked.command });
  return { ...then, deeds: [...said.deeds, ...then.deeds] };
}

function keeps(control: Control): control is Control & { readonly stretch: Stretch } {
  return control.stretch?.kept !== undefined;
}

function parts(before: Control, after: Control): boolean {
  return speaker(before) !== speaker(after) || (after.at === 'wrap_up' && before.at !== 'wrap_up');
}

function take(control: Control, happening: Happening, policy: Policy, now: number, asked?: Asked): Step {
  const row = rowFor({ control, happening, policy, now });
  const refused = typeof row === 'string' ? row : unfit(control, happening, asked);
  if (refused !== undefined || typeof row === 'string')
    return refuse(control, happening, refused ?? 'desk.not_now', asked);
  const id = asked?.command ?? `${control.stretch?.id ?? ''}.${now}`;
  const { stretch, tasks = control.tasks, deeds } = act({ control, happening, policy, now, row, id });
  const to = row.to === 'same' ? control.at : row.to;
  const { tasks: _, ...rest } = control;
  const moved: Control = {
    ...rest,
    at: to,
    since: to === control.at ? control.since : now,
    ...(stretch === undefined ? {} : { stretch }),
    ...(tasks === undefined || tasks.length === 0 ? {} : { tasks }),
  };
  const changed = to !== control.at || differs(control, moved);
  const after: Control = {
    ...moved,
    version: control.version + (changed ? 1 : 0),
    epoch: control.epoch + (speaker(moved) === speaker(control) ? 0 : 1),
  };
  return { control: after, deeds: [{ do: 'line', line: lineOf(control, after, happening, asked) }, ...deeds] };
}

/** A button is pressed on what is no more, or something that must be told is missing. */
function unfit(control: Control, happening: Happening, asked: Asked | undefined): Refusal | undefined {
  if (asked?.version !== undefined && asked.version !== control.version) return 'desk.stale';
  if (isDecided(control, happening)) return 'desk.decided';
  const changed = happening.on === 'edited' || happening.on === 'deleted' ? happening : undefined;
  const words = changed && keptAs(control.stretch, changed.said);
  if (words !== undefined && words.agent !== changed?.agent) return 'desk.not_yours';
  if (happening.on === 'held' && happening.for !== undefined && !(happening.for > 0 && Number.isFinite(happening.for)))
    return 'desk.incomplete';
  const needed = [
    NOTED.includes(happening.on) && 'note' in happening ? (happening.note ?? '') : 'needless',
    happening.on === 'said' ? `${happening.text}${happening.attachments?.length || ''}` : 'needless',
    happening.on === 'wrapped' ? happening.outcome : 'needless',
    happening.on === 'wrapped' ? happening.topic : 'needless',
  ];
  return needed.some((text) => text.trim() === '') ? 'desk.incomplete' : undefined;
}

function refuse(control: Control, happening: Happening, code: Refusal, asked: Asked | undefined): Step {
  const { at, epoch, stretch } = control;
  const by = agentOf(happening);
  const line: Line = {
    ...{ on: 'refused', from: at, to: at, epoch, what: happening.on, code },
    ...(by === undefined ? {} : { by }),
    ...(stretch?.agent === undefined || botSpeaks(control) ? {} : { holder: stretch.agent }),
    ...(asked === undefined ? {} : { command: asked.command }),
  };
  return { control, deeds: [{ do: 'line', line }], refused: code };
}

/** These tell a colleague what she gets: without a note they would tell nothing. */
const NOTED: readonly Happening['on'][] = ['assigned', 'requeued', 'consulted'];

/** What a card shows besides the stand. */
function differs({ stretch: before }: Control, { stretch: after }: Control): boolean {
  return (
    before?.id !== after?.id ||
    before?.agent !== after?.agent ||
    before?.queue !== after?.queue ||
    before?.priority !== after?.priority ||
    before?.consulted !== after?.consulted
  );
}

interface Due {
  readonly on: Passing;
  readonly at: number;
}

function dueFirst(control: Control): Due | undefined {
  const late = lateFirst(control);
  const review: readonly Due[] = late === undefined ? [] : [{ on: 'review_over', at: late.at }];
  return [...review, ...ofStretch(control)].reduce(
    (first: Due | undefined, due) => (first === undefined || due.at < first.at ? due : first),
    undefined,
  );
}

function ofStretch({ at, stretch }: Control): readonly Due[] {
  if (stretch === undefined || at === 'bot' || at === 'closed') return [];
  const waits = at === 'queued' || at === 'offered';
  const clock = expired(stretch.clocks, Number.POSITIVE_INFINITY);
  const all: readonly (readonly [Passing, number | undefined])[] = [
    ['clock_over', clock?.due],
    ['undo_over', stretch.kept?.[0]?.at],
    ['offer_over', at === 'offered' ? stretch.offer : undefined],
    ['deadline_over', waits ? stretch.deadline : undefined],
    ['escalation_due', waits ? stretch.escalateAt : undefined],
    ['wait_over', waits ? stretch.ask : undefined],
    ['hold_over', at === 'on_hold' ? stretch.hold : undefined],
    ['wrap_up_over', at === 'wrap_up' ? stretch.wrapUp : undefined],
  ];
  return all.flatMap(([on, due]) => (due === undefined ? [] : [{ on, at: due }]));
}
