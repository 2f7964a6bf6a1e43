const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };
const SHORT = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h|d|w)$/;
const ISO = /^P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,3})?)S)?)?$/;

/**
 * Milliseconds of `250ms`, `90s`, `10m`, `2h`, `30d`, `1w`, a sum such as `1h30m`, or an ISO 8601 duration without
 * years and months (their length is not fixed). Nothing where the text is no duration.
 */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  const short = SHORT.exec(trimmed);
  if (short !== null) return Math.round(Number(short[1]) * UNITS[short[2]!]!);
  return isoDuration(trimmed) ?? sum(trimmed);
}

function isoDuration(text: string): number | undefined {
  const parts = ISO.exec(text);
  if (parts === null || text.endsWith('T') || text === 'P') return undefined;
  const [, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts;
  return (
    (Number(weeks) * 7 + Number(days)) * DAY +
    Number(hours) * HOUR +
    Number(minutes) * MINUTE +
    Math.round(Number(seconds) * SECOND)
  );
}

function sum(text: string): number | undefined {
  if (text.length > 64 || !/^(?:\d+(?:ms|s|m|h|d|w)){2,}$/.test(text)) return undefined;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|s|m|h|d|w)/g)) total += Number(count) * UNITS[unit!]!;
  return total;
}
