/**
 * Which of the offered answers is meant, surest way first: its label in any language; its number or place; the beginning of only one
 * label; the words that tell the labels apart, with one typo and denials ("not the red one") respected. Equally close is no answer.
 */
import type { Json } from '../../type.ts';
import { isOneTypo, unwrap } from '../phrase.ts';
import { isHan, Said } from '../said.ts';
import type { ChoiceView } from '../understanding.ts';
import { type Found, whole } from './found.ts';
import { menuPlace } from './menu.ts';

export function extractChoice(said: Said, choices: readonly ChoiceView[]): Found | undefined {
  const key = said.key || said.text.trim();
  if (key === '') return undefined;
  const labelled = byLabel(key, choices) ?? byLabel(unwrap(key), choices);
  if (labelled !== undefined) return whole(said, labelled.value);
  const place = menuPlace(key, choices.length);
  const placed = place === undefined ? undefined : choices[place - 1];
  if (placed !== undefined) return whole(said, placed.value);
  const different = distinct(choices);
  const begun = byPrefix(unwrap(key), different);
  if (begun !== undefined) return whole(said, begun.value, 0.95);
  return byWords(said, different);
}

/** Choices of one label (the same charge twice) cannot be told apart by words: the first stands for them. */
function distinct(choices: readonly ChoiceView[]): readonly ChoiceView[] {
  const first = new Map<string, ChoiceView>();
  for (const choice of choices) {
    const name = choice.labels.join('\n');
    if (!first.has(name)) first.set(name, choice);
  }
  return first.size === choices.length ? choices : [...first.values()];
}

/** The choice whose label, or its unmistakable beginning, is all that was said. */
export function labelledChoice(said: Said, choices: readonly ChoiceView[]): Found | undefined {
  const key = said.key || said.text.trim();
  if (key.length < 2) return undefined;
  const choice = byLabel(key, choices) ?? byLabel(unwrap(key), choices) ?? byPrefix(unwrap(key), choices);
  return choice && whole(said, choice.value, 0.95);
}

/** All choices that the words single out, for questions that take several. */
export function mentioned(said: Said, choices: readonly ChoiceView[]): readonly Scored[] {
  return score(said, choices).filter((one) => one.points >= 1 && !one.denied);
}

/** A choice, and where it is named. */
export type Named = Pick<Scored, 'value' | 'from' | 'to'>;

/** All choices of which every word of a label is said, and none denied: "wrong item", where "wrong" alone could be said of anything. */
export function namedInFull(said: Said, choices: readonly ChoiceView[]): readonly Named[] {
  const tokens = tokensOf(said);
  return choices.flatMap((choice) => {
    const label = choice.labels.map(labelOf).find((each) => isSaidInFull(each, said, tokens));
    if (label === undefined) return [];
    const own = tokens.filter((token) => holds(label.tokens, token));
    return [
      {
        value: choice.value,
        from: Math.min(...own.map(({ from }) => from)),
        to: Math.max(...own.map(({ to }) => to)),
      },
    ];
  });
}

function isSaidInFull(label: Label, said: Said, tokens: readonly Token[]): boolean {
  if (label.tokens.length === 0 || label.denies) return false;
  if (isHan(label.key.charCodeAt(0)) && !said.key.includes(label.key)) return false;
  return label.tokens.every((word) => tokens.some((token) => !token.denied && holds([word], token)));
}

/** What the choice is called, prepared for matching. */
interface Label {
  readonly key: string;
  readonly tokens: readonly string[];
  readonly denies: boolean;
}

const LABELS = new Map<string, Label>();

function labelOf(text: string): Label {
  const known = LABELS.get(text);
  if (known !== undefined) return known;
  // "Mug × 2": how many there are does not tell a mug from a lamp.
  const said = new Said(text.replace(/\s*[×x*]\s*\d{1,4}\s*$/, '').replaceAll('_', ' '));
  const label = {
    key: new Said(text.replaceAll('_', ' ')).key || text.trim(),
    tokens: tokensOf(said).map((token) => token.text),
    denies: said.words.some((word) => DENIALS.has(word.text)),
  };
  // Labels of orders and articles differ from customer to customer: the memory is bounded.
  if (LABELS.size >= 5_000) LABELS.clear();
  LABELS.set(text, label);
  return label;
}

function byLabel(key: string, choices: readonly ChoiceView[]): ChoiceView | undefined {
  let found: ChoiceView | undefined;
  for (const choice of choices)
    for (const text of choice.labels)
      if (labelOf(text).key === key) {
        if (found !== undefined && found !== choice && !sameLabels(found, choice)) return undefined;
        found ??= choice;
      }
  return found;
}

function sameLabels(a: ChoiceView, b: ChoiceView): boolean {
  return a.labels.join('\n') === b.labels.join('\n');
}

function byPrefix(key: string, choices: readonly ChoiceView[]): ChoiceView | undefined {
  if (key.length < (isHan(key.charCodeAt(0)) ? 1 : 3)) return undefined;
  const begun = choices.filter((choice) => choice.labels.some((text) => labelOf(text).key.startsWith(key)));
  return begun.length === 1 ? begun[0] : undefined;
}

function byWords(said: Said, choices: readonly ChoiceView[]): Found | undefined {
  const scored = score(said, choices).filter((one) => !one.denied);
  const [best, second] = scored.sort((a, b) => b.points - a.points);
  if (second !== undefined && second.points >= ENOUGH && EITHER.test(said.text)) return undefined;
  if (best === undefined || best.points < ENOUGH || (second !== undefined && second.points >= best.points))
    return undefined;
  return { value: best.value, confidence: Math.min(0.9, 0.6 + 0.1 * best.points), from: best.from, to: best.to };
}

const ENOUGH = 0.5;
const EITHER = /\bor\b|还是|或/;

export interface Scored {
  readonly value: Json;
  readonly points: number;
  readonly denied: boolean;
  readonly from: number;
  readonly to: number;
}

function score(said: Said, choices: readonly ChoiceView[]): Scored[] {
  const tokens = tokensOf(said);
  const labels = choices.map((choice) => choice.labels.map(labelOf));
  const hits = tokens.map((token) => labels.map((own) => own.some((label) => holds(label.tokens, token))));
  return choices.map((choice, i) => {
    let points = 0;
    let denied = false;
    let from = said.text.length;
    let to = 0;
    for (const [t, token] of tokens.entries()) {
      const sharing = hits[t]?.filter(Boolean).length ?? 0;
      if (!hits[t]?.[i] || sharing === choices.length) {
        if (choices.length > 1 || !hits[t]?.[i]) continue;
      }
      if (token.denied && !labels[i]?.some((label) => label.denies)) {
        denied ||= sharing === 1;
        continue;
      }
      points += token.weight / sharing;
      from = Math.min(from, token.from);
      to = Math.max(to, token.to);
    }
    if (!denied && labels[i]?.some((label) => label.key.length > 1 && contains(said.key, label.key))) points += 1;
    return to === 0
      ? { value: choice.value, points, denied, from: 0, to: said.text.length }
      : { value: choice.value, points, denied, from, to };
  });
}

function contains(key: string, label: string): boolean {
  return isHan(label.charCodeAt(0)) ? key.includes(label) : ` ${key} `.includes(` ${label} `);
}

function holds(label: readonly string[], token: Token): boolean {
  if (label.includes(token.text)) return true;
  return token.text.length >= 5 && label.some((word) => word.length >= 5 && isOneTypo(word, token.text));
}

interface Token {
  readonly text: string;
  readonly weight: number;
  readonly denied: boolean;
  readonly from: number;
  readonly to: number;
}

/** Words that carry meaning, stemmed; of Han, pairs and, more lightly, single characters. */
function tokensOf(said: Said): Token[] {
  const tokens: Token[] = [];
  const seen = new Set<string>();
  const { words } = said;
  let denial = -9;
  for (const [i, word] of words.entries()) {
    const { text, from, to } = word;
    const han = isHan(text.charCodeAt(0));
    if (i > 0 && /[,.;:!?]|\bbut\b/.test(said.text.substring(words[i - 1]?.to ?? from, from))) denial = -9;
    if (DENIALS.has(text)) denial = i;
    if (text === 'but' || text === '是' || text === '而')
      denial = text === '是' && denial === i - 1 ? i : text === '是' ? denial : -9;
    const denied = i - denial > 0 && i - denial <= (han ? 5 : 4);
    const add = (token: string, weight: number, end: number) => {
      if (seen.has(token)) return;
      seen.add(token);
      tokens.push({ text: token, weight, denied, from, to: end });
    };
    if (!han) {
      if (!EMPTY.has(text)) add(stem(text), 1, to);
      continue;
    }
    if (!EMPTY_HAN.has(text)) add(text, 0.5, to);
    const next = words[i + 1];
    if (
      next !== undefined &&
      next.from === to &&
      isHan(next.text.charCodeAt(0)) &&
      !(EMPTY_HAN.has(text) && EMPTY_HAN.has(next.text))
    )
      add(text + next.text, 0.75, next.to);
  }
  return tokens;
}

/** Enough of a stemmer to let "mugs", "damage" and "charging" meet "Mug", "damaged" and "charged". */
function stem(word: string): string {
  if (word.length <= 3) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.length > 5 && word.endsWith('ing')) return word.slice(0, -3);
  if (word.length > 4 && word.endsWith('ed')) return word.slice(0, -2);
  if (word.endsWith('es') && /(?:s|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2);
  if (word.endsWith('s') && !word.endsWith('ss')) return word.slice(0, -1);
  if (word.length > 4 && word.endsWith('e')) return word.slice(0, -1);
  return word;
}

const DENIALS = new Set([
  'not',
  'dont',
  'isnt',
  'wasnt',
  'never',
  'except',
  'without',
  'excluding',
  'no',
  '不',
  '别',
  '非',
  '除',
]);
const EMPTY = new Set(
  'a an the it is its was are i im ive id my me you your we our they them this that these those to of in on at for with and or but not dont isnt do did does have has had be been as so too very just only also please want like would one ones option number no yes ok thing things there here what which who how when where why can could will all both everything except without now got get am'.split(
    ' ',
  ),
);
const EMPTY_HAN = new Set(
  '的了我你您他它是不在有个这那要想就都也和跟与还吗呢吧啊把被给第一请只没么什什为到去来说可以能会'.split(''),
);
