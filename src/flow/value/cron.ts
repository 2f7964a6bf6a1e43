import { offsetAt, wallClock } from '../../time-zone.ts';

/**
 * When a scheduled flow is due: five fields as cron has them since 1975 (minute, hour, day of the month, month, weekday), read off the
 * clock on the wall. Lists, ranges, steps and English names; where both days are restricted, either will do.
 */
export interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** Sunday is 0. */
  readonly weekdays: ReadonlySet<number>;
  /** Is the hour `*`? Then it is due by the time that passes; else at an hour of the day, once a day, whatever clocks do. */
  readonly everyHour: boolean;
  readonly anyDay: boolean;
  readonly anyWeekday: boolean;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS_IN = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** `undefined`: it is no schedule, or one that is never due, such as the 31st of February. */
export function parseCron(text: string): Cron | undefined {
  const fields = text.trim().split(/ +/);
  if (fields.length !== 5) return undefined;
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  const minutes = setOf(minute, 0, 59);
  const hours = setOf(hour, 0, 23);
  const days = setOf(day, 1, 31);
  const months = setOf(month, 1, 12, MONTHS);
  const named = setOf(weekday, 0, 7, WEEKDAYS);
  if (!minutes || !hours || !days || !months || !named) return undefined;
  const weekdays = new Set([...named].map((one) => one % 7));
  const cron = { minutes, hours, days, months, weekdays, everyHour: hour === '*', anyDay: day === '*' };
  const first = Math.min(...days);
  const exists = weekday !== '*' || [...months].some((one) => first <= (DAYS_IN[one - 1] ?? 0));
  return exists ? { ...cron, anyWeekday: weekday === '*' } : undefined;
}

/** `*`, `5`, `1-5`, each with a step (`8-18/2`), and lists of them. */
function setOf(field: string, low: number, high: number, names: readonly string[] = []): Set<number> | undefined {
  const all = new Set<number>();
  for (const part of field.toLowerCase().split(',')) {
    const match = /^(?:\*|(\d{1,2}|[a-z]{3})(?:-(\d{1,2}|[a-z]{3}))?)(?:\/(\d{1,2}))?$/.exec(part);
    if (!match) return undefined;
    const [, begin, end, every] = match;
    // Names count as their numbers do: months from 1, weekdays from 0.
    const numberOf = (written: string) => (/\d/.test(written) ? Number(written) : names.indexOf(written) + low);
    const from = begin === undefined ? low : numberOf(begin);
    const to = end === undefined ? (begin === undefined || every !== undefined ? high : from) : numberOf(end);
    const step = Number(every ?? 1);
    const isNamed = [begin, end].every((one) => one === undefined || /\d/.test(one) || names.includes(one));
    if (!isNamed || from < low || to > high || from > to || step === 0) return undefined;
    for (let value = from; value <= to; value += step) all.add(value);
  }
  return all;
}

/**
 * Is it due in the minute that begins at `minute`? As people expect it of clocks that change: half past two in the morning of the day
 * without one comes as soon as the clock is past it; on the day with two, the first counts.
 * @param minute epoch milliseconds, whole minutes
 */
export function isDue(cron: Cron, minute: number, timezone: string): boolean {
  const wall = wallClock(minute, timezone);
  if (cron.everyHour) return shows(cron, wall);
  if (isRepeated(minute, timezone)) return false;
  // Usually this minute alone; the minute after the clock was put forward answers for those that were left out, too.
  const before = wallClock(minute - MINUTE, timezone);
  for (let shown = Math.max(before + MINUTE, wall - LONGEST_LEAP); shown <= wall; shown += MINUTE)
    if (shows(cron, shown)) return true;
  return false;
}

/** The last minute in which it was due, after `after` and no later than `until`. */
export function lastDue(cron: Cron, span: { after: number; until: number }, timezone: string): number | undefined {
  for (let minute = Math.floor(span.until / MINUTE) * MINUTE; minute > span.after; minute -= MINUTE)
    if (isDue(cron, minute, timezone)) return minute;
  return undefined;
}

/** Zones put their clocks by an hour, Lord Howe by half of one, and once a century by a day. */
const LONGEST_LEAP = 3 * HOUR;

/** Has the clock shown this before, because it was put back since? */
function isRepeated(minute: number, timezone: string): boolean {
  const back = offsetAt(minute - LONGEST_LEAP, timezone) - offsetAt(minute, timezone);
  return back > 0 && offsetAt(minute - back, timezone) === offsetAt(minute, timezone) + back;
}

function shows(cron: Cron, wall: number): boolean {
  const at = new Date(wall);
  if (!cron.minutes.has(at.getUTCMinutes()) || !cron.hours.has(at.getUTCHours())) return false;
  if (!cron.months.has(at.getUTCMonth() + 1)) return false;
  const isDay = cron.days.has(at.getUTCDate());
  const isWeekday = cron.weekdays.has(at.getUTCDay());
  return cron.anyDay || cron.anyWeekday ? isDay && isWeekday : isDay || isWeekday;
}
