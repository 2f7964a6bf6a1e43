import { instantAt, wallClock } from '../time-zone.ts';

/** Calendar days, and the instants at which the clocks of a place show an hour of them. */

const DAY = 86_400_000;
const MINUTE = 60_000;

export function dayAfter(day: string): string {
  return new Date(Date.parse(day) + DAY).toISOString().slice(0, 10);
}

/** 0 is Monday. */
export function weekdayOf(day: string): number {
  return (new Date(Date.parse(day)).getUTCDay() + 6) % 7;
}

/** Where the clocks leap over it, the instant of the leap. */
export function instantOf(day: string, minutes: number, zone: string): number {
  const shown = Date.parse(day) + minutes * MINUTE;
  const instant = instantAt(shown, zone);
  return wallClock(instant, zone) <= shown ? instant : instant - (wallClock(instant, zone) - shown);
}
