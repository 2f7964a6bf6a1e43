import { Refused } from './workspace.ts';

/** What goes wrong with one call of the bot. */
export type Fault =
  | { readonly kind: 'flood' /** Seconds. */; readonly retryAfter: number }
  | { readonly kind: 'error'; readonly status: number }
  /** Slack's own word for it: `token_expired`, `invalid_auth`, … */
  | { readonly kind: 'refuse'; readonly error: string }
  /** The call is done, and the line breaks before the bot hears of it. */
  | { readonly kind: 'drop' }
  /** The call is done, and the bot waits for the answer until it or the stand-in ends. */
  | { readonly kind: 'hang' }
  /** The line breaks before anything is done. */
  | { readonly kind: 'cut' };

/** What a call of the Web API is answered with. */
export interface Outcome {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export function ok(more: object): Outcome {
  return { status: 200, body: { ok: true, ...more } };
}

export function refused({ message: error, details }: Refused): Outcome {
  const more = details.length === 0 ? {} : { errors: details, response_metadata: { messages: details } };
  return { status: 200, body: { ok: false, error, ...more } };
}

export function flooded(seconds: number): Outcome {
  return { status: 429, body: { ok: false, error: 'ratelimited' }, headers: { 'retry-after': String(seconds) } };
}

export function failure(fault: Fault | undefined): Outcome | undefined {
  if (fault?.kind === 'flood') return flooded(fault.retryAfter);
  if (fault?.kind === 'refuse') return refused(new Refused(fault.error));
  return fault?.kind === 'error' ? { status: fault.status, body: { error: 'upstream' } } : undefined;
}
