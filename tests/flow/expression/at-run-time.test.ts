import { expect, test } from '@jest/globals';
import { compileExpression } from '../../../src/flow/expression/expression.ts';
import { env, scope } from '../shop-scope.ts';

/** `customer` is of a type that only run time knows: a duration added to it shifts whatever it turns out to be. */
test.each([
  ['2026-11-21', 'customer.since + days(2)', '2026-11-23'],
  ['2026-11-21T10:00:00Z', 'customer.since - hours(1)', '2026-11-21T09:00:00Z'],
  [60_000, 'customer.since + minutes(1)', 120_000],
  [null, 'customer.since + days(2)', null],
  ['2026-11-18', 'now > customer.since + days(2)', true],
])('%s: %s is %s', (since, source, expected) => {
  const { expression, problems } = compileExpression(source, scope());
  expect(problems).toEqual([]);
  expect(expression?.evaluate(env({ customer: { since } }))).toBe(expected);
});

test('what is no time at all is refused', () => {
  const { expression } = compileExpression('customer.since + days(2)', scope());
  expect(() => expression?.evaluate(env({ customer: { since: 'long ago' } }))).toThrow('Expected a date');
});
