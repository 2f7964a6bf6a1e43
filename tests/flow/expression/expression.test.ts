import { describe, expect, test } from '@jest/globals';
import { compileExpression } from '../../../src/flow/expression/expression.ts';
import type { Json } from '../../../src/type.ts';
import { show } from '../../../src/type.ts';
import { env, euros, line, order, type ShopEnv, scope, typeOf } from '../shop-scope.ts';

function compiled(source: string, set: readonly string[] = [], expected?: string) {
  const { expression, problems } = compileExpression(
    source,
    scope(...set),
    expected === undefined ? undefined : typeOf(expected),
  );
  if (expression === undefined) throw new Error(problems.map(({ message }) => message).join(' '));
  return { ...expression, problems };
}

function value(source: string, values: Readonly<Record<string, Json>> = {}, overrides: Partial<ShopEnv> = {}) {
  return compiled(source, ['order', 'note', 'count']).evaluate(env(values, overrides));
}

function problems(source: string, expected?: string, ...set: readonly string[]) {
  const found = compileExpression(source, scope(...set), expected === undefined ? undefined : typeOf(expected));
  return found.problems.map(({ code, from, to }) => `${code} ${source.slice(from, to)}`);
}

function hint(source: string) {
  return compileExpression(source, scope('order')).problems[0]?.hint;
}

describe("the shop's flows", () => {
  test.each<[string, Readonly<Record<string, Json>>, Json]>([
    [
      'session.customer_id != null && (level == "light" || session.auth_age < minutes(15))',
      { session: { customer_id: 'c', auth_age: 60_000 }, level: 'strong' },
      true,
    ],
    [
      'session.customer_id != null && (level == "light" || session.auth_age < minutes(15))',
      { session: { customer_id: 'c' }, level: 'strong' },
      false,
    ],
    ['order == null', { order: null }, true],
    [
      'order.status == "shipped" && order.eta != null && now > order.eta + days(2)',
      { order: { ...order, status: 'shipped', eta: '2026-11-18' } },
      true,
    ],
    [
      'order.status == "shipped" && order.eta != null && now > order.eta + days(2)',
      { order: { ...order, status: 'shipped', eta: '2026-11-20' } },
      false,
    ],
    ['session.blocked != true', { session: {} }, true],
    [
      "now - order.delivered_at > (reason == 'changed_mind' ? window : defect_window)",
      { reason: 'changed_mind' },
      false,
    ],
    [
      "now - order.delivered_at > (reason == 'changed_mind' ? window : defect_window)",
      { reason: 'changed_mind', window: 86_400_000 },
      true,
    ],
    ['customer.vip == true', { customer: {} }, false],
    ['lines.all(s, order.lines.exists(l, l.sku == s.sku && s.qty <= l.qty))', { lines: [{ ...line, qty: 2 }] }, true],
    ['lines.all(s, order.lines.exists(l, l.sku == s.sku && s.qty <= l.qty))', { lines: [{ ...line, qty: 3 }] }, false],
    ['order.lines.filter(l, l.returnable)', {}, [line]],
    [
      'quote.needs_review || quote.refund.amount > auto_limit',
      { quote: { id: 'q', refund: euros(501), fee: euros(0), needs_review: false } },
      true,
    ],
    ['bills.size() == 0', { bills: [] }, true],
    ["digest.angry ? 'high' : 'normal'", { digest: { summary: '', angry: true } }, 'high'],
    [
      'charge.amount.amount > 200 || reason == "damaged" || digest.angry',
      { charge: { id: '', label: '', amount: euros(1) }, reason: 'damaged', digest: { summary: '', angry: false } },
      true,
    ],
    ['ret != null', {}, false],
    ['wants_refund', { wants_refund: true }, true],
  ])('%s', (source, values, expected) => {
    expect(value(source, values)).toEqual(expected);
  });
});

describe('an expression computes', () => {
  test.each<[string, Json]>([
    ['1 + 2 * 3 - 4', 3],
    ['(1 + 2) * 3', 9],
    ['7 / 2', 3.5],
    ['7 % 4', 3],
    ['-(2 - 5)', 3],
    ['0 * -1', 0],
    ['1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 3 && 1 != 2', true],
    ['"a" + \'b\'', 'ab'],
    ['"\\"\\n\\u4e2d"', '"\n中'],
    ['"a" < "b"', true],
    ['2 in [1, 2] && !("c" in ["a"])', true],
    ['[1, 2].map(x, x * 2)', [2, 4]],
    ['[[1], [2, 3]].map(a, a.map(b, a.size() + b))', [[2], [4, 5]]],
    ['[1, 2, 3].exists_one(x, x > 2)', true],
    ['[1].map(x, [2].map(x, [3].map(y, x * 10 + y)))', [[[23]]]],
    ['[1] + [2]', [1, 2]],
    ['{"a": 1}.a', 1],
    ['[3, 4][1]', 4],
    ['" Ab ".trim().lower() + "x".upper()', 'abX'],
    ['string(2 + 1) + " × " + "mug"', '3 × mug'],
    ['"abc".contains("b") && "abc".startsWith("a") && "abc".endsWith("c")', true],
    ['"AB123456".matches("^[A-Z]{2}[0-9]{6}$")', true],
    ['"👍好".size()', 2],
    ['max(1, 2.5) + min([4, 3]) + abs(-1) + round(1.25, 1)', 7.8],
    ['duration("1h30m") == hours(1) + minutes(30)', true],
    ['days(2) / hours(12)', 4],
    ['datetime("2026-11-21T18:00:00+08:00") == now', true],
    ['date("2026-11-30") + days(1)', '2026-12-01'],
    ['date("2026-03-30") - date("2026-03-28")', 172_800_000],
    ['today - hours(36)', '2026-11-20'],
    ['now + hours(1)', '2026-11-21T11:00:00Z'],
    ['now - hours(1) < now', true],
    ['date(now) == today', true],
    ['today < now', true],
    ['order.total + order.total * 2', euros(136.5)],
  ])('%s', (source, expected) => {
    expect(value(source)).toEqual(expected);
  });

  test('a day in the zone of the conversation', () => {
    const late = { now: '2026-11-21T17:00:00Z' };
    expect(value('date(now)', late)).toBe('2026-11-22');
    expect(value('date(now)', late, { timezone: 'America/New_York' })).toBe('2026-11-21');
    expect(value('now >= date("2026-11-22")', late)).toBe(true);
    expect(value('now >= date("2026-11-22")', late, { timezone: 'UTC' })).toBe(false);
  });

  test('the length of a day of clock change', () => {
    const berlin = { timezone: 'Europe/Berlin' };
    expect(value('datetime(date("2026-03-30")) - datetime(date("2026-03-29"))', {}, berlin)).toBe(23 * 3_600_000);
    expect(value('datetime(date("2026-04-05"))', {}, { timezone: 'Australia/Sydney' })).toBe('2026-04-04T13:00:00Z');
  });

  test('cents, not binary fractions', () => {
    expect(value('budget + budget + budget', { budget: euros(0.1) })).toEqual(euros(0.3));
    expect(value('budget * 3', { budget: { amount: 33.3, currency: 'JPY' } })).toEqual({
      amount: 100,
      currency: 'JPY',
    });
  });
});

describe('what is unset', () => {
  const unset = { order: { ...order, delivered_at: null } };
  test.each<[string, Json]>([
    ['now - order.delivered_at', null],
    ['now - order.delivered_at > days(1)', false],
    ['order.delivered_at == null', true],
    ['has(order.delivered_at)', false],
    ['customer.name.size()', null],
    ['!customer.vip', true],
    ['customer.tags.exists(t, t == "gold") || false', false],
    ['customer.a.b.c == null', true],
  ])('stays so: %s', (source, expected) => {
    expect(value(source, { ...unset, customer: {} })).toEqual(expected);
  });

  test('is a mistake in a variable, a warning in a field', () => {
    expect(problems('order.id')).toEqual(['expression.maybe_unset order']);
    expect(problems('count + 1')).toEqual(['expression.maybe_unset count']);
    expect(compiled('now - order.delivered_at > window', ['order']).problems).toMatchObject([
      { code: 'expression.maybe_unset', severity: 'warning' },
    ]);
    expect(problems('order == null || note == null')).toEqual([]);
    expect(problems('order.eta', 'date', 'order')).toEqual(['expression.maybe_unset order.eta']);
    expect(problems('order.eta', 'date?', 'order')).toEqual([]);
  });

  test.each([
    'order != null && order.eta != null && order.eta > today',
    'order == null || order.total.amount > 5',
    'order != null ? order.id == "x" : false',
    '!(order == null) && order.id == "x"',
    '!(order == null || note == null) && order.id == note + "x"',
    'has(order.eta) ? order.eta < today : false',
    'count == 3 && count + 1 > 2',
  ])('is known to be set by what was tested before: %s', (source) => {
    expect(problems(source, 'boolean', source.startsWith('has') ? 'order' : '')).toEqual([]);
  });

  test('is not known by what holds only sometimes', () => {
    expect(problems('(order != null || vip) && order.id == "x"')).toEqual(['expression.maybe_unset order']);
    expect(problems('order != null || order.id == "x"')).toEqual(['expression.maybe_unset order']);
  });

  test('does not hold as a condition', () => {
    expect(compiled('customer.vip', [], 'boolean').evaluate(env({ customer: {} }))).toBe(false);
    expect(compiled('customer.name.contains("a")', [], 'boolean').evaluate(env({ customer: {} }))).toBe(false);
  });

  test('is told to the flow for its branches', () => {
    expect([...compiled('order != null && order.eta != null').whenTrue]).toEqual(['order', 'order.eta']);
    expect([...compiled('order == null').whenFalse]).toEqual(['order']);
    expect([...compiled('order == null').whenTrue]).toEqual([]);
    expect([...compiled('names.exists(n, n != null)').whenTrue]).toEqual([]);
  });
});

describe('a mistake is found when the flow is loaded', () => {
  test.each<[string, string[]]>([
    ['', ['expression.syntax ']],
    ['1 +', ['expression.syntax ']],
    ['age <= 30d', ['expression.syntax 30d']],
    ['vip = true', ['expression.syntax =']],
    ['vip and true', ['expression.syntax and']],
    ['"open', ['expression.syntax "open']],
    ['vip)', ['expression.syntax )']],
    ['ordr.id == "a"', ['expression.unknown_name ordr']],
    ['names.sum()', ['expression.unknown_name sum']],
    ['constructor', ['expression.unknown_name constructor']],
    ['toString()', ['expression.unknown_name toString']],
    ['quote.refnd', ['expression.unknown_field refnd']],
    ['quote.__proto__', ['expression.unknown_field __proto__']],
    ['quote.refund.constructor', ['expression.unknown_field constructor']],
    ['level == "stong"', ['expression.enum "stong"']],
    ['"stong" != level', ['expression.enum "stong"']],
    ['level in ["light", "stong"]', ['expression.enum ["light", "stong"]']],
    ['quote.refund > 5', ['expression.type quote.refund > 5']],
    ['quote.refund + 5', ['expression.type quote.refund + 5']],
    ['age < 15', ['expression.type age < 15']],
    ['"a" + 1', ['expression.type "a" + 1']],
    ['vip == "true"', ['expression.type vip == "true"']],
    ['total && vip', ['expression.type total']],
    ['vip ? 1 : "a"', ['expression.type vip ? 1 : "a"']],
    ['name.matches(name)', ['expression.pattern name.matches(name)']],
    ['name.matches("(?=a)")', ['expression.pattern name.matches("(?=a)")']],
    ['duration("1 month") > age', ['expression.type duration("1 month")']],
    ['name.all(n, n)', ['expression.type name']],
    ['null > 1', ['expression.type null']],
    ['{"__proto__": 1}', ['expression.type "__proto__": 1']],
  ])('%s', (source, expected) => {
    expect(problems(source)).toEqual(expected);
  });

  test('all of them at once, each once', () => {
    expect(problems('ordr.id == nam + quote.refnd.amount && level == "x1"')).toEqual([
      'expression.unknown_name ordr',
      'expression.unknown_name nam',
      'expression.unknown_field refnd',
      'expression.enum "x1"',
    ]);
  });

  test('with a hint at what was meant', () => {
    expect(hint('ordr.id')).toBe('Did you mean "order"?');
    expect(hint('quote.refnd')).toBe('Did you mean "refund"?');
    expect(hint('level == "stong"')).toBe('Did you mean "strong"?');
    expect(hint('name.startWith("a")')).toBe('Did you mean "startsWith"?');
    expect(hint('age < 30d')).toBe('Write duration("30d").');
    expect(hint('names.size > 1')).toBe('Write size().');
  });

  test('where the place wants another type', () => {
    expect(problems('total', 'boolean')).toEqual(['expression.type total']);
    expect(problems("vip ? 'high' : 'nrmal'", 'enum(high,normal)')).toEqual(["expression.enum vip ? 'high' : 'nrmal'"]);
    expect(problems('auto_limit', 'number')).toEqual([]);
    expect(problems('customer.anything', 'date')).toEqual([]);
  });
});

describe('an expression tells', () => {
  test('its type', () => {
    expect(show(compiled('order.lines.map(l, l.price)', ['order']).type)).toBe('list<money>');
    expect(show(compiled('order.eta', ['order']).type)).toBe('date?');
    expect(show(compiled('vip ? 1 : 2.5').type)).toBe('number');
    expect(show(compiled('vip ? order_id : null').type)).toBe('string?');
  });

  test('what it reads, but for the variables of its own macros', () => {
    const { reads, paths } = compiled(
      'lines.all(name, order.lines.exists(l, l.sku == name.sku)) && quote.refund.amount > total',
      ['order'],
    );
    expect([...reads]).toEqual(['lines', 'order', 'quote', 'total']);
    expect([...paths]).toEqual(['lines', 'order.lines', 'quote.refund.amount', 'total']);
  });
});

describe('an evaluation fails with a code', () => {
  test.each<[string, Readonly<Record<string, Json>>, string]>([
    ['budget + order.total', { budget: { amount: 1, currency: 'USD' } }, 'expression.currency'],
    ['budget < order.total', { budget: { amount: 1, currency: 'USD' } }, 'expression.currency'],
    ['total / (total - total)', { total: 1 }, 'expression.arithmetic'],
    ['total * total', { total: 1e200 }, 'expression.arithmetic'],
    ['now + days(total)', { total: 1e12 }, 'expression.arithmetic'],
    ['bills[0]', { bills: [] }, 'expression.index'],
    ['customer.age > 5', { customer: { age: 'old' } }, 'expression.value'],
    ['customer.tags.exists(t, t == 1)', { customer: { tags: 'a' } }, 'expression.value'],
  ])('%s', (source, values, code) => {
    expect(() => value(source, values)).toThrow(expect.objectContaining({ code }));
  });

  test('money of two currencies is never equal', () => {
    expect(value('budget == order.total', { budget: { amount: 45.5, currency: 'USD' } })).toBe(false);
  });
});

describe('a hostile source or value', () => {
  test('cannot reach a prototype', () => {
    for (const field of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'length'])
      expect(value(`customer.${field}`, { customer: {} })).toBeNull();
    expect(value('customer["constructor"]', { customer: {} })).toBeNull();
    expect(value('"constructor" in customer', { customer: {} })).toBe(false);
    expect(problems('names.constructor')).toEqual(['expression.unknown_field constructor']);
  });

  test('cannot hang a regular expression', () => {
    expect(value('name.matches("^(a+)+$")', { name: `${'a'.repeat(2_000)}!` })).toBe(false);
  });

  test('runs out of its budget instead of looping for ever', () => {
    const long = Array.from({ length: 1_000 }, (_, index) => String(index));
    const cubic = 'names.all(a, names.all(b, names.all(c, a != b + c)))';
    expect(() => value(cubic, { names: long })).toThrow(expect.objectContaining({ code: 'expression.budget' }));
  });

  test.each([
    ['parentheses', `${'('.repeat(65)}1${')'.repeat(65)}`],
    ['lists', `${'['.repeat(1_500)}${']'.repeat(1_500)}`],
    ['refusals', '!'.repeat(3_000)],
    ['a chain', `1${' + 1'.repeat(900)}`],
    ['sheer length', `"${'a'.repeat(100_000)}"`],
    ['fields', `customer${'.a'.repeat(1_500)}`],
  ])('is refused for %s without end', (_, source) => {
    expect(compileExpression(source, scope()).problems).toMatchObject([{ code: 'expression.syntax' }]);
  });

  test('as tall as is allowed still evaluates', () => {
    let tall = '1';
    for (let level = 0; level < 12; level++) tall = `(${tall}${'+1'.repeat(99)})`;
    expect(value(tall)).toBe(1 + 12 * 99);
  });
});
