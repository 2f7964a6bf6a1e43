import { ParleyError } from '../errors.ts';
import { MODEL_CODES, type ModelCode } from './model.ts';

/** What may succeed a little later, unchanged. */
const PASSING: ReadonlySet<ModelCode> = new Set([
  'model.empty',
  'model.timeout',
  'model.unavailable',
  'model.rate_limited',
  'model.shut',
]);

/** A failure of a model. Its message never quotes the question or the answer: both may hold what a customer wrote. */
export class ModelError extends ParleyError {
  /** Milliseconds that the endpoint wants to be left alone. */
  readonly after: number | undefined;

  constructor(code: ModelCode, options: { detail?: string; hint?: string; after?: number; cause?: unknown } = {}) {
    const { detail, hint, after, cause } = options;
    super(code, detail === undefined ? MODEL_CODES[code] : `${MODEL_CODES[code]} ${detail}`, {
      retryable: PASSING.has(code),
      ...(hint !== undefined && { hint }),
      ...(cause !== undefined && { cause }),
    });
    this.after = after;
  }
}

export function isModelError(error: unknown): error is ModelError {
  return error instanceof Error && 'code' in error && String(error.code) in MODEL_CODES;
}
