import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plain } from '../../../channels/sms/plain.ts';
import { sizeOf } from '../../../channels/sms/segments.ts';
import { split } from '../../../channels/sms/split.ts';

const a = (count: number) => 'a'.repeat(count);
const han = (count: number) => '汉'.repeat(count);

describe('the price of a text', () => {
  // channels.md §3: the output of sms-segments-calculator.
  test.each([
    ['160 letters', a(160), 'GSM-7', 1],
    ['161 letters', a(161), 'GSM-7', 2],
    ['306 letters', a(306), 'GSM-7', 2],
    ['307 letters', a(307), 'GSM-7', 3],
    ['80 euro signs', '€'.repeat(80), 'GSM-7', 1],
    ['81 euro signs', '€'.repeat(81), 'GSM-7', 2],
    ['a euro sign on a border', `${a(152)}€${a(152)}`, 'GSM-7', 3],
    ['70 Han letters', han(70), 'UCS-2', 1],
    ['71 Han letters', han(71), 'UCS-2', 2],
    ['36 emoji', '😀'.repeat(36), 'UCS-2', 2],
    ['an emoji on a border', `${han(66)}😀${han(66)}`, 'UCS-2', 3],
    ['a capital cedilla', 'Ç', 'GSM-7', 1],
    ['a small cedilla', 'ç', 'UCS-2', 1],
    ['a tab', '\t', 'UCS-2', 1],
    ['nothing', '', 'GSM-7', 1],
  ])('%s', (_what, text, encoding, segments) => {
    expect(sizeOf(text)).toEqual({ encoding, segments });
  });

  test('never falls when a text grows', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.string({ unit: 'grapheme' }), (text, more) => {
        expect(sizeOf(text + more).segments).toBeGreaterThanOrEqual(sizeOf(text).segments);
      }),
      { numRuns: 100 },
    );
  });
});

describe('plain text', () => {
  test('has no markup, and typewriter punctuation where that makes it cheaper', () => {
    expect(plain('**Done.** It’s “fine” – see [the shop](https://shop.example) …')).toBe(
      'Done. It\'s "fine" - see the shop: https://shop.example ...',
    );
    expect(sizeOf(plain(`It’s${a(150)}`)).encoding).toBe('GSM-7');
  });

  test('keeps fine punctuation where the text is dear anyway', () => {
    expect(plain('“好的”…')).toBe('“好的”…');
  });

  test('keeps what only looks like markup', () => {
    expect(plain('2 * 3 * 4, ** and a\\*b')).toBe('2 * 3 * 4, ** and a*b');
  });
});

describe('a long text', () => {
  test('of ten segments is one message, of more is several that say which they are', () => {
    expect(split(a(1_530))).toEqual([a(1_530)]);
    const [first, second, ...rest] = split(a(1_531));
    expect([first?.slice(0, 6), second?.slice(0, 6), rest]).toEqual(['(1/2) ', '(2/2) ', []]);
    expect(split(han(670))).toHaveLength(1);
    expect(split(han(671))).toHaveLength(2);
  });

  test('is cut between sentences', () => {
    const sentence = 'This is a sentence that has some words in it. ';
    for (const piece of split(sentence.repeat(80))) expect(piece).toMatch(/^\(\d\/3\) This .*it\.$/);
  });

  test('never cuts a family in two', () => {
    const family = '👩‍👩‍👧‍👦';
    for (const piece of split(`x${family.repeat(200)}`))
      expect(piece.replace(/^\(\d+\/\d+\) x?/, '').replaceAll(family, '')).toBe('');
  });

  test('loses no letter and stays within ten segments, whatever is written', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 3_000 });
    const mixed = fc.array(fc.oneof(text, fc.constantFrom('€', '. ', '\n\n', '汉', a(700), '👩‍👩‍👧‍👦')), {
      maxLength: 8,
    });
    const bare = (words: string) => words.replaceAll(/\s+/g, '');
    fc.assert(
      fc.property(mixed, (pieces) => {
        const whole = pieces.join('');
        const parts = split(whole);
        for (const part of parts) {
          expect(sizeOf(part).segments).toBeLessThanOrEqual(10);
          expect(part.length).toBeLessThanOrEqual(1_600);
        }
        const read = parts.length === 1 ? parts : parts.map((part) => part.replace(/^\(\d+\/\d+\) /, ''));
        expect(bare(read.join(''))).toBe(bare(whole));
      }),
      { numRuns: 60 },
    );
  });
});
