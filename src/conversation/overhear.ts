import type { Frame } from '../flow/frame.ts';
import { markSaid } from '../flow/noted.ts';
import type { Program, SlotSpec } from '../flow/program.ts';
import { read } from '../flow/slot.ts';
import { type Json, required, type Type } from '../type.ts';
import type { Command, Question, Span } from '../understanding/understanding.ts';
import type { Stage } from './stage.ts';

/**
 * One utterance may answer several questions: "I want to return the mug from AB123456, it arrived broken". Which articles the order has
 * is known only when that question comes. So what is left of her words stays with the flow, and each later question listens to it once
 * before it asks. Short answers and taps leave nothing.
 */

/** UTF-16 units that are kept, the newest. */
const MOST = 300;
/** Letters from which words can hold more than what was taken from them; a Chinese character counts for three. */
const LEAST = 12;
/** UTF-16 units below which nobody looks. */
const SHORT = 5;

type SetCommand = Extract<Command, { do: 'set' }>;

/** Keeps with the frame what its later questions may find in the words, less what has been taken from them. */
export function keepWords(stage: Stage, frame: Frame, text: string, taken: readonly SetCommand[]): void {
  if (text.length < SHORT || stage.redacted !== undefined || frame.by === 'repair') return;
  const rest = without(
    text,
    taken.flatMap(({ span }) => (span ? [span] : [])),
  );
  if (lettersIn(rest) < LEAST || !stage.bot.understanding.overhear) return;
  const program = stage.program(frame);
  if (isExample(program, text)) return;
  stage.focus(frame);
  if (!mayListen(stage, program)) return;
  const before = frame.words === undefined ? '' : `${frame.words.text}\n`;
  frame.words = { text: `${before}${rest}`.slice(-MOST).toWellFormed(), at: stage.now };
}

/** The answer to the question that is about to be asked, if her earlier words hold it and no other question could mean it. */
export function overhear(stage: Stage, question: Question): Json | undefined {
  const { frame } = stage;
  const { words } = frame;
  const program = stage.program(frame);
  const slot = program.slots[question.name];
  if (words === undefined || !slot || !isOpenTo(slot) || hasRival(stage, program, question)) return undefined;
  const context = { locale: stage.locale, now: words.at, timezone: stage.timezone, known: [], busy: true };
  const found = stage.bot.understanding.overhear?.(words.text, question, context);
  if (found === undefined) return undefined;
  const rest = without(words.text, found.spans);
  if (lettersIn(rest) === 0) delete frame.words;
  else frame.words = { text: rest, at: words.at };
  markSaid(stage, slot.name);
  return found.value;
}

/** Two dates are asked for and one was said, two sizes and "large": it could be either. */
function hasRival(stage: Stage, program: Program, question: Question): boolean {
  for (const other of program.asks.keys()) {
    const slot = program.slots[other];
    if (slot && other !== question.name && read(stage, slot) === null && couldBoth(question, slot)) return true;
  }
  return false;
}

function couldBoth({ type, pattern }: Question, other: SlotSpec): boolean {
  const [one, two] = [elementOf(type), elementOf(other.type)];
  if (one.kind !== two.kind || pattern !== other.source) return false;
  if (one.kind === 'enum' && two.kind === 'enum') return one.values.some((value) => two.values.includes(value));
  if (one.kind === 'object') return JSON.stringify(one) === JSON.stringify(two);
  // Without a pattern it is one of the texts that its question offers, and no other question does.
  return one.kind !== 'string' || pattern !== undefined;
}

/**
 * Is there a question that has no answer yet and may be answered in passing? A flow that asks for a secret keeps no words: they might
 * hold it.
 */
function mayListen(stage: Stage, program: Program): boolean {
  let isAwaited = false;
  for (const name of program.asks.keys()) {
    const slot = program.slots[name];
    if (slot?.sensitive === 'secret' || slot?.sensitive === 'payment') return false;
    isAwaited ||= slot !== undefined && isOpenTo(slot) && mayBeSaid(slot) && read(stage, slot) === null;
  }
  return isAwaited;
}

function isOpenTo({ prefill, scope }: SlotSpec): boolean {
  return prefill && scope !== 'customer';
}

/** A rough look by type alone; what the question offers is known when it comes. */
function mayBeSaid({ type }: SlotSpec): boolean {
  const { kind } = elementOf(type);
  return kind !== 'boolean' && kind !== 'text' && kind !== 'integer' && kind !== 'number' && kind !== 'file';
}

function elementOf(type: Type): Type {
  const own = required(type);
  return own.kind === 'list' ? required(own.of) : own;
}

/** What starts the flow by the author's own example says nothing else. */
function isExample({ header }: Program, text: string): boolean {
  const said = text.trim().toLowerCase();
  return Object.values(header.examples).some((examples) => examples.some((each) => each.toLowerCase() === said));
}

function without(text: string, spans: readonly Span[]): string {
  let rest = '';
  let at = 0;
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    if (from > at) rest += `${text.slice(at, from)} `;
    at = Math.max(at, to);
  }
  return `${rest}${text.slice(at)}`
    .replace(/\s*\n\s*/g, '\n')
    .replace(/ {2,}/g, ' ')
    .trim();
}

function lettersIn(text: string): number {
  let letters = 0;
  for (const letter of text) if (LETTER.test(letter)) letters += letter >= '\u3400' ? 3 : 1;
  return letters;
}

const LETTER = /[\p{L}\p{N}]/u;
