import { createHash } from 'node:crypto';
import { borderIn, graphemeIn } from '../cut.ts';
import { type Alternative, citing, type Draft, type Source } from '../draft.ts';
import type { Outcome } from '../event.ts';
import type { Message } from '../message.ts';
import type { Json, JsonObject } from '../type.ts';
import type { Run } from './run.ts';
import { isSpan } from './value/grounded.ts';

/** The built-in read of a deployment that has knowledge. */
export const SEARCH = 'knowledge.search';
/** Milliseconds. */
export const SEARCH_TIMEOUT = 5_000;

/** What is asked of it: her question, in her language, where she writes, with the groups that she belongs to. */
export function searchFor(run: Run, query: string): JsonObject {
  const { audience } = run.customer;
  const groups = [audience ?? []].flat().filter((group) => typeof group === 'string');
  return {
    query,
    locale: run.locale,
    account: run.account,
    // Those of her profile, and `customers` once she has proven who she is.
    audience: run.session.verified === true ? [...groups, 'customers'] : groups,
    at: run.now,
    ...(run.isReviewed && { evidence: true }),
  };
}

/** An answer as the documents give it. */
export interface Found {
  readonly text: string;
  readonly title: string;
  readonly url?: string;
  readonly page?: number;
  readonly set: string;
  readonly document: string;
  readonly confidence: number;
  readonly evidence?: JsonObject;
  /** The model whose words they are, each sentence found in a passage; absent: they are the document's own. */
  readonly written?: string;
  /** Further sources of what is written. */
  readonly others?: readonly Pick<Found, 'title' | 'url' | 'page'>[];
}

/** `undefined`: nothing that is known is near enough. */
export function foundIn(outcome: Outcome): Found | undefined {
  return outcome.ok ? foundOf(outcome.value) : undefined;
}

function foundOf(value: Json | undefined): Found | undefined {
  const { text, set = '', document = '', confidence = 0, evidence, written, others } = objectIn(value) ?? {};
  const place = placeIn(value);
  if (typeof text !== 'string' || text === '' || place === undefined) return undefined;
  const rested = objectIn(evidence);
  const further = (Array.isArray(others) ? others : []).map(placeIn).filter((one) => one !== undefined);
  return {
    ...{ text, ...place, set: String(set), document: String(document), confidence: Number(confidence) },
    ...(rested && { evidence: rested }),
    ...(typeof written === 'string' && { written }),
    ...(further.length > 0 && { others: further }),
  };
}

function placeIn(value: Json | undefined): Pick<Found, 'title' | 'url' | 'page'> | undefined {
  const { title, url, page } = objectIn(value) ?? {};
  if (typeof title !== 'string') return undefined;
  return {
    title,
    ...(typeof url === 'string' && /^https?:\/\//i.test(url) && { url }),
    ...(typeof page === 'number' && { page }),
  };
}

/** What asking a model for its words has used, and why they are not said where they are not. */
export function modelIn(outcome: Outcome): { readonly usage?: JsonObject; readonly unwritten?: string } {
  const { usage, unwritten } = (outcome.ok && objectIn(outcome.value)) || {};
  const used = objectIn(usage);
  return { ...(used && { usage: used }), ...(typeof unwritten === 'string' && { unwritten }) };
}

function objectIn(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** As she reads it. */
export function messageOf(run: Run, found: Found): Message {
  return citing(found.text, sourceOf(run, found, ''));
}

/**
 * The same for a human to judge.
 * @param flow name and version of the flow whose step answers
 * @param context fingerprint of the state in which she asked
 */
export function draftOf(
  run: Run,
  question: string,
  found: Found,
  { flow, version, context }: { readonly flow: string; readonly version: string; readonly context: string },
): Draft {
  const { evidence = {}, text, confidence } = found;
  const passage = String(evidence.passage ?? text);
  const others = (Array.isArray(evidence.others) ? evidence.others : [])
    .map(foundOf)
    .filter((one) => one !== undefined);
  return {
    ...{ question: cut(question, QUESTION), text, locale: run.locale, confidence, flow, context },
    source: sourceOf(run, found, passage),
    others: others.map((other) => otherOf(run, other)),
    // What a model wrote has been held against its passages already: it would not be here.
    grounding: sentencesOf(text).map((sentence) => found.written !== undefined || isSpan(sentence, passage)),
    versions: {
      ...{ flow: version, knowledge: String(evidence.version ?? fingerprint(passage)) },
      ...(found.written !== undefined && { model: found.written, prompt: String(evidence.prompt ?? '') }),
    },
  };
}

/** Of what must not be kept with it, to find out whether it is the same. */
export function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}

function otherOf(run: Run, found: Found): Alternative {
  const { confidence } = found;
  const text = found.text.slice(0, found.text.length <= OTHER ? OTHER : borderIn(found.text, OTHER));
  // Its passage is the text itself, and need not be kept twice.
  return { text, confidence, source: sourceOf(run, found, '') };
}

function sourceOf(run: Run, found: Found, passage: string): Source {
  const { title, url, page, set, document, written, others = [] } = found;
  const titles = [...new Set([found, ...others].map((one) => titleOf(run, one)))];
  return {
    ...{ set, document, title, passage: cut(passage, PASSAGE) },
    cited: run.phrase(written === undefined ? 'knowledge_source' : 'knowledge_written', { title: titles.join(' · ') }),
    ...(url !== undefined && { url, link: { title: run.phrase('knowledge_link'), url: pageOf(url, page) } }),
    ...(page !== undefined && { page }),
  };
}

function titleOf(run: Run, { title, page }: Pick<Found, 'title' | 'page'>): string {
  return page === undefined ? title : run.phrase('knowledge_page', { title, page: String(page) });
}

/** Viewers open a PDF at the page that its address names (RFC 8118). */
function pageOf(url: string, page: number | undefined): string {
  return page === undefined || url.includes('#') ? url : `${url}#page=${page}`;
}

function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?])\s+|(?<=[。！？；])|\n+/u).filter((sentence) => sentence.trim() !== '');
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, graphemeIn(text, most))}…`;
}

/** UTF-16 units. A draft waits in the conversation's state, which holds 32 KB in all. */
const QUESTION = 500;
const PASSAGE = 500;
const OTHER = 400;
