/** Days, absolute ("2026-11-21", "21/11", "Nov 21", "11月21日") and relative ("tomorrow", "next Monday", "三天前"), where the customer is. */

import { wallClock } from '../../time-zone.ts';
import type { Said } from '../said.ts';
import type { Context } from '../understanding.ts';
import { addMonths, DAY, dayOf, isoOf, nearestYear, partsOf, weekdayOf } from './calendar.ts';
import { type Extract, only } from './found.ts';
import { readHan } from './numeral.ts';

export const extractDate: Extract = (said, _slot, context) =>
  only(
    said,
    daysIn(said, context).map(({ day, confidence, from, to }) => ({ value: isoOf(day), confidence, from, to })),
  );

export interface FoundDay {
  readonly day: number;
  readonly confidence: number;
  readonly from: number;
  readonly to: number;
}

interface Reading {
  readonly at: RegExp;
  read(match: RegExpMatchArray, today: number, locale: string): number | undefined;
}

/** Every day named, longest reading first; readings do not overlap. */
export function daysIn(said: Said, context: Context): readonly FoundDay[] {
  const today = Math.floor(wallClock(context.now, context.timezone) / DAY);
  const found: FoundDay[] = [];
  for (const reading of READINGS) {
    for (const match of said.text.matchAll(reading.at)) {
      const from = match.index;
      const to = from + match[0].length;
      if (found.some((one) => from < one.to && to > one.from)) continue;
      const day = reading.read(match, today, context.locale);
      if (day !== undefined) found.push({ day, confidence: 0.95, from, to });
    }
  }
  return found.sort((a, b) => a.from - b.from);
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
const WEEKDAYS = 'mon tue wed thu fri sat sun'.split(' ');
const WEEKDAY =
  '(mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)';
const COUNT = '(\\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|a couple of|a few)';
const UNIT = '(days?|weeks?|months?|years?)';
const HAN = '([零〇一二两三四五六七八九十百\\d]{1,4})';
const HAN_UNIT = '(天|日|周|个?星期|个?礼拜|个?月|年)';

const NAMED: Readonly<Record<string, number>> = {
  today: 0,
  tonight: 0,
  tomorrow: 1,
  tmrw: 1,
  tomorow: 1,
  tommorow: 1,
  tommorrow: 1,
  yesterday: -1,
  'the day after tomorrow': 2,
  'day after tomorrow': 2,
  'the day before yesterday': -2,
  'day before yesterday': -2,
  今天: 0,
  今日: 0,
  今晚: 0,
  今早: 0,
  明天: 1,
  明日: 1,
  明早: 1,
  明晚: 1,
  后天: 2,
  大后天: 3,
  昨天: -1,
  昨日: -1,
  昨晚: -1,
  前天: -2,
  大前天: -3,
};

const READINGS: readonly Reading[] = [
  {
    at: new RegExp(`\\b(?:an? |one )?week (?:from|after) ${WEEKDAY}\\b`, 'g'),
    read: ([, name], today) => weekday(today, WEEKDAYS.indexOf((name ?? '').slice(0, 3)) + 1, undefined) + 7,
  },
  { at: /\b(?:in )?(?:an?|one) fortnight(?:'s time| from now| from today)?\b/g, read: (_, today) => today + 14 },
  {
    at: /\b(?:the )?(?:end|last day) of (this|the|next) month\b|(这个?|本|下个?)?月(?:底|末)/g,
    read: ([, side, han = ''], today) => lastOfMonth(today, side === 'next' || han.startsWith('下') ? 1 : 0),
  },
  {
    at: /(?<!\d)(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)[日号]?/g,
    read: ([, y, m, d]) => dayOf(Number(y), Number(m), Number(d)),
  },
  { at: /(?<!\d)(20\d{2})([01]\d)([0-3]\d)(?!\d)/g, read: ([, y, m, d]) => dayOf(Number(y), Number(m), Number(d)) },
  {
    at: /([零〇一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]?/g,
    read: ([, y, m, d]) => dayOf(readHan(y ?? '') ?? 0, readHan(m ?? '') ?? 0, readHan(d ?? '') ?? 0),
  },
  {
    at: new RegExp(`(明年|去年|今年)?${HAN}月${HAN}[日号]?`, 'g'),
    read: ([, which, m, d], today) => {
      const month = count(m);
      const day = count(d);
      if (which === undefined) return nearestYear(today, month, day);
      return dayOf(partsOf(today).year + (which === '明年' ? 1 : which === '去年' ? -1 : 0), month, day);
    },
  },
  {
    at: new RegExp(`(上|这|本|下)个?月${HAN}[日号]`, 'g'),
    read: ([, which, d], today) => {
      const { year, month } = partsOf(addMonths(today, which === '上' ? -1 : which === '下' ? 1 : 0));
      return dayOf(year, month, count(d));
    },
  },
  {
    at: new RegExp(`(?<![月\\d])${HAN}[日号](?![线楼码店])`, 'g'),
    read: ([, d], today) => nearestInMonth(today, count(d)),
  },
  {
    at: new RegExp(`\\b${MONTH}\\s{0,2}(\\d{1,2})(?:st|nd|rd|th)?(?:,?\\s{1,2}(\\d{4}))?(?![\\d:])`, 'g'),
    read: ([, m, d, y], today) => named(today, m, d, y),
  },
  {
    at: new RegExp(
      `(?<!\\d)(\\d{1,2})(?:st|nd|rd|th)?\\s{0,2}(?:of\\s)?${MONTH}(?:,?\\s{1,2}(\\d{4}))?(?![a-z\\d])`,
      'g',
    ),
    read: ([, d, m, y], today) => named(today, m, d, y),
  },
  {
    at: /(?<![\d.,/])(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\d/]|[.,]\d)/g,
    read: ([, a, sign, b, y], today, locale) =>
      sign !== '/' && y === undefined
        ? undefined
        : slashed(today, Number(a), Number(b), y, sign === '.' ? 'de' : locale),
  },
  {
    at: /(?<![a-z])(?:the )?day (?:after tomorrow|before yesterday)\b|\b(?:today|tonight|tomorrow|tmrw|tomorow|tommorow|tommorrow|yesterday)\b|大后天|大前天|[今明][天日早晚]|昨[天日晚]|后天|前天/g,
    read: ([word], today) => {
      const away = NAMED[word ?? ''];
      return away === undefined ? undefined : today + away;
    },
  },
  {
    at: new RegExp(
      `\\b(?:in )?${COUNT} ${UNIT} (ago|from now|later|from today|back|before)\\b|\\b(?:in|within) ${COUNT} ${UNIT}(?:' time)?\\b`,
      'g',
    ),
    read: ([, n, unit, side, laterN, laterUnit], today) => {
      if (n !== undefined)
        return move(today, (side === 'ago' || side === 'back' || side === 'before' ? -1 : 1) * count(n), unit ?? '');
      return move(today, count(laterN), laterUnit ?? '');
    },
  },
  {
    at: new RegExp(`${HAN}${HAN_UNIT}(?:之|以)?(前|后)`, 'g'),
    read: ([, n, unit, side], today) => move(today, (side === '前' ? -1 : 1) * count(n), unit ?? ''),
  },
  {
    at: new RegExp(`\\b(?:(next|last|this|coming|past|on)\\s)?${WEEKDAY}\\b`, 'g'),
    read: ([all, which, name], today) => {
      // Bare "sat", "sun", "mon" are words and names more often than days.
      if (which === undefined && /^(?:sat|sun|mon|wed|fri)$/.test(all ?? '')) return undefined;
      return weekday(today, WEEKDAYS.indexOf((name ?? '').slice(0, 3)) + 1, which);
    },
  },
  {
    at: /(上上|下下|上|下|这|本)?个?(?:周|星期|礼拜)([一二三四五六日天1-7])/g,
    read: ([, which, name], today) => {
      const wanted = name === '日' || name === '天' ? 7 : count(name);
      const monday = today - weekdayOf(today) + 1;
      const weeks = { 上上: -2, 上: -1, 这: 0, 本: 0, 下: 1, 下下: 2 }[which ?? ''];
      return weeks === undefined ? weekday(today, wanted, undefined) : monday + weeks * 7 + wanted - 1;
    },
  },
  {
    at: /\b(next|last) (week|month|year)\b/g,
    read: ([, which, unit], today) => move(today, which === 'next' ? 1 : -1, unit ?? ''),
  },
];

/** "next Friday" is the one of next week, "Friday" and "this Friday" the coming one (today included), "last Friday" the one before today. */
function weekday(today: number, wanted: number, which: string | undefined): number {
  const ahead = (wanted - weekdayOf(today) + 7) % 7;
  if (which === 'next') return today - weekdayOf(today) + 7 + wanted;
  if (which === 'last' || which === 'past') return today - (((weekdayOf(today) - wanted + 6) % 7) + 1);
  return today + ahead;
}

function lastOfMonth(today: number, months: number): number | undefined {
  const { year, month } = partsOf(addMonths(today - partsOf(today).day + 1, months + 1));
  const first = dayOf(year, month, 1);
  return first === undefined ? undefined : first - 1;
}

function move(today: number, amount: number, unit: string): number | undefined {
  if (amount === 0 || Number.isNaN(amount)) return undefined;
  if (unit.startsWith('day') || unit === '天' || unit === '日') return today + amount;
  if (unit.startsWith('week') || unit === '周' || unit.endsWith('星期') || unit.endsWith('礼拜'))
    return today + amount * 7;
  if (unit.startsWith('month') || unit.endsWith('月')) return addMonths(today, amount);
  return addMonths(today, amount * 12);
}

function named(today: number, month?: string, day?: string, year?: string): number | undefined {
  const number = MONTHS.indexOf((month ?? '').slice(0, 3)) + 1;
  return year === undefined ? nearestYear(today, number, Number(day)) : dayOf(Number(year), number, Number(day));
}

/** Month first in American English and Chinese, day first elsewhere; whatever cannot be a month is the day. */
function slashed(today: number, a: number, b: number, year: string | undefined, locale: string): number | undefined {
  const monthFirst = locale === 'en-US' || locale.startsWith('zh');
  const [month, day] = (monthFirst && a <= 12) || b > 12 ? [a, b] : [b, a];
  if (year === undefined) return nearestYear(today, month, day);
  return dayOf(year.length === 2 ? 2000 + Number(year) : Number(year), month, day);
}

function nearestInMonth(today: number, day: number): number | undefined {
  const candidates = [-1, 0, 1].map((months) => {
    const { year, month } = partsOf(addMonths(today - partsOf(today).day + 1, months));
    return dayOf(year, month, day);
  });
  return candidates.filter((one) => one !== undefined).sort((a, b) => Math.abs(a - today) - Math.abs(b - today))[0];
}

const WORDS: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  'a couple of': 2,
  'a few': 3,
};

function count(text: string | undefined): number {
  if (text === undefined) return Number.NaN;
  if (/^\d+$/.test(text)) return Number(text);
  return WORDS[text] ?? readHan(text) ?? Number.NaN;
}
