/**
 * Dates and instants as the flow language keeps them: a date is `2026-11-21`, a datetime is RFC 3339 in UTC.
 * Pure but for a cache of `Intl` formatters, which are costly to build.
 */

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATETIME =
  /^(\d{4}-\d{2}-\d{2})[Tt ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Is it a day of the calendar, written `2026-11-21`? */
export function isDate(text: string): boolean {
  const parts = DATE.exec(text);
  if (parts === null) return false;
  const month = Number(parts[2]);
  const day = Number(parts[3]);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(Number(parts[1]), month);
}

/** Epoch milliseconds of an RFC 3339 datetime (its offset is required), or nothing. */
export function parseDatetime(text: string): number | undefined {
  const parts = DATETIME.exec(text);
  if (parts === null || !isDate(parts[1]!)) return undefined;
  const ms = Date.parse(text.replace(/[ t]/, 'T').replace('z', 'Z'));
  return Number.isNaN(ms) ? undefined : ms;
}

/** RFC 3339 in UTC, without a zero fraction: `2026-11-21T10:00:00Z`. Throws a RangeError outside of JavaScript's calendar. */
export function formatDatetime(ms: number): string {
  const text = new Date(ms).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}

/** The first instant of the day in the time zone, epoch milliseconds. */
export function midnight(date: string, timezone: string): number {
  const utc = Date.parse(`${date}T00:00:00Z`);
  // The offset at the wanted instant is known only once the instant is: the second look settles days of clock change.
  const guess = utc - offset(utc, timezone);
  return utc - offset(guess, timezone);
}

/** The day that it is in the time zone at that instant. */
export function dateAt(ms: number, timezone: string): string {
  return new Date(ms + offset(ms, timezone)).toISOString().slice(0, 10);
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** How far the zone's clock is ahead of UTC at that instant, in milliseconds. */
function offset(ms: number, timezone: string): number {
  if (timezone === 'UTC' || timezone === 'Etc/UTC') return 0;
  let clock = clocks.get(timezone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    clocks.set(timezone, clock);
  }
  const at = new Map(clock.formatToParts(ms).map((part) => [part.type, Number(part.value)]));
  const read = (part: Intl.DateTimeFormatPartTypes) => at.get(part)!;
  const local = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'));
  return local - Math.floor(ms / 1000) * 1000;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
