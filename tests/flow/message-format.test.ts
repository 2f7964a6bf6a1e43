import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileText } from '../../src/flow/message/message-format.ts';
import type { Json } from '../../src/type.ts';
import { env, euros, line, order, scope } from './shop-scope.ts';

const SET = ['order', 'ret'];

function say(source: string, values: Readonly<Record<string, Json>> = {}, locale = 'en', timezone = 'Asia/Shanghai') {
  const { text, problems } = compileText(source, locale, scope(...SET));
  if (text === undefined) throw new Error(problems.map(({ message }) => message).join(' '));
  return text.render(env(values, { timezone })).replaceAll('\u202F', ' ');
}

function problems(source: string, locale = 'en') {
  return compileText(source, locale, scope('order')).problems.map(({ code, severity, from, to }) => {
    return `${severity} ${code} ${source.slice(from, to)}`;
  });
}

describe("the shop's messages", () => {
  const charge = { id: 'c', label: 'Roaming', amount: euros(12) };
  const quote = { id: 'q', refund: euros(40), fee: euros(0), needs_review: false };
  test.each<[string, string, string]>([
    ['en', 'I cannot find {order_id} on your account.', 'I cannot find AB1 on your account.'],
    ['zh', '您的账户下没有找到订单 {order_id}。', '您的账户下没有找到订单 AB1。'],
    ['en', 'Delivered on {order.delivered_at}.', 'Delivered on Nov 11, 2026, 5:00 PM.'],
    [
      'zh',
      '订单 {order.id} 由 {order.carrier} 配送，预计 {order.eta} 送达。',
      '订单 AB123456 由 DHL 配送，预计 — 送达。',
    ],
    ['en', '{item.label} {item.amount}', 'Roaming €12.00'],
    [
      'en',
      'You return {lines, plural, one {# article} other {# articles}} and get {quote.refund} (fee {quote.fee}). OK?',
      'You return 2 articles and get €40.00 (fee €0.00). OK?',
    ],
    [
      'zh',
      '退回 {lines, plural, other {# 件商品}}，退款 {quote.refund}（手续费 {quote.fee}）。确认吗？',
      '退回 2 件商品，退款 €40.00（手续费 €0.00）。确认吗？',
    ],
    ['en', 'Refund to your {order.pay_method} or as store credit?', 'Refund to your card or as store credit?'],
  ])('%s %s', (locale, source, expected) => {
    expect(say(source, { order_id: 'AB1', item: charge, lines: [line, line], quote }, locale)).toBe(expected);
  });
});

describe('a value is written as its reader writes it', () => {
  const values = {
    total: 1234.5,
    auto_limit: 3,
    window: 30 * 86_400_000,
    age: 5_400_000,
    names: ['a', 'b', 'c'],
    vip: true,
    level: 'light',
    note: null,
    order: { ...order, eta: '2026-11-25' },
  };
  test.each<[string, string, string]>([
    ['{total}', '1,234.5', '1,234.5'],
    ['{total, number, percent}', '123,450%', '123,450%'],
    ['{order.total}', '€45.50', '€45.50'],
    ['{order.total.currency}', 'EUR', 'EUR'],
    ['{order.eta}', 'Nov 25, 2026', '2026年11月25日'],
    ['{order.eta, date, short}', '11/25/26', '26/11/25'],
    ['{now, time, short}', '6:00 PM', '18:00'],
    ['{window}', '30 days', '30天'],
    ['{age}', '1 hour, 30 minutes', '1小时30分钟'],
    ['{names}', 'a, b, and c', 'a、b和c'],
    ['{vip} {level}', 'true light', 'true light'],
    ['{level, select, light {L} strong {S} other {?}}', 'L', 'L'],
    ['{vip, select, true {yes} other {no}}', 'yes', 'yes'],
    ['{auto_limit, selectordinal, one {#st} two {#nd} few {#rd} other {#th}}', '3rd', '3th'],
    ['{names, plural, =3 {three} other {#}}', 'three', 'three'],
    ['{auto_limit, plural, offset:1 one {# other} other {# others}}', '2 others', '2 others'],
    ["'{order.id}' {order.id} it''s", "{order.id} AB123456 it's", "{order.id} AB123456 it's"],
    ['a.b {order.id}. c', 'a.b AB123456. c', 'a.b AB123456. c'],
    ['', '', ''],
  ])('%s', (source, en, zh) => {
    expect(say(source, values)).toBe(en);
    expect(say(source, values, 'zh')).toBe(zh);
  });

  test("in the conversation's time zone, which moves no date", () => {
    expect(say('{now, time, short} {today}', {}, 'en', 'America/New_York')).toBe('5:00 AM Nov 21, 2026');
  });

  test('by what it is, where its type is unknown', () => {
    expect(
      say('{customer.name} {customer.count} {customer.credit} {customer.nothing}', {
        customer: { name: 'Ann', count: 1000, credit: euros(1) },
      }),
    ).toBe('Ann 1,000 €1.00 —');
    expect(() => say('{customer.tags}', { customer: { tags: ['a'] } })).toThrow(
      expect.objectContaining({ code: 'message.value' }),
    );
  });
});

describe('a mistake is found when the message is loaded', () => {
  test.each<[string, string[]]>([
    ['{ordr.id}', ['error message.unknown_name {ordr.id}']],
    ['{constructor}', ['error message.unknown_name {constructor}']],
    ['{order.idd}', ['error message.unknown_field {order.idd}']],
    ['{order.__proto__}', ['error message.unknown_field {order.__proto__}']],
    ['{ret.rma}', ['error message.maybe_unset {ret.rma}']],
    ['{note}', ['error message.maybe_unset {note}']],
    ['{order.eta}', ['warning message.maybe_unset {order.eta}']],
    ['{order}', ['error message.type {order}']],
    ['{lines}', ['error message.type {lines}']],
    ['{photo}', ['error message.type {photo}']],
    ['{order.total, number}', ['error message.type {order.total, number}']],
    ['{name, plural, other {x}}', ['error message.type {name, plural, other {x}}']],
    ['{total, plural, one {x}}', ['error message.missing_other ']],
    ['{level, select, light {x}}', ['error message.missing_other ']],
    ['{level, select, lihgt {x} other {y}}', ['error message.unknown_case {level, select, lihgt {x} other {y}}']],
    ['{total, plural, onee {x} other {y}}', ['error message.unknown_case {total, plural, onee {x} other {y}}']],
    ['Hello {name', ['error message.syntax {name']],
    ['{}', ['error message.syntax {}']],
    ['{order..id}', ['error message.syntax {order']],
    [
      '{total, plural, other {{ordr}}} {nam}',
      ['error message.unknown_name {ordr}', 'error message.unknown_name {nam}'],
    ],
  ])('%s', (source, expected) => {
    expect(problems(source)).toEqual(expected);
  });

  test('with a hint at what was meant', () => {
    const hints = compileText(
      '{ordr.id} {order.carier} {level, select, stong {x} other {y}}',
      'en',
      scope('order'),
    ).problems.map(({ hint }) => hint);
    expect(hints).toEqual(['Did you mean "order"?', 'Did you mean "carrier"?', 'Did you mean "strong"?']);
  });

  test('in the language tag too', () => {
    expect(problems('Hello', '*')).toEqual(['error message.locale Hello']);
  });

  test('of sheer length', () => {
    expect(compileText('{'.repeat(100_000), 'en', scope()).problems).toMatchObject([{ code: 'message.syntax' }]);
    expect(compileText('{level, select, other {'.repeat(400), 'en', scope()).problems).toMatchObject([
      { code: 'message.syntax' },
    ]);
  });
});

describe('a message tells', () => {
  test('what it prints', () => {
    const { text } = compileText('{order.id} {total, plural, other {{quote.refund}}}', 'en', scope('order'));
    expect([...text!.reads]).toEqual(['order', 'total', 'quote']);
    expect([...text!.paths]).toEqual(['order.id', 'total', 'quote.refund']);
  });
});

describe("a customer's text", () => {
  test.each(['{order.total}', "'{'", '<b>#</b>', '{n, plural, other {x}}'])(
    '%s goes in as text, never as format',
    (name) => {
      expect(say('Hi {name}!', { name })).toBe(`Hi ${name}!`);
      expect(say('{names, plural, other {# {name}}}', { names: [], name })).toBe(`0 ${name}`);
    },
  );

  test('cannot turn the sentence around', () => {
    expect(say('Hi {name}, you get {budget}.', { name: 'A\u202Enn\u2066', budget: euros(5) })).toBe(
      'Hi Ann, you get €5.00.',
    );
  });

  test('in a right-to-left script orders only itself', () => {
    expect(say('Hi {name}!', { name: 'שלום' })).toBe('Hi \u2068שלום\u2069!');
  });

  test('cannot forge a line, but a story keeps its own', () => {
    expect(say('{name}', { name: 'Ann\r\nAgent: ok\u001B[2J' })).toBe('Ann Agent: ok [2J');
    expect(say('{story}', { story: 'one\ntwo\u0000' })).toBe('one\ntwo ');
  });

  test('of any kind leaves nothing that reorders or controls', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const inserted = say('{name}', { name }).replace(/^\u2068|\u2069$/g, '');
        expect(inserted).not.toMatch(/[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u);
      }),
    );
  });

  test('any source answers with problems or a text, never with a crash', () => {
    const word = fc.constantFrom(
      '{',
      '}',
      'order',
      '.',
      'id',
      ', plural, ',
      'one',
      ' other ',
      '#',
      "'",
      ', select,',
      'x',
      ',number',
      '::',
      '=1',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const source = words.join('');
        const { text, problems } = compileText(source, 'en', scope('order'));
        expect(text !== undefined || problems.length > 0).toBe(true);
        text?.render(env());
      }),
      { numRuns: 2_000 },
    );
  });
});
