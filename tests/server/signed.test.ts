import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { isSigned } from '../../src/server/signed.ts';

const SECRET = 'a secret that both know';
const NOW = Date.UTC(2026, 10, 21);
const MINUTE = 60_000;
const body = new TextEncoder().encode('{"order":"1042"}');

function signature(timestamp: string, before = '', secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${before}`).update(body).digest('hex')}`;
}
function isTaken(timestamp: string, signed = signature(timestamp), before?: string): boolean {
  const headers = new Headers({ 'x-parley-timestamp': timestamp, 'x-parley-signature': signed });
  return isSigned(headers, body, SECRET, NOW, before);
}
const at = (now: number) => String(now / 1000);

describe('what a business signs', () => {
  test('is taken within five minutes of its signature, either way, and not a second later', () => {
    for (const way of [-1, 1]) {
      expect(isTaken(at(NOW + way * 5 * MINUTE))).toBe(true);
      expect(isTaken(at(NOW + way * (5 * MINUTE + 1000)))).toBe(false);
    }
  });

  test.each([
    ['by another secret', at(NOW), signature(at(NOW), '', 'guessed')],
    ['for another instant', at(NOW), signature(at(NOW - MINUTE))],
    ['for another address', at(NOW), signature(at(NOW), '/else.')],
    ['at no instant', 'now', signature('now')],
    ['at an instant with a sign', `+${at(NOW)}`, signature(`+${at(NOW)}`)],
    ['in other letters', at(NOW), signature(at(NOW)).toUpperCase()],
    ['with half a signature', at(NOW), signature(at(NOW)).slice(0, -2)],
    ['with more than a signature', at(NOW), `${signature(at(NOW))}00`],
  ])('is refused when it is signed %s', (_, timestamp, signed) => {
    expect(isTaken(timestamp, signed)).toBe(false);
  });

  test('covers what is signed beside the body', () => {
    expect(isTaken(at(NOW), signature(at(NOW), '/hook.'), '/hook.')).toBe(true);
    expect(isTaken(at(NOW), signature(at(NOW)), '/hook.')).toBe(false);
  });

  test('is refused without its headers, and when the body is another', () => {
    expect(isSigned(new Headers(), body, SECRET, NOW)).toBe(false);
    const headers = new Headers({ 'x-parley-timestamp': at(NOW), 'x-parley-signature': signature(at(NOW)) });
    expect(isSigned(headers, body.subarray(1), SECRET, NOW)).toBe(false);
  });
});
