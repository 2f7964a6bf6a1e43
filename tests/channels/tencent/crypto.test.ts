import { createCipheriv } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import * as wecom from '@wecom/crypto';
import fc from 'fast-check';
import WXBizMsgCrypt from 'wechat-crypto';
import { decrypt, encrypt, isSigned, keyOf, signatureOf } from '../../../channels/tencent/crypto.ts';
import { readXml } from '../../../channels/tencent/xml.ts';
import { WECHAT, WECOM_MESSAGE, WECOM_URL } from './vectors.ts';

const { aesKey, appId } = WECHAT;

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

/** A plaintext under the account's key, with any bytes for its padding. */
function sealed(plaintext: Uint8Array): string {
  const key = keyOf(aesKey);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(plaintext), cipher.final()]).toString('base64');
}

function plaintextOf(message: string, receiver: string, length = Buffer.byteLength(message)): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(length);
  return Buffer.concat([Buffer.alloc(16, 7), size, Buffer.from(message), Buffer.from(receiver)]);
}

function padded(plaintext: Buffer): Buffer {
  const missing = 32 - (plaintext.byteLength % 32);
  return Buffer.concat([plaintext, Buffer.alloc(missing, missing)]);
}

describe('a signature', () => {
  test.each([WECHAT, WECOM_URL, WECOM_MESSAGE])('is the one that Tencent publishes', (vector) => {
    const { token, timestamp, nonce, ciphertext, signature } = vector;
    expect(signatureOf(token, timestamp, nonce, ciphertext)).toBe(signature);
    expect(isSigned({ signature, timestamp, nonce, ciphertext }, ['another', token])).toBe(true);
  });

  test('without a ciphertext is of token, timestamp and nonce alone', () => {
    expect(signatureOf(WECHAT.token, WECHAT.timestamp, WECHAT.nonce)).toBe(WECHAT.plainSignature);
  });

  test.each([
    ['of another token', { token: 'spamtesu' }],
    ['of another moment', { timestamp: '1409735670' }],
    ['of another nonce', { nonce: '1320562133' }],
    ['of another ciphertext', { ciphertext: WECOM_URL.ciphertext }],
    ['that is empty', { signature: '' }],
    ['that is cut', { signature: WECHAT.signature.slice(0, -1) }],
    ['in capitals', { signature: WECHAT.signature.toUpperCase() }],
  ])('%s is refused', (_, change) => {
    const { token, ...given } = { ...WECHAT, ...change };
    expect(isSigned(given, [token])).toBe(false);
  });

  test('is refused where there is no token', () => {
    expect(isSigned(WECHAT, [])).toBe(false);
  });
});

describe('a ciphertext', () => {
  test('of WeChat is read as Tencent publishes it', () => {
    expect(readXml(decrypt(WECHAT.ciphertext, aesKey, appId))).toMatchObject({
      Content: 'abcdteT',
      MsgId: '6054768590064713728',
    });
  });

  test('of WeCom is read as Tencent publishes it', () => {
    const { corpId } = WECOM_MESSAGE;
    expect(text(decrypt(WECOM_URL.ciphertext, WECOM_URL.aesKey, corpId))).toBe(WECOM_URL.message);
    expect(readXml(decrypt(WECOM_MESSAGE.ciphertext, WECOM_MESSAGE.aesKey, corpId))).toMatchObject({
      MsgType: 'text',
      Content: 'hello',
      AgentID: '218',
    });
  });

  test('comes back as what it was made of, whatever that is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(Buffer.from(decrypt(encrypt(bytes, aesKey, appId), aesKey, appId))).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 200 },
    );
  });

  test('is never the same twice', () => {
    expect(encrypt('hello', aesKey, appId)).not.toBe(encrypt('hello', aesKey, appId));
  });

  test.each([1, 2, 15, 16, 17, 31, 32, 33, 2000])(
    'of %i characters is read by wechat-crypto and @wecom/crypto',
    (length) => {
      const message = '好'.repeat(length);
      const ours = encrypt(message, aesKey, appId);
      expect(new WXBizMsgCrypt(WECHAT.token, aesKey, appId).decrypt(ours)).toEqual({ message, id: appId });
      expect(wecom.decrypt(aesKey, ours)).toMatchObject({ message, id: appId });
    },
  );

  test.each([1, 2, 15, 16, 17, 31, 32, 33, 2000])(
    'of %i characters by wechat-crypto and @wecom/crypto is read',
    (length) => {
      const message = '好'.repeat(length);
      const theirs = new WXBizMsgCrypt(WECHAT.token, aesKey, appId).encrypt(message);
      expect(text(decrypt(theirs, aesKey, appId))).toBe(message);
      expect(text(decrypt(wecom.encrypt(aesKey, message, appId), aesKey, appId))).toBe(message);
    },
  );

  test.each([
    ['for another receiver', padded(plaintextOf('hello', 'wx0000000000000000'))],
    ['for a receiver that begins like ours', padded(plaintextOf('hello', `${appId}x`))],
    ['for nobody', padded(plaintextOf('hello', ''))],
    ['with a length beyond its end', padded(plaintextOf('hello', appId, 0xffffffff))],
    ['with a length that eats the receiver', padded(plaintextOf('hello', appId, 6))],
    ['that is shorter than its own head', padded(Buffer.alloc(10))],
    ['with one wrong byte of padding', wrongPadding(2)],
    ['with a padding of 0', wrongLast(0)],
    ['with a padding of 33', wrongLast(33)],
    ['with a padding of 255', wrongLast(255)],
  ])('%s is refused', (_, plaintext) => {
    expect(() => decrypt(sealed(plaintext), aesKey, appId)).toThrow(
      expect.objectContaining({ code: 'tencent.undecipherable' }),
    );
  });

  test.each(['', 'AAAA', '?', WECHAT.ciphertext.slice(0, -24)])('that is none is refused: %s', (ciphertext) => {
    expect(() => decrypt(ciphertext, aesKey, appId)).toThrow(
      expect.objectContaining({ code: 'tencent.undecipherable' }),
    );
  });

  test('under another key is refused', () => {
    expect(() => decrypt(WECHAT.ciphertext, WECOM_URL.aesKey, appId)).toThrow(
      expect.objectContaining({ code: 'tencent.undecipherable' }),
    );
  });
});

function wrongPadding(at: number): Buffer {
  const plaintext = padded(plaintextOf('hello', appId));
  const changed = plaintext.byteLength - at;
  plaintext.writeUInt8(plaintext.readUInt8(changed) ^ 1, changed);
  return plaintext;
}

function wrongLast(value: number): Buffer {
  const plaintext = padded(plaintextOf('hello', appId));
  plaintext.writeUInt8(value, plaintext.byteLength - 1);
  return plaintext;
}

describe('an EncodingAESKey', () => {
  test.each(['', aesKey.slice(1), `${aesKey}=`, `${aesKey.slice(1)}!`])('of another shape is refused: %s', (key) => {
    expect(() => keyOf(key)).toThrow(expect.objectContaining({ code: 'tencent.invalid_key' }));
  });
});
