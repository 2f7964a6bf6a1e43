import { describe, expect, test } from '@jest/globals';
import { Environment } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import { compileExpression } from '../../../src/flow/expression/expression.ts';
import type { Json } from '../../../src/type.ts';
import { env, scope } from '../shop-scope.ts';

/**
 * Our compiler against an independent implementation of CEL, on expressions both understand: numbers are written as
 * doubles, since CEL's integers are another type, and `/` and `%`, which CEL defines by that difference, are left out.
 */
type Source = fc.Arbitrary<string>;

const names = ['AB123456', 'a', 'lamp', '退货'];
const depth = { maxDepth: 4, depthIdentifier: 'expression' };

const { boolean } = fc.letrec<{ boolean: string; number: string; text: string; list: string }>((tie) => {
  const number = tie('number') as Source;
  const text = tie('text') as Source;
  const list = tie('list') as Source;
  const boolean = tie('boolean') as Source;
  const between = (left: Source, operators: readonly string[], right: Source) =>
    fc.tuple(left, fc.constantFrom(...operators), right).map(([a, operator, b]) => `(${a} ${operator} ${b})`);
  const choice = (of: Source) => fc.tuple(boolean, of, of).map(([test, yes, no]) => `(${test} ? ${yes} : ${no})`);
  return {
    number: fc.oneof(
      depth,
      fc.constantFrom('total', '0.0', '1.5', '-2.0', '100.0'),
      between(number, ['+', '-', '*'], number),
      choice(number),
    ),
    text: fc.oneof(
      depth,
      fc.constantFrom('name', '"a"', "'lamp'", '""', '"退"'),
      between(text, ['+'], text),
      choice(text),
    ),
    list: fc.oneof(
      depth,
      fc.constantFrom('names'),
      fc
        .array(fc.constantFrom('name', '"a"', '"lamp"'), { minLength: 1, maxLength: 3 })
        .map((items) => `[${items.join(', ')}]`),
      fc.tuple(list, boolean).map(([of, test]) => `${of}.filter(n, n != "a" || ${test})`),
      list.map((of) => `${of}.map(n, n + "x")`),
    ),
    boolean: fc.oneof(
      depth,
      fc.constantFrom('vip', 'true', 'false'),
      between(boolean, ['&&', '||', '==', '!='], boolean),
      between(number, ['<', '<=', '>', '>=', '==', '!='], number),
      between(fc.constantFrom('name', '(name + "")'), ['<', '==', '!='], text),
      between(fc.constantFrom('name', '(name + "a")'), ['in'], fc.constant('names')),
      boolean.map((of) => `!${of}`),
      fc
        .tuple(list, fc.constantFrom('all', 'exists', 'exists_one'), text)
        .map(([of, macro, other]) => `${of}.${macro}(n, n == (${other} + ""))`),
      fc
        .tuple(text, fc.constantFrom('contains', 'startsWith', 'endsWith'), text)
        .map(([of, method, part]) => `${of}.${method}(${part})`),
      text.map((of) => `${of}.matches("^[A-Z]{2}[0-9]{6}$")`),
      fc.tuple(list, list).map(([a, b]) => `(size(${a}) == size(${b}))`),
      choice(boolean),
    ),
  };
});

const oracle = new Environment()
  .registerVariable('total', 'double')
  .registerVariable('name', 'string')
  .registerVariable('vip', 'bool')
  .registerVariable('names', 'list<string>');

const values = fc.record({
  total: fc.constantFrom(0, 1.5, 100, -3),
  name: fc.constantFrom(...names),
  vip: fc.boolean(),
  names: fc.array(fc.constantFrom(...names), { maxLength: 4 }),
});

describe('the expression compiler', () => {
  test('agrees with CEL on every expression that both understand', () => {
    let compared = 0;
    fc.assert(
      fc.property(boolean, values, (source, given) => {
        const { expression, problems } = compileExpression(source, scope());
        // Two spelled-out texts that can never be equal are an error here and merely false in CEL.
        fc.pre(!problems.some(({ code }) => code === 'expression.enum'));
        expect(problems).toEqual([]);
        compared += 1;
        const ours: Json = expression!.evaluate(env(given));
        expect(ours).toBe(oracle.evaluate(source, given));
      }),
      { numRuns: 1_500 },
    );
    expect(compared).toBeGreaterThan(1_000);
  });

  test('answers any source with problems or with a value, never with a crash', () => {
    const word = fc.constantFrom(
      'order',
      '.',
      'id',
      '(',
      ')',
      '[',
      ']',
      '&&',
      '!',
      '==',
      'null',
      '"a"',
      '1',
      '+',
      '?',
      ':',
      ',',
      'all',
      'x',
      'has',
      'in',
      '{',
      '}',
      '-',
      'quote',
      'refund',
      'matches',
      '"(a+)+$"',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word, { maxLength: 14 }).map((words) => words.join('')),
        ),
        (source) => {
          const { expression, problems } = compileExpression(source, scope('order'));
          expect(expression !== undefined || problems.length > 0).toBe(true);
          for (const { from, to } of problems) expect(0 <= from && from <= to && to <= source.length).toBe(true);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
