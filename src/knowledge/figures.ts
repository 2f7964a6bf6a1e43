/**
 * The figures of a text (numbers with what they count, sums, dates, times, identifiers, addresses) in one spelling each: “14 days”, “14-day”,
 * “fourteen days” and “14 天” are the same. English and Chinese.
 */
export interface Figures {
  /** In the order in which they stand: `14 day`, `EUR 9.9`, `date 2026-11-03`, `time 09:00`, `id ab123456`, `url shop.example/x`. */
  readonly all: readonly string[];
  /** The text without them, spaces in their place. */
  readonly rest: string;
}

export function figuresIn(text: string): Figures {
  const found: { at: number; figure: string }[] = [];
  let rest = text.normalize('NFKC').toLowerCase();
  for (const { pattern, read } of KINDS) {
    rest = rest.replace(pattern, (...parts: unknown[]) => {
      // Beside the groups, `replace` hands over the place, the whole text and the named groups.
      const groups = parts.at(-1) as Readonly<Record<string, string | undefined>>;
      const figure = read(groups);
      const whole = String(parts[0]);
      if (figure === undefined) return whole;
      found.push({ at: Number(parts.at(-3)), figure });
      return ' '.repeat(whole.length);
    });
  }
  return { all: found.toSorted((a, b) => a.at - b.at).map(({ figure }) => figure), rest };
}

type Groups = Readonly<Record<string, string | undefined>>;
interface Kind {
  /** With named groups, so that reading it needs no counting. */
  readonly pattern: RegExp;
  /** `undefined`: it is none after all. */
  readonly read: (groups: Groups) => string | undefined;
}

const MONTHS = 'january february march april may june july august september october november december'.split(' ');
/** `may` is a month only beside a day or a year. */
const MONTH = `(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?`;
const DAY = '(?<d>\\d{1,2})(?:st|nd|rd|th)?';
const YEAR = '(?<y>(?:19|20)\\d{2})';

const WORDS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'
      .split(' ')
      .map((word, at) => [word, at]),
  ),
  ...{ thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90, hundred: 100, thousand: 1000 },
  ...{ half: 0.5, once: 1, twice: 2, double: 2, triple: 3, dozen: 12, a: 1, an: 1 },
};
const HAN: Readonly<Record<string, number>> = Object.fromEntries(
  [...'〇一二三四五六七八九']
    .map((sign, at) => [sign, at])
    .concat([
      ['零', 0],
      ['两', 2],
    ]),
);

/** What numbers count, by one name in both languages; the longer spelling first. */
const UNITS: readonly (readonly [string, string])[] = [
  ['workday', '(?:business|working|work)[ -]?days?|weekdays?|个?工作日'],
  ['day', 'days?|天|日'],
  ['week', 'weeks?|个?星期|周|个?礼拜'],
  ['month', 'months?|个?月'],
  ['year', 'years?|年'],
  ['hour', 'hours?|hrs?|个?小时|个?钟头'],
  ['minute', 'minutes?|mins?|分钟'],
  ['second', 'seconds?|秒钟?'],
  ['%', '%|percent|per cent|个百分点'],
  ['kg', 'kg|kilos?|kilograms?|公斤|千克'],
  ['g', 'g|grams?|克'],
  ['km', 'km|kilomet(?:er|re)s?|公里|千米'],
  ['cm', 'cm|centimet(?:er|re)s?|厘米'],
  ['mm', 'mm|毫米'],
  ['m', 'm|met(?:er|re)s?|米'],
  ['l', 'l|lit(?:er|re)s?|升'],
  ['mb', 'mb|megabytes?'],
  ['°', '°c?|degrees?|度'],
  ['time', 'times|次'],
];
const UNIT = UNITS.map(([, spelt]) => spelt).join('|');
const CURRENCIES: readonly (readonly [string, string])[] = [
  ['EUR', '€|eur|euros?|欧元|欧'],
  ['GBP', '£|gbp|pounds?|英镑'],
  ['USD', '\\$|usd|us\\$|dollars?|美元|美金'],
  ['CNY', '¥|cny|rmb|yuan|人民币|元|块'],
];
const CURRENCY = CURRENCIES.map(([, spelt]) => spelt).join('|');
/** Those that may stand before the sum. */
const BEFORE_SUM = '€|£|us\\$|\\$|¥|(?<![\\p{L}\\d])(?:eur|gbp|usd|cny|rmb)';
/** With groups of three, or without; with a fraction, or without. */
const NUMBER = "\\d{1,3}(?:[,.' ]\\d{3})+(?:[.,]\\d{1,2})?(?![\\d])|\\d+(?:[.,]\\d+)?";
const BEFORE = '(?<![\\p{L}\\d_.,-])';
const AFTER = '(?![a-z\\d])';

const KINDS: readonly Kind[] = [
  {
    pattern:
      /(?<it>[a-z][a-z\d+.-]{1,20}:\/\/[^\s<>"'，。；！？、）】》]+|\bwww\.[^\s<>"'，。；！？、）】》]+|[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+\.[\w.-]*\w)/gu,
    read: ({ it = '' }) => `url ${it.replace(/[.,;:!?)]+$/, '')}`,
  },
  {
    pattern:
      /(?<it>(?<![@\w.-])(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+(?:[a-z]{2,18}(?=\/)|(?:com|net|org|info|biz|io|co|me|app|dev|shop|cn|de|uk|eu|example)(?![\w-]))(?:\/[^\s<>"'，。；！？、）】》]*)?)/gu,
    read: ({ it = '' }) => `url ${it.replace(/[.,;:!?)]+$/, '')}`,
  },
  { pattern: /(?<y>(?:19|20)\d{2})[-/](?<m>\d{1,2})[-/](?<d>\d{1,2})(?!\d)/gu, read: dateOf },
  { pattern: /(?:(?<y>(?:19|20)\d{2}) ?年 ?)?(?<m>\d{1,2}) ?月 ?(?<d>\d{1,2}) ?[日号]/gu, read: dateOf },
  { pattern: /(?<y>(?:19|20)\d{2}) ?年 ?(?<m>\d{1,2}) ?月/gu, read: dateOf },
  { pattern: new RegExp(`${BEFORE}${DAY}(?: of)? (?<m>${MONTH})(?:,? ${YEAR})?${AFTER}`, 'gu'), read: dateOf },
  { pattern: new RegExp(`\\b(?<m>${MONTH}) ${DAY}(?:,? ${YEAR})?${AFTER}`, 'gu'), read: dateOf },
  { pattern: new RegExp(`\\b(?<m>${MONTH}) ${YEAR}${AFTER}`, 'gu'), read: dateOf },
  // Which of the two is the month, nobody knows: it counts as it is written.
  { pattern: /(?<![\d.])(?<it>\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2}))(?!\d)/gu, read: ({ it }) => `date ${it}` },
  {
    pattern: /(?<![\d.,])(?<h>\d{1,2})(?::(?<n>\d{2}))? ?(?<half>[ap]\.?m\b\.?)/gu,
    read: ({ h, n = '00', half }) => timeOf((Number(h) % 12) + (half?.startsWith('p') ? 12 : 0), n),
  },
  { pattern: /(?<![\d:])(?<h>\d{1,2}):(?<n>\d{2})(?!\d)/gu, read: ({ h, n = '00' }) => timeOf(Number(h), n) },
  {
    pattern: /(?<half>上午|早上|下午|晚上)? ?(?<h>\d{1,2}) ?点(?<n>\d{2}分?|半)?/gu,
    read: ({ half, h, n }) =>
      timeOf(
        Number(h) + (/下午|晚上/.test(half ?? '') && Number(h) < 12 ? 12 : 0),
        n === '半' ? '30' : (n ?? '00').slice(0, 2),
      ),
  },
  // A phone number, with whatever stands between its digits.
  {
    pattern: /(?<it>(?<![\w.,-])(?:\+\d|0)[\d ()/-]{5,}\d)/gu,
    read: ({ it = '' }) => `id ${it.replace(/[^\d+]/g, '')}`,
  },
  // Letters and digits in one: an order's number, an article's, a version.
  {
    pattern: /(?<![\p{Script=Han}\w])(?<it>(?=[a-z\d._-]*\d)(?=[a-z\d._-]*[a-z])[a-z\d]+(?:[._-][a-z\d]+)*)(?![\w])/gu,
    read: ({ it = '' }) =>
      new RegExp(`^(?:${NUMBER})-?(?:${UNIT}|${CURRENCY})$|^\\d+(?:st|nd|rd|th)$|^[a-z]+-[a-z-]+$`, 'u').test(it)
        ? undefined
        : `id ${it}`,
  },
  { pattern: new RegExp(`(?<c>${BEFORE_SUM}) ?(?<n>${NUMBER})`, 'gu'), read: moneyOf },
  { pattern: new RegExp(`(?<![\\d.,])(?<n>${NUMBER})[ -]?(?<c>${CURRENCY})(?![a-z])`, 'gu'), read: moneyOf },
  { pattern: new RegExp(`(?<![\\d.,])(?<n>${NUMBER})[ -]?(?<u>${UNIT})(?![a-z])`, 'gu'), read: countOf },
  {
    pattern: new RegExp(
      `\\b(?<n>${Object.keys(WORDS)
        .filter((word) => word !== 'may')
        .join('|')})[ -](?<u>${UNIT})(?![a-z])`,
      'gu',
    ),
    read: countOf,
  },
  { pattern: new RegExp(`(?<n>[零〇一二两三四五六七八九十百千万半]+)(?<u>${UNIT}|${CURRENCY})`, 'gu'), read: countOf },
  { pattern: new RegExp(`(?<![\\d.,])(?<n>${NUMBER})`, 'gu'), read: ({ n = '' }) => canonical(n) },
  {
    pattern:
      /\b(?<n>two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|half|twice|double|dozen)\b/gu,
    read: ({ n = '' }) => String(WORDS[n]),
  },
  {
    pattern:
      /\b(?<it>mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?\b|(?:周|星期|礼拜)(?<han>[一二三四五六日天])/gu,
    read: ({ it, han }) => `weekday ${it?.slice(0, 2) ?? WEEK[han ?? ''] ?? ''}`,
  },
];

const WEEK: Readonly<Record<string, string>> = {
  ...{ 一: 'mo', 二: 'tu', 三: 'we', 四: 'th', 五: 'fr', 六: 'sa' },
  ...{ 日: 'su', 天: 'su' },
};

function dateOf({ y, m = '', d }: Groups): string {
  const named = MONTHS.findIndex((name) => name.startsWith(m.slice(0, 3)));
  const month = /^\d/.test(m) ? Number(m) : named + 1;
  return `date ${[y ?? '', two(month), ...(d === undefined ? [] : [two(Number(d))])].join('-')}`;
}

function timeOf(hour: number, minute: string): string {
  return `time ${two(hour)}:${minute}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function moneyOf({ c = '', n = '' }: Groups): string {
  return `${nameIn(CURRENCIES, c)} ${canonical(n)}`;
}

function countOf({ n = '', u = '' }: Groups): string {
  const number = /\d/.test(n) ? canonical(n) : String(WORDS[n] ?? hanNumber(n));
  const currency = nameIn(CURRENCIES, u);
  return currency === u ? `${number} ${nameIn(UNITS, u)}` : `${currency} ${number}`;
}

function nameIn(names: readonly (readonly [string, string])[], spelt: string): string {
  return names.find(([, spellings]) => new RegExp(`^(?:${spellings})$`, 'u').test(spelt))?.[0] ?? spelt;
}

/** `1,249.50` and `1.249,5` are 1249.5; a last part of three digits is a group, not a fraction. */
function canonical(number: string): string {
  const parts = number.split(/[.,' ]/);
  const last = parts.at(-1) ?? '';
  const fraction = parts.length > 1 && last.length !== 3 ? (parts.pop() ?? '') : '';
  const whole = parts.join('').replace(/^0+(?=\d)/, '');
  const rest = fraction.replace(/0+$/, '');
  return rest === '' ? whole : `${whole}.${rest}`;
}

function hanNumber(text: string): number {
  if (text === '半') return 0.5;
  let total = 0;
  let digit = 0;
  for (const sign of text) {
    const scale = { 十: 10, 百: 100, 千: 1000, 万: 10_000 }[sign];
    if (scale === undefined) digit = sign === '半' ? 0.5 : (HAN[sign] ?? 0);
    else if (scale === 10_000) {
      total = (total + digit) * scale;
      digit = 0;
    } else {
      total += (digit === 0 ? 1 : digit) * scale;
      digit = 0;
    }
  }
  return total + digit;
}
