/** What one file's tests have reached, in the words of the istanbul report that jest writes. */
export interface FileReport {
  readonly branchMap: Readonly<Record<string, { readonly loc: Span }>>;
  readonly b: Readonly<Record<string, readonly number[]>>;
  readonly fnMap: Readonly<Record<string, { readonly name: string; readonly loc: Span }>>;
  readonly f: Readonly<Record<string, number>>;
}

interface Span {
  readonly start: { readonly line: number; readonly column: number };
}

export interface Reached {
  readonly reached: number;
  readonly all: number;
  /** Where no test has been, as `line:column` or `line name()`. */
  readonly missed: readonly string[];
}

/**
 * How many of a file's branches were taken, but for the `default` that the compiler proves to be unreachable. V8 tells of the branches of a function only once that was called, so a function that no
 * test calls counts as a branch that none takes.
 */
export function branchesOf(report: FileReport, source: string): Reached {
  const lines = source.split('\n');
  const isUnreachable = ({ line }: Span['start']) =>
    /^\s*default:$/.test(lines[line - 1] ?? '') && /satisfies never;$/.test(lines[line] ?? '');
  const branches = Object.entries(report.branchMap)
    .filter(([, { loc }]) => !isUnreachable(loc.start))
    .map(([id, { loc }]) => ({
      at: `${loc.start.line}:${loc.start.column + 1}`,
      taken: (report.b[id] ?? []).every((count) => count > 0),
    }));
  const uncalled = Object.entries(report.fnMap)
    .filter(([id]) => report.f[id] === 0)
    .map(([, { name, loc }]) => ({ at: `${loc.start.line} ${name}()`, taken: false }));
  const all = [...branches, ...uncalled];
  const missed = all.filter(({ taken }) => !taken).map(({ at }) => at);
  return { reached: all.length - missed.length, all: all.length, missed };
}
