import { createRequire } from 'node:module';
import type { CountryCode } from 'libphonenumber-js/min';

type Library = typeof import('libphonenumber-js/min');

let library: Library | undefined;

/**
 * The world's numbering plans. Loaded at the first number: its tables take longer to read than most bots, which ask for none, need
 * to start altogether.
 */
export function numberingPlans(): Library {
  library ??= createRequire(import.meta.url)('libphonenumber-js/min') as Library;
  return library;
}

export type { CountryCode };
