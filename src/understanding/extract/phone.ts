import { type CountryCode, numberingPlans } from '../../phone-number.ts';
import { type Extract, type Found, only } from './found.ts';

/** What may be a number: digits with the usual signs between them, 7 to 15 digits in all. */
const CANDIDATE = /(?<![\da-z@])\+?\(?\d[\d\s().\-/]{5,24}\d(?![\da-z@])/g;

/** A telephone number as E.164. Without a country code it is read as one of the customer's country. */
export const extractPhone: Extract = (said, _slot, context) => {
  const found: Found[] = [];
  const country = countryOf(context.locale, context.timezone);
  const isChinese = context.locale.split('-')[0] === 'zh';
  for (const match of said.text.matchAll(CANDIDATE)) {
    if (found.length === 10) break;
    const typed = match[0].startsWith('00') ? `+${match[0].slice(2)}` : match[0];
    const number =
      parse(typed, isChinese && MAINLAND.test(digitsOf(typed)) ? 'CN' : country) ?? parse(`+${typed}`, country);
    if (number === undefined) continue;
    found.push({
      value: number,
      confidence: typed.startsWith('+') ? 1 : 0.85,
      from: match.index,
      to: match.index + match[0].length,
    });
  }
  return only(said, found);
};

/** A mobile number of mainland China, which Chinese customers give without a country code wherever the business is. */
const MAINLAND = /^1[3-9]\d{9}$/;

function digitsOf(typed: string): string {
  return typed.replaceAll(/[\s().\-/]/g, '');
}

function parse(typed: string, country: CountryCode | undefined): string | undefined {
  const parsed = numberingPlans().parsePhoneNumberFromString(
    typed,
    country === undefined ? {} : { defaultCountry: country },
  );
  return parsed?.isValid() ? parsed.number : undefined;
}

const LANGUAGES: Readonly<Record<string, CountryCode>> = {
  zh: 'CN',
  ja: 'JP',
  ko: 'KR',
  de: 'DE',
  fr: 'FR',
  it: 'IT',
  es: 'ES',
};
const ZONES: Readonly<Record<string, CountryCode>> = {
  'Europe/Berlin': 'DE',
  'Europe/London': 'GB',
  'Europe/Paris': 'FR',
  'Europe/Madrid': 'ES',
  'Europe/Rome': 'IT',
  'Europe/Amsterdam': 'NL',
  'Europe/Vienna': 'AT',
  'Europe/Zurich': 'CH',
  'Europe/Dublin': 'IE',
  'America/New_York': 'US',
  'America/Chicago': 'US',
  'America/Denver': 'US',
  'America/Los_Angeles': 'US',
  'America/Toronto': 'CA',
  'Asia/Shanghai': 'CN',
  'Asia/Hong_Kong': 'HK',
  'Asia/Taipei': 'TW',
  'Asia/Singapore': 'SG',
  'Asia/Tokyo': 'JP',
  'Asia/Kolkata': 'IN',
  'Australia/Sydney': 'AU',
};

/** The region of the locale, else of the zone, else where the language is mostly spoken. */
function countryOf(locale: string, timezone: string): CountryCode | undefined {
  const [language = '', ...rest] = locale.split('-');
  const region = rest.find((part) => part.length === 2)?.toUpperCase();
  if (region !== undefined && numberingPlans().isSupportedCountry(region)) return region;
  return ZONES[timezone] ?? LANGUAGES[language];
}
