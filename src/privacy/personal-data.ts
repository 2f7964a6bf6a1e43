import { type CountryCode, numberingPlans } from '../phone-number.ts';
import { isCard } from './card-number.ts';

/** A stretch of a text that tells who somebody is, or what she pays with. */
export interface PersonalData {
  readonly start: number;
  readonly end: number;
  readonly kind: 'email' | 'iban' | 'card' | 'id' | 'ip' | 'phone';
}

/** What the business knows of its own numbers and of where its customers are. */
export interface Surroundings {
  /** Patterns of its own identifiers: most order numbers look like somebody's phone number, and are nobody's secret. */
  readonly identifiers?: readonly { test(text: string): boolean }[];
  /** Where numbers without a country code are from. */
  readonly countries?: readonly CountryCode[];
}

/**
 * Finds what has a form by which it is known: addresses, account, card, identity and phone numbers, most with a check digit or a plan to
 * tell them from others. Names and streets have none: they are known from the customer's record. In order, none over another.
 */
export function findPersonalData({
  identifiers = [],
  countries = [],
}: Surroundings = {}): (text: string) => readonly PersonalData[] {
  return (text) => {
    if (!LIKELY.test(text)) return [];
    const found: PersonalData[] = [];
    const free = ({ start, end }: PersonalData) => found.every((other) => end <= other.start || start >= other.end);
    const add = (data: PersonalData) => {
      if (free(data) && !isIdentifier(text, data, identifiers)) found.push(data);
    };
    for (const { kind, pattern, holds } of FORMS) {
      for (const match of text.matchAll(pattern)) {
        if (holds?.(match[0]) ?? true) add({ start: match.index, end: match.index + match[0].length, kind });
      }
    }
    for (const data of phonesIn(text, countries)) add(data);
    return found.toSorted((a, b) => a.start - b.start);
  };
}

/** Nothing else is worth a closer look. */
const LIKELY = /@|＠|\d(?:[^\p{L}\n]{0,3}\d){4}|[\d０-９]{5}/u;

interface Form {
  readonly kind: PersonalData['kind'];
  readonly pattern: RegExp;
  readonly holds?: (text: string) => boolean;
}

/** The stricter ones first: what they take, the others leave. */
const FORMS: readonly Form[] = [
  {
    kind: 'email',
    pattern: /(?:(?!\p{Script=Han})[\p{L}\d._%+-]){1,64}[@＠][\p{L}\d-]+(?:\.[\p{L}\d-]+)*\.\p{L}{2,}/gu,
  },
  { kind: 'iban', pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?\b/gi, holds: isIban },
  { kind: 'id', pattern: /(?<!\d)[1-9]\d{16}[\dXx](?![\dA-Za-z])/g, holds: isChineseId },
  { kind: 'id', pattern: /(?<![\d-])(?!000|666|9)\d{3}[- ](?!00)\d{2}[- ](?!0000)\d{4}(?![\d-])/g },
  { kind: 'card', pattern: /(?<![\d-])\d(?:[ -]?\d){12,18}(?![ -]?\d)/g, holds: (text) => isCard(digitsOf(text)) },
  { kind: 'ip', pattern: /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])/g },
];

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}

/** ISO 13616: the country moved to the end, letters as numbers, the rest by 97 is 1. */
function isIban(text: string): boolean {
  const bare = text.replace(/ /g, '').toUpperCase();
  const written = [...(bare.slice(4) + bare.slice(0, 4))].map((sign) => Number.parseInt(sign, 36)).join('');
  return bare.length >= 15 && bare.length <= 34 && BigInt(written) % 97n === 1n;
}

/** GB 11643: a birthday within, and a check sign by ISO 7064, MOD 11-2. */
function isChineseId(text: string): boolean {
  if (!/^.{6}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/.test(text)) return false;
  const sum = [...text.slice(0, 17)].reduce((total, digit, index) => total + Number(digit) * 2 ** (17 - index), 0);
  return '10X98765432'[sum % 11] === text.at(-1)?.toUpperCase();
}

/** By the world's numbering plans: with a country code anywhere, without one in the countries of the business. */
function* phonesIn(text: string, countries: readonly CountryCode[]): Generator<PersonalData> {
  const { findPhoneNumbersInText } = numberingPlans();
  // Full-width digits are one sign each, too: places stay.
  const narrow = text.replace(/[０-９＋]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
  for (const country of countries.length > 0 ? countries : [undefined]) {
    for (const { startsAt, endsAt } of findPhoneNumbersInText(narrow, country)) {
      if (!DATE.test(narrow.slice(startsAt, endsAt))) yield { start: startsAt, end: endsAt, kind: 'phone' };
    }
  }
}

const DATE = /^(?:19|20)\d\d([-/.])\d{1,2}\1\d{1,2}$/;

function isIdentifier(text: string, { start, end, kind }: PersonalData, identifiers: Surroundings['identifiers']) {
  if (kind === 'email' || identifiers === undefined || identifiers.length === 0) return false;
  // Both match anything, if only nothing.
  const [before] = /[\p{L}\d-]*$/u.exec(text.slice(0, start))!;
  const [after] = /^[\p{L}\d-]*/u.exec(text.slice(end))!;
  const told = text.slice(start, end);
  const ways = [told, before + told + after, told.replace(/[\s-]/g, '')];
  return identifiers.some((identifier) =>
    ways.some((way) => identifier.test(way) || identifier.test(way.toUpperCase())),
  );
}
