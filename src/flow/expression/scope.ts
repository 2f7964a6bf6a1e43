import type { Json, Type } from '../../type.ts';

/** What evaluating needs from outside: time is handed in, work is counted. */
export interface Env {
  /** Epoch milliseconds. */
  readonly now: number;
  /** IANA zone in which a bare date begins. */
  readonly timezone: string;
  /** Evaluation steps left; below zero, evaluating throws `expression.budget`. */
  readonly budget: { left: number };
}

export interface Variable<E extends Env> {
  readonly type: Type;
  read(env: E): Json | undefined;
}

/** The names that an expression or message may use where it stands. */
export interface Scope<E extends Env> {
  variable(name: string): Variable<E> | undefined;
  names(): Iterable<string>;
  /** Is this dotted path (`order.eta`) known to be set here? */
  isSet(path: string): boolean;
}

/** What is wrong with a source, and where. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  /** Offsets in the source, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly hint?: string;
  readonly severity: 'error' | 'warning';
}
