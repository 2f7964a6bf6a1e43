/** Days and hours of a place, by its IANA time zone. Pure but for a cache of `Intl` formatters, which are costly to build. */

const DAY = 86_400_000;
const MINUTE = 60_000;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** The calendar day that it is there at that instant: `2026-11-21`. */
export function dayAt(instant: number, zone: string): string {
  return new Date(instant + ahead(instant, zone)).toISOString().slice(0, 10);
}

export function dayAfter(day: string): string {
  return new Date(Date.parse(day) + DAY).toISOString().slice(0, 10);
}

/** 0 is Monday. */
export function weekdayOf(day: string): number {
  return (new Date(Date.parse(day)).getUTCDay() + 6) % 7;
}

/**
 * The instant at which the clocks there show so many minutes after midnight of that day. Where they show it twice, the first; where
 * they leap over it, the instant of the leap's other side.
 */
export function instantOf(day: string, minutes: number, zone: string): number {
  const shown = Date.parse(day) + minutes * MINUTE;
  // The offset at the wanted instant is known only once the instant is: tried with those of the day before and after.
  const early = shown - ahead(shown - DAY, zone);
  const late = shown - ahead(shown + DAY, zone);
  return early + ahead(early, zone) === shown ? early : late;
}

/** How far the clocks there are ahead of UTC at that instant, in milliseconds. */
function ahead(instant: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const parts = new Map(
    clockOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const read = (part: Intl.DateTimeFormatPartTypes) => parts.get(part) ?? 0;
  const shown = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'));
  return shown - Math.floor(instant / 1000) * 1000;
}

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const digits = 'numeric' as const;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{ year: digits, month: digits, day: digits, hour: digits, minute: digits, second: digits },
  });
  clocks.set(zone, clock);
  return clock;
}
