/** Days as plain numbers (days since 1970-01-01), and the customer's wall clock. */
import { instantAt, wallClock } from '../../time-zone.ts';

export const DAY = 86_400_000;

export function dayOf(year: number, month: number, day: number): number | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  if (year < 1000 || year > 9999 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return date.getTime() / DAY;
}

export function isoOf(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

export function partsOf(day: number): { year: number; month: number; day: number } {
  const date = new Date(day * DAY);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** Monday is 1, Sunday 7. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** The same day some months away; the last of a shorter month. */
export function addMonths(day: number, months: number): number {
  const { year, month, day: date } = partsOf(day);
  const target = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  return (target.getTime() + (Math.min(date, last) - 1) * DAY) / DAY;
}

/** A day without a year: the occurrence nearest to today. */
export function nearestYear(today: number, month: number, day: number): number | undefined {
  const { year } = partsOf(today);
  const candidates = [year - 1, year, year + 1].map((one) => dayOf(one, month, day)).filter((one) => one !== undefined);
  return candidates.sort((a, b) => Math.abs(a - today) - Math.abs(b - today))[0];
}

/** A wall time as RFC 3339 with the zone's offset at that moment. */
export function rfc3339(wall: number, timezone: string): string {
  const instant = instantAt(wall, timezone);
  const minutes = Math.round((wallClock(instant, timezone) - instant) / 60_000);
  const size = Math.abs(minutes);
  const two = (n: number) => String(n).padStart(2, '0');
  const offset = minutes === 0 ? 'Z' : `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  return `${new Date(instant + minutes * 60_000).toISOString().slice(0, 19)}${offset}`;
}
