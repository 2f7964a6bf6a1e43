/**
 * An error that its reader can act on: a stable code (`store.full`), what happened, and what to do about it.
 * Tests and callers look at `code`, never only at `instanceof`.
 */
export class ParleyError extends Error {
  override readonly name = 'ParleyError';
  readonly code: string;
  /** What the reader can do about it. */
  readonly hint: string | undefined;
  /** May the same call succeed later, unchanged? */
  readonly retryable: boolean;

  constructor(code: string, message: string, options: { hint?: string; retryable?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
  }
}

/** The stable code of anything thrown, `unexpected` where it has none. */
export function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return 'unexpected';
}
