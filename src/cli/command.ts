import { parseArgs } from 'node:util';
import { didYouMean } from '../flow/reading/did-you-mean.ts';
import type { ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** One command: what `--help` says of it, and what it does. */
export interface Command {
  /** `[dir]`, `<flow> [dir]`, `[suite…]`: angle brackets for what must be given, dots for as many as wanted. */
  readonly arguments: string;
  /** What it does, in a few sentences. */
  readonly description: string;
  readonly options: Readonly<Record<string, Option>>;
  readonly examples: readonly { readonly run: string; readonly does: string }[];
  /** Exit codes that mean something particular here, beside the usual ones. */
  readonly exits?: Readonly<Record<number, string>>;
  run(input: Input, terminal: Terminal): Promise<ExitCode>;
}

export interface Option {
  readonly description: string;
  /** Name of the value it takes (`port`); absent for a switch. */
  readonly value?: string;
  readonly short?: string;
}

/** What was typed after the command, checked against its declaration. */
export interface Input {
  /** By position; `undefined` where an optional one was left out. */
  readonly arguments: readonly string[];
  has(option: string): boolean;
  get(option: string): string | undefined;
}

/** The command line was not understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** @throws UsageError for an unknown option, a missing value, too few or too many arguments. */
export function readInput(command: Command, typed: readonly string[]): Input {
  const { tokens, positionals, values } = parseArgs({
    args: [...typed],
    options: Object.fromEntries(Object.entries(command.options).map(([name, option]) => [name, asParsed(option)])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) if (token.kind === 'option') checkOption(command, token);
  checkArguments(command.arguments, positionals);
  return {
    arguments: positionals,
    has: (option) => values[option] === true,
    get: (option) => {
      const value = values[option];
      return typeof value === 'string' ? value : undefined;
    },
  };
}

function asParsed({ value, short }: Option): { type: 'string' | 'boolean'; short?: string } {
  return { type: value === undefined ? 'boolean' : 'string', ...(short === undefined ? {} : { short }) };
}

function checkOption(command: Command, token: { name: string; rawName: string; value?: string | undefined }): void {
  const option = command.options[token.name];
  if (option === undefined || !Object.hasOwn(command.options, token.name)) {
    const known = Object.keys(command.options).map((name) => `--${name}`);
    throw new UsageError(`There is no option ${token.rawName}.`, didYouMean(token.rawName, [...known, '--help']));
  }
  if (option.value !== undefined && token.value === undefined) {
    throw new UsageError(`${token.rawName} needs a value.`, `Write ${token.rawName} <${option.value}>.`);
  }
  if (option.value === undefined && token.value !== undefined) throw new UsageError(`${token.rawName} takes no value.`);
}

function checkArguments(declared: string, given: readonly string[]): void {
  const names = declared.split(' ').filter((name) => name !== '');
  const missing = names.filter((name) => name.startsWith('<'))[given.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing.`);
  const extra = names.at(-1)?.includes('…') ? undefined : given[names.length];
  if (extra !== undefined) throw new UsageError(`"${extra}" is one argument too many.`);
}
