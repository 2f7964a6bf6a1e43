import { ParleyError } from '../../errors.ts';
import type { Json, Type } from '../../type.ts';
import { NOTHING, prefixes } from './narrowing.ts';
import type { Env } from './scope.ts';
import type { Node } from './syntax.ts';

/** Computes a value. `locals` holds the variables of the macros around it, by depth. */
export type Run = (env: Env, locals: Json[]) => Json;
/** Computes a number, with NaN for unset: comparing with NaN is false, which is what unset means in a condition. */
export type RunNumber = (env: Env, locals: Json[]) => number;

/** A checked and compiled part of an expression. */
export interface Piece {
  readonly node: Node;
  readonly type: Type;
  readonly run: Run;
  /** Of a datetime that is computed: its epoch milliseconds without a detour through text. */
  readonly instant?: RunNumber;
  /** Its value, where it is known without an environment. */
  readonly constant?: Json;
  /** The dotted path that it reads, where it is no more than that. */
  readonly path?: string;
  readonly whenTrue: ReadonlySet<string>;
  readonly whenFalse: ReadonlySet<string>;
  /** A problem was reported inside: whatever follows from it is not worth reporting. */
  readonly poisoned?: boolean;
}

export interface Built {
  readonly type: Type;
  readonly run: Run;
  readonly instant?: RunNumber;
  readonly constant?: Json;
}

/** Takes evaluation steps from the budget; throws `expression.budget` when none are left. */
export function spend(env: Env, steps: number): void {
  env.budget.left -= steps;
  if (env.budget.left < 0)
    throw new ParleyError('expression.budget', 'The expressions of this turn took too many steps.', {
      hint: 'Look for a list within a list within a list, or a loop in the flow.',
    });
}

/** A value whose type was unknown until now (`any`) turned out to be of no use here. */
export function wrongValue(wanted: string, value: Json): ParleyError {
  const found = Array.isArray(value) ? 'a list' : value === null ? 'nothing' : typeof value;
  return new ParleyError('expression.value', `Expected ${wanted}, found ${found}.`, {
    hint: 'Compare it with null first, or declare the field with its type.',
  });
}

/** The field's own value, `null` where there is none; what an object inherits is never read. */
export function ownField(value: Json, field: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return Object.hasOwn(value, field) ? ((value as { readonly [key: string]: Json })[field] ?? null) : null;
}

export function asNumber(piece: { readonly run: Run; readonly constant?: Json }): RunNumber {
  const { run, constant } = piece;
  if (typeof constant === 'number') return () => constant;
  return (env, locals) => {
    const value = run(env, locals);
    if (typeof value === 'number') return value;
    if (value === null) return Number.NaN;
    throw wrongValue('a number', value);
  };
}

/** A list that may be unset. */
export function asList(value: Json): readonly Json[] | null {
  if (value === null || Array.isArray(value)) return value;
  throw wrongValue('a list', value);
}

/** A text that may be unset. */
export function asText(value: Json): string | null {
  if (value === null || typeof value === 'string') return value;
  throw wrongValue('a text', value);
}

type Knowledge = { readonly path?: string | undefined } & Partial<Pick<Piece, 'whenTrue' | 'whenFalse'>>;

/** A part that is sound. */
export function piece(node: Node, built: Built, { path, whenTrue, whenFalse }: Knowledge = {}): Piece {
  // A flag that is true is also set.
  const own = path !== undefined && !path.startsWith('#') ? prefixes(path) : NOTHING;
  return {
    ...built,
    node,
    ...(path === undefined ? {} : { path }),
    whenTrue: whenTrue ?? own,
    whenFalse: whenFalse ?? NOTHING,
  };
}
