import { type Extract, type Found, only } from './found.ts';
import { decimal, type Numeral, numerals } from './numeral.ts';

/** Before or after the amount. `$` and `¥` are read as the locale would. */
const CURRENCIES: readonly (readonly [code: string, words: string])[] = [
  ['EUR', '€ eur euro euros 欧元 欧'],
  ['USD', 'us$ usd dollar dollars buck bucks 美元 美金 美刀 刀'],
  ['GBP', '£ gbp pound pounds quid 英镑'],
  ['CNY', 'cny rmb yuan renminbi kuai 元 块 块钱 圆 人民币 元人民币'],
  ['JPY', 'jpy yen 日元 日圆'],
  ['HKD', 'hk$ hkd 港币 港元'],
  ['TWD', 'nt$ twd 台币 新台币'],
  ['CHF', 'chf francs franc 瑞士法郎'],
  ['CAD', 'ca$ cad'],
  ['AUD', 'a$ au$ aud'],
  ['SGD', 's$ sgd 新币 新加坡元'],
  ['INR', '₹ inr rupee rupees 卢比'],
  ['KRW', '₩ krw won 韩元'],
];
const CODES = new Map(CURRENCIES.flatMap(([code, words]) => words.split(' ').map((word) => [word, code] as const)));
const DOLLARS: Readonly<Record<string, string>> = { CA: 'CAD', AU: 'AUD', HK: 'HKD', SG: 'SGD', TW: 'TWD', NZ: 'NZD' };

const BEFORE = /(us\$|hk\$|nt\$|ca\$|au\$|a\$|s\$|[$€£¥₹₩]|\b[a-z]{3}|人民币)\s{0,2}$/;
const AFTER =
  /^\s{0,2}(us\$|hk\$|[$€£¥₹₩]|[a-z]{2,9}|元人民币|人民币|新加坡元|瑞士法郎|新台币|块钱|[\u4e00-\u9fff]{2}|[元块圆欧刀])/;

/** "5 euros and 20 cents". */
const CENTS = /^\s{0,2}(?:and|,)?\s{0,2}(\d{1,2})\s?(?:cents?|pence|p)\b/;

/** Enough where money was asked for; too little to take a number out of words that were about something else. */
const BARE = 0.85;

/**
 * An amount with its currency. One that is said without is in the slot's, or the business's own; where neither is known, it is a
 * number, and a number is no money.
 */
export const extractMoney: Extract = (said, slot, context) => {
  const own = slot.currency ?? context.currency;
  const found: Found[] = [];
  const bare: Found[] = [];
  for (const numeral of numerals(said)) {
    if (numeral.ordinal || numeral.value < 0) continue;
    const before = BEFORE.exec(said.text.substring(Math.max(0, numeral.from - 8), numeral.from));
    const after = AFTER.exec(said.text.substring(numeral.to, numeral.to + 12));
    const leading = before === null ? undefined : currency(before[1] ?? '', context.locale);
    const sign = after === null ? '' : signOf(after[1] ?? '');
    const trailing = sign === '' ? undefined : currency(sign, context.locale);
    const code = trailing ?? leading;
    if (code === undefined) {
      if (own !== undefined)
        bare.push({
          value: { amount: numeral.value, currency: own },
          confidence: BARE,
          from: numeral.from,
          to: numeral.to,
        });
      continue;
    }
    const from = leading === undefined ? numeral.from : numeral.from - (before?.[0].length ?? 0);
    const end =
      trailing === undefined
        ? numeral.to
        : numeral.to + (after?.[0].length ?? 0) - (after?.[1]?.length ?? 0) + sign.length;
    const tail = trailing === 'CNY' ? tenths(said.text.substring(end, end + 3)) : undefined;
    const cents = trailing === undefined ? null : CENTS.exec(said.text.substring(end, end + 20));
    found.push({
      value: {
        amount: cents === null ? withTenths(numeral, tail) : Math.round(100 * numeral.value + Number(cents[1])) / 100,
        currency: code,
      },
      confidence: 0.95,
      from,
      to: end + (cents?.[0].length ?? (tail === undefined ? 0 : 1)),
    });
  }
  return only(said, found.length > 0 ? found : bare);
};

/** Chinese writes on without a space: of 元一共 only 元 is the currency. */
function signOf(typed: string): string {
  return CODES.has(typed) || typed.length !== 2 ? typed : typed.charAt(0);
}

function currency(sign: string, locale: string): string | undefined {
  const region = locale.split('-').at(-1) ?? '';
  if (sign === '$') return DOLLARS[region] ?? 'USD';
  if (sign === '¥') return region === 'JP' || locale === 'ja' ? 'JPY' : 'CNY';
  return CODES.get(sign);
}

/** 三块五 is 3.5. */
function tenths(rest: string): number | undefined {
  const digit = /^([一二三四五六七八九1-9])(?![\d十百千个件])/.exec(rest)?.[1];
  if (digit === undefined) return undefined;
  const place = '一二三四五六七八九'.indexOf(digit);
  return place >= 0 ? place + 1 : decimal(digit);
}

function withTenths(numeral: Numeral, tail: number | undefined): number {
  return tail === undefined ? numeral.value : Math.round((numeral.value + tail / 10) * 100) / 100;
}
