import { expect, test } from '@jest/globals';
import { inWords } from '../../../src/desks/slack/value-words.ts';

test.each([
  ['GB600001', 'GB600001'],
  [3, '3'],
  [false, 'false'],
  [null, '–'],
  [['a', 'b'], 'a, b'],
  [{ amount: 844.2, currency: 'GBP' }, '844.20 GBP'],
  [
    { id: 'GB600001', total: { amount: 844.2, currency: 'GBP' }, lines: [{ sku: 'RUG-02', name: 'Wool rug', qty: 1 }] },
    'id: GB600001, total: 844.20 GBP, lines: 1 × Wool rug',
  ],
  [{ a: { b: { c: 1 } } }, 'a: b: …'],
])('%j is read as “%s”', (value, words) => {
  expect(inWords(value)).toBe(words);
});
