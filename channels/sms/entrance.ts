import type { Entrance } from '#channel';
import type { SmsSettings } from './settings.ts';

/** The number that she writes to. A pool of numbers has none that she could write to first. */
export function entrance({ sender }: SmsSettings): Entrance {
  return 'from' in sender ? { at: sender.from } : {};
}
