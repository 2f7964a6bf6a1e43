/**
 * The understanding that needs no model and no network. What people say again and again is looked up and what answers the open question is
 * extracted by type, in a few microseconds; only what is neither goes to the classifier that has learnt from the flows' examples.
 */
import { required } from '../type.ts';
import { isQuestion } from './ask.ts';
import type { Model } from './classify/model.ts';
import type { Example } from './classify/school.ts';
import { correction } from './correction.ts';
import { labelledChoice } from './extract/choice.ts';
import { extract } from './extract/extract.ts';
import { type Found, SURE } from './extract/found.ts';
import { menuPlace } from './extract/menu.ts';
import { asksForHuman } from './human.ts';
import { spokenLocale } from './language.ts';
import { overhear } from './overhear.ts';
import { exactMeanings, type Meaning, meanings } from './phrase.ts';
import { keyFor, Said } from './said.ts';
import { asksToStop } from './stop.ts';
import { createTriggers } from './trigger.ts';
import type { Command, Context, Question, Ranked, SlotView, Understanding } from './understanding.ts';

export interface Catalogue {
  readonly flows: readonly FlowView[];
  /** The bot's locales: a wish for another language is not understood as a command. */
  readonly locales: readonly string[];
}

export interface FlowView {
  readonly name: string;
  readonly description: string;
  /** What a customer says to start it, by locale. */
  readonly examples: Readonly<Record<string, readonly string[]>>;
  /** Slots that may be filled by the sentence that starts the flow: "where is order AB123456?" */
  readonly slots?: readonly SlotView[];
  /** It may change something without asking first: a model alone does not start it. */
  readonly unasked?: boolean;
}

/** What a flow must reach to be started: how sure it is, and how close to an example. */
interface Threshold {
  readonly confidence: number;
  readonly likeness: number;
}

/** With nothing asked. Below, the utterance counts as a question or as not understood. One word may share letters with anything. */
const START: Threshold = { confidence: 0.38, likeness: 0.22 };
/** While a question is open, an utterance must look more like a wish for something else. */
const DIGRESS: Threshold = { confidence: 0.55, likeness: 0.3 };
/** A question in the middle of another may be about that one: it must nearly be an example. */
const ASKED: Threshold = { confidence: 0.7, likeness: 0.6 };
/** And even more so to take the place of a merely possible answer. */
const CERTAIN: Threshold = { confidence: 0.8, likeness: 0.7 };
const NEVER: Threshold = { confidence: Number.POSITIVE_INFINITY, likeness: 0 };
/** Enough for one of a few named values, said together with the wish. */
const LIKELY = 0.7;
/** Flows whose confidences differ by less are equally close. */
const CLOSE = 0.25;

/** @param learnt what was learnt from just this catalogue's examples, earlier or in another thread; default: it learns when first needed */
export function createUnderstanding(catalogue: Catalogue, learnt?: Model): Required<Omit<Understanding, 'second'>> {
  const triggers = createTriggers(examplesOf(catalogue), learnt);
  const slots = new Map(catalogue.flows.map((flow) => [flow.name, flow.slots ?? []]));

  return {
    rank: (text) => triggers.rank(new Said(text)),
    spokenIn: spokenLocale,
    overhear: (text, question, context) => overhear(new Said(text), question, context),
    place: (text, count) => menuPlace(keyFor(text), count),
    understand(text, context) {
      const said = new Said(text);
      if (said.text.trim() === '') return [];
      const phrases = exactMeanings(said.key || said.text.trim());
      const direct = fromPhrases(phrases, said, context, catalogue.locales);
      if (direct !== undefined) return [direct];

      if (said.text.length > 3 && asksToStop(said)) return [{ do: 'stop' }];
      const { question } = context;
      const answer = question === undefined ? undefined : answerTo(question, said, context);
      const isHumanWanted = said.text.length > 3 && mayBeCommand(said, question) && asksForHuman(said);
      if (isHumanWanted && (answer?.confidence ?? 0) < 1) return [{ do: 'human' }];
      const corrected = correction(said, context);
      if (corrected !== undefined && !(answer !== undefined && isWhole(answer, said))) return [corrected];
      if (question !== undefined && answer !== undefined && answer.confidence >= SURE)
        return [setting(question, answer, said)];
      const renamed = question === undefined ? undefined : namesAnEarlierChoice(said, context);
      if (renamed !== undefined) return [renamed];

      if (phrases.length === 0) {
        const loose = fromPhrases(meanings(said.key), said, context, catalogue.locales);
        if (loose !== undefined && mayBeCommand(said, question)) return [loose];
      }
      const threshold = thresholdFor(answer, question, said);
      const started = threshold === NEVER ? undefined : start(triggers.rank(said), threshold);
      if (started?.do === 'start') return [started, ...passingValues(said, slots.get(started.flow) ?? [], context)];
      if (started !== undefined) return [started];
      if (question !== undefined && answer !== undefined && isTaken(answer, question, said))
        return [setting(question, answer, said)];
      return isQuestion(said) ? [{ do: 'ask', query: said.original.trim() }] : [];
    },
  };
}

/** What there is to learn from. Name and description help a little, as examples that hardly anybody would say. */
export function examplesOf({ flows }: Pick<Catalogue, 'flows'>): Example[] {
  return flows.flatMap(({ name, description, examples }) => {
    const spoken = Object.values(examples).flat();
    const told = [name.replaceAll('_', ' '), description].filter((text) => text !== '');
    return [
      ...spoken.map((text) => ({ flow: name, text, weight: 1 })),
      ...told.map((text) => ({ flow: name, text, weight: 0.6 })),
    ];
  });
}

/** One phrase may mean several things ("ok", "no", "next"): what is open decides. An offered label of that name comes first. */
function fromPhrases(
  phrases: readonly Meaning[],
  said: Said,
  context: Context,
  locales: readonly string[],
): Command | undefined {
  const { question } = context;
  const [first] = phrases;
  if (first === undefined) return undefined;
  if (phrases.some((meaning) => meaning.means === 'stop')) return { do: 'stop' };
  if (question !== undefined && isOffered(said, question, context)) return undefined;
  for (const meaning of phrases) {
    const command = fromPhrase(meaning, context, locales);
    if (command !== undefined) return command;
  }
  return undefined;
}

/** A confirmation is answered by yes or no, or by its own labels for them. */
function answerTo(question: Question, said: Said, context: Context): Found | undefined {
  return extract(said, question.confirm ? { ...question, type: { kind: 'boolean' } } : question, context);
}

/** Is it one of the offered answers, by label or by several of its words? "cancel" alone never means "I had cancelled". */
function isOffered(said: Said, question: Question, context: Context): boolean {
  if (question.confirm && question.choices === undefined) return false;
  if (question.choices === undefined && required(question.type).kind !== 'enum') return false;
  const found = answerTo(question, said, context);
  return found !== undefined && (found.confidence >= 0.95 || said.words.length >= 3);
}

function fromPhrase(meaning: Meaning, context: Context, locales: readonly string[]): Command | undefined {
  const { question, busy } = context;
  switch (meaning.means) {
    case 'stop':
    case 'human':
      return { do: meaning.means };
    case 'cancel':
      return busy ? { do: 'cancel' } : undefined;
    case 'dismiss':
      return busy ? { do: 'cancel' } : { do: 'chitchat', topic: 'acknowledge' };
    case 'skip':
      return busy && question !== undefined ? { do: 'skip' } : undefined;
    case 'repeat':
      return { do: 'repeat' };
    case 'yes':
    case 'no':
      return yesOrNo(meaning.means, question);
    case 'unsure':
      return undefined;
    case 'language': {
      const locale = locales.find((one) => one.split('-')[0] === meaning.language);
      return locale === undefined ? undefined : { do: 'language', locale };
    }
    case 'acknowledge':
      return question !== undefined && isFreeText(question) ? undefined : { do: 'chitchat', topic: meaning.means };
    default:
      return { do: 'chitchat', topic: meaning.means };
  }
}

/** An answer where yes or no was asked; "no" declines what was optional. Else it is left to the other readings. */
function yesOrNo(means: 'yes' | 'no', question: Question | undefined): Command | undefined {
  if (question === undefined) return { do: 'chitchat', topic: 'acknowledge' };
  if (isYesNo(question)) return { do: 'set', slot: question.name, value: means === 'yes', confidence: 1 };
  return means === 'no' && question.optional ? { do: 'skip' } : undefined;
}

function isYesNo(question: Question): boolean {
  return question.confirm || required(question.type).kind === 'boolean';
}

/** The label of something she could pick earlier, said while something else is asked: that is what she picks now. */
function namesAnEarlierChoice(said: Said, context: Context): Command | undefined {
  if (context.question !== undefined && isFreeText(context.question)) return undefined;
  for (const slot of context.known) {
    const found = slot.choices === undefined ? undefined : labelledChoice(said, slot.choices);
    if (found !== undefined) {
      return {
        do: 'correct',
        slot: slot.name,
        value: found.value,
        confidence: found.confidence,
        span: said.span(found.from, found.to),
      };
    }
  }
  return undefined;
}

/** In a free text a command is a short line of its own: a note may tell of agents and of cancelling. */
function mayBeCommand(said: Said, question: Question | undefined): boolean {
  return question === undefined || !isFreeText(question) || said.words.length <= 12;
}

function isFreeText(question: Question): boolean {
  const { kind } = required(question.type);
  return (kind === 'text' || kind === 'string') && question.pattern === undefined && question.choices === undefined;
}

function isWhole(answer: Found, said: Said): boolean {
  return answer.confidence >= SURE && answer.from === 0 && answer.to === said.text.length;
}

function setting(question: Question, answer: Found, said: Said): Command {
  return {
    do: 'set',
    slot: question.name,
    value: answer.value,
    confidence: answer.confidence,
    span: said.span(answer.from, answer.to),
  };
}

/** An answer that resembles a flow's example is an answer; beside one, only what asks for something is a digression. */
function thresholdFor(answer: Found | undefined, question: Question | undefined, said: Said): Threshold {
  if (question === undefined) return START;
  if (isQuestion(said)) {
    // "Why?" is about the question itself, "where is AB123457?" is not.
    if (said.words.length <= 3) return CERTAIN;
    if (answer === undefined) return ASKED;
    return said.words.length <= 16 ? CERTAIN : NEVER;
  }
  return answer === undefined ? DIGRESS : NEVER;
}

function start(ranked: readonly Ranked[], threshold: Threshold): Command | undefined {
  const [best, ...others] = ranked;
  if (best === undefined || best.confidence < threshold.confidence || best.likeness < threshold.likeness)
    return undefined;
  const close = others.filter((other) => best.confidence - other.confidence < CLOSE);
  if (close.length > 0) return { do: 'clarify', flows: [best, ...close].map((one) => one.flow) };
  return { do: 'start', flow: best.flow, confidence: best.confidence };
}

/** Values said together with the wish: only of kinds that cannot be anything else. */
function passingValues(said: Said, slots: readonly SlotView[], context: Context): Command[] {
  return slots.flatMap((slot) => {
    const { kind } = required(slot.type);
    const isTyped =
      slot.pattern !== undefined ||
      kind === 'email' ||
      kind === 'phone' ||
      kind === 'money' ||
      kind === 'date' ||
      kind === 'enum';
    const rival = slots.some(
      (other) => other !== slot && slot.pattern === undefined && kind !== 'enum' && required(other.type).kind === kind,
    );
    if (!isTyped || rival) return [];
    const found = extract(said, slot, context);
    if (found === undefined || found.confidence < (kind === 'enum' ? LIKELY : SURE)) return [];
    return [
      {
        do: 'set',
        slot: slot.name,
        value: found.value,
        confidence: found.confidence,
        span: said.span(found.from, found.to),
      } as const,
    ];
  });
}

/** Is a merely possible answer taken? Consent must be plain: "yes, when does it arrive?" is none. */
function isTaken(answer: Found, question: Question, said: Said): boolean {
  if (isYesNo(question)) return !isQuestion(said) && said.words.length <= 12;
  const { kind } = required(question.type);
  if (isFreeText(question) && kind === 'string') return !isQuestion(said) && said.words.length <= 24;
  return answer.confidence > 0;
}
