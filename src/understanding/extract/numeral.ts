/** Numbers as people write them: `2`, `1,234.50`, `twenty-one`, `两`, `三十五`, `3万`; and places in a row: `2nd`, `second`, `第二`. */
import type { Said, Word } from '../said.ts';

export interface Numeral {
  readonly value: number;
  readonly ordinal: boolean;
  readonly from: number;
  readonly to: number;
}

const SMALL: Readonly<Record<string, number>> = Object.fromEntries(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'
    .split(' ')
    .map((word, value) => [word, value]),
);
const ENGLISH: ReadonlyMap<string, number> = new Map([
  ...Object.entries(SMALL),
  ['thirty', 30],
  ['forty', 40],
  ['fourty', 40],
  ['fifty', 50],
  ['sixty', 60],
  ['seventy', 70],
  ['eighty', 80],
  ['ninety', 90],
]);
const SCALES: ReadonlyMap<string, number> = new Map([
  ['hundred', 100],
  ['thousand', 1_000],
  ['million', 1_000_000],
]);
const NICKNAMES: ReadonlyMap<string, number> = new Map([
  ['couple', 2],
  ['pair', 2],
  ['dozen', 12],
]);
const ORDINALS: ReadonlyMap<string, number> = new Map(
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'
    .split(' ')
    .map((word, i) => [word, i + 1]),
);
const HAN_DIGITS: ReadonlyMap<string, number> = new Map([
  ...Array.from('零一二三四五六七八九', (c, i) => [c, i] as const),
  ...Array.from('壹贰叁肆伍陆柒捌玖', (c, i) => [c, i + 1] as const),
  ['〇', 0],
  ['两', 2],
  ['俩', 2],
  ['仨', 3],
]);
const HAN_SCALES: ReadonlyMap<string, number> = new Map([
  ['十', 10],
  ['拾', 10],
  ['百', 100],
  ['佰', 100],
  ['千', 1_000],
  ['仟', 1_000],
  ['万', 10_000],
  ['亿', 100_000_000],
]);
/** Words that merely contain a numeral: 一下 is no one. */
const HAN_WORDS = /^(?:一打[开印]|一[下样起直定般共点些切旦会]|万一|千万|十分|三方|七天无理由|第三方)/;

/** 一打 is twelve, 一打开 is "as soon as I open it". */
const DOZEN = /^打(?![开电印算包听扰折车字完])/;

/** Every number of the utterance, in order, not overlapping. */
export function numerals(said: Said): readonly Numeral[] {
  return [...digits(said.text), ...english(said.words), ...han(said.text)].sort((a, b) => a.from - b.from);
}

const DIGITS = /(?<![a-z0-9.])([-−]?)(\d{1,15}(?:[.,]\d{1,15}){0,5})(st|nd|rd|th|k)?(?![a-z0-9])([万千亿]?)/g;

function digits(text: string): Numeral[] {
  const found: Numeral[] = [];
  for (const match of text.matchAll(DIGITS)) {
    const [all, sign, figures = '', suffix, scale = ''] = match;
    const value = decimal(figures);
    if (value === undefined) continue;
    const scaled = value * (HAN_SCALES.get(scale) ?? (suffix === 'k' ? 1_000 : 1));
    const isNegative = sign !== '' && !/[\d\p{L}]\s?$/u.test(text.substring(Math.max(0, match.index - 2), match.index));
    const ordinal = (suffix !== undefined && suffix !== 'k') || text.charAt(match.index - 1) === '第';
    found.push({ value: isNegative ? -scaled : scaled, ordinal, from: match.index, to: match.index + all.length });
  }
  return found;
}

/** `1,234.50` and `1.234,50`: the later sign is the decimal one; a lone comma before three digits groups. */
export function decimal(figures: string): number | undefined {
  const comma = figures.lastIndexOf(',');
  const dot = figures.lastIndexOf('.');
  let plain = figures;
  if (comma >= 0 && dot >= 0) {
    plain = comma > dot ? figures.replaceAll('.', '').replace(',', '.') : figures.replaceAll(',', '');
  } else if (comma >= 0) {
    plain = /^\d{1,3}(?:,\d{3}){1,5}$/.test(figures) ? figures.replaceAll(',', '') : figures.replace(',', '.');
  } else if (figures.indexOf('.') !== dot) {
    plain = /^\d{1,3}(?:\.\d{3}){2,5}$/.test(figures) ? figures.replaceAll('.', '') : figures;
  }
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

function english(words: readonly Word[]): Numeral[] {
  const found: Numeral[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === undefined) break;
    const place = ORDINALS.get(word.text);
    const nickname = NICKNAMES.get(word.text);
    if (place !== undefined) {
      found.push({ value: place, ordinal: true, from: word.from, to: word.to });
    } else if (nickname !== undefined) {
      const isHalf = words[i - 1]?.text === 'a' && words[i - 2]?.text === 'half';
      found.push({ value: isHalf ? nickname / 2 : nickname, ordinal: false, from: word.from, to: word.to });
    } else if (isHundred(words, i) || (ENGLISH.has(word.text) && !isPronoun(words, i))) {
      const { value, next } = englishRun(words, i);
      const isMinus = words[i - 1]?.text === 'minus';
      const isAndHalf = [0, 1, 2].every((k) => words[next + k]?.text === AND_A_HALF[k]);
      const end = isAndHalf ? next + AND_A_HALF.length : next;
      found.push({
        value: (isMinus ? -1 : 1) * (value + (isAndHalf ? 0.5 : 0)),
        ordinal: false,
        from: (isMinus ? words[i - 1] : word)?.from ?? word.from,
        to: words[end - 1]?.to ?? word.to,
      });
      i = end - 1;
    }
  }
  return found;
}

const AND_A_HALF = ['and', 'a', 'half'];

/** "a hundred", "a thousand": there is no other number before it. */
function isHundred(words: readonly Word[], i: number): boolean {
  return SCALES.has(words[i]?.text ?? '') && words[i - 1]?.text === 'a';
}

/** "the red one", "this one", "second one" count nothing; "one", "just one", "one hundred" do. */
function isPronoun(words: readonly Word[], i: number): boolean {
  if (words[i]?.text !== 'one' || i === 0) return false;
  const after = words[i + 1]?.text ?? '';
  if (SCALES.has(after)) return false;
  return !COUNTED.has(words[i - 1]?.text ?? '');
}
const COUNTED = new Set(
  'just only about is its want need take have return send buy bought ordered and or with for x number option minus'.split(
    ' ',
  ),
);

function englishRun(words: readonly Word[], start: number): { value: number; next: number } {
  let total = 0;
  let group = SCALES.has(words[start]?.text ?? '') ? 1 : 0;
  let tens = false;
  let next = start;
  for (; next < words.length; next++) {
    const text = words[next]?.text ?? '';
    const small = ENGLISH.get(text);
    const scale = SCALES.get(text);
    if (small !== undefined) {
      const fits = next === start || group === 0 || (tens && small < 10) || (group >= 100 && group % 100 === 0);
      if (!fits) break;
      group += small;
      tens = small >= 20;
    } else if (scale === 100) {
      group *= 100;
    } else if (scale !== undefined) {
      total += group * scale;
      group = 0;
    } else if (text === 'and' && group >= 100 && ENGLISH.has(words[next + 1]?.text ?? '')) {
    } else break;
  }
  return { value: total + group, next };
}

function han(text: string): Numeral[] {
  const found: Numeral[] = [];
  for (const match of text.matchAll(/[零〇一二三四五六七八九两俩仨十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]{1,16}/g)) {
    const before = text.substring(Math.max(0, match.index - 2), match.index);
    if (/(?:周|星期|礼拜|\d)$/.test(before) || HAN_WORDS.test(text.substring(match.index, match.index + 6))) continue;
    const value = readHan(match[0]);
    if (value === undefined) continue;
    const rest = text.substring(match.index + match[0].length, match.index + match[0].length + 6);
    // 两个半 is 2.5; 两个半小时 is for durations to read.
    const half = /^个?半(?!个|小时|钟头|天|月|年)/.test(rest) ? 0.5 : 0;
    const tenths = /^点([零一二三四五六七八九]{1,4})(?![分刻点钟十])/.exec(rest)?.[1];
    const fraction = tenths === undefined ? 0 : (readHan(tenths) ?? 0) / 10 ** tenths.length;
    found.push({
      value: (DOZEN.test(rest) ? 12 : 1) * (value + half + fraction),
      ordinal: before.endsWith('第'),
      from: match.index,
      to: match.index + match[0].length + (tenths === undefined ? 0 : 1 + tenths.length),
    });
  }
  return found.filter((one, i) => !found.slice(0, i).some((before) => one.from < before.to));
}

/** 三十五 → 35, 一百零五 → 105, 二〇二六 → 2026, 三百五 → 350. */
export function readHan(text: string): number | undefined {
  const characters = Array.from(text);
  if (characters.every((c) => HAN_DIGITS.has(c)))
    return characters.length === 1 ? HAN_DIGITS.get(text) : Number(characters.map((c) => HAN_DIGITS.get(c)).join(''));
  let total = 0;
  let section = 0;
  let digit: number | undefined;
  let lastScale = 1;
  for (const c of characters) {
    const scale = HAN_SCALES.get(c);
    if (scale === undefined) {
      digit = HAN_DIGITS.get(c) ?? 0;
      if (digit === 0) lastScale = 1;
    } else if (scale < 10_000) {
      section += (digit ?? 1) * scale;
      lastScale = scale;
      digit = undefined;
    } else {
      const amount = section + (digit ?? 0) || (total === 0 ? 1 : 0);
      total = scale === 100_000_000 ? (total + amount) * scale : total + amount * scale;
      section = 0;
      lastScale = scale;
      digit = undefined;
    }
  }
  const rest = digit === undefined ? 0 : lastScale > 10 ? digit * (lastScale / 10) : digit;
  return total + section + rest;
}
