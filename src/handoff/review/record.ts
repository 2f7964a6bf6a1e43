import type { Versions } from '../../draft.ts';
import { maskSensitive } from '../../privacy/masking.ts';
import type { DeskLine } from '../../store/desk.ts';
import type { ReviewEntry } from '../../store/review.ts';
import type { JsonObject } from '../../type.ts';
import type { Line, Proposed, Task } from '../control.ts';
import { type Edit, editOf, extentOf } from './edit.ts';
import type { Judgement, Reason } from './judgement.ts';
import { subjectOf } from './rules.ts';

/** What an agent made of a draft: all that is needed to learn from it, and to judge it again. */
export interface ReviewRecord {
  /** `knowledge/help`: what is freed and demoted as one. */
  readonly subject: string;
  readonly flow: string;
  readonly locale: string;
  readonly how: Proposed['how'];
  /** Of a sample. */
  readonly why?: string;
  readonly verdict: Judgement['verdict'];
  readonly reason?: Reason;
  readonly note?: string;
  readonly reviewer: string;
  /** From when it was laid before the humans until it was judged. */
  readonly seconds: number;
  /** Masked, like everything that people wrote. */
  readonly question: string;
  /** Fingerprint of the state in which it was asked. */
  readonly context: string;
  /** What it rests upon, as far as it was kept. */
  readonly passages: readonly JsonObject[];
  readonly draft: string;
  /** What the customer got, or should have got; absent: nothing of it. */
  readonly final?: string;
  readonly diff: Edit['diff'];
  readonly ratio: number;
  readonly extent: Extent;
  /** Sentences that stand in their passage, and all. */
  readonly grounded: readonly [number, number];
  readonly confidence: number;
  readonly versions: Versions;
  /** What she meant instead. */
  readonly meant?: string;
}

/** How an answer fared: the four shares of acceptance. */
export type Extent = 'as_is' | 'light' | 'rewrite' | 'rejected';

/** The row that a line of the desk's log leaves; `undefined`: it judges nothing. */
export function entryOf({ id, conversation, at, line }: DeskLine): ReviewEntry | undefined {
  const told = line as unknown as Line;
  const { on, by, task } = told;
  const { proposal, at: laid } = (task ?? {}) as unknown as Partial<Task>;
  if (on !== 'reviewed' || by === undefined || proposal === undefined || laid === undefined) return undefined;
  const record = recordOf(told, proposal, by, Math.max(0, Math.round((at - laid) / 1_000)));
  return { key: `judged:${id}`, at, what: 'judged', conversation, data: record as unknown as JsonObject };
}

function recordOf(line: Line, { how, why, draft }: Proposed, reviewer: string, seconds: number): ReviewRecord {
  const { reason, note, flow } = line;
  const verdict = line.verdict as Judgement['verdict'];
  const written = typeof line.final === 'string' && line.final.trim() !== '' ? line.final.trim() : undefined;
  const final = written ?? (verdict === 'sent' ? draft.text : undefined);
  const { diff, ratio } = editOf(draft.text, final ?? '');
  const grounded = draft.grounding.filter((is) => is).length;
  return {
    ...{ subject: subjectOf(draft), flow: draft.flow, locale: draft.locale, how, verdict, reviewer, seconds },
    ...(why === undefined ? {} : { why }),
    ...(reason === undefined ? {} : { reason: reason as Reason }),
    ...(typeof note === 'string' ? { note: maskSensitive(note) } : {}),
    ...{ question: maskSensitive(draft.question), context: draft.context },
    passages: [passageOf(draft.source), ...draft.others.map(({ source }) => passageOf(source))],
    draft: draft.text,
    // The documents' own words are nobody's; an agent's may hold anything.
    ...(final === undefined ? {} : { final: final === draft.text ? final : maskSensitive(final) }),
    ...{ diff: written === undefined ? [] : diff.map(([step, words]) => [step, maskSensitive(words)] as const), ratio },
    extent: verdict === 'rejected' ? 'rejected' : extentOf(ratio),
    ...{ grounded: [grounded, draft.grounding.length], confidence: draft.confidence, versions: draft.versions },
    ...(typeof flow === 'string' ? { meant: flow } : {}),
  };
}

function passageOf({ set, document, title, url, page, passage }: Proposed['draft']['source']): JsonObject {
  return {
    ...{ set, document, title, passage },
    ...(url === undefined ? {} : { url }),
    ...(page === undefined ? {} : { page }),
  };
}
