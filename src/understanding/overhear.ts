/**
 * A later question's answer in words that were said for something else: "the mug from AB123456 arrived broken" answers three. Nobody has
 * been asked yet, so only what cannot mean anything else counts: a value with a form of its own, or a choice that is named in full.
 */
import { required, type Type } from '../type.ts';
import { mentioned, type Named, namedInFull } from './extract/choice.ts';
import { extract } from './extract/extract.ts';
import { SURE } from './extract/found.ts';
import type { Said } from './said.ts';
import type { ChoiceView, Context, Overheard, Question, SlotView } from './understanding.ts';

/** Kinds whose values are told from other words by their form. */
const FORMED: ReadonlySet<Type['kind']> = new Set(['email', 'phone', 'money', 'date']);

/** May its answer be overheard at all? A yes, a number or a free text could belong to anything. */
export function isOverheard({ type, pattern, choices }: SlotView): boolean {
  const { kind } = elementOf(type);
  if (kind === 'boolean') return false;
  if (kind === 'enum' || kind === 'object') return true;
  if (required(type).kind === 'list') return false;
  return pattern !== undefined || FORMED.has(kind) || (choices !== undefined && kind === 'string');
}

export function overhear(said: Said, question: Question, context: Context): Overheard | undefined {
  if (question.confirm || !isOverheard(question)) return undefined;
  const element = elementOf(question.type);
  if (element.kind === 'enum')
    return chosen(said, question, namedInFull(said, question.choices ?? plain(element.values)));
  if (question.pattern === undefined && question.choices !== undefined)
    return chosen(said, question, mentioned(said, question.choices), context);
  const { choices: _offered, ...slot } = question;
  const found = extract(said, slot, context);
  return found === undefined || found.confidence < SURE ? undefined : overheard(said, found.value, [found]);
}

/** One choice, or for a list several with how many of each. Two that are named for one answer are no answer. */
function chosen(said: Said, question: Question, named: readonly Named[], counting?: Context): Overheard | undefined {
  const values = named.map(({ value }) => value);
  const [first] = values;
  if (first === undefined) return undefined;
  if (required(question.type).kind !== 'list') return values.length === 1 ? overheard(said, first, named) : undefined;
  if (counting === undefined) return overheard(said, values, named);
  const found = extract(said, question, counting);
  const isSame = Array.isArray(found?.value) && found.value.length === values.length;
  return isSame ? overheard(said, found.value, named) : undefined;
}

function overheard(said: Said, value: Overheard['value'], places: readonly { from: number; to: number }[]): Overheard {
  return { value, spans: places.map(({ from, to }) => said.span(from, to)) };
}

function elementOf(type: Type): Type {
  const own = required(type);
  return own.kind === 'list' ? required(own.of) : own;
}

function plain(values: readonly string[]): readonly ChoiceView[] {
  return values.map((value) => ({ value, labels: [value] }));
}
