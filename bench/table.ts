/** One line of the result. */
export interface Row {
  readonly what: string;
  readonly value: string;
  /** The same of something else in the same run. */
  readonly beside?: string;
  readonly ratio?: number;
  readonly goal?: string;
  /** Is the goal reached? Absent where there is none, or where it is a figure of a quiet machine. */
  readonly met?: boolean;
}

export function print(rows: readonly Row[]): void {
  const lines = [
    ['what', 'measured', 'beside', 'ratio', 'goal', ''],
    ...rows.map(({ what, value, beside = '', ratio, goal = '', met }) => [
      what,
      value,
      beside,
      ratio === undefined ? '' : `${ratio.toFixed(2)}×`,
      goal,
      met === undefined ? '' : met ? 'yes' : 'no',
    ]),
  ];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  for (const line of lines)
    process.stdout.write(
      `  ${line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
  process.stdout.write('\n');
}
