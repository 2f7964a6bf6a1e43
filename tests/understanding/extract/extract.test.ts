import { describe, expect, test } from '@jest/globals';
import type { Json, Type } from '../../../src/type.ts';
import { extract } from '../../../src/understanding/extract/extract.ts';
import { Said } from '../../../src/understanding/said.ts';
import type { Context, SlotView } from '../../../src/understanding/understanding.ts';
import { idle, lamp, lines, mug, orderId, reason, shirt } from '../shop.ts';

type Row = readonly [said: string, value: Json | undefined];

function table(name: string, slot: SlotView | Type, rows: readonly Row[], context: Context = idle): void {
  const view = 'kind' in slot ? { name: 'slot', type: slot } : slot;
  describe(name, () => {
    test.each(rows)('%s → %j', (said, value) => {
      expect(extract(new Said(said), view, context)?.value).toEqual(value);
    });
  });
}

const zh: Context = { ...idle, locale: 'zh', timezone: 'Asia/Shanghai' };

table('an order number', orderId, [
  ['AB123456', 'AB123456'],
  ['ab123456', 'AB123456'],
  ['my order is ab 123456', 'AB123456'],
  ['it is AB-123-456.', 'AB123456'],
  ['ＡＢ１２３４５６', 'AB123456'],
  ['订单号是ab123456，谢谢', 'AB123456'],
  ['a b 1 2 3 4 5 6', undefined],
  ['my order is 123456', undefined],
  ['is 123456', undefined],
  ['IS 123456', 'IS123456'],
  ['AB1234567', undefined],
  ['XAB123456', undefined],
  ['AB12345', undefined],
  ['#AB123456', 'AB123456'],
  ['AB123456 AB123456', 'AB123456'],
  ['AB123456, AB123457', undefined],
  ['not AB123456 but AB123457', 'AB123457'],
  ['不是AB123456，是AB123457', 'AB123457'],
]);
table('a code', { name: 'code', type: { kind: 'string' }, pattern: '^[0-9]{6}$' }, [
  ['123456', '123456'],
  ['123 456', '123456'],
  ['the code is 123-456', '123456'],
  ['验证码是１２３４５６', '123456'],
  ['1234567', undefined],
]);
table('an identifier with a dash of its own', { name: 'rma', type: { kind: 'string' }, pattern: '^RMA-\\d{4,6}$' }, [
  ['RMA-1234', 'RMA-1234'],
  ['rma 12345', 'RMA-12345'],
  ['my return rma123456 please', 'RMA-123456'],
  ['rma 123', undefined],
]);
table('a pattern that only the engine reads', { name: 'ref', type: { kind: 'string' }, pattern: '^(INV|CN)-(\\d+)$' }, [
  ['INV-77', 'INV-77'],
  ['it is inv-77.', 'INV-77'],
  ['INV', undefined],
]);
table(
  'a pattern that would be slow in a backtracking engine',
  { name: 'ref', type: { kind: 'string' }, pattern: '^(a+)+$' },
  [[`${'a'.repeat(40)}b`, undefined]],
);
table('an e-mail address', { kind: 'email' }, [
  ['ann@example.com', 'ann@example.com'],
  ['it is Ann.Lee+shop@Mail.Example.co.uk.', 'ann.lee+shop@mail.example.co.uk'],
  ['我的邮箱是ann＠example．com', 'ann@example.com'],
  ['ann at example dot com', 'ann@example.com'],
  ['ann@example', undefined],
  ['@example.com', undefined],
  ['a@b.cn or c@d.cn', undefined],
]);
table('a phone number', { kind: 'phone' }, [
  ['+49 30 901820', '+4930901820'],
  ['call me at 030 901820', '+4930901820'],
  ['0049 30 901820', '+4930901820'],
  ['12345', undefined],
]);
table('a Chinese phone number', { kind: 'phone' }, [['我的手机号是13800138000', '+8613800138000']], zh);
table('a date', { kind: 'date' }, [
  ['2026-11-21', '2026-11-21'],
  ['21/11', '2026-11-21'],
  ['21.11.2026', '2026-11-21'],
  ['11/21', '2026-11-21'],
  ['03/04/2026', '2026-04-03'],
  ['Nov 21', '2026-11-21'],
  ['21st of November 2025', '2025-11-21'],
  ['on January 5th', '2027-01-05'],
  ['today', '2026-11-21'],
  ['tomorrow', '2026-11-22'],
  ['the day after tomorrow', '2026-11-23'],
  ['yesterday', '2026-11-20'],
  ['next Monday', '2026-11-23'],
  ['last Monday', '2026-11-16'],
  ['last saturday', '2026-11-14'],
  ['on Friday', '2026-11-27'],
  ['3 days ago', '2026-11-18'],
  ['in two weeks', '2026-12-05'],
  ['a month ago', '2026-10-21'],
  ['11月21日', '2026-11-21'],
  ['2026年11月21号', '2026-11-21'],
  ['二〇二六年十一月二十一日', '2026-11-21'],
  ['十二月三号', '2026-12-03'],
  ['明天', '2026-11-22'],
  ['大后天', '2026-11-24'],
  ['昨天', '2026-11-20'],
  ['下周一', '2026-11-23'],
  ['上周五', '2026-11-13'],
  ['星期天', '2026-11-22'],
  ['三天前', '2026-11-18'],
  ['两周后', '2026-12-05'],
  ['下个月5号', '2026-12-05'],
  ['30 February', undefined],
  ['31/02/2026', undefined],
  ['soon', undefined],
  ['today or tomorrow', undefined],
]);
table('a date as America writes it', { kind: 'date' }, [['03/04/2026', '2026-03-04']], { ...idle, locale: 'en-US' });
table('a date on the other side of midnight', { kind: 'date' }, [['today', '2026-11-22']], {
  ...idle,
  timezone: 'Pacific/Auckland',
  now: Date.UTC(2026, 10, 21, 12),
});
table('a date and time', { kind: 'datetime' }, [
  ['tomorrow at 5pm', '2026-11-22T17:00:00+01:00'],
  ['2026-07-01 09:30', '2026-07-01T09:30:00+02:00'],
  ['at noon', '2026-11-21T12:00:00+01:00'],
  ['9:15', '2026-11-22T09:15:00+01:00'],
  ['明天下午三点半', '2026-11-22T15:30:00+01:00'],
  ['tomorrow', undefined],
]);
table('a duration', { kind: 'duration' }, [
  ['2 hours', 7_200_000],
  ['1h 30m', 5_400_000],
  ['half an hour', 1_800_000],
  ['one hour and 15 minutes', 4_500_000],
  ['a week', 604_800_000],
  ['两天', 172_800_000],
  ['半小时', 1_800_000],
  ['一个半小时', 5_400_000],
  ['2 days or 3 days', undefined],
]);
table('money', { kind: 'money' }, [
  ['€40', { amount: 40, currency: 'EUR' }],
  ['40 euros', { amount: 40, currency: 'EUR' }],
  ['1,234.50 USD', { amount: 1234.5, currency: 'USD' }],
  ['1.234,50 €', { amount: 1234.5, currency: 'EUR' }],
  ['$12.99', { amount: 12.99, currency: 'USD' }],
  ['¥40', { amount: 40, currency: 'CNY' }],
  ['￥40', { amount: 40, currency: 'CNY' }],
  ['40元', { amount: 40, currency: 'CNY' }],
  ['四十块钱', { amount: 40, currency: 'CNY' }],
  ['三块五', { amount: 3.5, currency: 'CNY' }],
  ['100美元', { amount: 100, currency: 'USD' }],
  ['forty pounds', { amount: 40, currency: 'GBP' }],
  ['40', undefined],
  ['40 mugs', undefined],
]);
table('an integer', { kind: 'integer' }, [
  ['2', 2],
  ['２', 2],
  ['No. 2', 2],
  ['two', 2],
  ['twenty-one', 21],
  ['one hundred and five', 105],
  ['1,200', 1200],
  ['a dozen', 12],
  ['just one please', 1],
  ['两个', 2],
  ['十二', 12],
  ['三十五件', 35],
  ['一百零五', 105],
  ['三百五', 350],
  ['两万', 20_000],
  ['2.5', undefined],
  ['2 or 3', undefined],
  ['the red one', undefined],
  ['问一下', undefined],
]);
table('a number', { kind: 'number' }, [
  ['2.5', 2.5],
  ['-3', -3],
  ['3,5', 3.5],
  ['两个半', 2.5],
]);
table(
  'a quantity that is offered as a menu',
  {
    name: 'qty',
    type: { kind: 'integer' },
    choices: [
      { value: 5, labels: ['5'] },
      { value: 2, labels: ['2'] },
    ],
  },
  [
    ['2', 2],
    ['No. 2', 2],
    ['the first one', 5],
    ['option 2', 2],
  ],
);
table('yes or no', { kind: 'boolean' }, [
  ['yes', true],
  ['Yep!', true],
  ['ok', true],
  ['go ahead', true],
  ['no problem', true],
  ['yes, I got it yesterday', true],
  ['👍', true],
  ['是的', true],
  ['好', true],
  ['可以啊', true],
  ['没问题', true],
  ['確認', true],
  ['no', false],
  ['nope, not really', false],
  ['no thanks', false],
  ['不', false],
  ['不是', false],
  ['不用了谢谢', false],
  ['不可以', false],
  ['not sure', undefined],
  ['不确定', undefined],
  ['可以吗', undefined],
  ['yes and no', undefined],
  ['maybe', undefined],
]);
table('a choice', reason, [
  ['It is damaged', 'damaged'],
  ['it’s damaged!', 'damaged'],
  ['商品損壞', 'damaged'],
  ['the thing came dammaged', 'damaged'],
  ['option 2', 'wrong_item'],
  ['No. 2', 'wrong_item'],
  ['2.', 'wrong_item'],
  ['2️⃣', 'wrong_item'],
  ['二', 'wrong_item'],
  ['选第二个', 'wrong_item'],
  ['the 4th', 'changed_mind'],
  ['the last one', 'changed_mind'],
  ['最后一个', 'changed_mind'],
  ['5', undefined],
  ['0', undefined],
  ['wro', 'wrong_item'],
  ["it's not as described", 'not_as_described'],
  ['it was not damaged', undefined],
  ['no idea', undefined],
  ['damaged or the wrong item', undefined],
]);
table(
  'a bill',
  {
    name: 'invoice',
    type: { kind: 'object', name: 'Invoice', fields: { id: { kind: 'string' } } },
    choices: [
      { value: { id: 'I1' }, labels: ['September 2026: €40.00', '2026年9月：€40.00'] },
      { value: { id: 'I2' }, labels: ['October 2026: €55.00', '2026年10月：€55.00'] },
    ],
  },
  [
    ['september please', { id: 'I1' }],
    ['the 55 euro one', { id: 'I2' }],
    ['the second bill', { id: 'I2' }],
    ['第二期', { id: 'I2' }],
    ['9月', { id: 'I1' }],
    ['2026', undefined],
  ],
);
table('several choices', lines, [
  ['1 and 3', [mug, shirt]],
  ['1, 3', [mug, shirt]],
  ['一和三', [mug, shirt]],
  ['the mug and the lamp', [mug, lamp]],
  ['杯子和台灯', [mug, lamp]],
  ['all', [mug, lamp, shirt]],
  ['全部', [mug, lamp, shirt]],
  ['everything except the lamp', [mug, shirt]],
  ['除了台灯都要', [mug, shirt]],
  ['first two', [mug, lamp]],
  ['前两个', [mug, lamp]],
  ['both', undefined],
  ['2', [lamp]],
  ['the second one', [lamp]],
  ['the first one and the third one', [mug, shirt]],
  ['第二个', [lamp]],
  ['2 mugs', [{ ...mug, qty: 2 }]],
  ['two mugs and the lamp', [{ ...mug, qty: 2 }, lamp]],
  ['mug x2', [{ ...mug, qty: 2 }]],
  ['两个杯子', [{ ...mug, qty: 2 }]],
  [
    '杯子两个，台灯一个',
    [
      { ...mug, qty: 2 },
      { ...lamp, qty: 1 },
    ],
  ],
  ['the red one', [shirt]],
  ['not the red one', undefined],
  ['a chair', undefined],
]);
table('both of two', { ...lines, choices: (lines.choices ?? []).slice(0, 2) }, [
  ['both', [mug, lamp]],
  ['two', [lamp]],
  ['两个都要', [mug, lamp]],
]);
table('an enumeration without labels', { kind: 'enum', values: ['wrong_item', 'not_as_described'] }, [
  ['wrong item', 'wrong_item'],
]);
table('a list of addresses', { kind: 'list', of: { kind: 'email' } }, [
  ['a@b.cn', ['a@b.cn']],
  ['a@b.cn, c@d.cn and e@f.cn', ['a@b.cn', 'c@d.cn', 'e@f.cn']],
  ['a@b.cn and Bob', ['a@b.cn']],
  ['nobody', undefined],
]);
table(
  'a list of identifiers',
  { name: 'orders', type: { kind: 'list', of: { kind: 'string' } }, pattern: '^[A-Z]{2}[0-9]{6}$' },
  [['AB123456 and ab 123457', ['AB123456', 'AB123457']]],
);
table('a web address', { kind: 'url' }, [
  ['see https://example.com/a?b=1.', 'https://example.com/a?b=1'],
  ['www.example.com', 'https://www.example.com'],
  ['javascript:alert(1)', undefined],
]);
table('a short line', { name: 'name', type: { kind: 'string' } }, [
  ['Anna', 'Anna'],
  ['my name is Anna Lee', 'Anna Lee'],
  ['我叫王小明', '王小明'],
  ['x'.repeat(400), undefined],
]);
table('free text', { kind: 'text' }, [['  It broke. Twice.  ', 'It broke. Twice.']]);
table('a file', { kind: 'file' }, [['photo.jpg', undefined]]);

describe('two choices of one label', () => {
  const charge = (id: string) => ({ value: { id }, labels: ['Express delivery €9.90'] });
  const view: SlotView = {
    name: 'charge',
    type: { kind: 'any' },
    choices: [charge('a'), charge('b'), { value: { id: 'c' }, labels: ['Plan €29.90'] }],
  };

  test.each([
    ['express delivery €9.90', { id: 'a' }],
    ['Express delivery', { id: 'a' }],
    ['the express one', { id: 'a' }],
    ['2', { id: 'b' }],
  ])('%s → %j: the first stands for both, a number tells them apart', (said, value) => {
    expect(extract(new Said(said), view, idle)?.value).toEqual(value);
  });
});
