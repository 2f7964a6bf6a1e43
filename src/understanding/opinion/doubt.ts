/**
 * When is what was understood not sure enough to act upon, so that a model is worth its time and its price? What is looked up, tapped or
 * answers the open question is sure, and never comes to a model.
 */
import { required } from '../../type.ts';
import { SURE } from '../extract/found.ts';
import { isHan } from '../said.ts';
import type { Command, Context, Doubt, Question, Ranked, Span } from '../understanding.ts';

export interface Evidence {
  /** The flows that are closest, best first, and questions that a document is known for. */
  readonly ranked: readonly Ranked[];
  /** Confidence under which a flow is doubted. */
  readonly below: number;
  /** How many slots of a flow may be filled by the words that start it. */
  slotsOf(flow: string): number;
}

/** Letters under which there is nothing that a model could make more of; a Chinese character counts for three. */
const LEAST = 6;
/** Letters left over, when what was understood is taken away, in which more may be said. A wish alone takes some thirty. */
const MORE = 70;
/** Letters beside a word that may be the answer, from which it may as well be in there by chance. */
const ASIDE = 25;
/** Letters of a correction that may say to what, in words that only describe it. */
const DESCRIBED = 30;
/** Of a correction that does not say outright that it is one. */
const LIKELY = 0.75;

export function doubtAbout(
  text: string,
  context: Context,
  commands: readonly Command[],
  evidence: Evidence,
): Doubt | undefined {
  if (lettersIn(text) < LEAST || commands.some(isPlain)) return undefined;
  const reason = reasonFor(text, context, commands, evidence);
  return reason && { reason, confidence: evidence.ranked[0]?.confidence ?? 0 };
}

/** Found by fixed words, or so grave that nobody should wait for a model with it. */
function isPlain({ do: move }: Command): boolean {
  return PLAIN.has(move);
}

const PLAIN: ReadonlySet<Command['do']> = new Set([
  'unsafe',
  'upset',
  'human',
  'stop',
  'cancel',
  'skip',
  'repeat',
  'language',
  'chitchat',
]);

function reasonFor(
  text: string,
  context: Context,
  commands: readonly Command[],
  { ranked, below, slotsOf }: Evidence,
): Doubt['reason'] | undefined {
  const [first] = commands;
  if (first === undefined) return 'unknown';
  if (commands.some((command) => command.do === 'clarify')) return 'close';
  const sets = commands.filter((command) => command.do === 'set');
  const start = commands.find((command) => command.do === 'start');
  if (start !== undefined) {
    if (start.confidence < below) return 'faint';
    const isRoom = slotsOf(start.flow) > sets.length;
    return isRoom && leftOver(text, sets, MORE) ? 'more' : undefined;
  }
  const correction = commands.find((command) => command.do === 'correct');
  if (correction !== undefined) {
    // "Change the reason" is plain: it is asked for again.
    const isDescribed = correction.value === undefined && leftOver(text, [], DESCRIBED);
    return isDescribed || correction.confidence < LIKELY ? 'correction' : undefined;
  }
  if (commands.some((command) => command.do === 'ask'))
    return (ranked[0]?.confidence ?? 0) < below || context.question !== undefined ? 'question' : undefined;
  const { question, awaited = [] } = context;
  if (question === undefined || isOpenText(question)) return undefined;
  const answer = sets.find(({ slot }) => slot === question.name);
  if (answer !== undefined && answer.confidence < SURE && leftOver(text, sets, ASIDE)) return 'answer';
  return awaited.length > 0 && leftOver(text, sets, MORE) ? 'more' : undefined;
}

/** Whatever she writes is an answer to it. */
function isOpenText({ type, pattern, choices, confirm }: Question): boolean {
  const { kind } = required(type);
  return !confirm && (kind === 'text' || kind === 'string') && pattern === undefined && choices === undefined;
}

function leftOver(text: string, sets: readonly { readonly span?: Span }[], most: number): boolean {
  const taken = sets.reduce((sum, { span }) => sum + (span ? lettersIn(text.slice(span.from, span.to)) : 0), 0);
  return lettersIn(text) - taken >= most;
}

function lettersIn(text: string): number {
  let letters = 0;
  for (const letter of text) if (LETTER.test(letter)) letters += isHan(letter.codePointAt(0) ?? 0) ? 3 : 1;
  return letters;
}

const LETTER = /[\p{L}\p{N}]/u;
