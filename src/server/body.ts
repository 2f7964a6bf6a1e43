import { Refusal } from './refusal.ts';

/** Bytes of a JSON body or a socket frame. */
export const JSON_LIMIT = 256 * 1024;
/** Nested objects and arrays. */
const DEPTH_LIMIT = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a body of at most `limit` bytes. A longer one is refused by its declared length before a byte is read, and one that
 * declares none as soon as it has gone over.
 * @throws `chat.too_large`
 */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  const declared = request.headers.get('content-length');
  // Node's parser holds a body to its declared length, so what is declared small needs no counting.
  if (declared !== null) {
    if (Number(declared) > limit) throw tooLarge(limit);
    return new Uint8Array(await request.arrayBuffer());
  }
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A request's JSON body, within every limit of {@link parseJson}. */
export async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  // Also a guard: a page of another site can send text/plain without asking (no preflight), but not JSON.
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new Refusal(415, 'chat.not_json', 'The body must be JSON.', { hint: 'Send Content-Type: application/json.' });
  return parseJson(await readBytes(request, JSON_LIMIT));
}

/**
 * Strangers' JSON: strict UTF-8, bounded depth (checked on the bytes, because `JSON.parse` happily builds a million nested
 * arrays), and no key that could reach a prototype.
 * @throws `chat.malformed_json`, `chat.too_deep`, `chat.forbidden_key`
 */
export function parseJson(bytes: Uint8Array): unknown {
  if (isTooDeep(bytes))
    throw new Refusal(400, 'chat.too_deep', `The JSON is nested deeper than ${DEPTH_LIMIT} levels.`, {
      hint: 'Flatten it.',
    });
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    throw new Refusal(400, 'chat.malformed_json', 'The body is not well-formed JSON in UTF-8.', {
      hint: 'Send one JSON object, encoded as UTF-8.',
      cause,
    });
  }
  refuseForbiddenKeys(value);
  return value;
}

function isTooDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (quoted) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) quoted = false;
    } else if (byte === QUOTE) quoted = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth++;
      if (depth > DEPTH_LIMIT) return true;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
  }
  return false;
}

function refuseForbiddenKeys(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) refuseForbiddenKeys(item);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key))
      throw new Refusal(400, 'chat.forbidden_key', `The JSON has a key that is not allowed: ${key}.`, {
        hint: 'Remove it.',
      });
    refuseForbiddenKeys(inner);
  }
}

function tooLarge(limit: number): Refusal {
  return new Refusal(413, 'chat.too_large', `The body is larger than ${limit / 1024} KiB.`, { hint: 'Send less.' });
}

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
