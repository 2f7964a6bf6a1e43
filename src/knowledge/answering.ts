import { codeOf } from '../errors.ts';
import { isModelError } from '../models/failure.ts';
import type { Asking, Model, Usage } from '../models/model.ts';
import { type Answer, answerFrom, type Candidate, type Knowledge, type Meaning, type Question } from './knowledge.ts';
import type { Passage } from './passage.ts';
import { type Dropped, write } from './writing.ts';

/** An answer, and how it came about. */
export interface Answered {
  /** `undefined`: nothing that is known is near enough. */
  readonly answer: Answer | undefined;
  /** The passage that it rests upon, where a model wrote it. */
  readonly passage?: Passage;
  /** What asking the model took, also where nothing of it is said. */
  readonly usage?: Usage;
  /** Why its words are not said: a code of `MODEL_CODES`, or what the check found. */
  readonly unwritten?: string;
}

/**
 * The answer to a question: in a model's words where every sentence of it is found in what it cites, else in the passage's own, else none.
 * Passages that are too far for being quoted are shown to the model, too: it may find in them what words alone do not tell. Where it finds
 * nothing, only a passage is quoted that speaks of nearly all that was asked.
 */
export async function answerInWords(
  knowledge: Knowledge,
  question: Question,
  { model, meaning, ...asking }: Asking & { readonly model: Model; readonly meaning: Meaning | undefined },
): Promise<Answered> {
  const quoted = knowledge.answer(question, meaning);
  const near = nearIn(knowledge, question, meaning);
  if (near.length === 0) return { answer: quoted };
  const passages = near.map(({ passage }) => passage);
  const asked = { query: question.query, locale: knowledge.spokenIn(question) };
  try {
    const written = await write(model, asked, passages, asking);
    const { usage } = written;
    if ('text' in written) return { ...writtenIn(written, near, usage.model), usage };
    const { dropped } = written;
    return { answer: instead(dropped, quoted, () => original(knowledge, question, near)), usage, unwritten: dropped };
  } catch (error) {
    if (!isModelError(error)) throw error;
    return { answer: quoted, unwritten: codeOf(error) };
  }
}

/** In her language, or else in whatever language there is. */
function nearIn(knowledge: Knowledge, question: Question, meaning: Meaning | undefined): readonly Candidate[] {
  const near = (anyLocale: boolean) =>
    knowledge.search({ ...question, anyLocale }, SHOWN, meaning).filter((candidate) => isNear(candidate, knowledge));
  const own = near(false);
  return own.length > 0 ? own : near(true);
}

function writtenIn(
  { text, cited }: { text: string; cited: readonly Passage[] },
  near: readonly Candidate[],
  model: string,
) {
  const [first, ...others] = near.filter(({ passage }) => cited.includes(passage));
  if (first === undefined) return { answer: undefined };
  return { answer: { ...answerFrom(first, text), ...sourcesOf(others), written: model }, passage: first.passage };
}

function instead(dropped: Dropped, quoted: Answer | undefined, untranslated: () => Answer | undefined) {
  if (dropped === 'unanswered') return (quoted?.confidence ?? 0) < SURE ? undefined : quoted;
  return quoted ?? (dropped === 'unsupported' ? untranslated() : undefined);
}

/** The passage in its own language, where what was made of it in hers could not be checked. */
function original(knowledge: Knowledge, question: Question, [best]: readonly Candidate[]): Answer | undefined {
  const isForeign = best !== undefined && ![knowledge.spokenIn(question), '*'].includes(best.passage.locale);
  return isForeign ? knowledge.quote(question, best) : undefined;
}

/** Passages that a model is shown. */
const SHOWN = 4;
/** Share of its set's threshold from which a passage is shown. */
const FAINT = 0.4;
/** From here words alone are surer than a model's no: see the curve in docs/knowledge.md. */
const SURE = 0.7;

function isNear({ passage, confidence, likeness = 0 }: Candidate, knowledge: Knowledge): boolean {
  const threshold = knowledge.sets.find(({ name }) => name === passage.set)?.threshold ?? 1;
  return confidence >= threshold * FAINT || likeness >= ALIKE;
}

/** Standard deviations above what passages have in common with this question: models differ in what a cosine means, not in this. */
const ALIKE = 2.5;

function sourcesOf(others: readonly Candidate[]): Pick<Answer, 'others'> {
  const told = others.map(({ passage: { title, url, page } }) => ({
    title,
    ...(url !== undefined && { url }),
    ...(page !== undefined && { page }),
  }));
  return told.length === 0 ? {} : { others: told };
}
