import { createHash } from 'node:crypto';
import type { Shop } from './counter.ts';
import { problemOf, Refusal } from './refusal.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Stripe keeps keys for a day; a bot may come back later than that, after a night of a dead line. */
const KEPT = 7 * 24 * 60 * 60_000;

/**
 * Does a write once per key. The work and the memory of its answer are one transaction, so a crash leaves both or neither; refusals
 * are remembered too, or a retry could find the world changed and succeed where its first try was told no.
 * @throws Refusal `key_missing`, `key_reused`
 */
export function once(shop: Shop, key: string | undefined, request: string, work: () => unknown): Answer {
  if (key === undefined || !/^[\x21-\x7e]{1,255}$/.test(key))
    throw new Refusal(
      400,
      'key_missing',
      'Send an Idempotency-Key header of 1 to 255 visible characters: the same one for every try of the same write.',
    );
  const fingerprint = createHash('sha256').update(request).digest();
  return shop.books
    .transaction(() => {
      const before = shop.books
        .prepare<[string], { request: Buffer; status: number; answer: string }>(
          'SELECT request, status, answer FROM answered WHERE key = ?',
        )
        .get(key);
      if (before !== undefined) {
        if (!before.request.equals(fingerprint))
          throw new Refusal(409, 'key_reused', 'This Idempotency-Key was already used for another request.');
        return { status: before.status, body: JSON.parse(before.answer) as unknown };
      }
      const answer = attempt(shop, work);
      shop.books
        .prepare('INSERT INTO answered VALUES (?, ?, ?, ?, ?)')
        .run(key, fingerprint, answer.status, JSON.stringify(answer.body), shop.now());
      return answer;
    })
    .immediate();
}

/** Forgets keys that nobody will come back with. */
export function forgetOldAnswers(shop: Shop): void {
  shop.books.prepare('DELETE FROM answered WHERE at < ?').run(shop.now() - KEPT);
}

/** A nested transaction: what a refused write had begun is undone, while its answer is kept. */
function attempt(shop: Shop, work: () => unknown): Answer {
  try {
    return { status: 200, body: shop.books.transaction(work)() };
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: problemOf(error) };
    throw error;
  }
}
