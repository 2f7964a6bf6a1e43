import { errorsOf, type Problem } from '../flow/reading/problem.ts';
import type { Terminal } from './terminal.ts';

/** Prints problems one a line, `file:line:col severity code message`, which editors and CI turn into links; hints stand below. */
export function showProblems(problems: readonly Problem[], { print, paint }: Terminal): void {
  for (const { file, line, col, severity, code, message, hint } of problems) {
    print(
      `${paint('bold', `${file}:${line}:${col}`)} ${paint(severity === 'error' ? 'red' : 'yellow', severity)} ${paint('dim', code)} ${message}`,
    );
    if (hint !== undefined) print(`    ${hint}`);
  }
}

/** `2 errors, 1 warning` */
export function countProblems(problems: readonly Problem[]): string {
  const errors = errorsOf(problems).length;
  return `${plural(errors, 'error')}, ${plural(problems.length - errors, 'warning')}`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
