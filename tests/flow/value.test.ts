import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compilePattern } from '../../src/flow/value/pattern.ts';
import { parseType } from '../../src/flow/value/type-syntax.ts';
import { conform, parseDuration } from '../../src/flow/value/value.ts';
import type { Type } from '../../src/type.ts';

const line: Type = {
  kind: 'object',
  name: 'Line',
  fields: { sku: { kind: 'string' }, qty: { kind: 'integer' }, note: { kind: 'optional', of: { kind: 'text' } } },
};

function type(text: string): Type {
  const result = parseType(text, new Map([['Line', line]]));
  if ('problem' in result) throw new Error(result.problem);
  return result.type;
}

describe('a value that fits', () => {
  test.each<[string, unknown, unknown]>([
    ['string', '  AB123456 ', 'AB123456'],
    ['string', '退货', '退货'],
    ['text', 'two\nlines', 'two\nlines'],
    ['boolean', 'true', true],
    ['integer', ' 42 ', 42],
    ['number', '-1.5', -1.5],
    ['money', { amount: '12.50', currency: 'eur', rate: 9 }, { amount: 12.5, currency: 'EUR' }],
    ['date', '2028-02-29', '2028-02-29'],
    ['datetime', '2026-11-21T18:00:00+08:00', '2026-11-21T10:00:00Z'],
    ['datetime', '2026-11-21 10:00:00.250z', '2026-11-21T10:00:00.250Z'],
    ['duration', '30d', 2_592_000_000],
    ['duration', 90_000, 90_000],
    ['email', ' Ann.Lee@Example.COM ', 'Ann.Lee@example.com'],
    ['phone', '+86 138 0013 8000', '+8613800138000'],
    ['url', 'https://example.com/a b', 'https://example.com/a%20b'],
    ['enum(a,b)', ' a ', 'a'],
    ['list<integer>', ['1', 2], [1, 2]],
    ['Line', { sku: 'A', qty: 1, extra: true }, { sku: 'A', qty: 1, note: null }],
    [
      'file',
      { id: 'f', name: 'a.png', type: 'image/png', size: 3, url: '/f' },
      { id: 'f', name: 'a.png', type: 'image/png', size: 3, url: '/f' },
    ],
    ['date?', null, null],
    ['date?', undefined, null],
  ])('%s takes %j', (text, raw, value) => {
    expect(conform(raw, type(text))).toEqual({ ok: true, value });
  });
});

describe('a value that does not fit', () => {
  test.each<[string, unknown, string]>([
    ['string', 5, 'type'],
    ['string', null, 'unset'],
    ['boolean', 'yes', 'type'],
    ['integer', '1.5', 'type'],
    ['integer', 2 ** 60, 'type'],
    ['number', Number.NaN, 'type'],
    ['number', 'Infinity', 'type'],
    ['number', '0x10', 'type'],
    ['date', '2026-02-30', 'type'],
    ['date', '21.11.2026', 'type'],
    ['date', '2026-11-21T10:00:00Z', 'type'],
    ['datetime', '2026-11-21T10:00:00', 'type'],
    ['datetime', '2026-02-30T10:00:00Z', 'type'],
    ['datetime', 'tomorrow', 'type'],
    ['duration', '1 month', 'type'],
    ['email', 'ann@localhost', 'type'],
    ['email', 'ann@example.com, bob@example.com', 'type'],
    ['phone', '138 0013 8000', 'type'],
    ['phone', '+1', 'type'],
    ['url', 'javascript:alert(1)', 'type'],
    ['url', 'https://bank.example@evil.example/', 'type'],
    ['url', 'example.com', 'type'],
    ['enum(a,b)', 'A', 'enum'],
    ['enum(a,b)', 'constructor', 'enum'],
    ['list<integer>', { length: 2 }, 'type'],
    ['Line', [], 'type'],
    ['Line', new Date(0), 'type'],
  ])('%s refuses %j', (text, raw, reason) => {
    expect(conform(raw, type(text))).toMatchObject({ ok: false, reason });
  });

  test('is named by its path', () => {
    const raw = [
      { sku: 'A', qty: 1 },
      { sku: 'B', qty: 'two' },
    ];
    expect(conform(raw, type('list<Line>'))).toEqual({ ok: false, reason: 'type', path: '[1].qty' });
    expect(conform({ amount: 1, currency: 'XQX' }, type('money'))).toEqual({
      ok: false,
      reason: 'type',
      path: 'currency',
    });
    expect(conform({ sku: 'A' }, type('Line'))).toEqual({ ok: false, reason: 'unset', path: 'qty' });
  });

  test('may not carry a key that reaches for the prototype', () => {
    const hostile: unknown = JSON.parse('{"sku":"A","qty":1,"__proto__":{"admin":true}}');
    expect(conform(hostile, type('Line'))).toMatchObject({ ok: false, reason: 'key' });
    expect(conform(hostile, { kind: 'any' })).toMatchObject({ ok: false, reason: 'key' });
    expect(conform({ deep: JSON.parse('{"constructor":1}') }, { kind: 'any' })).toMatchObject({
      ok: false,
      reason: 'key',
      path: 'deep',
    });
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
  });

  test('may not inherit its fields', () => {
    const inherited: unknown = Object.create({ sku: 'A', qty: 1 });
    expect(conform(inherited, type('Line')).ok).toBe(false);
    const fields: object = Object.assign(Object.create(null), { sku: 'A', qty: 1 });
    expect(conform(Object.create(fields), type('Line')).ok).toBe(false);
  });

  test('may not be nested without end', () => {
    const deep: unknown = JSON.parse('['.repeat(5_000) + ']'.repeat(5_000));
    expect(conform(deep, { kind: 'any' })).toMatchObject({ ok: false, reason: 'depth' });
  });
});

describe('the rules of a slot', () => {
  test.each<[string, unknown, string | undefined]>([
    ['string', 'ab', undefined],
    ['string', 'a', 'min'],
    ['string', 'abcd', 'max'],
    ['integer', 1, 'min'],
    ['number', 3.5, 'max'],
    ['list<integer>', [1], 'min'],
    ['list<integer>', [1, 2, 3, 4], 'max'],
    ['money', { amount: 4, currency: 'EUR' }, 'max'],
  ])('bound %s %j', (text, raw, reason) => {
    const result = conform(raw, type(text), { min: 2, max: 3 });
    expect(result.ok ? undefined : result.reason).toBe(reason);
  });

  test('hold a text to its pattern after trimming it', () => {
    const compiled = compilePattern('^[A-Z]{2}[0-9]{6}$');
    if ('problem' in compiled) throw new Error(compiled.problem);
    expect(conform(' AB123456 ', type('string'), compiled)).toEqual({ ok: true, value: 'AB123456' });
    expect(conform('AB12345', type('string'), compiled)).toMatchObject({ ok: false, reason: 'pattern' });
  });

  test('do not apply to what is unset', () => {
    expect(conform(null, type('string?'), { min: 2 })).toEqual({ ok: true, value: null });
  });
});

describe('any JSON whatever', () => {
  const types = [
    'string',
    'integer',
    'money',
    'date',
    'datetime',
    'duration',
    'email',
    'url',
    'enum(a,b)',
    'list<Line>',
    'Line?',
    'file',
  ];

  test('is left unchanged, and what is accepted is accepted again as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...types), (raw, text) => {
        const before = JSON.stringify(raw);
        const first = conform(raw, type(text));
        expect(JSON.stringify(raw)).toBe(before);
        if (first.ok) expect(conform(first.value, type(text))).toEqual(first);
      }),
      { numRuns: 500 },
    );
  });

  test('that is accepted is stored and read back the same', () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        const result = conform(raw, { kind: 'any' });
        if (result.ok) expect(JSON.parse(JSON.stringify(result.value))).toEqual(result.value);
      }),
    );
  });
});

describe('a duration', () => {
  test.each([
    ['250ms', 250],
    ['10m', 600_000],
    ['2h', 7_200_000],
    ['30d', 2_592_000_000],
    ['1.5h', 5_400_000],
    ['1h30m', 5_400_000],
    ['1w', 604_800_000],
    ['PT15M', 900_000],
    ['P1DT2H', 93_600_000],
    ['P2W', 1_209_600_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', 'P', 'PT', 'P1DT', '10', 'm', '-5m', '10 m', '1 month', 'P1M', `${'1h'.repeat(10_000)}`])(
    'is not %j',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});
