import type { Json, Type } from '../../type.ts';
import { Compiler } from './compile.ts';
import { parse } from './parse.ts';
import { spend } from './piece.ts';
import type { Env, Problem, Scope } from './scope.ts';
import { type Node, SyntaxFailure } from './syntax.ts';

export { assignable } from '../value/assignable.ts';
export type { Env, Problem, Scope, Variable } from './scope.ts';

/** A checked expression, ready to evaluate. */
export interface Expression<E extends Env> {
  readonly source: string;
  readonly type: Type;
  /** Root names of the variables it reads. */
  readonly reads: ReadonlySet<string>;
  /** Dotted paths it reads, `quote.id`. */
  readonly paths: ReadonlySet<string>;
  /** Paths known to be set when it is true. */
  readonly whenTrue: ReadonlySet<string>;
  /** Paths known to be set when it is false. */
  readonly whenFalse: ReadonlySet<string>;
  /**
   * Its value. Unset (`null`) is contagious: what is calculated from it is unset, and a comparison with it by `<` is
   * false. Throws ParleyError `expression.budget`, `expression.currency`, `expression.arithmetic`, `expression.index`,
   * or `expression.value` (a value of type `any` that is of no use here).
   */
  evaluate(env: E): Json;
}

/**
 * Reads, checks and compiles a source in CEL syntax. Without errors among the problems there is an expression; warnings
 * may come with it. `expected` is the type that the place wants, `boolean` for a condition.
 */
export function compileExpression<E extends Env>(
  source: string,
  scope: Scope<E>,
  expected?: Type,
): { readonly expression?: Expression<E>; readonly problems: readonly Problem[] } {
  const tree = read(source);
  if ('code' in tree) return { problems: [tree] };
  const compiler = new Compiler(scope as Scope<Env>);
  const { type, run, whenTrue, whenFalse } = compiler.whole(tree, expected);
  const { problems, reads, paths } = compiler;
  if (problems.some((problem) => problem.severity === 'error')) return { problems };
  const evaluate = (env: E): Json => {
    spend(env, 1);
    return run(env, []);
  };
  return { expression: { source, type, reads, paths, whenTrue, whenFalse, evaluate }, problems };
}

function read(source: string): Node | Problem {
  try {
    return parse(source);
  } catch (error) {
    if (!(error instanceof SyntaxFailure)) throw error;
    const { message, from, to, hint } = error;
    return { code: 'expression.syntax', message, from, to, severity: 'error', ...(hint === undefined ? {} : { hint }) };
  }
}
