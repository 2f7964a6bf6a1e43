/** "2 hours", "1h 30m", "half an hour", "两天", "一个半小时": milliseconds. A month counts 30 days, a year 365. */
import { type Extract, type Found, only } from './found.ts';
import { numerals } from './numeral.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:seconds?|secs?|s)(?![a-z])|^秒钟?/, 1_000],
  [/^(?:minutes?|mins?|m)(?![a-z])|^分钟?/, MINUTE],
  [/^(?:hours?|hrs?|h)(?![a-z])|^个?(?:小时|钟头)/, HOUR],
  [/^(?:days?|d)(?![a-z])|^[天日]/, DAY],
  [/^(?:weeks?|wks?|w)(?![a-z])|^(?:周|个?星期|个?礼拜)/, 7 * DAY],
  [/^(?:months?)(?![a-z])|^个?月/, 30 * DAY],
  [/^(?:years?|yrs?)(?![a-z])|^年/, 365 * DAY],
];
/** "1h30", "an hour and a half", "two weeks and a half", "a couple of days", "a fortnight". */
const CLOCK = /(?<![\d.])(\d{1,3})\s?h\s?([0-5]\d)(?![\d])(?:\s?m(?:in)?\b)?/g;
const AND_A_HALF = /\b(?:an?|one) (hour|day|week|year) and a half\b/g;
const FORTNIGHT = /\b(?:an?|one) fortnight\b/g;
const FIGURE = /(?<![a-z\d.])(\d{1,6}(?:\.\d{1,3})?)(?=[a-z])/g;
const HALF = /half an? (hour|day|year)|(?<!个)半个?(小时|钟头|天|月|年)/g;
const ARTICLE = /\ban? (?=(?:second|minute|hour|day|week|month|year)\b)/g;

export const extractDuration: Extract = (said) => {
  const parts: Found[] = [];
  const add = (amount: number, from: number, at: number) => {
    const gap = /^(?: of )?\s{0,2}/.exec(said.text.substring(at, at + 6))?.[0].length ?? 0;
    const half =
      said.text.charAt(at) === '个' && said.text.charAt(at + 1) === '半' ? 2 : said.text.charAt(at) === '半' ? 1 : 0;
    const rest = said.text.substring(at + gap + half, at + gap + half + 12);
    for (const [unit, size] of UNITS) {
      const match = unit.exec(rest)?.[0];
      if (match === undefined || parts.some((part) => from < part.to && at > part.from)) continue;
      parts.push({
        value: Math.round((amount + (half === 2 ? 0.5 : 0)) * size),
        confidence: 0.9,
        from,
        to: at + gap + half + match.length,
      });
      return;
    }
  };
  for (const match of said.text.matchAll(CLOCK))
    parts.push(read(match, Number(match[1]) * HOUR + Number(match[2]) * MINUTE));
  for (const match of said.text.matchAll(AND_A_HALF))
    parts.push(read(match, 1.5 * ({ hour: HOUR, day: DAY, week: 7 * DAY }[match[1] ?? ''] ?? 365 * DAY)));
  for (const match of said.text.matchAll(FORTNIGHT)) parts.push(read(match, 14 * DAY));
  for (const match of said.text.matchAll(HALF)) {
    const size = {
      hour: HOUR,
      小时: HOUR,
      钟头: HOUR,
      day: DAY,
      天: DAY,
      月: 30 * DAY,
      year: 365 * DAY,
      年: 365 * DAY,
    }[match[1] ?? match[2] ?? ''];
    if (size !== undefined)
      parts.push({ value: size / 2, confidence: 0.9, from: match.index, to: match.index + match[0].length });
  }
  for (const numeral of numerals(said))
    if (!numeral.ordinal && numeral.value >= 0) add(numeral.value, numeral.from, numeral.to);
  for (const match of said.text.matchAll(FIGURE)) add(Number(match[1]), match.index, match.index + match[0].length);
  for (const match of said.text.matchAll(ARTICLE)) add(1, match.index, match.index + match[0].length);
  return (
    joined(
      said.text,
      parts.sort((a, b) => a.from - b.from),
    ) ?? only(said, parts)
  );
};

function read(match: RegExpExecArray, value: number): Found {
  return { value, confidence: 0.9, from: match.index, to: match.index + match[0].length };
}

/** "1 hour and 30 minutes" is one duration; "2 days or 3 days" is none. */
function joined(text: string, parts: readonly Found[]): Found | undefined {
  const [first] = parts;
  const last = parts.at(-1);
  if (first === undefined || last === undefined) return undefined;
  let total = 0;
  let before = first.from;
  for (const part of parts) {
    if (!/^\s{0,2}(?:and|,|零|又)?\s{0,2}$/.test(text.substring(before, Math.min(part.from, before + 12))))
      return undefined;
    total += typeof part.value === 'number' ? part.value : 0;
    before = part.to;
  }
  return { value: total, confidence: 0.9, from: first.from, to: last.to };
}
