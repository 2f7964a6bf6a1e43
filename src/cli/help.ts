import type { Command, Option } from './command.ts';
import { COMMANDS } from './commands.ts';
import type { Terminal } from './terminal.ts';

/** Usual meanings of exit codes, for scripts. */
const EXITS: Readonly<Record<number, string>> = {
  0: 'done, nothing to mend',
  1: 'done, and something is to be mended',
  2: 'the command was not understood',
  3: 'the command could not run',
};

const HELP: Option = { short: 'h', description: 'shows this' };

/** `parley --help` */
export function overview({ paint }: Pick<Terminal, 'paint'>): string {
  return [
    'Parley holds the conversations that you write as YAML, in whatever app your customers prefer.',
    '',
    `${paint('bold', 'Usage')}  parley <command> [options]`,
    '',
    paint('bold', 'Commands'),
    ...columns(Object.entries(COMMANDS).map(([name, { summary }]) => [name, summary])),
    '',
    'parley <command> --help tells more of each; parley --version tells which Parley this is.',
  ].join('\n');
}

/** `parley check --help` */
export function helpFor(name: string, command: Command, { paint }: Pick<Terminal, 'paint'>): string {
  const options = Object.entries({ ...command.options, help: HELP }).map(([long, option]): [string, string] => [
    `${option.short === undefined ? '    ' : `-${option.short}, `}--${long}${option.value === undefined ? '' : ` <${option.value}>`}`,
    option.description,
  ]);
  return [
    command.description,
    '',
    `${paint('bold', 'Usage')}  ${['parley', name, command.arguments, '[options]'].filter((part) => part !== '').join(' ')}`,
    '',
    paint('bold', 'Options'),
    ...columns(options),
    '',
    paint('bold', 'Examples'),
    ...columns(command.examples.map(({ run, does }) => [run, does])),
    '',
    paint('bold', 'Exit codes'),
    ...columns(Object.entries({ ...EXITS, ...command.exits })),
  ].join('\n');
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
