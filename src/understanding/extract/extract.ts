/** The value of a slot, heard in an utterance: by its choices, its pattern or its type. */
import { required, type Type } from '../../type.ts';
import { Said } from '../said.ts';
import type { ChoiceView, Context, SlotView } from '../understanding.ts';
import { extractBoolean } from './boolean.ts';
import { extractChoice } from './choice.ts';
import { extractDate } from './date.ts';
import { extractDatetime } from './datetime.ts';
import { extractDuration } from './duration.ts';
import { extractEmail } from './email.ts';
import { type Extract, type Found, whole } from './found.ts';
import { extractSeveral } from './list.ts';
import { isExplicitPlace, menuPlace } from './menu.ts';
import { extractMoney } from './money.ts';
import { extractNumber } from './number.ts';
import { extractPattern } from './pattern.ts';
import { extractPhone } from './phone.ts';
import { extractString, extractText } from './text.ts';
import { extractUrl } from './url.ts';

const BY_KIND: Readonly<Record<string, Extract>> = {
  boolean: extractBoolean,
  integer: extractNumber,
  number: extractNumber,
  money: extractMoney,
  date: extractDate,
  datetime: extractDatetime,
  duration: extractDuration,
  email: extractEmail,
  phone: extractPhone,
  url: extractUrl,
  text: extractText,
  string: extractString,
};

export const extract: Extract = (said, slot, context) => {
  const type = required(slot.type);
  const choices = slot.choices ?? [];
  if (type.kind === 'list') return extractList(said, slot, context);
  if (type.kind === 'integer' || type.kind === 'number') return extractCount(said, slot, context, choices);
  if (choices.length > 0) {
    const chosen = extractChoice(said, choices);
    if (chosen !== undefined || type.kind === 'object' || type.kind === 'enum') return chosen;
  }
  if (type.kind === 'enum') return extractChoice(said, choicesOf(type.values));
  if (slot.pattern !== undefined) return extractPattern(said, slot, context);
  return BY_KIND[type.kind]?.(said, slot, context);
};

function choicesOf(values: readonly string[]): readonly ChoiceView[] {
  return values.map((value) => ({ value, labels: [value] }));
}

/** A quantity outranks the menu: "2" is two, even where the second offer says five. Only "option 2" and the like mean the place. */
function extractCount(said: Said, slot: SlotView, context: Context, choices: readonly ChoiceView[]): Found | undefined {
  const place = choices.length > 0 && isExplicitPlace(said.original) ? menuPlace(said.key, choices.length) : undefined;
  const placed = place === undefined ? undefined : choices[place - 1];
  if (placed !== undefined) return { value: placed.value, confidence: 1, from: 0, to: said.text.length };
  return extractNumber(said, slot, context) ?? (choices.length > 0 ? extractChoice(said, choices) : undefined);
}

function extractList(said: Said, slot: SlotView, context: Context): Found | undefined {
  const type = required(slot.type);
  if (type.kind !== 'list') return undefined;
  const item = required(type.of);
  const choices = slot.choices ?? (item.kind === 'enum' ? choicesOf(item.values) : []);
  if (choices.length > 0) return extractSeveral(said, type.of, choices);
  const { choices: _none, ...rest } = slot;
  const one = { ...rest, type: item };
  const found = extract(said, one, context);
  if (found !== undefined) return { ...found, value: [found.value] };
  return slot.pattern === undefined && isText(item) ? undefined : eachPart(said, one, context);
}

/** "a@example.com, b@example.com and c@example.com": every part has a value, or nothing was understood. */
function eachPart(said: Said, slot: SlotView, context: Context): Found | undefined {
  const parts = said.original.split(/[,;，；、\n]|\s(?:and|&)\s|和/).filter((part) => part.trim() !== '');
  const found = parts.slice(0, 50).map((part) => extract(new Said(part), slot, context)?.value);
  const values = found.filter((value) => value !== undefined);
  return values.length < 2 || values.length < parts.length ? undefined : whole(said, values, 0.9);
}

function isText(type: Type): boolean {
  return type.kind === 'string' || type.kind === 'text';
}
