import { Refusal } from './refusal.ts';
import type { Rate } from './settings.ts';

/**
 * Token buckets, one a key, in a map that cannot outgrow `capacity`: when it is full, the keys that were used longest ago are
 * forgotten first, and a forgotten key simply starts afresh.
 */
export interface RateLimit {
  /** Takes one; throws `chat.rate_limited` with the seconds until the next is free. */
  take(key: string): void;
  /** Takes one if there is one: for what may as well go unheard. */
  allows(key: string): boolean;
}

interface Bucket {
  tokens: number;
  at: number;
}

export function createRateLimit(rate: Rate, clock: () => number, capacity = 100_000): RateLimit {
  const buckets = new Map<string, Bucket>();
  const perMillisecond = rate.perMinute / 60_000;

  return {
    take(key) {
      const wait = spend(key);
      if (wait > 0) throw limited(Math.ceil(wait / 1000));
    },
    allows: (key) => spend(key) === 0,
  };

  /** Milliseconds until there is one; 0 when one was taken. */
  function spend(key: string): number {
    const now = clock();
    const bucket = buckets.get(key) ?? { tokens: rate.burst, at: now };
    // A clock that was set back must not take tokens away.
    bucket.tokens = Math.min(rate.burst, bucket.tokens + Math.max(0, now - bucket.at) * perMillisecond);
    bucket.at = now;
    buckets.delete(key);
    buckets.set(key, bucket);
    if (buckets.size > capacity) forgetOldest(buckets);
    if (bucket.tokens < 1) return (1 - bucket.tokens) / perMillisecond;
    bucket.tokens -= 1;
    return 0;
  }
}

/** A Map keeps the order of insertion, and every use inserts anew: the first key is the one used longest ago. */
function forgetOldest(buckets: Map<string, Bucket>): void {
  for (const key of buckets.keys()) {
    buckets.delete(key);
    return;
  }
}

function limited(seconds: number): Refusal {
  return new Refusal(429, 'chat.rate_limited', 'Too many at once.', {
    hint: `Wait ${seconds} s, then send the same request again.`,
    retryAfter: seconds,
  });
}
