import type { Type } from '../../type.ts';
import type { Node } from './syntax.ts';

/** What is known where a part of the expression stands: paths that are set, and the macros' variables. */
export interface Place {
  readonly known: ReadonlySet<string>;
  readonly locals: ReadonlyMap<string, Local>;
  /** How many macros are around it. */
  readonly depth: number;
}

/** The variable of a macro: its value is kept at its depth. */
interface Local {
  readonly type: Type;
  readonly depth: number;
}

export type Of<Kind extends Node['kind']> = Extract<Node, { readonly kind: Kind }>;

export const BOOLEAN: Type = { kind: 'boolean' };
export const ANY: Type = { kind: 'any' };
