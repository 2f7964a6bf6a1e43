import { describe, expect, test } from '@jest/globals';
import type { Json, Type } from '../../../src/type.ts';
import { extract } from '../../../src/understanding/extract/extract.ts';
import { Said } from '../../../src/understanding/said.ts';
import type { Context, SlotView } from '../../../src/understanding/understanding.ts';
import { NOW, orderId, reason } from '../shop.ts';

/** Saturday, 21 November 2026, 11 o'clock in Berlin. */
const context: Context = { locale: 'en', now: NOW, timezone: 'Europe/Berlin', known: [], busy: true, currency: 'EUR' };

function heard(text: string, slot: Omit<SlotView, 'name'>): Json | undefined {
  const locale = /\p{Script=Han}/u.test(text) ? 'zh' : 'en';
  const question = { name: 'it', confirm: false, optional: false, ...slot };
  return extract(new Said(text), question, { ...context, locale })?.value;
}

function table(
  kind: Extract<Type['kind'], 'date' | 'duration' | 'integer' | 'number' | 'money' | 'datetime' | 'boolean' | 'phone'>,
  rows: readonly (readonly [text: string, value: Json | undefined])[],
): void {
  describe(kind, () => {
    test.each(rows.map(([text, value]) => ({ text, value })))('$text → $value', ({ text, value }) => {
      expect(heard(text, { type: { kind } })).toEqual(value);
    });
  });
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const money = (amount: number, currency: string) => ({ amount, currency });

table('date', [
  ['下周五', '2026-11-27'],
  ['下下周一', '2026-11-30'],
  ['大后天', '2026-11-24'],
  ['下个月三号', '2026-12-03'],
  ['月底', '2026-11-30'],
  ['下个月底', '2026-12-31'],
  ['二〇二六年十二月一日', '2026-12-01'],
  ['the day after tomorrow', '2026-11-23'],
  ['day before yesterday', '2026-11-19'],
  ['a week from tuesday', '2026-12-01'],
  ['in a fortnight', '2026-12-05'],
  ['by the end of the month', '2026-11-30'],
  ['end of next month', '2026-12-31'],
  ['tomorow', '2026-11-22'],
  ['31 november', undefined],
  ['29 february', undefined],
]);
table('duration', [
  ['1h30', 1.5 * HOUR],
  ['1h 30m', 1.5 * HOUR],
  ['an hour and a half', 1.5 * HOUR],
  ['一个半小时', 1.5 * HOUR],
  ['a couple of days', 2 * DAY],
  ['about a fortnight', 14 * DAY],
  ['半小时', HOUR / 2],
  ['2 days or 3 days', undefined],
]);
table('integer', [
  ['a couple', 2],
  ['half a dozen', 6],
  ['一打', 12],
  ['一打开就坏了', undefined],
  ['twenty-one', 21],
  ['one hundred and five', 105],
  ['a thousand', 1_000],
  ['俩', 2],
  ['１２', 12],
  ['minus two', -2],
  ['the second', undefined],
  ['2.5', undefined],
  ['two or three', undefined],
]);
table('number', [
  ['two and a half', 2.5],
  ['三点五', 3.5],
  ['三点一四', 3.14],
  ['两个半', 2.5],
  ['1.234,5', 1234.5],
  ['1,234.5', 1234.5],
]);
table('money', [
  ['a hundred dollars', money(100, 'USD')],
  ['five hundred yuan', money(500, 'CNY')],
  ['三块五', money(3.5, 'CNY')],
  ['十万日元', money(100_000, 'JPY')],
  ['1.5k usd', money(1_500, 'USD')],
  ['5 euros and 20 cents', money(5.2, 'EUR')],
  ['fifty quid', money(50, 'GBP')],
  ['1.200,50 €', money(1_200.5, 'EUR')],
  ['20 euros or 30 dollars', undefined],
]);
table('datetime', [
  ['in two hours', '2026-11-21T13:00:00+01:00'],
  ['in half an hour', '2026-11-21T11:30:00+01:00'],
  ['半小时后', '2026-11-21T11:30:00+01:00'],
  ['两个小时以后', '2026-11-21T13:00:00+01:00'],
  ['下周五上午十点', '2026-11-27T10:00:00+01:00'],
  ['tomorrow at 5pm', '2026-11-22T17:00:00+01:00'],
]);
table('boolean', [
  ['yes, no wait, no', undefined],
  ['no, yes', undefined],
  ['yes actually no', undefined],
  ['yes, no problem', true],
  ['yes, it is the blue one', true],
  ['of course not', false],
  ['不用了', false],
]);
table('phone', [
  ['电话13800138000', '+8613800138000'],
  ['我的手机号 138-0013-8000，谢谢', '+8613800138000'],
  ['call me at +1 (212) 555-0187 ext. 12', '+12125550187'],
  ['my number is 0170 1234567', '+491701234567'],
  ['AB123456', undefined],
  ['+49 170 1234567 or +49 170 7654321', undefined],
]);

describe('a place among what was offered', () => {
  test.each([
    ['the second to last', 'not_as_described'],
    ['倒数第二个', 'not_as_described'],
    ['the last one', 'changed_mind'],
    ['it is dameged', 'damaged'],
    ['worng item', 'wrong_item'],
    ['第5个', undefined],
    ['1 and 2', undefined],
    ['neither', undefined],
  ])('%s → %s', (text, value) => {
    expect(heard(text, reason)).toBe(value);
  });
});

describe('an order number and a telephone number', () => {
  test.each([
    ['ab-123 456', 'AB123456'],
    ['订单号ＡＢ１２３４５６', 'AB123456'],
    ['13800138000', undefined],
    ['AB 123456 or CN200001', undefined],
  ])('%s as an order number: %s', (text, value) => {
    expect(heard(text, orderId)).toBe(value);
  });
});

test('an address is taken as it was written', () => {
  for (const text of ['12 Main Street, apt 4, 10115 Berlin', '北京市朝阳区建国路88号 3单元502'])
    expect(heard(text, { type: { kind: 'text' } })).toBe(text);
});
