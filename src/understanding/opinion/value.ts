/**
 * A value that a model has proposed for a slot becomes one only in two ways: it is one of those on offer, or it stands in the customer's own
 * words and is read there as anything that she types. So nothing that a model makes up can get into a slot.
 */
import { type Json, required } from '../../type.ts';
import { extract } from '../extract/extract.ts';
import { menuPlace } from '../extract/menu.ts';
import { isHan, keyFor, Said } from '../said.ts';
import type { Context, SlotView, Span } from '../understanding.ts';

export type Checked = { readonly value: Json; readonly span?: Span } | { readonly why: 'not_said' | 'invalid_value' };

export function checked(proposed: string, slot: SlotView, said: Said, context: Context): Checked {
  const offered = offeredAs(proposed, slot);
  const span = spanOf(proposed, said);
  if (offered !== undefined) return { value: inList(offered, slot), ...(span && { span }) };
  if (span === undefined) return { why: 'not_said' };
  const own = new Said(said.original.slice(span.from, span.to));
  const value = extract(own, slot, context)?.value ?? ordinal(own, slot);
  return value === undefined ? { why: 'invalid_value' } : { value, span };
}

/** "The third floor": that a number is meant by it, only who has understood the sentence can tell. */
function ordinal({ key }: Said, { type }: SlotView): Json | undefined {
  const place = required(type).kind === 'integer' ? menuPlace(key, HIGHEST) : undefined;
  // "The last one" is a place only where something ends.
  return place === HIGHEST ? undefined : place;
}

const HIGHEST = 1_000;

function offeredAs(proposed: string, { type, choices }: SlotView): Json | undefined {
  const key = keyFor(proposed);
  const own = elementOf(type);
  if (key === '') return undefined;
  const choice = choices?.find(({ value, labels }) =>
    [...labels, typeof value === 'string' ? value : ''].some((label) => keyFor(label) === key),
  );
  if (choice !== undefined) return choice.value;
  return own.kind === 'enum' && choices === undefined ? own.values.find((value) => keyFor(value) === key) : undefined;
}

function inList(value: Json, { type }: SlotView): Json {
  return required(type).kind === 'list' ? [value] : value;
}

function elementOf(type: SlotView['type']) {
  const own = required(type);
  return own.kind === 'list' ? required(own.of) : own;
}

/** Where her words hold it, as whole words; signs and spaces between them may differ. */
export function spanOf(proposed: string, said: Said): Span | undefined {
  const wanted = new Said(proposed).words;
  const [first] = wanted;
  if (first === undefined) return undefined;
  const { words } = said;
  for (let at = 0; at + wanted.length <= words.length; at++) {
    if (!wanted.every(({ text }, index) => words[at + index]?.text === text)) continue;
    const [from, to] = [words[at]?.from ?? 0, words[at + wanted.length - 1]?.to ?? 0];
    return said.span(from, endOf(said, to));
  }
  return undefined;
}

/** With the sign that belongs to a number: "50%", "20€". */
function endOf({ text }: Said, to: number): number {
  const next = text.charCodeAt(to);
  return Number.isNaN(next) || isHan(next) || !/[%€$£¥]/.test(text.charAt(to)) ? to : to + 1;
}
