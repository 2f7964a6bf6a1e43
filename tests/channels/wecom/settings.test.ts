import { describe, expect, test } from '@jest/globals';
import { readSettings } from '../../../channels/wecom/settings.ts';
import { AES_KEY, account, CORP, raw, reference, secrets, TOKEN } from './account.ts';

const codeOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
  return 'taken';
};

describe('a WeCom account', () => {
  test('takes its secrets from the environment', () => {
    expect(account()).toEqual({
      corpId: CORP,
      secret: 'simulated_secret_of_no_app',
      callback: { receiverId: CORP, tokens: [TOKEN], aesKeys: [AES_KEY] },
      serves: [],
      fileHosts: [],
      locale: 'zh',
      apiRoot: 'https://qyapi.weixin.qq.com',
    });
  });

  test('may keep its corp id in the environment, too', () => {
    expect(account({ corp_id: reference('CORP') }, { CORP: 'ww1111111111111111' }).corpId).toBe('ww1111111111111111');
  });

  test.each(['WECOM_SECRET', 'WECOM_TOKEN', 'WECOM_AES_KEY'])(
    'does not open without %s, and says that it is missing',
    (name) => {
      const environment = { ...secrets(), [name]: '' };
      expect(codeOf(() => readSettings(raw(), environment))).toBe(
        `channel.missing_secret: The environment variable ${name} is not set.`,
      );
    },
  );

  test.each([
    ['a secret in plain sight', { secret: 'simulated_secret' }, {}],
    ['a token in plain sight', { token: TOKEN }, {}],
    ['a key in plain sight', { aes_key: AES_KEY }, {}],
    ['a key of another length', {}, { WECOM_AES_KEY: 'short' }],
    ['a token that is none', {}, { WECOM_TOKEN: 'a b' }],
    ['a corp id that is none', { corp_id: 'ww 1' }, {}],
    ['an account that is none', { open_kfid: 'wk 1' }, {}],
    ['a host with a path', { file_hosts: ['shop.example/pictures'] }, {}],
    ['a setting nobody knows', { secrt: 'x' }, {}],
    ['an API with a path', { api_root: 'https://proxy.example/cgi-bin' }, {}],
  ])('with %s is refused, and nothing secret is told', (_, given, environment) => {
    const told = codeOf(() => account(given, environment));
    expect(told).toMatch(/^wecom\.invalid_settings: /);
    for (const hidden of [TOKEN, AES_KEY, 'simulated_secret']) expect(told).not.toContain(hidden);
  });
});
