import type { Json, JsonObject, Type } from './type.ts';

/** What the flows need to know of an action: checked when flows load, before anything runs. */
export interface ActionSignature {
  /** `orders.find` */
  readonly name: string;
  /** A read may be repeated and awaited; a write happens once, under a key, and needs the customer's consent. */
  readonly effect: 'read' | 'write';
  readonly in: Readonly<Record<string, Type>>;
  readonly out: Type;
  /** Milliseconds; default 10,000. */
  readonly timeout: number;
  /** Errors of the business itself (`out_of_stock`), which `on_error` may tell apart. */
  readonly errors: readonly string[];
  /** A read that settles whether a write of unknown outcome happened. */
  readonly check?: string;
  /**
   * This action proves who the customer is: when its result's field `when` is true (or there is none), the session belongs to the
   * customer named by its field `customer`.
   */
  readonly authenticates?: { readonly when?: string; readonly customer: string };
}

export interface Action extends ActionSignature {
  /**
   * Performs it. A business error is thrown as {@link ActionError}; anything else thrown counts as `unavailable`.
   * The engine checks the result against `out`: a wrong shape becomes the error `invalid_result`.
   */
  run(args: JsonObject, context: ActionContext): Promise<Json>;
}

export interface ActionContext {
  /** Send it along: the same key means the same write, however often it arrives. */
  readonly key: string;
  /** Aborted at the timeout and at shutdown. */
  readonly signal: AbortSignal;
  readonly conversation: string;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** A refusal that the flow can answer: `error` is one the action declares, or `unavailable`/`timeout` of the line. */
export class ActionError extends Error {
  override readonly name = 'ActionError';
  readonly error: string;
  readonly retryable: boolean;

  constructor(error: string, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.error = error;
    this.retryable = options.retryable ?? false;
  }
}

/** An action in TypeScript; `connectors.yaml` is the way without. */
export function defineAction(
  action: Omit<Action, 'timeout' | 'errors'> & Partial<Pick<Action, 'timeout' | 'errors'>>,
): Action {
  return { timeout: 10_000, errors: [], ...action };
}
