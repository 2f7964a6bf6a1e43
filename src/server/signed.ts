import { createHmac, timingSafeEqual } from 'node:crypto';

/** Milliseconds that a signature is good for, either way: an old request that was overheard is worth nothing. */
const FRESH = 5 * 60_000;

/**
 * Is what a business's own system sends signed by our common secret, and signed lately? `X-Parley-Signature: sha256=<hex>` is an
 * HMAC-SHA256 over `<X-Parley-Timestamp>.<before><body>`.
 * @param before what is signed beside the body, such as the address
 * @param now epoch milliseconds
 */
export function isSigned(headers: Headers, body: Uint8Array, secret: string, now: number, before = ''): boolean {
  const timestamp = headers.get('x-parley-timestamp') ?? '';
  const signature = headers.get('x-parley-signature') ?? '';
  if (!/^\d{1,12}$/.test(timestamp) || !/^sha256=[0-9a-f]{64}$/.test(signature)) return false;
  if (Math.abs(now - Number(timestamp) * 1000) > FRESH) return false;
  const expected = createHmac('sha256', secret).update(`${timestamp}.${before}`).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(signature.slice('sha256='.length), 'hex'));
}
