import type { Action, ActionSignature } from '../action.ts';
import type { Json, JsonObject, Type } from '../type.ts';
import { evidenceFor } from './evidence.ts';
import type { Knowledge, Question } from './knowledge.ts';

const TEXT: Type = { kind: 'text' };
const STRING: Type = { kind: 'string' };
const optionally = (of: Type): Type => ({ kind: 'optional', of });
const ANSWER: Type = {
  kind: 'object',
  name: 'KnowledgeAnswer',
  fields: {
    text: TEXT,
    title: STRING,
    url: optionally({ kind: 'url' }),
    page: optionally({ kind: 'integer' }),
    set: STRING,
    document: STRING,
    confidence: { kind: 'number' },
    evidence: optionally({ kind: 'any' }),
  },
};

/** What flows know of it. The `answer` step is the usual way to it; a flow may also call it as an action and do its own with it. */
export const SEARCH: ActionSignature = {
  name: 'knowledge.search',
  effect: 'read',
  in: {
    query: TEXT,
    locale: STRING,
    from: optionally({ kind: 'list', of: STRING }),
    must_cite: optionally({ kind: 'boolean' }),
    account: optionally(STRING),
    audience: optionally({ kind: 'list', of: STRING }),
    at: optionally({ kind: 'number' }),
    evidence: optionally({ kind: 'boolean' }),
  },
  out: optionally(ANSWER),
  timeout: 5_000,
  errors: [],
};

/** The read behind the `answer` step. It is there within the moment, so it is taken into the turn that asks. */
export function searchAction(knowledge: Knowledge, now: () => number, ready: Promise<void>): Action {
  return {
    ...SEARCH,
    async run(args) {
      await ready;
      return answerTo(knowledge, args, now());
    },
  };
}

/** The same at once, for rehearsals. */
export function answerTo(knowledge: Knowledge, args: JsonObject, now: number): Json {
  const { query, locale, from, must_cite: mustCite, account, audience, at, evidence } = args;
  const question: Question = {
    query: String(query ?? '').slice(0, QUERY),
    locale: String(locale ?? ''),
    at: typeof at === 'number' ? at : now,
    mustCite: mustCite === true,
    ...(typeof account === 'string' && { account }),
    ...(Array.isArray(from) && { from: from.map(String) }),
    ...(Array.isArray(audience) && { audience: audience.map(String) }),
  };
  const answer = knowledge.answer(question);
  if (answer === undefined) return null;
  return evidence === true ? { ...answer, evidence: evidenceFor(knowledge, question, answer) } : { ...answer };
}

/** Characters of a question that are looked at: more is a story, and costs its length. */
const QUERY = 1_000;
