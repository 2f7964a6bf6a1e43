import type { JsonObject } from '../type.ts';

/** Something to be put into another language. */
export interface ToTranslate {
  /** Public id: whose budget it is taken from. */
  readonly conversation: string;
  /** Untrusted. */
  readonly text: string;
  /** The language wanted: `en`. */
  readonly to: string;
  /** Of the customer's profile: what of it tells who she is must not leave. */
  readonly attributes: JsonObject;
  /** Nobody wants it any more. */
  readonly signal?: AbortSignal;
}

/** Never rejects for want of a model: `undefined`, and the original is all there is. */
export type Translate = (asked: ToTranslate) => Promise<string | undefined>;

/** Is it another language than the desk's? Of `en-GB` and `en` it is not; what nobody knows is none. */
export function writesOtherwise(locale: string, language: string): boolean {
  return locale !== '' && spoken(locale) !== spoken(language);
}

function spoken(locale: string): string {
  return (locale.split(/[-_]/)[0] ?? '').toLowerCase();
}
