import { type Entry, faceOf, type Job, standOf } from './ledger.ts';

/** Something to do about a conversation. */
export type Step =
  | { readonly do: 'post_card' }
  | { readonly do: 'change_card' }
  | { readonly do: 'job'; readonly job: Job };

/**
 * Which of Slack's limits a step is under (https://docs.slack.dev/apis/web-api/rate-limits): `post` about one a second in a channel;
 * `change` and `mark` about fifty a minute each in a workspace; `tell` is seen by one person only, and has a generous one.
 */
export type Lane = 'post' | 'change' | 'mark' | 'tell';

export interface Due {
  readonly entry: Entry;
  readonly step: Step;
  readonly lane: Lane;
  /** The lower, the sooner, of all that wait in the lane. */
  readonly rank: number;
}

/**
 * What can be done next about a conversation: one step for each lane, so that a mark which has to wait holds up no words. What is under
 * way is found out before anything else is begun.
 */
export function stepsOf(entry: Entry): readonly Due[] {
  const [underWay] = entry.jobs;
  if (entry.card === undefined) return [{ entry, step: { do: 'post_card' }, lane: 'post', rank: 0 }];
  if (entry.doing !== undefined && underWay !== undefined)
    return [{ entry, step: { do: 'job', job: underWay }, lane: 'post', rank: 0 }];
  const steps = new Map<Lane, Due>();
  for (const job of entry.jobs) {
    const lane = laneOf(job, entry);
    const due: Due = { entry, step: { do: 'job', job }, lane, rank: rankOf(job, entry) };
    if ((steps.get(lane)?.rank ?? Number.POSITIVE_INFINITY) > due.rank) steps.set(lane, due);
  }
  const change: Due | undefined = isShown(entry)
    ? undefined
    : { entry, step: { do: 'change_card' }, lane: 'change', rank: isOtherwise(entry) ? 0 : 2 };
  const waiting = steps.get('change');
  // Whose it is comes before what a line says now, and that before what else a card tells.
  if (change !== undefined && (waiting === undefined || change.rank < waiting.rank)) steps.set('change', change);
  return [...steps.values()];
}

/** Of the same rank, who has waited longest: at a peak everybody has to wait a little, and nobody for ever. */
export function mostUrgentFirst(dues: readonly Due[], since: (due: Due) => number): readonly Due[] {
  return dues.toSorted(
    (one, other) =>
      one.rank - other.rank || since(one) - since(other) || one.entry.head.opened - other.entry.head.opened,
  );
}

/** Whatever takes a post is in order: what was said, who is asked, what is to be decided. */
export function isPosted(job: Job, entry: Entry): boolean {
  return laneOf(job, entry) === 'post';
}

function laneOf(job: Job, entry: Entry): Lane {
  switch (job.do) {
    case 'line':
    case 'offer':
      return 'post';
    case 'task':
      return entry.at[job.key] === undefined ? 'post' : 'change';
    case 'change':
    case 'leave':
      return 'change';
    case 'react':
      return 'mark';
    case 'tell':
      return 'tell';
  }
}

function rankOf(job: Job, { head }: Entry): number {
  // An agent must learn first of what did not come.
  if (job.do === 'react') return isWell(job.name) ? 1 : 0;
  // What is said to somebody comes before what is said to nobody yet: of that, the card tells the last.
  return job.do === 'line' && NOBODY.has(head.at) ? 2 : 1;
}

const NOBODY: ReadonlySet<Entry['head']['at']> = new Set(['queued', 'bot', 'closed']);

/** A mark that says no more than that all is well. */
export function isWell(mark: string): boolean {
  return mark !== 'warning' && mark !== 'lock';
}

/** Does its card tell a stand, or an agent, that is not so any more? */
function isOtherwise(entry: Entry): boolean {
  return entry.stood !== standOf(entry.head);
}

function isShown({ shown, head }: Entry): boolean {
  return shown === faceOf(head);
}
