import { dateAt } from '../time-zone.ts';
import { dayAfter, instantOf, weekdayOf } from './zone.ts';

/** Minutes after midnight, from and to; 1440 is the end of the day. */
export type Opening = readonly [from: number, to: number];

/** When a team is there. */
export interface Hours {
  /** IANA time zone. */
  readonly zone: string;
  /** Seven lists, Monday's first. */
  readonly week: readonly (readonly Opening[])[];
  /** Days that are otherwise, such as `2026-12-25`; an empty list: closed. */
  readonly holidays: Readonly<Record<string, readonly Opening[]>>;
}

/** A year and a day: who does not open within it never does. */
const LOOK_AHEAD = 366;

/** `hours` undefined: always open. */
export function isOpen(hours: Hours | undefined, at: number): boolean {
  return hours === undefined || nextOpening(hours, at) === at;
}

/** The first instant from `at` on at which they are open; `undefined`: never. */
export function nextOpening(hours: Hours | undefined, at: number): number | undefined {
  if (hours === undefined) return at;
  for (const [from] of openingsFrom(hours, at)) return from;
  return undefined;
}

/** The instant at which so much time with the doors open has gone by since `from`; `undefined`: it never will. */
export function afterOpenTime(hours: Hours | undefined, from: number, milliseconds: number): number | undefined {
  if (hours === undefined) return from + milliseconds;
  let left = milliseconds;
  for (const [begin, end] of openingsFrom(hours, from)) {
    if (left <= end - begin) return begin + left;
    left -= end - begin;
  }
  return undefined;
}

/** How much of the time between two instants the doors were open, in milliseconds. */
export function openTimeBetween(hours: Hours | undefined, from: number, to: number): number {
  if (hours === undefined) return Math.max(0, to - from);
  let open = 0;
  for (const [begin, end] of openingsFrom(hours, from)) {
    if (begin >= to) break;
    open += Math.min(end, to) - begin;
  }
  return open;
}

/** What is left of each opening from that instant on, in order. */
function* openingsFrom(hours: Hours, from: number): Generator<readonly [number, number]> {
  let day = dateAt(from, hours.zone);
  for (let count = 0; count <= LOOK_AHEAD; count++) {
    for (const [opens, closes] of openingsOf(hours, day)) {
      const begin = Math.max(from, instantOf(day, opens, hours.zone));
      const end = instantOf(day, closes, hours.zone);
      if (begin < end) yield [begin, end];
    }
    day = dayAfter(day);
  }
}

function openingsOf({ week, holidays }: Hours, day: string): readonly Opening[] {
  return (Object.hasOwn(holidays, day) ? holidays[day] : week[weekdayOf(day)]) ?? [];
}
