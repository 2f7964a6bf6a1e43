import { type Entry, faceOf, type Job, standOf } from './ledger.ts';

/** The next thing to do about a conversation. */
export type Step =
  | { readonly do: 'post_card' }
  | { readonly do: 'change_card' }
  | { readonly do: 'job'; readonly job: Job };

/** When Slack takes the next of a kind (epoch milliseconds). */
export interface Budget {
  /** A post in this conversation's channel. */
  readonly post: number;
  /** A change of its card. */
  readonly card: number;
}

export interface Due {
  readonly step: Step;
  readonly at: number;
}

/** What comes next and when, by what is possible first; `undefined`: everything is shown. */
export function nextOf(entry: Entry, { post, card }: Budget): Due | undefined {
  const [job] = entry.jobs;
  if (entry.card === undefined) return { step: { do: 'post_card' }, at: post };
  // What is under way is found out before anything else is begun.
  if (entry.doing !== undefined && job !== undefined) return { step: { do: 'job', job }, at: post };
  const change: Due | undefined = isShown(entry) ? undefined : { step: { do: 'change_card' }, at: card };
  if (job === undefined) return change;
  const said: Due = { step: { do: 'job', job }, at: SLOW.has(job.do) ? post : 0 };
  return change === undefined || said.at < change.at ? said : change;
}

/**
 * Whose it is before what was said, and what was said before what else a card tells; of the same, whose turn is longest ago: at a peak
 * everybody has to wait a little, and nobody for ever.
 */
export function mostUrgentFirst(entries: readonly Entry[], served: ReadonlyMap<string, number>): readonly Entry[] {
  const last = ({ conversation }: Entry) => served.get(conversation) ?? 0;
  return entries.toSorted(
    (one, other) => rankOf(one) - rankOf(other) || last(one) - last(other) || one.head.opened - other.head.opened,
  );
}

function rankOf(entry: Entry): number {
  if (isShown(entry)) return entry.jobs.length > 0 ? 1 : 3;
  if (entry.card === undefined || entry.stood !== standOf(entry.head)) return 0;
  return entry.jobs.length > 0 ? 1 : 2;
}

function isShown({ shown, head }: Entry): boolean {
  return shown === faceOf(head);
}

/** What takes a channel's one post a second. */
const SLOW: ReadonlySet<Job['do']> = new Set(['line', 'offer', 'task']);
