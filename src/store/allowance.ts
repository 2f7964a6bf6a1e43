import type { Allowance } from './store.ts';

/**
 * What we may say after the customer did something else, while an earlier window may still be open: WeChat's five messages in 48 hours
 * are not gone because she tapped, which gives three in a minute. The longer time counts, with the greater number: a guess in our
 * favour, since platforms do not tell how they share them out; where it is wrong, the platform says so, and its word holds.
 */
export function joined(open: Allowance | undefined, given: Allowance): Allowance {
  if (open === undefined || open.messages === 0 || open.until <= given.until) return given;
  if (open.messages === undefined || given.messages === undefined) return { until: open.until };
  return { until: open.until, messages: Math.max(open.messages, given.messages) };
}
