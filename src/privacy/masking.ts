import { maskCards } from './card-number.ts';

/**
 * What of a text people need not see to help: card and account numbers, identity numbers, addresses, and keys that open something. As
 * much stays as she knows it by. What is masked here stands unmasked on disk, and may be revealed; card numbers never reach the disk.
 */
export function maskSensitive(text: string): string {
  return KINDS.reduce((masked, { found, shown }) => masked.replace(found, shown), maskCards(text));
}

/** A value by its name: `phone`, `iban`. What is no text has nothing to mask. */
export function maskNamed(name: string, text: string): string {
  const masked = maskSensitive(text);
  if (masked !== text || text.length === 0) return masked;
  if (SECRET_NAME.test(name)) return HIDDEN;
  return PERSONAL_NAME.test(name) ? lastOf(text) : text;
}

const HIDDEN = '••••••';
const SECRET_NAME = /(?:^|_)(?:password|passcode|passwort|secret|token|pin|otp|cvv|cvc|api_?key)(?:_|$)/i;
const PERSONAL_NAME = /(?:^|_)(?:phone|mobile|tel|iban|ssn|passport|id_card|id_number|tax_id|account_number)(?:_|$)/i;

interface Kind {
  readonly found: RegExp;
  readonly shown: (found: string, ...groups: string[]) => string;
}

const KINDS: readonly Kind[] = [
  // A key that says what it is, by its beginning or by the word before it.
  { found: /\b(?:sk|pk|rk|ghp|gho|xox[abprs])[-_][A-Za-z0-9_-]{12,}/g, shown: () => HIDDEN },
  { found: /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, shown: () => HIDDEN },
  {
    found: /((?:password|passcode|passwort|pin code|api key|密码|口令)(?:\s+is\s+|\s*[:：=是为]\s*))(\S{3,64})/giu,
    shown: (_, before = '') => `${before}${HIDDEN}`,
  },
  {
    found: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b/g,
    shown: (found) => (isIban(found) ? lastOf(found) : found),
  },
  {
    found: /(?<![\dA-Za-z])[1-9]\d{16}[\dXx](?![\dA-Za-z])/g,
    shown: (found) => (isResidentId(found) ? lastOf(found) : found),
  },
  {
    found: /(?<![\w.+-])([\w.+-]{1,64})@([\w-]{1,63}(?:\.[\w-]{1,63}){1,5})/g,
    shown: (_, name = '', host = '') => `${name[0] ?? ''}•••@${host}`,
  },
  { found: /(?<![\w+])\+\d(?:[ ()-]{0,2}\d){7,14}(?!\d)/g, shown: lastOf },
  { found: /(?<![\w+-])1[3-9]\d{9}(?![\w-])/g, shown: lastOf },
];

function lastOf(text: string): string {
  const signs = text.replace(/[^\p{L}\p{N}]/gu, '');
  return signs.length <= 4 ? HIDDEN : `•••• ${signs.slice(-4)}`;
}

/** ISO 13616: moved round and read as a number, it leaves 1 when divided by 97. */
function isIban(text: string): boolean {
  const signs = text.replaceAll(' ', '');
  if (signs.length < 15 || signs.length > 34) return false;
  const turned = `${signs.slice(4)}${signs.slice(0, 4)}`;
  let rest = 0;
  for (const sign of turned) {
    const value = Number.parseInt(sign, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** GB 11643-1999: seventeen digits, each with its weight, and a check sign. */
function isResidentId(text: string): boolean {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(text[index]), 0);
  return '10X98765432'[sum % 11] === text[17]?.toUpperCase();
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
