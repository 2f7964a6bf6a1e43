import { describe, expect, test } from '@jest/globals';
import { cleanText } from '../../src/server/clean-text.ts';

describe('a customer’s text', () => {
  test.each([
    ['bell, escape and null', 'a\u0007b\u001b[31mc\u0000d', 'ab[31mcd'],
    ['C1 controls', 'a\u009bb', 'ab'],
    ['bidirectional controls', '\u202eevil\u202c \u2066x\u2069\u200f', 'evil x'],
    ['zero-width characters', 'o\u200br\ufeffder\u2060', 'order'],
    ['tag characters', `hi${String.fromCodePoint(0xe0041, 0xe0042)}`, 'hi'],
    ['joiners between Latin letters', 're\u200dfund\u200c', 'refund'],
    ['a row of variation selectors', 'a\ufe01\ufe02\ufe03b', 'a\ufe01b'],
    ['lone surrogates', 'a\ud800b', 'a\ufffdb'],
  ])('loses %s', (_what, before, after) => {
    expect(cleanText(before)).toBe(after);
  });

  test.each([
    ['line breaks and tabs', 'one\ntwo\tthree'],
    ['an emoji held together by joiners', '👩🏽‍🔬 ❤️‍🔥'],
    ['Persian', 'می\u200cخواهم'],
    ['Chinese', '我想退货，订单 A-1001'],
    ['Hebrew', 'שלום world'],
  ])('keeps %s', (_what, text) => {
    expect(cleanText(text)).toBe(text);
  });

  test('has one kind of line break and composed letters', () => {
    expect(cleanText('a\r\nb\rc\u2028d e\u0301')).toBe('a\nb\nc\nd é');
  });
});
