import { describe, expect, test } from '@jest/globals';
import { findPersonalData } from '../../src/privacy/personal-data.ts';

const find = findPersonalData({
  identifiers: [/^[A-Z]{2}\d{6}$/, /^\d{10}$/],
  countries: ['DE', 'CN'],
});
const found = (text: string) => find(text).map(({ start, end, kind }) => `${kind}: ${text.slice(start, end)}`);

describe('personal data in a text', () => {
  test.each([
    ['Write to anna.schmidt+x@mail.example.com please', ['email: anna.schmidt+x@mail.example.com']],
    ['我的邮箱是li.wei@example.cn，谢谢', ['email: li.wei@example.cn']],
    ['IBAN DE89 3704 0044 0532 0130 00!', ['iban: DE89 3704 0044 0532 0130 00']],
    ['card 4111 1111 1111 1111', ['card: 4111 1111 1111 1111']],
    ['身份证11010519491231002X。', ['id: 11010519491231002X']],
    ['my ssn is 078-05-1120', ['id: 078-05-1120']],
    ['from 192.168.17.4 since noon', ['ip: 192.168.17.4']],
    ['call +1 213 373 4253 or 030 901820', ['phone: +1 213 373 4253', 'phone: 030 901820']],
    ['手机１３８００１３８０００', ['phone: １３８００１３８０００']],
  ])('is found in %j', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  test.each([
    'Order AB123456 came broken',
    'My order is 3012345678.',
    'It cost 1,234.50 EUR on 2026-11-21 at 10:30',
    'DE88 9999 0044 0532 0130 00',
    '11010519491231002Y',
    '110105194913310021',
    'Room 12, floor 3',
  ])('is not seen in %j', (text) => {
    expect(found(text)).toEqual([]);
  });

  test('costs little on a long text', () => {
    const text = `${'a'.repeat(5_000)} ${'1 '.repeat(5_000)}`;
    expect(find(text)).toEqual([]);
  });
});
