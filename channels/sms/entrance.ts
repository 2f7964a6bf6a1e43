import type { Entrance } from '#channel';
import type { SmsSettings } from './settings.ts';

/**
 * The number that she writes to, and a link that opens her messages with the code (RFC 5724). A pool of numbers has none that she could
 * write to first.
 */
export function entrance({ sender }: SmsSettings, code: string): Entrance {
  if (!('from' in sender)) return {};
  return { at: sender.from, url: `sms:${sender.from}?body=${encodeURIComponent(code)}` };
}

export function leadsTo({ sender }: SmsSettings): readonly string[] {
  return 'from' in sender ? [sender.from] : [];
}
