import { ActionError } from '../action.ts';
import type { Json } from '../type.ts';
import type { Binding } from './binding.ts';
import { lookUp } from './template.ts';

/** Bytes of an answer. */
export const BODY_LIMIT = 1 << 20;
const DEPTH_LIMIT = 32;

export interface Response {
  readonly status: number;
  readonly text: string;
}

export type Verdict = { readonly ok: true } | { readonly notFound: Json } | { readonly error: ActionError };

/** Did the business do it, refuse it, or not answer properly? */
export function judge(response: Response, { errors, notFound, signature }: Binding): Verdict {
  const { status } = response;
  if (status >= 200 && status < 300) return { ok: true };
  const code = status >= 400 ? codeIn(response) : undefined;
  const declared = (code === undefined ? undefined : errors.get(`${status} ${code}`)) ?? errors.get(String(status));
  if (declared !== undefined)
    return { error: new ActionError(declared, `${signature.name} was refused: ${code ?? status}.`) };
  if (status === 404 && notFound !== undefined) return { notFound: notFound.value };
  const what =
    status >= 300 && status < 400
      ? 'a redirect, which is not followed'
      : `${status}${code === undefined ? '' : ` ${code}`}`;
  return {
    error: new ActionError('unavailable', `${signature.name} was answered with ${what}.`, {
      retryable: isPassing(status),
    }),
  };
}

/** An answer as JSON; an empty one is unset. @throws ActionError `invalid_result` */
export function parse({ text }: Response): Json {
  if (text === '') return null;
  if (isTooDeep(text))
    throw new ActionError('invalid_result', `The answer is nested deeper than ${DEPTH_LIMIT} levels.`);
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new ActionError('invalid_result', 'The answer is not JSON.', { cause });
  }
}

/** Too early, too much, or a server's own trouble: the same request may succeed later. */
function isPassing(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** `code` of problem+json and its kind: `{code}`, `{error}` or `{error: {code}}`. */
function codeIn(response: Response): string | undefined {
  let body: Json;
  try {
    body = parse(response);
  } catch {
    // An error page of a proxy: its status says enough.
    return undefined;
  }
  return ['code', 'error.code', 'error'].map((path) => lookUp(body, path)).find((value) => typeof value === 'string');
}

/** Counted on the text, because `JSON.parse` happily builds a million nested arrays. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (quoted) {
      if (letter === '\\') at++;
      else if (letter === '"') quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === '[' || letter === '{') {
      depth++;
      if (depth > DEPTH_LIMIT) return true;
    } else if (letter === ']' || letter === '}') depth--;
  }
  return false;
}
