import { maskCards } from './card-number.ts';
import { findPersonalData, type PersonalData } from './personal-data.ts';

/**
 * What of a text people need not see to help: card, account, identity and phone numbers, addresses, and keys that open something. As
 * much stays as she knows it by. What is masked here stands unmasked on disk, and may be revealed; card numbers never reach the disk.
 */
export function maskSensitive(text: string): string {
  const open = KEYS.reduce((masked, { found, shown }) => masked.replace(found, shown), maskCards(text));
  return personalIn(open).reduceRight(
    (masked, data) => `${masked.slice(0, data.start)}${shownOf(masked, data)}${masked.slice(data.end)}`,
    open,
  );
}

/** A password, a token or an API key, which opens something for whoever reads it. */
export function holdsKey(text: string): boolean {
  return KEYS.some(({ found }) => text.search(found) !== -1);
}

/** A value by its name: `phone`, `iban`. */
export function maskNamed(name: string, text: string): string {
  const masked = maskSensitive(text);
  if (masked !== text || text.length === 0) return masked;
  if (SECRET_NAME.test(name)) return HIDDEN;
  return PERSONAL_NAME.test(name) ? lastOf(text) : text;
}

const personalIn = findPersonalData();
const HIDDEN = '••••••';
const SECRET_NAME = /(?:^|_)(?:password|passcode|passwort|secret|token|pin|otp|cvv|cvc|api_?key)(?:_|$)/i;
const PERSONAL_NAME = /(?:^|_)(?:phone|mobile|tel|iban|ssn|passport|id_card|id_number|tax_id|account_number)(?:_|$)/i;

/** Keys that say what they are: by how they begin, or by the word before them. */
const KEYS: readonly { readonly found: RegExp; readonly shown: (found: string, before?: string) => string }[] = [
  { found: /\b(?:sk|pk|rk|ghp|gho|xox[abprs])[-_][A-Za-z0-9_-]{12,}/g, shown: () => HIDDEN },
  { found: /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, shown: () => HIDDEN },
  {
    found:
      /((?:password|passcode|passwort|pin code|api key)(?:\s+(?:is|ist)\s+|\s*[:：=]\s*)|(?:密码|口令)(?:\s*[:：=是为]\s*))\S{3,64}/giu,
    shown: (_, before = '') => `${before}${HIDDEN}`,
  },
];

function shownOf(text: string, { start, end, kind }: PersonalData): string {
  const found = text.slice(start, end);
  if (kind !== 'email') return lastOf(found);
  const at = found.search(/[@＠]/);
  return `${found.slice(0, 1)}•••${found.slice(at)}`;
}

function lastOf(text: string): string {
  const signs = text.replace(/[^\p{L}\p{N}]/gu, '');
  return signs.length <= 4 ? HIDDEN : `•••• ${signs.slice(-4)}`;
}
