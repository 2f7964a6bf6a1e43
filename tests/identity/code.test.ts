import { describe, expect, test } from '@jest/globals';
import { newCode, newNumber, plainCode, readCode } from '../../src/identity/code.ts';

describe('a code that continues a conversation', () => {
  test('reads back as it was shown, in small letters, in full width, without its dash, with blanks around', () => {
    for (let count = 0; count < 200; count += 1) {
      const code = newCode();
      expect(code).toMatch(/^[A-HJKMNP-Z2-9]{4}-[A-HJKMNP-Z2-9]{4}$/);
      const plain = plainCode(code);
      expect(readCode(code)).toEqual({ code: plain, marked: true });
      expect(readCode(` ${code.toLowerCase()} `)).toEqual({ code: plain, marked: true });
      expect(readCode(plain)).toEqual({ code: plain, marked: false });
      expect(readCode(code.replace('-', ' '))).toEqual({ code: plain, marked: false });
      expect(readCode(code.replace('-', '—'))).toEqual({ code: plain, marked: true });
      expect(
        readCode(code.replaceAll(/[A-Z2-9]/g, (c) => String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0))),
      ).toEqual({
        code: plain,
        marked: true,
      });
    }
  });

  test.each([
    'test-case',
    'good week',
    'SHIPPING',
    'K7QM-4XRT please',
    'K7QM-4XR',
    'K7QM-4XRTT',
    '2345-6789',
    'O0I1-LLLL',
    'AB123456',
    '退货退货退货退货',
    '',
  ])('%j is none', (text) => {
    expect(readCode(text)).toBeUndefined();
  });

  test('an order number of eight characters may be one, but is not marked as one', () => {
    expect(readCode('AB234567')).toEqual({ code: 'AB234567', marked: false });
  });

  test('the code for an address is six digits', () => {
    for (let count = 0; count < 50; count += 1) expect(newNumber()).toMatch(/^\d{6}$/);
  });
});
