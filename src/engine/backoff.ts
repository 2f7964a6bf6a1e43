/** How long to wait before the next try. Milliseconds. */
export interface Backoff {
  readonly base: number;
  readonly cap: number;
}

/**
 * Full jitter: anywhere between nothing and the doubled wait, so that many that failed together do not come back together.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function wait({ base, cap }: Backoff, tries: number, random: () => number): number {
  return Math.round(random() * Math.min(cap, base * 2 ** Math.max(0, tries - 1)));
}
