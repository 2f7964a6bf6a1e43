/**
 * The clock on the wall of a time zone (IANA: `Europe/Berlin`). Pure but for a cache of `Intl` formatters, which are costly to build.
 * An unknown zone is UTC: a profile may carry one that this machine's tables do not have.
 */

/** Does this machine know the zone? */
export function isTimezone(text: string): boolean {
  return newClock(text) !== undefined;
}

/** How far the zone's clock is ahead of UTC at that instant, in milliseconds; whole seconds. */
export function offsetAt(ms: number, timezone: string): number {
  const clock = clockOf(timezone);
  if (clock === undefined) return 0;
  const at = new Map(clock.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const read = (part: Intl.DateTimeFormatPartTypes) => at.get(part) ?? 0;
  const wall = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'));
  return wall - Math.floor(ms / 1000) * 1000;
}

/** What the clock on the wall shows at that instant, to the second, as if it were UTC. */
export function wallClock(ms: number, timezone: string): number {
  return Math.floor(ms / 1000) * 1000 + offsetAt(ms, timezone);
}

/** The day that it is in the zone at that instant: `2026-11-21`. */
export function dateAt(ms: number, timezone: string): string {
  return new Date(wallClock(ms, timezone)).toISOString().slice(0, 10);
}

/**
 * The instant at which the clock on the wall shows this. Where it is put back and shows it twice, one of the two; where it is put forward
 * and never does, an hour off.
 * @param wall as {@link wallClock} tells it
 */
export function instantAt(wall: number, timezone: string): number {
  // The offset at the wanted instant is known only once the instant is: the second look settles days of clock change.
  const guess = wall - offsetAt(wall, timezone);
  return wall - offsetAt(guess, timezone);
}

const clocks = new Map<string, Intl.DateTimeFormat | undefined>([
  ['UTC', undefined],
  ['Etc/UTC', undefined],
]);
/** All zones there are, and a few names for each: beyond that somebody makes them up. */
const MOST = 1_000;

function clockOf(timezone: string): Intl.DateTimeFormat | undefined {
  if (clocks.has(timezone)) return clocks.get(timezone);
  const clock = newClock(timezone);
  if (clocks.size < MOST) clocks.set(timezone, clock);
  return clock;
}

function newClock(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
