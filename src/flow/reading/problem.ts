/** Something an author must mend (`error`) or should know (`warning`), at a place in a file. */
export interface Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly col: number;
  /** Stable: `flow.unknown_step`. */
  readonly code: string;
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly severity: 'error' | 'warning';
}

/** `flows/returns/flow.yaml:12:5 error flow.unknown_step …`, the hint on a line of its own. */
export function showProblem(problem: Problem): string {
  const { file, line, col, severity, code, message, hint } = problem;
  const head = `${file}:${line}:${col} ${severity} ${code} ${message}`;
  return hint === undefined ? head : `${head}\n    ${hint}`;
}

export function inOrder(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => compareText(a.file, b.file) || a.line - b.line || a.col - b.col);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function errorsOf(problems: readonly Problem[]): Problem[] {
  return problems.filter(({ severity }) => severity === 'error');
}
