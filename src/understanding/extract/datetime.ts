/** A day and a time of day, or a time of the coming day: RFC 3339 with the customer's offset. */
import { wallClock } from '../../time-zone.ts';
import { Said } from '../said.ts';
import { DAY, rfc3339 } from './calendar.ts';
import { daysIn } from './date.ts';
import { extractDuration } from './duration.ts';
import { type Extract, only } from './found.ts';
import { readHan } from './numeral.ts';

const CLOCK =
  /(?<![\d:])([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?\s?([ap]\.?m\b)?|(?<![\d:])(1[0-2]|[1-9])\s?([ap])\.?m\b|\b(noon|midday|midnight)\b|中午(?!\d|十)/g;
const HAN_CLOCK =
  /(早上|上午|中午|下午|傍晚|晚上|凌晨|今晚|明晚|今早|明早)?([一二两三四五六七八九十\d]{1,3})点(?:(半)|([一二三四五六七八九十\d]{1,3})分?)?/g;

/** "in two hours", "in half an hour", "半小时后": counted from now. In days and weeks it is a day, without a time. */
const AWAY =
  /\bin (?:about )?(.{1,24}?(?:hours?|minutes?|mins?|hrs?|half))\b|(?<=^|[^\d零一二三四五六七八九十两个半])([\d零一二三四五六七八九十两个半]{1,5}(?:小时|钟头|分钟))(?:之|以)?后/;

export const extractDatetime: Extract = (said, slot, context) => {
  const wall = wallClock(context.now, context.timezone);
  const away = AWAY.exec(said.text);
  const wait = away === null ? undefined : extractDuration(new Said(away[1] ?? away[2] ?? ''), slot, context);
  if (away !== null && typeof wait?.value === 'number') {
    const value = rfc3339(Math.round((wall + wait.value) / 60_000) * 60_000, context.timezone);
    return { value, confidence: 0.95, from: away.index, to: away.index + away[0].length };
  }
  const days = daysIn(said, context);
  const day = only(
    said,
    days.map(({ day, ...rest }) => ({ ...rest, value: day })),
  );
  const time = only(
    said,
    [...western(said.text), ...chinese(said.text)].map(({ minutes, from, to }) => ({
      value: minutes,
      confidence: 0.95,
      from,
      to,
    })),
  );
  if (days.length > 0 && day === undefined) return undefined;
  if (typeof time?.value !== 'number') return undefined;
  const minutes = time.value;
  const today = Math.floor(wall / DAY);
  const isPast = today * DAY + minutes * 60_000 < wall;
  const start = typeof day?.value === 'number' ? day.value : today + (isPast ? 1 : 0);
  return {
    value: rfc3339(start * DAY + minutes * 60_000, context.timezone),
    confidence: day === undefined ? 0.8 : 0.95,
    from: Math.min(time.from, day?.from ?? time.from),
    to: Math.max(time.to, day?.to ?? time.to),
  };
};

interface Time {
  readonly minutes: number;
  readonly from: number;
  readonly to: number;
}

function western(text: string): Time[] {
  return [...text.matchAll(CLOCK)].map((match) => {
    const [all, hour, minute, half, bare, bareHalf, word] = match;
    const from = match.index;
    const to = from + all.length;
    if (hour === undefined && bare === undefined) return { minutes: word === 'midnight' ? 0 : 720, from, to };
    const side = half?.charAt(0) ?? bareHalf;
    const hours = Number(hour ?? bare);
    const shifted = side === 'p' && hours < 12 ? hours + 12 : side === 'a' && hours === 12 ? 0 : hours;
    return { minutes: shifted * 60 + Number(minute ?? 0), from, to };
  });
}

function chinese(text: string): Time[] {
  return [...text.matchAll(HAN_CLOCK)].flatMap((match) => {
    const [all, part = '', hour = '', half, minute] = match;
    const hours = numberOf(hour);
    const minutes = half === undefined ? (minute === undefined ? 0 : numberOf(minute)) : 30;
    if (hours === undefined || minutes === undefined || hours > 24 || minutes > 59) return [];
    const isLate = /下午|傍晚|晚/.test(part) || (part === '中午' && hours < 3);
    return [
      {
        minutes: (isLate && hours < 12 ? hours + 12 : hours) * 60 + minutes,
        from: match.index,
        to: match.index + all.length,
      },
    ];
  });
}

function numberOf(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : readHan(text);
}
