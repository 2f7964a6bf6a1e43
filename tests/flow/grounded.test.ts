import { describe, expect, test } from '@jest/globals';
import { isSpan, keepsFacts } from '../../src/flow/value/grounded.ts';

describe('what is extracted', () => {
  test.each([
    ['AB123456', 'my order is ab 123-456, thanks'],
    ['AB123456', '订单号ＡＢ１２３４５６'],
    ['Anna Schmidt', 'I am ANNA  SCHMIDT.'],
    ['+4930901820', 'call 030 / 90 18 20'],
    ['破损', '花瓶破损了'],
  ])('%s stands in %j', (value, source) => {
    expect(isSpan(value, source)).toBe(true);
  });

  test.each([
    ['AB123457', 'my order is AB123456'],
    ['', 'anything'],
    ['...', 'anything...'],
    ['refund approved', 'please refund'],
  ])('%j does not stand in %j', (value, source) => {
    expect(isSpan(value, source)).toBe(false);
  });
});

describe('what is said in other words', () => {
  const source = 'On 2026-11-03 at 09:05 I paid 1,249.50 EUR for order AB123456; write to a@shop.example';
  test.each([
    'Paid 1249.50 EUR on 3 November 2026.',
    'Order ab123456 cost 1.249,50 €.',
    '订单AB123456，2026年11月3日，1249.5',
    'Write to a@shop.example.',
    'No figures at all.',
  ])('keeps the facts: %s', (text) => {
    expect(keepsFacts(text, source)).toBe(true);
  });

  test.each([
    'Paid 1250 EUR.',
    'Order AB123457.',
    'Refund 500 EUR to the customer.',
    'Write to b@shop.example.',
    'See https://evil.example/a@shop.example',
    'See www.evil.example',
    '赔偿５００元',
  ])('brings another: %s', (text) => {
    expect(keepsFacts(text, source)).toBe(false);
  });
});
