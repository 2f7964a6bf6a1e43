import { createHash } from 'node:crypto';
import type { MayLink } from '../links.ts';
import { fuse } from './fuse.ts';
import { nearness } from './nearness.ts';
import type { Passage } from './passage.ts';
import { pick } from './pick.ts';

import { type Document, type Read, readDocument } from './reading.ts';
import { SearchIndex, type Wanted } from './search-index.ts';
import { isHan } from './words.ts';

/** A set of documents that flows and accounts name. */
export interface KnowledgeSet {
  readonly name: string;
  /** Accounts whose customers it is for; absent: all. */
  readonly accounts?: readonly string[];
  /** Confidence from which a passage answers, 0 to 1. */
  readonly threshold: number;
  /** Language of documents that do not say. */
  readonly locale?: string;
  /** Where relative addresses lead. */
  readonly base?: string;
  readonly mayLink: MayLink;
}

/** What the business knows, in memory: documents go in and out at any time, and the next question sees it. */
export interface Knowledge {
  /** The sets as they are defined from now on; documents of sets that are gone, go. */
  define(sets: readonly KnowledgeSet[]): void;
  readonly sets: readonly KnowledgeSet[];
  /** Reads a document and takes it up, if it is another than before. @throws when there is no such set */
  put(set: string, document: Document): Taken;
  /** Takes up what was read before. */
  restore(set: string, id: string, hash: string, passages: readonly Passage[]): void;
  /** `false`: there was none. */
  remove(set: string, id: string): boolean;
  /** Ids of a set's documents. */
  documents(set: string): readonly string[];
  passages(): readonly Passage[];
  /** The best passages that this customer may read, best first, however little they say; with `meaning`, also those that mean the like. */
  search(question: Question, limit: number, meaning?: Meaning): readonly Candidate[];
  /** The answer with its source, or `undefined`: nothing that is known is near enough. */
  answer(question: Question, meaning?: Meaning): Answer | undefined;
  /** The same from this passage, whatever is thought of it. */
  quote(question: Question, candidate: Candidate): Answer;
  /** The language that the question is to be answered in. */
  spokenIn(question: Question): string;
}

/** What a question means, as a vector tells it. */
export interface Meaning {
  /** The passages that mean the most alike, the likest first, among those that `mayRead` lets through. */
  near(mayRead: (passage: Passage) => boolean, limit: number): readonly { passage: Passage; likeness: number }[];
}

export interface Taken extends Read {
  readonly hash: string;
  /** `false`: it was there already, as it is. */
  readonly changed: boolean;
}

export interface Question {
  readonly query: string;
  /** The customer's language. */
  readonly locale: string;
  /** Epoch milliseconds: what is not yet valid, or no longer, is not said. */
  readonly at: number;
  /** Absent: any account. */
  readonly account?: string;
  /** Sets to look in; absent: all. */
  readonly from?: readonly string[];
  /** Groups that the customer belongs to. */
  readonly audience?: readonly string[];
  /** Only what has an address to show counts. */
  readonly mustCite?: boolean;
  /** Passages in whatever language; default: those that she reads. */
  readonly anyLocale?: boolean;
}

export interface Candidate {
  readonly passage: Passage;
  /** Calibrated, 0 to 1: how much of the question it speaks of. */
  readonly confidence: number;
  /** Where its meaning was compared: by how many standard deviations it is more alike than what is known is on the whole. */
  readonly likeness?: number;
}

export interface Answer {
  /** Sentences of the passage, as they stand there; where it is `written`, others, each found in a passage. */
  readonly text: string;
  /** The model whose words they are. */
  readonly written?: string;
  /** Further passages that it is taken from, with what was said of the first. */
  readonly others?: readonly Pick<Answer, 'title' | 'url' | 'page'>[];
  readonly title: string;
  readonly url?: string;
  /** Of a document that has pages. */
  readonly page?: number;
  readonly set: string;
  readonly document: string;
  readonly confidence: number;
}

export interface KnowledgeSettings {
  readonly sets: readonly KnowledgeSet[];
  /** Of the bot. */
  readonly locales: readonly string[];
  readonly timezone: string;
}

export function createKnowledge({ sets: first, locales, timezone }: KnowledgeSettings): Knowledge {
  const index = new SearchIndex();
  /** Content hashes by set and document. */
  const hashes = new Map<string, Map<string, string>>();
  let sets = new Map<string, KnowledgeSet>();

  const knowledge: Knowledge = {
    get sets() {
      return [...sets.values()];
    },
    define(defined) {
      const next = new Map(defined.map((set) => [set.name, set]));
      for (const name of hashes.keys())
        if (!next.has(name)) for (const id of knowledge.documents(name)) knowledge.remove(name, id);
      sets = next;
    },
    put(name, document) {
      const set = sets.get(name);
      if (set === undefined) throw new Error(`There is no knowledge set ${name}.`);
      const hash = hashOf(document, set);
      const before = hashes.get(name)?.get(document.id);
      if (before === hash) return { hash, changed: false, passages: [], mistakes: [] };
      const { base, locale, mayLink } = set;
      const read = readDocument(document, {
        set: name,
        locales,
        timezone,
        mayLink,
        ...(base !== undefined && { base }),
        ...(locale !== undefined && { locale }),
      });
      knowledge.restore(name, document.id, hash, read.passages);
      return { ...read, hash, changed: true };
    },
    restore(name, id, hash, passages) {
      const own = hashes.get(name) ?? new Map<string, string>();
      hashes.set(name, own.set(id, hash));
      index.put(keyOf(name, id), passages);
    },
    remove(name, id) {
      if (hashes.get(name)?.delete(id) !== true) return false;
      index.remove(keyOf(name, id));
      return true;
    },
    documents: (name) => [...(hashes.get(name)?.keys() ?? [])],
    passages: () => index.passages(),
    search(question, limit, meaning) {
      const about = index.about(question.query);
      const mayRead = readerOf({ ...question, locale: knowledge.spokenIn(question) }, sets);
      const deep = meaning === undefined ? Math.max(limit, CLOSE) : Math.max(limit, FUSED);
      const byWords = index
        .search(question.query, mayRead, deep)
        .map(({ passage, score }) => ({ passage, score, confidence: nearness(about, passage) }))
        .toSorted((a, b) => b.score * (1 + b.confidence) - a.score * (1 + a.confidence))
        .map(({ passage, confidence }) => ({ passage, confidence }));
      if (meaning === undefined) return byWords.slice(0, limit);
      const confidences = new Map(byWords.map(({ passage, confidence }) => [passage, confidence]));
      const likenesses = new Map(meaning.near(mayRead, deep).map(({ passage, likeness }) => [passage, likeness]));
      return fuse([...confidences.keys()], [...likenesses.keys()])
        .slice(0, limit)
        .map((passage) => ({
          passage,
          confidence: confidences.get(passage) ?? nearness(about, passage),
          likeness: likenesses.get(passage) ?? 0,
        }));
    },
    answer(question, meaning) {
      const isSure = ({ passage, confidence }: Candidate) => confidence >= (sets.get(passage.set)?.threshold ?? 1);
      // What means the like may stand before what says it, without saying enough of it by itself.
      const best = knowledge.search(question, meaning === undefined ? 1 : CLOSE, meaning).find(isSure);
      return best && knowledge.quote(question, best);
    },
    quote(question, candidate) {
      const weights = weightsOf(index.about(question.query));
      return answerFrom(candidate, pick(question.query, candidate.passage.text, weights));
    },
    /** Chinese is told by its characters: asked in the middle of an English conversation, it is answered in Chinese. */
    spokenIn({ query, locale }) {
      const chinese = locales.find((one) => /^zh\b/i.test(one));
      return chinese !== undefined && !/^zh\b/i.test(locale) && isHan(query) ? chinese : locale;
    },
  };

  knowledge.define(first);
  return knowledge;
}

/** A text with where it is from. */
export function answerFrom({ passage, confidence }: Candidate, text: string): Answer {
  const { title, url, page, set, document } = passage;
  return {
    ...{ text, title, set, document, confidence: round(confidence) },
    ...(url !== undefined && { url }),
    ...(page !== undefined && { page }),
  };
}

/** Which passages this customer may be answered from, here and now. */
function readerOf(question: Question, sets: ReadonlyMap<string, KnowledgeSet>): (passage: Passage) => boolean {
  const { locale, at, account, from, audience = [], mustCite = false, anyLocale = false } = question;
  const open = new Set(
    [...sets.values()]
      .filter((set) => from === undefined || from.includes(set.name))
      .filter((set) => account === undefined || set.accounts === undefined || set.accounts.includes(account))
      .map((set) => set.name),
  );
  return (passage) =>
    open.has(passage.set) &&
    (anyLocale || passage.locale === locale || passage.locale === '*') &&
    (passage.from === undefined || passage.from <= at) &&
    (passage.until === undefined || at < passage.until) &&
    (!mustCite || passage.url !== undefined) &&
    (passage.audience === undefined || passage.audience.some((group) => audience.includes(group)));
}

/** Of everything that makes its passages what they are. */
function hashOf({ kind, text, facts = {}, fallback = {} }: Document, { base, locale }: KnowledgeSet): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, facts, fallback, base, locale]))
    .update('\n')
    .update(text)
    .digest('base64url')
    .slice(0, 22);
}

/** Passages that are looked at closely; and those of either kind that are put in one order. */
const CLOSE = 3;
const FUSED = 20;

function weightsOf(about: readonly Wanted[]): ReadonlyMap<string, number> {
  return new Map(
    about.flatMap(({ weight, spellings }) =>
      spellings.map(({ word, likeness }): [string, number] => [word, weight * likeness]),
    ),
  );
}

function keyOf(set: string, id: string): string {
  return `${set}\n${id}`;
}

function round(confidence: number): number {
  return Math.round(confidence * 100) / 100;
}
