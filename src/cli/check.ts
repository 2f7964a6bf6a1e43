import { compileDeployment, loadDeployment } from '../deployment/deployment.ts';
import { errorsOf } from '../flow/problem.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { countProblems, plural, showProblems } from './problems.ts';

export const command: Command = {
  arguments: '[dir]',
  description:
    'Reads flows, connectors and settings, and tells everything that is wrong with them, before any customer meets it.',
  options: {
    json: { description: 'prints the problems as JSON: [{file, line, col, severity, code, message, hint}]' },
    strict: { description: 'warnings count as errors' },
  },
  examples: [
    { run: 'parley check', does: 'the deployment in this folder' },
    { run: 'parley check my-bot --json', does: 'the same for a program to read' },
  ],
  exits: { 0: 'no errors', 1: 'there are errors' },
  async run(input, terminal) {
    const { problems, programs } = compileDeployment(await loadDeployment(input.arguments[0] ?? '.', process.env));
    if (input.has('json')) terminal.print(JSON.stringify(problems, null, 2));
    else {
      showProblems(problems, terminal);
      const flows = [...programs.keys()].filter((name) => !name.startsWith('repair.'));
      const found = problems.length === 0 ? terminal.paint('green', 'no problems') : countProblems(problems);
      terminal.tell(`${plural(flows.length, 'flow')}: ${found}`);
    }
    const counted = input.has('strict') ? problems : errorsOf(problems);
    return counted.length === 0 ? EXIT.ok : EXIT.problems;
  },
};
