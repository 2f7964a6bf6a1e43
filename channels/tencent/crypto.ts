import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { ParleyError } from '#channel';

/**
 * Tencent's message encryption, the same in WeChat and WeCom
 * (https://developer.work.weixin.qq.com/document/path/90968). A ciphertext is, under AES-256-CBC with the key's first 16 bytes as IV:
 *
 *   16 random bytes · length of the message (4 bytes, big-endian) · message · receiver (app id or corp id) · padding
 *
 * Padding is PKCS #7 of blocks of 32 bytes, twice AES's own, so Node's padding is off and ours is on. Nothing in it authenticates:
 * the signature does, so it is checked before anything is decrypted.
 */
const BLOCK = 32;
const RANDOM = 16;
const LENGTH = 4;

/** SHA-1 of the sorted strings, in hexadecimal. Without `ciphertext`: of a call whose body is not signed. */
export function signatureOf(token: string, timestamp: string, nonce: string, ciphertext?: string): string {
  const words = [token, timestamp, nonce, ...(ciphertext === undefined ? [] : [ciphertext])];
  return createHash('sha1').update(words.sort().join('')).digest('hex');
}

export interface Signed {
  readonly signature: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly ciphertext?: string;
}

/** Is it signed under one of these tokens? In constant time, every token each time. */
export function isSigned({ signature, timestamp, nonce, ciphertext }: Signed, tokens: readonly string[]): boolean {
  const given = Buffer.from(signature);
  const matches = tokens.map((token) => {
    const own = Buffer.from(signatureOf(token, timestamp, nonce, ciphertext));
    return own.byteLength === given.byteLength && timingSafeEqual(own, given);
  });
  return matches.includes(true);
}

/** The 32 bytes of an EncodingAESKey, which is base64 without its last `=`. Throws `tencent.invalid_key`. */
export function keyOf(encodingAesKey: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]{43}$/.test(encodingAesKey))
    throw new ParleyError('tencent.invalid_key', 'An EncodingAESKey has 43 letters and digits.');
  return Buffer.from(`${encodingAesKey}=`, 'base64');
}

/**
 * The message in a ciphertext (base64).
 * @throws `tencent.undecipherable` for another key, another receiver, or padding that is not what it must be
 */
export function decrypt(ciphertext: string, encodingAesKey: string, receiverId: string): Uint8Array {
  const plaintext = withoutPadding(decipher(ciphertext, keyOf(encodingAesKey)));
  const start = RANDOM + LENGTH;
  if (plaintext.byteLength < start) throw undecipherable();
  const end = start + plaintext.readUInt32BE(RANDOM);
  if (end > plaintext.byteLength || plaintext.toString('utf8', end) !== receiverId) throw undecipherable();
  return plaintext.subarray(start, end);
}

function decipher(ciphertext: string, key: Uint8Array): Buffer {
  const bytes = Buffer.from(ciphertext, 'base64');
  if (bytes.byteLength === 0 || bytes.byteLength % BLOCK !== 0) throw undecipherable();
  const cipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(bytes), cipher.final()]);
}

/** Every byte of it says how long it is. What was deciphered is a block at least. */
function withoutPadding(padded: Buffer): Buffer {
  const length = padded.at(-1)!;
  const padding = padded.subarray(-length);
  if (length < 1 || length > BLOCK || padding.some((byte) => byte !== length)) throw undecipherable();
  return padded.subarray(0, -length);
}

/** Why it failed is nobody's business: a forger would learn from it. */
function undecipherable(): ParleyError {
  return new ParleyError('tencent.undecipherable', 'The message is not encrypted for this account.', {
    hint: 'Compare the EncodingAESKey and the app id (or corp id) with those in the console.',
  });
}

/** A ciphertext (base64). `random`: 16 bytes, for tests that want the same one again. */
export function encrypt(
  message: string | Uint8Array,
  encodingAesKey: string,
  receiverId: string,
  random: Uint8Array = randomBytes(RANDOM),
): string {
  const key = keyOf(encodingAesKey);
  const content = Buffer.from(message);
  const length = Buffer.alloc(LENGTH);
  length.writeUInt32BE(content.byteLength);
  const plaintext = Buffer.concat([random, length, content, Buffer.from(receiverId)]);
  const missing = BLOCK - (plaintext.byteLength % BLOCK);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([
    cipher.update(plaintext),
    cipher.update(Buffer.alloc(missing, missing)),
    cipher.final(),
  ]).toString('base64');
}
