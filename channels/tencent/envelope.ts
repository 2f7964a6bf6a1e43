import { randomBytes } from 'node:crypto';
import { ParleyError, type RawRequest } from '#channel';
import { decrypt, encrypt, isSigned, signatureOf } from './crypto.ts';
import { readXml, writeXml, type XmlFields } from './xml.ts';

/** What an account shares with the platform. Of tokens and keys two may be active while one is replaced; replies go out under the first. */
export interface EnvelopeSecrets {
  readonly tokens: readonly string[];
  readonly aesKeys: readonly string[];
  /** App id (WeChat) or corp id (WeCom). */
  readonly receiverId: string;
}

/**
 * Milliseconds that a signature's timestamp may differ from our clock, either way. The platform repeats an unanswered call within
 * fifteen seconds; the rest is for clocks that are wrong.
 */
const SKEW = 5 * 60_000;

/**
 * A call whose body is `<xml>…<Encrypt>…</Encrypt></xml>`, and `msg_signature` in its address. Throws `channel.unverified` unless it is
 * signed with one of the tokens, now, and can be read with one of the keys.
 */
export function verifyEnvelope(request: RawRequest, secrets: EnvelopeSecrets, now: number): void {
  verifyCiphertext(request, ciphertextOf(request), secrets, now);
}

/** As {@link verifyEnvelope}, of a ciphertext that stands elsewhere: WeCom's `echostr`. */
export function verifyCiphertext(request: RawRequest, ciphertext: string, secrets: EnvelopeSecrets, now: number): void {
  verifySignature(request, 'msg_signature', secrets.tokens, now, ciphertext);
  try {
    openCiphertext(ciphertext, secrets);
  } catch (cause) {
    throw new ParleyError('channel.unverified', 'The message is not encrypted for this account.', { cause });
  }
}

/** The signature in this parameter of the address. Without a `ciphertext`, only the address itself is signed. */
export function verifySignature(
  { url }: RawRequest,
  parameter: 'signature' | 'msg_signature',
  tokens: readonly string[],
  now: number,
  ciphertext?: string,
): void {
  const [signature, timestamp, nonce] = [parameter, 'timestamp', 'nonce'].map((name) => only(url.searchParams, name));
  if (signature === undefined || timestamp === undefined || nonce === undefined)
    throw new ParleyError('channel.unverified', 'The call is not signed.');
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(Number(timestamp) * 1000 - now) > SKEW)
    throw new ParleyError('channel.unverified', 'The signature is not of now.', {
      hint: 'If calls of the platform are refused with this, set the clock of this machine.',
    });
  if (!isSigned({ signature, timestamp, nonce, ...(ciphertext === undefined ? {} : { ciphertext }) }, tokens))
    throw new ParleyError('channel.unverified', 'The signature is not right.');
}

/** A parameter that comes twice could be read as another one than was signed. */
function only(parameters: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = parameters.getAll(name);
  return more.length === 0 ? value : undefined;
}

/** The fields of the message in a verified call. */
export function openEnvelope(request: RawRequest, secrets: EnvelopeSecrets): XmlFields {
  return readXml(openCiphertext(ciphertextOf(request), secrets));
}

/** With the first key that opens it. Throws `tencent.undecipherable`. */
export function openCiphertext(ciphertext: string, { aesKeys, receiverId }: EnvelopeSecrets): Uint8Array {
  let failure: unknown;
  for (const key of aesKeys) {
    try {
      return decrypt(ciphertext, key, receiverId);
    } catch (error) {
      // Another key may open it; if none does, the last one's reason is as good as the first one's.
      failure = error;
    }
  }
  throw failure;
}

function ciphertextOf({ body }: RawRequest): string {
  const { Encrypt: ciphertext } = readEnvelope(body);
  if (typeof ciphertext !== 'string' || ciphertext === '')
    throw new ParleyError('channel.unverified', 'The message is not encrypted.', {
      hint: 'Choose the safe mode (安全模式) at the platform.',
    });
  return ciphertext;
}

/** Bytes that nobody has verified yet. */
function readEnvelope(body: Uint8Array): XmlFields {
  try {
    return readXml(body);
  } catch (cause) {
    throw new ParleyError('channel.unverified', 'The body is no XML of the platform.', { cause });
  }
}

/** What a call is answered with when something is said: the XML of a message, encrypted and signed. `now`: epoch milliseconds. */
export function sealEnvelope(message: string, { tokens, aesKeys, receiverId }: EnvelopeSecrets, now: number): string {
  const [token = '', [key = '']] = [tokens[0], aesKeys];
  const ciphertext = encrypt(message, key, receiverId);
  const timestamp = String(Math.floor(now / 1000));
  const nonce = String(randomBytes(4).readUInt32BE());
  return writeXml({
    Encrypt: ciphertext,
    MsgSignature: signatureOf(token, timestamp, nonce, ciphertext),
    TimeStamp: Number(timestamp),
    Nonce: nonce,
  });
}
