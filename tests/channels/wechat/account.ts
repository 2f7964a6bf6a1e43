import { readFileSync } from 'node:fs';
import type { RawRequest } from '#channel';
import { encrypt, signatureOf } from '../../../channels/tencent/crypto.ts';
import { writeXml } from '../../../channels/tencent/xml.ts';
import { readSettings, type WechatSettings } from '../../../channels/wechat/settings.ts';

export const ENVIRONMENT = {
  WECHAT_APP_SECRET: 'simulatedsecretofnoaccount000000',
  WECHAT_TOKEN: 'simulatedtoken',
  WECHAT_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
};
export const APP_ID = 'wx0123456789abcdef';

/** `${NAME}` */
export function reference(name: string): string {
  return `\${${name}}`;
}

/** An account as `parley.yaml` would have it. */
export function raw(given: object = {}) {
  return {
    kind: 'wechat',
    app_id: APP_ID,
    original_id: 'gh_0123456789ab',
    app_secret: reference('WECHAT_APP_SECRET'),
    token: reference('WECHAT_TOKEN'),
    aes_key: reference('WECHAT_AES_KEY'),
    ...given,
  };
}

export function account(given: object = {}, environment: Record<string, string> = {}): WechatSettings {
  return readSettings(raw(given), { ...ENVIRONMENT, ...environment });
}

/** The moment of all samples: epoch milliseconds. */
export const NOW = 1_735_382_317_000;

/** A message in safe mode, as WeChat would post it. */
export function sealed(xml: string, at = NOW, { WECHAT_TOKEN: token, WECHAT_AES_KEY: key } = ENVIRONMENT): RawRequest {
  const [timestamp, nonce] = [String(at / 1000), '1320562132'];
  const ciphertext = encrypt(xml, key, APP_ID);
  const query = {
    signature: signatureOf(token, timestamp, nonce),
    timestamp,
    nonce,
    openid: 'oabcdefghijklmnopqrstuvwxyz0',
    encrypt_type: 'aes',
    msg_signature: signatureOf(token, timestamp, nonce, ciphertext),
  };
  return post(query, writeXml({ ToUserName: 'gh_0123456789ab', Encrypt: ciphertext }));
}

export function post(query: Record<string, string>, body: string): RawRequest {
  const url = new URL(`https://bot.example/channels/shop?${new URLSearchParams(query)}`);
  return { method: 'POST', url, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body) };
}

/** A recorded message, before it is sealed. */
export function sample(name: string): string {
  return readFileSync(new URL(`../../../channels/wechat/samples/${name}.xml`, import.meta.url), 'utf8');
}
