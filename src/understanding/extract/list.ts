/**
 * Several answers at once: "1 and 3", "the mug and the lamp", "both", "all except the lamp", "前两个". With quantities ("2 mugs",
 * "两个杯子") when the items can carry one: then the value of the choice is given with that many.
 */
import { type Json, type JsonObject, required, type Type } from '../../type.ts';
import { Said } from '../said.ts';
import type { ChoiceView } from '../understanding.ts';
import { extractChoice, mentioned } from './choice.ts';
import { type Found, whole } from './found.ts';
import { menuPlace } from './menu.ts';
import { type Numeral, numerals } from './numeral.ts';

const BOTH =
  /^(?:(?:both|the two)\b|(?:i want |i'd like |return |send back |take |it's |the )?both(?: of (?:them|those|these))?\b|两个都|两件都|俩都|两样都)/;
const ALL =
  /\b(?:all|everything|every one|everyone|the whole (?:order|lot)|the lot|each of them|every item)\b|^(?:全部|所有|全都|都要|都退|全退|整单|一起)|全部|都[要退选是]/;
const FIRST_N = /\bfirst (\w{2,6})\b|前([一二两三四五六七八九十\d]{1,3})[个项件款条]/;
const LAST_N = /\blast (\w{2,6})\b|后([一二两三四五六七八九十\d]{1,3})[个项件款条]/;
const SEPARATOR = /\s*(?:,|;|\n|&|\+|\/|\band\b|\bplus\b|\bas well as\b|和|跟|还有|以及|与|加上?|、)\s*/;
/** "mug x2", "2x mug". */
const TIMES = /(?<![a-z\d])(?:[x×*]\s?(\d{1,4})|(\d{1,4})\s?[x×*])(?![a-z\d])/g;
const QUANTITY_FIELDS = ['qty', 'quantity', 'count', 'amount', 'number'];

export function extractSeveral(said: Said, item: Type, choices: readonly ChoiceView[]): Found | undefined {
  const values = ofAll(said, choices) ?? byPart(said, quantityField(item), choices);
  return values === undefined || values.length === 0 ? undefined : whole(said, values, 0.95);
}

/** Words for all or some of the row, less what is denied. */
function ofAll(said: Said, choices: readonly ChoiceView[]): Json[] | undefined {
  const text = said.text.trim();
  const all = choices.map((choice) => choice.value);
  if (BOTH.test(text)) return choices.length === 2 ? all : undefined;
  const first = count(FIRST_N.exec(text));
  if (first !== undefined) return first <= choices.length ? all.slice(0, first) : undefined;
  const last = count(LAST_N.exec(text));
  if (last !== undefined) return last <= choices.length ? all.slice(-last) : undefined;
  if (!ALL.test(text)) return undefined;
  const [, exception] = text.split(/\b(?:except|but|without|apart from|besides|excluding)\b|除了|除/);
  if (exception === undefined) return /\bnot all\b|不是全部|不全/.test(text) ? undefined : all;
  const excluded = extractChoice(new Said(exception.replace(/(?:以外|之外|外)?(?:全部|所有|都).*$/, '')), choices);
  return excluded === undefined ? undefined : all.filter((value) => value !== excluded.value);
}

/** "first two" is a count; "first one" and "first mug" are not. */
function count(match: RegExpExecArray | null): number | undefined {
  const word = match?.[1] ?? match?.[2];
  if (word === undefined || word === 'one') return undefined;
  const said = new Said(word);
  const [only] = numerals(said);
  return only !== undefined && !only.ordinal && only.to - only.from === said.text.length && only.value >= 1
    ? only.value
    : undefined;
}

function byPart(said: Said, field: string | undefined, choices: readonly ChoiceView[]): Json[] | undefined {
  const places = allPlaces(said, choices.length);
  if (places !== undefined) return distinct(places.map((place) => choices[place - 1]?.value ?? null));
  const picked: { value: Json; quantity?: number }[] = [];
  for (const part of said.text.replace(TIMES, ' $1$2 ').split(SEPARATOR).slice(0, 40)) {
    if (part.trim() === '') continue;
    const words = new Said(part);
    const quantity = field === undefined ? undefined : quantityIn(words, choices);
    const rest =
      quantity === undefined
        ? words
        : new Said(part.slice(0, quantity.from) + part.slice(quantity.to).replace(/^\s*[×x*]/, ''));
    const found = extractChoice(rest, choices);
    if (found !== undefined)
      picked.push(quantity === undefined ? { value: found.value } : { value: found.value, quantity: quantity.value });
    else picked.push(...mentioned(rest, choices).map((one) => ({ value: one.value })));
  }
  return distinct(picked.map(({ value, quantity }) => withQuantity(value, field, quantity)));
}

/** "1 and 3", "1,3", "1 3", "first and third": every part is a place. In "the second one", "one" is none. */
function allPlaces(said: Said, choices: number): number[] | undefined {
  const parts = said.key
    .replaceAll(/(st|nd|rd|th) ones?(?= |$)/g, '$1')
    .split(/ (?:and|plus) | |和|跟|与/)
    .filter((part) => part !== '' && part !== 'the' && part !== 'and');
  if (parts.length < 2 || parts.length > 20) return undefined;
  const places = parts.map((part) => menuPlace(part, choices));
  return places.every((place) => place !== undefined) ? places : undefined;
}

/** A number beside the name of an article, unless the name itself has it ("iPhone 15"). */
function quantityIn(said: Said, choices: readonly ChoiceView[]): Numeral | undefined {
  const [first, ...more] = numerals(said).filter(
    (numeral) => !numeral.ordinal && Number.isInteger(numeral.value) && numeral.value > 0,
  );
  if (first === undefined || more.length > 0) return undefined;
  const isAlone = said.text.trim().length === first.to - first.from;
  const typed = said.text.slice(first.from, first.to);
  const isName = choices.some((choice) =>
    choice.labels.some((label) =>
      new Said(label.replace(/\s*[×x*]\s*\d{1,4}\s*$/, '')).words.some((word) => word.text === typed),
    ),
  );
  return isAlone || isName || menuPlace(said.key, choices.length) !== undefined ? undefined : first;
}

function quantityField(item: Type): string | undefined {
  const type = required(item);
  if (type.kind !== 'object') return undefined;
  return QUANTITY_FIELDS.find((name) => {
    const field = type.fields[name];
    return field !== undefined && required(field).kind === 'integer';
  });
}

function withQuantity(value: Json, field: string | undefined, quantity: number | undefined): Json {
  if (field === undefined || quantity === undefined || !isObject(value)) return value;
  return { ...value, [field]: quantity };
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function distinct(values: readonly Json[]): Json[] {
  const seen = new Set<string>();
  return values.filter((value) => {
    const told = JSON.stringify(value);
    if (seen.has(told)) return false;
    seen.add(told);
    return true;
  });
}
