import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DIMENSIONS, meaningOf } from '../../../src/understanding/classify/words.ts';
import { Said } from '../../../src/understanding/said.ts';

const folder = new URL('../../../src/understanding/', import.meta.url);
const likeness = (a: string, b: string) => {
  const [one, other] = [meaningOf(new Said(a)).slice(), meaningOf(new Said(b)).slice()];
  return one.reduce((sum, value, k) => sum + value * (other[k] ?? 0), 0);
};

describe('the table of words', () => {
  test('is the one whose licence and origin the notice tells, and small', () => {
    const table = readFileSync(new URL('classify/english.words', folder));
    const notice = readFileSync(new URL('NOTICE.md', folder), 'utf8');
    expect(notice).toContain(createHash('sha256').update(table).digest('hex'));
    expect(notice).toContain('Apache License, Version 2.0');
    expect(table.length).toBeLessThan(1.3e6);
  });

  test.each([
    ['give me my cash back', 'i want my money returned', 'what is the weather in berlin'],
    ['the courier lost my package', 'my parcel was not delivered', 'i forgot my password'],
    ['the airline lost my suitcase', 'my luggage is missing', 'i forgot my password'],
  ])('“%s” is nearer to “%s” than to “%s”', (said, near, far) => {
    expect(likeness(said, near)).toBeGreaterThan(likeness(said, far) + 0.15);
  });

  test.each([
    ['refund', 'refunds'],
    ['dispute', 'disputing'],
    ['cancel', 'cancelling'],
    ['allergy', 'allergies'],
  ])('“%s” is in it, and “%s” is heard', (word, form) => {
    expect(likeness(word, form)).toBeGreaterThan(0.7);
  });

  test('a meaning has length 1, and words that nobody knows have none', () => {
    expect(likeness('where is my order', 'where is my order')).toBeCloseTo(1, 5);
    for (const text of ['', '我的快递到哪了', 'zzzzqq 12345', '😀']) {
      const meaning = meaningOf(new Said(text));
      expect(meaning).toHaveLength(DIMENSIONS);
      expect(meaning.every((value) => value === 0)).toBe(true);
    }
  });
});
