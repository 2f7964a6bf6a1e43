import { compileDeployment, loadDeployment } from '../deployment/deployment.ts';
import { knowledgeProblems } from '../deployment/knowledge-problems.ts';
import { CODES } from '../flow/reading/codes.ts';
import { didYouMean } from '../flow/reading/did-you-mean.ts';
import { errorsOf } from '../flow/reading/problem.ts';
import { type Command, UsageError } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { countProblems, plural, showProblems } from './problems.ts';
import type { Terminal } from './terminal.ts';

export const command: Command = {
  arguments: '[dir]',
  description:
    'Reads flows, connectors and settings, and tells everything that is wrong with them, before any customer meets it.',
  options: {
    json: { description: 'prints the problems as JSON: [{file, line, col, severity, code, message, hint}]' },
    strict: { description: 'warnings count as errors' },
    explain: { value: 'code', description: 'tells what a code means, or all of them: --explain all' },
  },
  examples: [
    { run: 'parley check', does: 'the deployment in this folder' },
    { run: 'parley check my-bot --json', does: 'the same for a program to read' },
    { run: 'parley check --explain flow.type', does: 'what a code means' },
  ],
  exits: { 0: 'no errors', 1: 'there are errors' },
  async run(input, terminal) {
    const asked = input.get('explain');
    if (asked !== undefined) return explain(asked, terminal);
    const deployment = await loadDeployment(input.arguments[0] ?? '.', process.env);
    const { problems: own, programs } = compileDeployment(deployment);
    const problems = [...own, ...knowledgeProblems(deployment, Date.now())];
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

/** Codes are stable: scripts may rely on them, and docs/problems.md lists them. */
function explain(asked: string, terminal: Terminal): ExitCode {
  const codes = Object.keys(CODES).filter((code) => asked === 'all' || code === asked || code.startsWith(`${asked}.`));
  if (codes.length === 0) throw new UsageError(`There is no code \`${asked}\`.`, didYouMean(asked, Object.keys(CODES)));
  const width = Math.max(...codes.map((code) => code.length));
  for (const code of codes) terminal.print(`${terminal.paint('bold', code.padEnd(width))}  ${CODES[code] ?? ''}`);
  return EXIT.ok;
}
