import { createHash } from 'node:crypto';
import type { JsonObject } from '../type.ts';
import type { Answer, Candidate, Knowledge, Question } from './knowledge.ts';
import type { Passage } from './passage.ts';
import { WORDING } from './writing.ts';

/**
 * What an answer rests upon, for whoever judges it: the passage it was taken from, a fingerprint of that, and what else might have
 * answered.
 */
export function evidenceFor(
  knowledge: Knowledge,
  question: Question,
  answer: Answer,
  /** Where a model wrote it: its words are not the passage's. */
  source?: Passage,
): JsonObject {
  const found = knowledge.search(question, LOOKED_AT);
  const own = source ?? found.find(({ passage }) => isOf(passage, answer))?.passage;
  const others = found.filter(({ passage, confidence }) => passage !== own && confidence >= FAINT).slice(0, OTHERS);
  return {
    ...{ passage: own?.text ?? answer.text, version: hashOf(own), others: others.map(otherOf) },
    ...(source !== undefined && { prompt: WORDING }),
  };
}

function isOf({ set, document, text }: Passage, answer: Answer): boolean {
  const [first = ''] = answer.text.split('\n');
  return set === answer.set && document === answer.document && text.includes(first);
}

function otherOf({ passage, confidence }: Candidate): JsonObject {
  const { text, title, set, document, url, page } = passage;
  return {
    ...{ text, title, set, document, confidence },
    ...(url !== undefined && { url }),
    ...(page !== undefined && { page }),
  };
}

/** Of the passage and of the state of its document that the business names. */
function hashOf(passage: Passage | undefined): string {
  const { text = '', version = '' } = passage ?? {};
  return createHash('sha256').update(`${version}\n${text}`).digest('base64url').slice(0, 12);
}

const LOOKED_AT = 4;
const OTHERS = 2;
/** Below it speaks of something else. */
const FAINT = 0.2;
