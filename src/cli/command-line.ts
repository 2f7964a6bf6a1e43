import { ParleyError } from '../errors.ts';
import { didYouMean } from '../flow/reading/did-you-mean.ts';
import { readInput, UsageError } from './command.ts';
import { COMMANDS } from './commands.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { helpFor, overview } from './help.ts';
import { version } from './package.ts';
import type { Terminal } from './terminal.ts';

/** Runs `parley` with what was typed after it; the exit code says how it ended. Never rejects. */
export async function runCommandLine(typed: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = typed;
  try {
    if (name === undefined) {
      terminal.tell(overview(terminal));
      return EXIT.usage;
    }
    if (isHelp(name)) return await help(rest[0], terminal);
    if (name === '--version' || name === '-v') {
      terminal.print(version());
      return EXIT.ok;
    }
    if (beforeDashes(rest).some(isHelp)) return await help(name, terminal);
    const command = await load(name);
    return await command.run(readInput(command, rest), terminal);
  } catch (error) {
    return explain(error, name, terminal);
  } finally {
    terminal.done();
  }
}

async function help(name: string | undefined, terminal: Terminal): Promise<ExitCode> {
  terminal.print(name === undefined ? overview(terminal) : helpFor(name, await load(name), terminal));
  return EXIT.ok;
}

async function load(name: string) {
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry !== undefined) return (await entry.load()).command;
  throw new UsageError(`There is no command "${name}".`, didYouMean(name, Object.keys(COMMANDS)));
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h' || word === 'help';
}

/** After `--` everything is an argument. `parley new help` names a folder, so only the options count. */
function beforeDashes(words: readonly string[]): string[] {
  const end = words.indexOf('--');
  return words.slice(0, end === -1 ? undefined : end).filter((word) => word.startsWith('-'));
}

function explain(error: unknown, name: string | undefined, terminal: Terminal): ExitCode {
  if (error instanceof UsageError) {
    const known = name !== undefined && Object.hasOwn(COMMANDS, name);
    terminal.tell(
      [error.message, error.hint ?? '', `See parley ${known ? `${name} ` : ''}--help.`].filter(Boolean).join(' '),
    );
    return EXIT.usage;
  }
  if (error instanceof ParleyError) {
    terminal.tell(`${error.code}: ${error.message}`);
    if (error.hint !== undefined) terminal.tell(`  ${error.hint}`);
    return EXIT.failed;
  }
  terminal.tell('Something went wrong that Parley did not expect. Please report it with these lines:');
  terminal.tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.failed;
}
