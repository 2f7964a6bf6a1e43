import { describe, expect, test } from '@jest/globals';
import { maskCards, withoutCards } from '../../src/privacy/card-number.ts';

describe('card numbers sent unasked', () => {
  test.each([
    ['my card is 4111111111111111, ok?', 'my card is •••• 1111, ok?'],
    ['4111 1111 1111 1111', '•••• 1111'],
    ['4111-1111-1111-1111', '•••• 1111'],
    ['４１１１１１１１１１１１１１１１', '•••• 1111'],
    ['378282246310005', '•••• 0005'],
    ['卡号5555555555554444谢谢', '卡号•••• 4444谢谢'],
    ['6212345678901232 and 4012888888881881', '•••• 1232 and •••• 1881'],
  ])('are masked: %s', (text, masked) => {
    expect(maskCards(text)).toBe(masked);
  });

  test.each([
    'order AB123456',
    'tracking 1Z999AA10123456784',
    '4111111111111112',
    '0123456789012345',
    '+49 1512 3456789',
    '12345678901234567890123',
    'IBAN DE89370400440532013000',
  ])('nothing else is: %s', (text) => {
    expect(maskCards(text)).toBe(text);
  });

  test('a form is looked at field by field', () => {
    const form = { kind: 'form', token: 'form1', values: { note: 'it is 4111 1111 1111 1111', floors: '3' } } as const;
    expect(withoutCards(form)).toMatchObject({ values: { note: 'it is •••• 1111', floors: '3' } });
    const opened = { kind: 'form', token: 'form1' } as const;
    expect(withoutCards(opened)).toBe(opened);
  });

  test('only words are looked at, and an event without cards stays the same object', () => {
    const tap = { kind: 'choice', token: '4111111111111111' } as const;
    const words = { kind: 'message', text: 'hello' } as const;
    expect(withoutCards(tap)).toBe(tap);
    expect(withoutCards(words)).toBe(words);
    expect(withoutCards({ kind: 'message', text: '4111111111111111' })).toEqual({ kind: 'message', text: '•••• 1111' });
  });
});
