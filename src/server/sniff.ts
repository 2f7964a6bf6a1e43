import { sniffVoice } from './voice.ts';

/**
 * The type of a file by its first bytes, whatever its sender claims; `undefined` for what is not taken. The list is short on
 * purpose: pictures, PDF and plain text are what customers show a shop, and none of them runs in a browser as we serve it.
 */
export function sniff(bytes: Uint8Array): string | undefined {
  for (const { type, matches } of SIGNATURES) if (matches(bytes)) return type;
  return isText(bytes) ? 'text/plain' : undefined;
}

/** As `sniff`, and recordings of sound: what a customer may send, to be kept for people and listened to by a model. */
export function sniffMedia(bytes: Uint8Array): string | undefined {
  return sniffVoice(bytes) ?? sniff(bytes);
}

const SIGNATURES: readonly { type: string; matches: (bytes: Uint8Array) => boolean }[] = [
  { type: 'image/png', matches: startsWith(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) },
  { type: 'image/jpeg', matches: startsWith(0, 0xff, 0xd8, 0xff) },
  { type: 'image/gif', matches: startsWith(0, ...ascii('GIF8')) },
  {
    type: 'image/webp',
    matches: (bytes) => startsWith(0, ...ascii('RIFF'))(bytes) && startsWith(8, ...ascii('WEBP'))(bytes),
  },
  { type: 'application/pdf', matches: startsWith(0, ...ascii('%PDF-')) },
];

function startsWith(offset: number, ...expected: readonly number[]): (bytes: Uint8Array) => boolean {
  return (bytes) => expected.every((byte, index) => bytes[offset + index] === byte);
}

function ascii(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0));
}

/** Valid UTF-8 without the control characters that only binary formats have. */
function isText(bytes: Uint8Array): boolean {
  if (bytes.byteLength === 0) return false;
  for (const byte of bytes) if (byte < 0x20 && !TEXT_CONTROLS.has(byte)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    // Not UTF-8 is the answer, not a failure.
    return false;
  }
}

/** Tab, line feed, form feed, carriage return. */
const TEXT_CONTROLS = new Set([0x09, 0x0a, 0x0c, 0x0d]);
