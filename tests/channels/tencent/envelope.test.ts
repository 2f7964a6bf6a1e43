import { describe, expect, test } from '@jest/globals';
import type { RawRequest } from '#channel';
import { encrypt, signatureOf } from '../../../channels/tencent/crypto.ts';
import {
  openCiphertext,
  openEnvelope,
  sealEnvelope,
  verifyCiphertext,
  verifyEnvelope,
  verifySignature,
} from '../../../channels/tencent/envelope.ts';
import { readXml, writeXml } from '../../../channels/tencent/xml.ts';
import { WECHAT, WECOM_URL } from './vectors.ts';

const { token, aesKey, appId, timestamp, nonce, ciphertext, signature } = WECHAT;
const SECRETS = { tokens: [token], aesKeys: [aesKey], receiverId: appId };
const NOW = Number(timestamp) * 1000;
const MINUTE = 60_000;
const unverified = expect.objectContaining({ code: 'channel.unverified' });

function call(parameters: Record<string, string>, body: string): RawRequest {
  const url = new URL(`https://bot.example/channels/wechat?${new URLSearchParams(parameters)}`);
  return { method: 'POST', url, headers: {}, body: Buffer.from(body) };
}

const PUBLISHED = call(
  { msg_signature: signature, timestamp, nonce },
  writeXml({ ToUserName: 'x', Encrypt: ciphertext }),
);

/** A call that is signed right, of any ciphertext. */
function signed(content: string, by: string = token): RawRequest {
  const parameters = { msg_signature: signatureOf(by, timestamp, nonce, content), timestamp, nonce };
  return call(parameters, writeXml({ Encrypt: content }));
}

describe('an envelope', () => {
  test('of the platform is verified and opened', () => {
    verifyEnvelope(PUBLISHED, SECRETS, NOW);
    expect(openEnvelope(PUBLISHED, SECRETS)).toMatchObject({ MsgType: 'text', Content: 'abcdteT' });
  });

  test.each([
    [0, true],
    [5 * MINUTE, true],
    [-5 * MINUTE, true],
    [5 * MINUTE + 1, false],
    [-5 * MINUTE - 1, false],
  ])('that is %i ms old is taken: %s', (age, taken) => {
    const verify = () => verifyEnvelope(PUBLISHED, SECRETS, NOW + age);
    if (taken) expect(verify).not.toThrow();
    else expect(verify).toThrow(unverified);
  });

  test('under the old token or key is taken while both are active', () => {
    const secrets = { tokens: ['new', token], aesKeys: [WECOM_URL.aesKey, aesKey], receiverId: appId };
    verifyEnvelope(PUBLISHED, secrets, NOW);
    expect(openEnvelope(PUBLISHED, secrets)).toMatchObject({ Content: 'abcdteT' });
  });

  test.each([
    ['without a signature', call({ timestamp, nonce }, writeXml({ Encrypt: ciphertext }))],
    ['without a time', call({ msg_signature: signature, nonce }, writeXml({ Encrypt: ciphertext }))],
    [
      'with a time in words',
      call({ msg_signature: signature, timestamp: 'now', nonce }, writeXml({ Encrypt: ciphertext })),
    ],
    ['without a nonce', call({ msg_signature: signature, timestamp }, writeXml({ Encrypt: ciphertext }))],
    [
      'with a flipped letter',
      call({ msg_signature: signature, timestamp, nonce }, writeXml({ Encrypt: `i${ciphertext.slice(1)}` })),
    ],
    ['that is plain', call({ msg_signature: signature, timestamp, nonce }, writeXml({ Content: 'hi' }))],
    [
      'with two ciphertexts',
      call({ msg_signature: signature, timestamp, nonce }, writeXml({ Encrypt: [ciphertext, 'x'] })),
    ],
    ['that is no XML', call({ msg_signature: signature, timestamp, nonce }, '{}')],
    ['with a DOCTYPE', call({ msg_signature: signature, timestamp, nonce }, '<!DOCTYPE a><xml/>')],
    ['of another account', signed(encrypt('<xml/>', aesKey, 'wx0000000000000000'))],
    ['under another key', signed(encrypt('<xml/>', WECOM_URL.aesKey, appId))],
    ['under another token', signed(encrypt('<xml/>', aesKey, appId), 'another')],
    [
      'with a second signature',
      { ...PUBLISHED, url: new URL(`${PUBLISHED.url.href}&msg_signature=0000000000000000000000000000000000000000`) },
    ],
  ])('%s is refused', (_, request) => {
    expect(() => verifyEnvelope(request, SECRETS, NOW)).toThrow(unverified);
  });

  test('is refused where there are no secrets', () => {
    expect(() => verifyEnvelope(PUBLISHED, { ...SECRETS, tokens: [] }, NOW)).toThrow(unverified);
  });
});

describe('a ciphertext in the address', () => {
  const { token: ofUrl, aesKey: key, corpId, ...given } = WECOM_URL;
  const secrets = { tokens: [ofUrl], aesKeys: [key], receiverId: corpId };
  const request = call({ msg_signature: given.signature, timestamp: given.timestamp, nonce: given.nonce }, '');

  test('is verified and opened as WeCom wants it', () => {
    verifyCiphertext(request, given.ciphertext, secrets, Number(given.timestamp) * 1000);
    expect(Buffer.from(openCiphertext(given.ciphertext, secrets)).toString()).toBe(given.message);
  });
});

describe('the signature of the address alone', () => {
  const request = call({ signature: WECHAT.plainSignature, timestamp, nonce }, '');

  test('is taken as Tencent publishes it', () => {
    expect(() => verifySignature(request, 'signature', [token], NOW)).not.toThrow();
  });

  test('is none of a message', () => {
    expect(() => verifySignature(request, 'msg_signature', [token], NOW)).toThrow(unverified);
  });
});

describe('an answer', () => {
  test('is sealed so that the platform can verify and open it', () => {
    const sealed = sealEnvelope(writeXml({ Content: '好' }), SECRETS, NOW);
    const { Encrypt, MsgSignature, TimeStamp, Nonce } = readXml(Buffer.from(sealed));
    const back = call(
      { msg_signature: String(MsgSignature), timestamp: String(TimeStamp), nonce: String(Nonce) },
      writeXml({ Encrypt: String(Encrypt) }),
    );
    verifyEnvelope(back, SECRETS, NOW);
    expect(openEnvelope(back, SECRETS)).toEqual({ Content: '好' });
  });
});
