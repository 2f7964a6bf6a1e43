import { sentencesOf } from './chunk.ts';
import { figuresIn } from './figures.ts';
import type { Passage } from './passage.ts';
import { type Senses, sensesOf } from './senses.ts';
import { isHan, isLight, wordsOf } from './words.ts';

/**
 * Does this sentence say nothing that the passage does not? Deterministic, and strict: in doubt the answer is no, and the passage's own
 * words are said instead. The sentence must find one of the passage that has all of its words and the same figures, and denies, bounds and demands the
 * same things of the same people: in one clause of it, clause by clause, or as a whole.
 *
 * **Promised.** No figure, address, identifier or name is let through that the cited passage has not; nor a denial, a condition or a bound that was added or
 * dropped; nor words of two unrelated sentences put together.
 *
 * **Not promised.** That what the passage says is true, or that nothing of importance was left out that stands in another sentence.
 */
export function isSupported(sentence: string, passage: Passage): boolean {
  if (FOREIGN.test(sentence)) return false;
  if (!sameScript(sentence, passage.text)) return isSupportedAcross(sentence, passage);
  const whole = partOf(sentence);
  const parts = clausesOf(sentence).map(partOf);
  if (whole.senses.affirms || !saysSomething(whole)) return false;
  return evidenceOf(passage).some(
    (evidence) =>
      keepsLimits(whole.senses, evidence.senses) &&
      (evidence.clauses.some((clause) => holds(whole, clause)) ||
        standsInARow(parts, evidence.clauses) ||
        (parts.length > 0 && retells(whole, evidence))),
  );
}

/** Markup and what stands for an address that was taken out: nothing that documents' plain text has. */
const FOREIGN = /\[…\]|\]\(|[<>`\\]|\*\*|^#/u;

/** What is to be proven, or a part of it. */
interface Part {
  /** In their order. */
  readonly words: readonly string[];
  readonly figures: readonly string[];
  readonly senses: Senses;
}

/** A clause of the passage. */
interface Clause extends Part {
  /** Its words, and those of the headings above. */
  readonly all: ReadonlySet<string>;
}

/** A sentence of the passage. */
interface Evidence extends Clause {
  readonly clauses: readonly Clause[];
}

function partOf(text: string): Part {
  const { all, rest } = figuresIn(text);
  const words = wordsOf(rest).filter((word) => !isLight(word) && !OF_FIGURES.has(word));
  // Names keep their capitals for what they are bound to.
  return { words, figures: all, senses: { ...sensesOf(rest), bound: sensesOf(text).bound } };
}

/** What goes with figures and says nothing beside them: stems. */
const OF_FIGURES = new Set(['cost', 'price', 'amount', 'total', 'last', 'period']);

/** “You get 9.90” says whose it is and not what for. */
function saysSomething({ words }: Part): boolean {
  return words.length > (HAN_SIGN.test(words[0] ?? '') ? 1 : 0);
}

const HAN_SIGN = /^\p{Script=Han}/u;

/** The same figures, denials, bounds and people, and no word that the clause has not. */
function holds({ words, figures, senses }: Part, clause: Clause): boolean {
  return (
    hasWords(words, clause.all) &&
    figures.length === clause.figures.length &&
    inOrder(figures, clause.figures) &&
    senses.denials === clause.senses.denials &&
    turnsAlike(senses, clause.senses) &&
    agree(senses.parties, clause.senses.parties) &&
    senses.bound.every((one) => clause.senses.bound.includes(one))
  );
}

/** Conditions and exceptions count for the whole sentence, and may be neither dropped nor added. */
function keepsLimits(said: Senses, known: Senses): boolean {
  return sameSet(said.limits, known.limits);
}

/** Clause by clause, neighbours as neighbours: so what belongs to one is not said of the other. */
function standsInARow(parts: readonly Part[], clauses: readonly Clause[]): boolean {
  if (parts.length < 2) return false;
  return clauses.some((_, from) =>
    parts.every((part, at) => {
      const clause = clauses[from + at];
      return clause !== undefined && holds(part, clause);
    }),
  );
}

/** The whole sentence with little left out and in much the same order, and its figures all in one clause. */
function retells(whole: Part, evidence: Evidence): boolean {
  const { clauses } = evidence;
  const own = new Set(evidence.words);
  const known = new Set(whole.words);
  return (
    clauses.filter(({ figures }) => figures.length > 0).length <= 1 &&
    // Which of its clauses is denied must not come out the other way.
    new Set(clauses.map(({ senses }) => senses.denials)).size <= 1 &&
    holds(whole, evidence) &&
    [...own].filter((word) => known.has(word)).length >= own.size * COVERED &&
    inARow(whole.words, evidence.words) >= whole.words.length * ORDERED
  );
}

const COVERED = 0.8;
const ORDERED = 0.7;

/** Length of the longest series of words that both have in the same order. */
function inARow(one: readonly string[], other: readonly string[]): number {
  let before = Array.from({ length: other.length + 1 }, () => 0);
  for (const word of one) {
    const row = [0];
    for (const [at, known] of other.entries())
      row.push(word === known ? (before[at] ?? 0) + 1 : Math.max(before[at + 1] ?? 0, row[at] ?? 0));
    before = row;
  }
  return before.at(-1) ?? 0;
}

/** All of them; of Chinese every sign, and most pairs of signs, since words may stand in another order. */
function hasWords(words: readonly string[], known: ReadonlySet<string>): boolean {
  const pairs = words.filter((word) => HAN_PAIR.test(word));
  const others = words.filter((word) => !HAN_PAIR.test(word));
  const found = pairs.filter((pair) => known.has(pair)).length;
  return others.every((word) => known.has(word)) && found >= pairs.length * PAIRS;
}

const HAN_PAIR = /^\p{Script=Han}{2}$/u;
/** Share of neighbours that must be neighbours in the passage, too. */
const PAIRS = 0.6;

/** Is each in the other list, in the same order? */
function inOrder(figures: readonly string[], known: readonly string[]): boolean {
  let at = 0;
  for (const figure of figures) {
    const found = known.findIndex((one, place) => place >= at && isFigure(figure, one));
    if (found < 0) return false;
    at = found + 1;
  }
  return true;
}

/** A date may be said without its year; a count not without what it counts. */
function isFigure(said: string, known: string): boolean {
  return said === known || (said.startsWith('date -') && known.startsWith('date ') && known.endsWith(said.slice(5)));
}

function sameSet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((item) => other.has(item));
}

/** The same small words; but what holds of all may be said without saying so, where nothing is denied. */
function turnsAlike(said: Senses, known: Senses): boolean {
  const isWeaker = said.denials === 0 && !said.turns.has('always');
  return sameSet(said.turns, isWeaker ? new Set([...known.turns].filter((turn) => turn !== 'always')) : known.turns);
}

/** Who does it to whom may be left out, but not exchanged. */
function agree(said: ReadonlySet<string>, known: ReadonlySet<string>): boolean {
  return said.size === 0 || known.size === 0 || [...said].every((party) => known.has(party));
}

/** Where sentences are weighed one by one; a colon and a semicolon end what a figure belongs to. */
const CLAUSE_END =
  /\s*[,;:，；：、—–()（）]\s+|[，；：、（）。]|\s(?:and|but|while|whereas|so|or)\s|而且|而|但是|但|并且|以及/u;

function clausesOf(sentence: string): string[] {
  return sentence.split(CLAUSE_END).filter((clause) => {
    const { words, figures } = partOf(clause);
    return words.length + figures.length > 0;
  });
}

/** Several sentences of an answer are held against the same passage. */
const known = new WeakMap<Passage, readonly Evidence[]>();

function evidenceOf(passage: Passage): readonly Evidence[] {
  const before = known.get(passage);
  if (before !== undefined) return before;
  const above = wordsOf(`${passage.title}\n${passage.heading}`);
  const clauseOf = (text: string): Clause => {
    const part = partOf(text);
    return { ...part, all: new Set([...above, ...part.words]) };
  };
  const evidence = sentencesOf(passage.text).map((sentence) => ({
    ...clauseOf(sentence),
    clauses: clausesOf(sentence).map(clauseOf),
  }));
  known.set(passage, evidence);
  return evidence;
}

// — In another language ———————————————————————————————————————————————————————————————————————————————————————

function sameScript(one: string, other: string): boolean {
  return isHan(one) === isHan(other);
}

/**
 * Between languages the words cannot be compared. What can: figures, which must all stand in one sentence of the passage that denies and
 * bounds the same, and names in Latin letters. A sentence without any of them cannot be checked, and is not let through.
 */
function isSupportedAcross(sentence: string, passage: Passage): boolean {
  const { all: figures, rest } = figuresIn(sentence);
  const said = sensesOf(rest);
  const names = isHan(sentence) ? namesIn(rest) : [];
  const whole = passage.text.toLowerCase();
  if (said.affirms || figures.length + names.length === 0) return false;
  if (!names.every((name) => `${passage.title}\n${whole}`.toLowerCase().includes(name))) return false;
  return sentencesOf(passage.text).some((own) => {
    const known = figuresIn(own);
    const senses = sensesOf(known.rest);
    return (
      figures.length === known.all.length &&
      inOrder(figures.toSorted(), known.all.toSorted()) &&
      (figures.length > 0 || names.every((name) => own.toLowerCase().includes(name))) &&
      said.denials % 2 === senses.denials % 2 &&
      meansAlike(said, senses) &&
      sameSet(said.limits, senses.limits)
    );
  });
}

/** Small words do not match one by one between languages; what must not be exchanged are bounds, duties and what is free. */
function meansAlike(said: Senses, known: Senses): boolean {
  const bounds = (senses: Senses) => (['most', 'least'] as const).filter((bound) => senses.turns.has(bound));
  const same = (['free', 'must', 'gets'] as const).every((turn) => !said.turns.has(turn) || known.turns.has(turn));
  const [one, other] = [bounds(said), bounds(known)];
  return same && (one.length === 0 || other.length === 0 || one.some((bound) => other.includes(bound)));
}

function namesIn(text: string): string[] {
  return text.toLowerCase().match(/[a-z][a-z'&.-]+/g) ?? [];
}
