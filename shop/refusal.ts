import { z } from 'zod';

/** A request the shop does not fulfil: told as problem+json (RFC 9457) with a stable `code` that clients may branch on. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

export const Problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string().describe('Stable; branch on this, not on the texts.'),
  detail: z.string(),
});

export function problemOf(refusal: Refusal): z.infer<typeof Problem> {
  return {
    type: `urn:shop:problem:${refusal.code}`,
    title: refusal.code.replaceAll('_', ' '),
    status: refusal.status,
    code: refusal.code,
    detail: refusal.message,
  };
}

/** Somebody else's record and one that does not exist are refused in the very same words. */
export function notFound(): Refusal {
  return new Refusal(404, 'not_found', 'There is no such record for this customer.');
}
