import type { ReviewEntry, ReviewRow } from '../../store/review.ts';
import type { JsonObject } from '../../type.ts';
import type { Reason } from './judgement.ts';
import type { ReviewRecord } from './record.ts';

/** A document that would answer a question as an agent has: an owner says yes or no to it. */
export interface KnowledgeProposal {
  readonly id: string;
  readonly set: string;
  /** What answered until now, and goes on doing so for other questions. */
  readonly document: string;
  readonly title: string;
  readonly locale: string;
  readonly question: string;
  readonly text: string;
  readonly before: string;
  readonly reason: Reason;
  readonly by: string;
}

/** What is wrong with these stands in the documents. */
const OF_KNOWLEDGE: ReadonlySet<Reason> = new Set(['wrong_fact', 'stale_source', 'missing_source']);

/** Some words that are to be answered so. */
export interface EvaluationCase {
  readonly query: string;
  readonly locale: string;
  /** The document that answers; absent: another one than did. */
  readonly cites?: string;
  /** What was sent. */
  readonly gold: string;
}

/** Words, and what a customer meant by them. */
export interface LabelledUtterance {
  readonly text: string;
  readonly locale: string;
  readonly flow: string;
  /** Nobody learns from what is tested by. All of one conversation go the same way. */
  readonly part: 'train' | 'test';
}

/** What a change of the documents would be; `undefined`: they are not to blame, or nobody has said what would be right. */
export function proposalIn({ key, data }: ReviewEntry): KnowledgeProposal | undefined {
  const { reason, final, question, locale, draft, reviewer, passages, extent } = data as unknown as ReviewRecord;
  const source = passages[0];
  const isChanged = extent !== 'as_is' && final !== undefined && final !== draft;
  if (!isChanged || reason === undefined || !OF_KNOWLEDGE.has(reason) || source === undefined) return undefined;
  return {
    ...{ id: `p${key.replace(/\D/g, '')}`, set: String(source.set), document: String(source.document) },
    ...{ title: String(source.title), locale, question, text: final, before: draft, reason, by: reviewer },
  };
}

/** Every answer that was changed or rejected, and of which somebody has said what would have been right, is a case from then on. */
export function caseIn({ data }: ReviewRow): EvaluationCase | undefined {
  const { final, question, locale, extent, reason, passages } = data as unknown as ReviewRecord;
  if (extent === 'as_is' || final === undefined || reason === 'wrong_intent' || question === '') return undefined;
  const title = passages[0]?.title;
  const isItsSource = reason === undefined || !OF_KNOWLEDGE.has(reason);
  return {
    query: question,
    locale,
    gold: final,
    ...(isItsSource && title !== undefined ? { cites: String(title) } : {}),
  };
}

/** @param part of the conversation: see {@link partOf} */
export function utteranceIn({ data }: ReviewRow, part: LabelledUtterance['part']): LabelledUtterance | undefined {
  const { reason, meant, question: text, locale } = data as unknown as ReviewRecord;
  return reason === 'wrong_intent' && meant !== undefined ? { text, locale, flow: meant, part } : undefined;
}

/** Every fifth conversation is for tests. @param drawn 0 to 1, by a hash of it */
export function partOf(drawn: number): LabelledUtterance['part'] {
  return drawn < TESTED ? 'test' : 'train';
}

/** The document that a proposal becomes: its question is what it is found by. */
export function documentOf({ question, text }: KnowledgeProposal): string {
  return `## ${question.replaceAll(/\s+/g, ' ').replace(/^[#>\-*\s]+/, '')}\n\n${text}\n`;
}

export function asData(proposal: KnowledgeProposal): JsonObject {
  return proposal as unknown as JsonObject;
}

const TESTED = 0.2;
