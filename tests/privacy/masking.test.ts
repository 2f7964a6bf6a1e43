import { describe, expect, test } from '@jest/globals';
import { maskNamed, maskSensitive } from '../../src/privacy/masking.ts';

describe('masking', () => {
  test.each([
    ['mail me: ann.lee@example.com', 'mail me: a•••@example.com'],
    ['account DE89 3704 0044 0532 0130 00 please', 'account •••• 3000 please'],
    ['my card is 4111 1111 1111 1111', 'my card is •••• 1111'],
    ['身份证 11010519491231002X', '身份证 •••• 002X'],
    ['call +49 30 901820', 'call •••• 1820'],
    ['key sk-abcdefghijkl1234 here', 'key •••••• here'],
    ['password: hunter22 ok', 'password: •••••• ok'],
    ['我的密码是hunter22', '我的密码是••••••'],
    ['token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmVk', 'token ••••••'],
  ])('hides what nobody need see in %j', (text, shown) => {
    expect(maskSensitive(text)).toBe(shown);
    expect(maskSensitive(shown)).toBe(shown);
  });

  test.each([
    'order AB123456',
    'it costs 1299.00 EUR',
    'on 2026-11-21 at 10:30',
    '订单 CN200001',
    'password reset?',
    '',
  ])('leaves %j as it is', (text) => {
    expect(maskSensitive(text)).toBe(text);
  });

  test('hides a value by its name, where its form does not tell', () => {
    expect([maskNamed('phone', '030 901820'), maskNamed('api_key', 'abc'), maskNamed('city', 'Berlin')]).toEqual([
      '•••• 1820',
      '••••••',
      'Berlin',
    ]);
  });

  test('hides a value whole that is no longer than what would be left of it', () => {
    expect([maskNamed('phone', '11-04'), maskNamed('phone', '11-045'), maskNamed('phone', '')]).toEqual([
      '••••••',
      '•••• 1045',
      '',
    ]);
  });
});
