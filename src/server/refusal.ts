import { ParleyError } from '../errors.ts';

/** A request that is not taken, as its sender is told: an HTTP status beside the stable code, what happened and what to do. */
export class Refusal extends ParleyError {
  readonly status: number;
  /** Whole seconds after which the same request may succeed. */
  readonly retryAfter: number | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    options: { hint?: string; retryAfter?: number; cause?: unknown } = {},
  ) {
    const retryable = options.retryAfter !== undefined;
    super(code, message, {
      retryable,
      ...(options.hint === undefined ? {} : { hint: options.hint }),
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    });
    this.status = status;
    this.retryAfter = options.retryAfter;
  }
}

/** What a client is told of an error, over HTTP and over a socket alike. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/**
 * Anything thrown, as a refusal. A retryable error of the engine (its store is full or away) becomes 503; whatever was not meant
 * for the client's eyes becomes 500 and says nothing of its inside.
 */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof ParleyError && error.retryable)
    return new Refusal(503, error.code, 'This cannot be taken right now; nothing was lost or changed.', {
      hint: 'Send the same request again in a moment.',
      retryAfter: 1,
      cause: error,
    });
  return new Refusal(500, 'server.failed', 'Something went wrong on our side.', {
    hint: 'Send the same request again; if it stays, look into the log of the server.',
    cause: error,
  });
}

export function toProblem(refusal: Refusal): Problem {
  const { code, message, hint } = refusal;
  return hint === undefined ? { code, message } : { code, message, hint };
}

export function toResponse(refusal: Refusal): Response {
  const headers: Record<string, string> = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  if (refusal.retryAfter !== undefined) headers['retry-after'] = String(refusal.retryAfter);
  if (refusal.status === 401) headers['www-authenticate'] = 'Bearer';
  return new Response(JSON.stringify(toProblem(refusal)), { status: refusal.status, headers });
}
