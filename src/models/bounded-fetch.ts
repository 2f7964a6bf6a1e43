import { ModelError } from './failure.ts';

/** Bytes of an answer: no answer to a customer is a tenth of it. Vectors are larger. */
export const REPLY_LIMIT = 512 * 1024;
export const VECTORS_LIMIT = 32 * 1024 * 1024;

/**
 * `fetch` that stops reading at `limit` bytes, and goes nowhere else than where it was sent: a redirect would carry a customer's words
 * to a host that nobody has named.
 * @throws `model.too_large`, while the body is read
 */
export function boundedFetch(limit: number): typeof fetch {
  return async (input, init) => {
    const answer = await fetch(input, { ...init, redirect: 'error' });
    if (Number(answer.headers.get('content-length') ?? 0) > limit) {
      await answer.body?.cancel();
      throw tooLarge(limit);
    }
    if (answer.body === null) return answer;
    let size = 0;
    const counted = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        size += chunk.byteLength;
        if (size > limit) controller.error(tooLarge(limit));
        else controller.enqueue(chunk);
      },
    });
    return new Response(answer.body.pipeThrough(counted), answer);
  };
}

function tooLarge(limit: number): ModelError {
  return new ModelError('model.too_large', { detail: `More than ${limit} bytes were on their way.` });
}
