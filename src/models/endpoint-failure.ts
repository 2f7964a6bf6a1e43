import { isModelError, ModelError } from './failure.ts';

/**
 * What an SDK threw, as a failure of ours. Judged by its shape (a status, headers, a code), which SDKs share: openai's own, and those that
 * langchain wraps. What the endpoint said is not quoted: it may repeat the question.
 */
export function failureOf(error: unknown, signal: AbortSignal): ModelError {
  const own = causesOf(error).find(isModelError);
  if (own !== undefined) return own;
  if (signal.aborted) return isModelError(signal.reason) ? signal.reason : new ModelError('model.timeout');
  const missing = missingPackage(error);
  if (missing !== undefined) return missing;
  const { status, headers, code, type } = (error ?? {}) as Refusal;
  if (typeof status !== 'number') {
    const timedOut = causesOf(error).some(
      ({ name }) => name === 'APIConnectionTimeoutError' || name === 'TimeoutError',
    );
    return new ModelError(timedOut ? 'model.timeout' : 'model.unavailable', { cause: error });
  }
  const after = retryAfter(headers, Date.now());
  const told = { detail: `Status ${status}.`, cause: error, ...(after !== undefined && { after }) };
  if (code === 'insufficient_quota' || type === 'insufficient_quota' || status === 402)
    return new ModelError('model.refused', {
      ...told,
      hint: 'The account has no credit left: look at its billing page.',
    });
  if (status === 429) return new ModelError('model.rate_limited', told);
  if (status >= 500 || status === 408 || status === 409) return new ModelError('model.unavailable', told);
  if (code === 'context_length_exceeded' || status === 413) return new ModelError('model.too_large', told);
  if (code === 'content_filter' || code === 'content_policy_violation') return new ModelError('model.filtered', told);
  return new ModelError('model.refused', { ...told, hint: hintOf(status) });
}

interface Refusal {
  readonly status?: unknown;
  readonly headers?: unknown;
  readonly code?: unknown;
  readonly type?: unknown;
}

function hintOf(status: number): string {
  if (status === 401 || status === 403)
    return 'Compare `key` under `models:` in parley.yaml with the provider’s console.';
  if (status === 404) return 'Is `base` right under `models:`, and does the provider have this model?';
  return 'parley doctor --online asks the model a small question and says what it refuses.';
}

/** An error and what it was caused by, as far as somebody wrote it down. */
function causesOf(error: unknown): Error[] {
  const found: Error[] = [];
  for (let next = error; isThrown(next) && found.length < DEEPEST; next = next.cause) found.push(next);
  return found;
}

/** By its shape: a package's loader may have an `Error` of its own. */
function isThrown(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string';
}

const DEEPEST = 5;

function missingPackage(error: unknown): ModelError | undefined {
  const missing = causesOf(error).find(
    (each) =>
      ('code' in each && (each.code === 'ERR_MODULE_NOT_FOUND' || each.code === 'MODULE_NOT_FOUND')) ||
      /^Unable to import @?[\w/-]+/.test(each.message),
  );
  if (missing === undefined) return undefined;
  const name = /(?:package|module|import) '?(@?[\w-]+(?:\/[\w-]+)?)/i.exec(missing.message)?.[1];
  const wanted = [...new Set(['langchain', '@langchain/core', name ?? ''])].filter((each) => each !== '');
  return new ModelError('model.missing_package', {
    detail: name ?? '',
    hint: `Install it beside Parley: npm install ${wanted.join(' ')}`,
    cause: error,
  });
}

/** Milliseconds, from `retry-after-ms`, or `retry-after` in seconds or as a date (RFC 9110, 10.2.3). */
export function retryAfter(headers: unknown, now: number): number | undefined {
  const read = (name: string): string | undefined => {
    if (headers instanceof Headers) return headers.get(name) ?? undefined;
    const value = (headers as Readonly<Record<string, unknown>> | undefined)?.[name];
    return typeof value === 'string' ? value : undefined;
  };
  const exact = Number.parseFloat(read('retry-after-ms') ?? '');
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const written = read('retry-after');
  if (written === undefined) return undefined;
  const seconds = Number(written);
  const wait = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(written) - now;
  return Number.isFinite(wait) && wait >= 0 ? wait : undefined;
}
