import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { nativePattern } from '../../src/flow/value/native-pattern.ts';
import { compilePattern } from '../../src/flow/value/pattern.ts';

function pattern(source: string) {
  const compiled = compilePattern(source);
  if ('problem' in compiled) throw new Error(compiled.problem);
  return compiled.pattern;
}

describe("an author's pattern", () => {
  test('matches an order number and nothing near it', () => {
    const order = pattern('^[A-Z]{2}[0-9]{6}$');
    expect(order.test('AB123456')).toBe(true);
    for (const other of ['ab123456', 'AB12345', 'AB1234567', ' AB123456', 'AB123456\n'])
      expect(order.test(other)).toBe(false);
  });

  test('is found anywhere unless anchored', () => {
    expect(pattern('b+').test('abc')).toBe(true);
  });

  test.each(['^(a+)+$', '^(a|a)*$', '^(.*)*x$', '(a*)*b', '^([a-z]+)*$'])('%s does not hang on an attack', (source) => {
    expect(pattern(source).test(`${'a'.repeat(2_000)}!`)).toBe(false);
  });

  test.each(['(', '[a', 'a{2,1}', '(?=a)', '(?<=a)b', '(a)\\1', '^[z-a]$', '^[az-b]$'])(
    '%s is refused with a reason',
    (source) => {
      expect(compilePattern(source)).toMatchObject({ problem: expect.stringMatching(/not valid/) });
    },
  );

  test('of enormous length is refused', () => {
    expect(compilePattern('a'.repeat(5_000))).toHaveProperty('problem');
  });
});

describe('the native engine', () => {
  test.each(['^[A-Z]{2}[0-9]{6}$', '^\\d{6}$', '^[a-z]+@[0-9]+$', '^AB-?[0-9]{1,3}$', '^\\+[0-9]+$', '^[A-Z]*$'])(
    'is trusted with %s',
    (source) => {
      expect(nativePattern(source)).toBeDefined();
    },
  );

  test.each([
    '^(a+)+$',
    '^a+a+$',
    '^[a-z]+[a-f]$',
    '^[a-z]*x?[a-z]*$',
    '^[a-z]*7?[a-z]*$',
    '^\\w+\\d+$',
    'a+',
    '^.*$',
    '^[^a]+$',
    '^a|b$',
    '^é+$',
    '^a+?$',
    '^\\s*$',
    '^a\\$',
  ])('is not trusted with %s', (source) => {
    expect(nativePattern(source)).toBeUndefined();
  });

  const characters = fc.constantFrom('a', 'B', '7', '-', '_', '[a-c]', '[0-9A-B]', '\\d', '\\w', '\\.', '[a_]');
  const quantifiers = fc.constantFrom('', '', '?', '*', '+', '{2}', '{1,3}', '{0,2}', '{2,}');
  const sources = fc
    .array(fc.tuple(characters, quantifiers), { minLength: 1, maxLength: 5 })
    .chain((parts) => fc.constantFrom('$', '').map((end) => `^${parts.map((part) => part.join('')).join('')}${end}`));

  test('agrees with the linear one wherever it is trusted', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '7', '-', '_', '.', '\n', 'é'), maxLength: 8 });
    fc.assert(
      fc.property(sources, texts, (source, text) => {
        const native = nativePattern(source);
        fc.pre(native !== undefined);
        expect(native!.test(text)).toBe(RE2JS.compile(source).test(text));
      }),
      { numRuns: 1_000 },
    );
  });

  test('never backtracks: what may follow a repeat cannot continue it', () => {
    fc.assert(
      fc.property(sources, (source) => {
        const native = nativePattern(source);
        fc.pre(native !== undefined);
        // Were it ambiguous, a long run of one character before a mismatch would take exponential or cubic time and the test would time out.
        for (const character of ['a', 'B', '7']) native!.test(`${character.repeat(20_000)}\n`);
      }),
    );
  });
});
