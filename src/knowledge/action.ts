import type { Action, ActionSignature } from '../action.ts';
import type { Asking, Model } from '../models/model.ts';
import type { Json, JsonObject, Type } from '../type.ts';
import { type Answered, answerInWords } from './answering.ts';
import { evidenceFor } from './evidence.ts';
import type { Knowledge, Meaning, Question } from './knowledge.ts';

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
    written: optionally(STRING),
    others: optionally({ kind: 'any' }),
    usage: optionally({ kind: 'any' }),
    unwritten: optionally(STRING),
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
    write: optionally({ kind: 'boolean' }),
    personal: optionally({ kind: 'list', of: TEXT }),
  },
  out: optionally(ANSWER),
  timeout: 5_000,
  errors: [],
};

/** Who helps to answer; without any of them it is done by words alone. */
export interface Advisers {
  /** Writes the answer, where the step wants that. */
  readonly writer: () => Model | undefined;
  /** What the question means; `undefined`: nobody can tell in time. */
  readonly meaningOf: (query: string, asking: Asking) => Promise<Meaning | undefined>;
}

/**
 * The read behind the `answer` step. By words alone it is there within the moment, and is taken into the turn that asks; what needs a model
 * takes its time as any call does. Whatever the model does, an answer comes of it, or that there is none.
 */
export function searchAction(
  knowledge: Knowledge,
  now: () => number,
  ready: Promise<void>,
  { writer, meaningOf }: Advisers,
): Action {
  return {
    ...SEARCH,
    async run(args, { conversation, signal }) {
      await ready;
      const question = questionIn(args, now());
      const { personal } = args;
      const asking: Asking = {
        ...{ conversation, signal, timeout: PATIENCE },
        ...(Array.isArray(personal) && { personal: personal.map(String) }),
      };
      const meaning = await meaningOf(question.query, asking);
      const model = args.write === true ? writer() : undefined;
      if (model === undefined) return told(knowledge, question, args, { answer: knowledge.answer(question, meaning) });
      return told(knowledge, question, args, await answerInWords(knowledge, question, { ...asking, model, meaning }));
    },
  };
}

/** Milliseconds of a model's time: less than the step waits. */
const PATIENCE = 9_000;

/** By words alone and at once, for rehearsals. */
export function answerTo(knowledge: Knowledge, args: JsonObject, now: number): Json {
  const question = questionIn(args, now);
  return told(knowledge, question, args, { answer: knowledge.answer(question) });
}

function questionIn(
  { query, locale, from, must_cite: mustCite, account, audience, at }: JsonObject,
  now: number,
): Question {
  return {
    query: String(query ?? '').slice(0, QUERY),
    locale: String(locale ?? ''),
    at: typeof at === 'number' ? at : now,
    mustCite: mustCite === true,
    ...(typeof account === 'string' && { account }),
    ...(Array.isArray(from) && { from: from.map(String) }),
    ...(Array.isArray(audience) && { audience: audience.map(String) }),
  };
}

function told(knowledge: Knowledge, question: Question, { evidence }: JsonObject, answered: Answered): Json {
  const { answer, passage, usage, unwritten } = answered;
  const asked = { ...(usage && { usage: { ...usage } }), ...(unwritten !== undefined && { unwritten }) };
  if (answer === undefined) return Object.keys(asked).length === 0 ? null : asked;
  const { others, ...own } = answer;
  return {
    ...own,
    ...(others && { others: others.map((one) => ({ ...one })) }),
    ...(evidence === true && { evidence: evidenceFor(knowledge, question, answer, passage) }),
    ...asked,
  };
}

/** Characters of a question that are looked at: more is a story, and costs its length. */
const QUERY = 1_000;
