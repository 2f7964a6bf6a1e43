import { describe, expect, test } from '@jest/globals';
import { readSettings } from '../../../channels/wechat/settings.ts';
import { account, ENVIRONMENT, raw, reference } from './account.ts';

const invalid = (words: RegExp) =>
  expect.objectContaining({ code: 'wechat.invalid_settings', message: expect.stringMatching(words) });

describe('a WeChat account', () => {
  test('is read with what is usual', () => {
    expect(account()).toMatchObject({
      appId: 'wx0123456789abcdef',
      plaintext: false,
      menus: 'native',
      locale: 'zh',
      apiRoot: 'https://api.weixin.qq.com',
      secrets: { tokens: [ENVIRONMENT.WECHAT_TOKEN], aesKeys: [ENVIRONMENT.WECHAT_AES_KEY] },
    });
  });

  test.each(['WECHAT_APP_SECRET', 'WECHAT_TOKEN', 'WECHAT_AES_KEY'])(
    'does not start without %s, and says so',
    (name) => {
      expect(() => account({}, { [name]: '' })).toThrow(
        expect.objectContaining({ code: 'channel.missing_secret', message: expect.stringContaining(name) }),
      );
    },
  );

  test.each(['app_secret', 'token', 'aes_key'])('keeps %s out of the file', (name) => {
    expect(() => account({ [name]: 'in plain sight' })).toThrow(invalid(/plain sight/));
  });

  test('wants sealed webhooks unless it is told that others are insecure', () => {
    expect(() => account({ aes_key: undefined })).toThrow(invalid(/aes_key/));
    expect(account({ aes_key: undefined, insecure: 'plaintext' })).toMatchObject({ plaintext: true });
    expect(() => account({ insecure: true })).toThrow(invalid(/insecure/));
  });

  test.each([
    [{ app_id: 'wx1' }, /app_id/],
    [{ original_id: 'shop' }, /original_id/],
    [{ api_root: 'https://api.example/path' }, /api_root/],
    [{ typo: 1 }, /typo/],
    [{ token: [reference('A'), reference('B'), reference('C')] }, /token/],
  ])('refuses %j', (given, words) => {
    expect(() => account(given, { A: 'aaaa', B: 'bbbb', C: 'cccc' })).toThrow(invalid(words));
  });

  test('refuses secrets that the platform cannot have given', () => {
    expect(() => account({}, { WECHAT_AES_KEY: 'short' })).toThrow(invalid(/aes_key/));
    expect(() => account({}, { WECHAT_TOKEN: 'with space' })).toThrow(invalid(/token/));
  });

  test('takes an app id out of the environment', () => {
    expect(readSettings(raw({ app_id: reference('ID') }), { ...ENVIRONMENT, ID: 'wxffffffffffffffff' })).toMatchObject({
      appId: 'wxffffffffffffffff',
    });
  });
});
