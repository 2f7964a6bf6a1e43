import { runCommandLine } from './cli/command-line.ts';
import { systemTerminal } from './cli/terminal.ts';

process.exitCode = await runCommandLine(process.argv.slice(2), systemTerminal());
