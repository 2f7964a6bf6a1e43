import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitBytes } from '../../../channels/tencent/split.ts';

const LINK = /<a [^>]*>[^<]*<\/a>/g;
const squeezed = (text: string) => text.replaceAll(/\s/g, '');

describe('a text in pieces of so many bytes', () => {
  test('has none that is longer, and loses nothing but the white space between them', () => {
    const text = fc.array(fc.constantFrom('order ', '订单', '。', '. ', '\n\n', 'é', '👨‍👩‍👧‍👦', '\ud800'), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(text, fc.integer({ min: 40, max: 300 }), (words, limit) => {
        const whole = words.join('');
        const pieces = splitBytes(whole, limit);
        for (const piece of pieces) expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(limit);
        expect(squeezed(pieces.join(''))).toBe(squeezed(whole));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    [
      'a paragraph',
      'One two three four.\n\nFive six seven eight.',
      30,
      ['One two three four.', 'Five six seven eight.'],
    ],
    ['a sentence', '订单已经发货。请您注意查收。', 30, ['订单已经发货。', '请您注意查收。']],
    ['a word', 'alpha beta gamma delta', 14, ['alpha beta', 'gamma delta']],
    ['a character as people count them', '👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 30, ['👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦']],
  ])('is cut at %s', (_, text, limit, expected) => {
    expect(splitBytes(text, limit)).toEqual(expected);
  });

  test('keeps whole what must be, and moves it on', () => {
    const link = '<a href="https://a.example/">A link of words</a>';
    expect(splitBytes(`before it ${link} after`, 55, LINK)).toEqual(['before it', `${link} after`]);
    for (const piece of splitBytes(`${'x'.repeat(50)}${link}${link}`, 60, LINK))
      expect(piece.split('<a ').length).toBe(piece.split('</a>').length);
  });

  test('is cut all the same where one thing is longer than a piece', () => {
    const tower = `e${'\u0301'.repeat(100)}`;
    expect(splitBytes(tower, 50).join('')).toBe(tower);
    expect(splitBytes(`<a href="${'y'.repeat(100)}">x</a>`, 50, LINK).length).toBeGreaterThan(1);
  });

  test('of nothing is none', () => {
    expect(splitBytes(' \n ', 50)).toEqual([]);
  });
});
