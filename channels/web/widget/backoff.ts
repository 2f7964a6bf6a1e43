const FIRST = 500;
const LONGEST = 30_000;

/**
 * Milliseconds to wait before try number `attempt` (0 is the first retry): doubling from half a second to half a minute, of which
 * a random half is taken away, so that a thousand widgets do not come back in the same instant after a restart.
 */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const longest = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 10));
  return longest * (0.5 + random() / 2);
}
