import { WELCOME } from './events.ts';
import type { WecomSettings } from './settings.ts';

/**
 * Welcome codes that this process has been given and not used. They are good for 20 seconds, so none is worth a disk: after a crash, or
 * where another process speaks, the greeting waits until she has written something.
 */
const given = new WeakMap<WecomSettings, Map<string, { readonly code: string; readonly until: number }>>();

export function keepWelcome(settings: WecomSettings, address: string, code: string, now = Date.now()): void {
  const codes = given.get(settings) ?? new Map();
  given.set(settings, codes);
  for (const [old, { until }] of codes) if (until <= now) codes.delete(old);
  codes.set(address, { code, until: now + WELCOME.lasts });
}

export function welcomeFor(settings: WecomSettings, address: string, now = Date.now()): string | undefined {
  const kept = given.get(settings)?.get(address);
  return kept !== undefined && now < kept.until ? kept.code : undefined;
}

/** It is used, or WeCom does not take it (any more). */
export function dropWelcome(settings: WecomSettings, address: string): void {
  given.get(settings)?.delete(address);
}
