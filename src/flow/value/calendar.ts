/** Dates and instants as the flow language writes them: a date is `2026-11-21`, a datetime is RFC 3339 in UTC. */

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

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
