import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { createBot } from '../deployment/bot.ts';
import { compileDeployment, type Deployment, loadDeployment } from '../deployment/deployment.ts';
import { readKnowledge } from '../deployment/knowledge.ts';
import { ParleyError } from '../errors.ts';
import type { CompiledFlows } from '../flow/flows.ts';
import { errorsOf, type Problem, showProblem } from '../flow/reading/problem.ts';
import { readYaml } from '../flow/reading/yaml.ts';
import { answerTo, SEARCH } from '../knowledge/action.ts';
import { ASK } from '../models/action.ts';
import { Coverage } from '../rehearsal/coverage.ts';
import { type Failure, type Props, rehearse } from '../rehearsal/rehearse.ts';
import { readScripts, type Script } from '../rehearsal/script.ts';
import type { Json } from '../type.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { plural, showProblems } from './problems.ts';
import type { Terminal } from './terminal.ts';

export const command: Command = {
  arguments: '[dir]',
  description:
    'Plays the conversations in examples.yaml and *.test.yaml on a clock of their own, and tells which steps none of them enters.',
  options: {
    only: { short: 't', value: 'words', description: 'only tests whose name holds these words' },
    coverage: { value: 'percent', description: 'fails when a flow has fewer of its steps entered' },
    json: { description: 'prints the results as JSON' },
  },
  examples: [
    { run: 'parley test', does: 'all tests of this folder' },
    { run: 'parley test -t "wrong code"', does: 'some of them' },
    { run: 'parley test --coverage 100', does: 'every step must be entered' },
  ],
  exits: { 0: 'all passed', 1: 'some failed, or coverage is too low' },
  async run(input, terminal) {
    const deployment = await loadDeployment(input.arguments[0] ?? '.', process.env);
    // With a model or without: what it says in a test is what the test's stub says.
    const compiled = compileDeployment(deployment, { model: true });
    const { scripts, problems } = readTests(deployment);
    const mistakes = [...errorsOf(compiled.problems), ...problems];
    if (mistakes.length > 0) {
      showProblems(mistakes, terminal);
      return EXIT.problems;
    }
    const wanted = input.get('only')?.toLowerCase() ?? '';
    const chosen = scripts.filter(({ test }) => test.test.toLowerCase().includes(wanted));
    const outcome = play(chosen, deployment, compiled, terminal);
    const least = input.get('coverage') === undefined || wanted !== '' ? 0 : percentOf(input.get('coverage') ?? '');
    if (input.has('json')) terminal.print(JSON.stringify(outcome, null, 2));
    else tell(outcome, wanted === '', terminal);
    const covered = outcome.coverage.every(({ entered, steps }) => entered >= (steps * least) / 100);
    return outcome.failures.length === 0 && covered ? EXIT.ok : EXIT.problems;
  },
};

interface Played {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly Failure[];
  readonly coverage: readonly FlowCoverage[];
}

interface FlowCoverage {
  readonly flow: string;
  readonly file: string;
  readonly entered: number;
  readonly steps: number;
  readonly missed: readonly { readonly id: string; readonly line: number }[];
}

function play(scripts: readonly Script[], deployment: Deployment, compiled: CompiledFlows, terminal: Terminal): Played {
  const coverage = new Coverage();
  const programs = coverage.watch(compiled.programs);
  // Fixtures lead wherever their author likes.
  // Nor are its pictures and voice notes shown to a model.
  const { mayLink: _anywhere, senses: _none, ...bot } = createBot(deployment, { ...compiled, programs });
  const fixture = fixtures(deployment.directory);
  const { knowledge } = readKnowledge(deployment);
  const house: Props['house'] = ({ action, args }, now) =>
    action === SEARCH.name
      ? { ok: true, value: answerTo(knowledge, args, now) }
      : action === ASK.name
        ? { ok: false, error: 'none', message: 'No model is asked in a test.', retryable: false }
        : undefined;
  let failed = 0;
  const failures = scripts.flatMap((script, index) => {
    terminal.progress(`${index + 1}/${scripts.length} ${script.test.test}`);
    const found = rehearse(script, { bot, fixture, house });
    if (found.length > 0) failed += 1;
    return found;
  });
  terminal.done();
  const own = [...compiled.programs.values()].filter(({ flow }) => !flow.startsWith('repair.'));
  return {
    passed: scripts.length - failed,
    failed,
    failures,
    coverage: own.map((program) => ({
      flow: program.flow,
      file: compiled.sources.get(program.version)?.file ?? '',
      ...coverage.of(program),
    })),
  };
}

function tell(
  { passed, failed, failures, coverage }: Played,
  withCoverage: boolean,
  { print, tell, paint }: Terminal,
): void {
  for (const { file, line, test, message } of failures) {
    print(`${paint('red', '✗')} ${test}`);
    print(`    ${paint('bold', `${file}:${line}`)} ${message}`);
  }
  if (withCoverage) {
    for (const { flow, file, entered, steps, missed } of coverage) {
      print(
        `${paint(missed.length === 0 ? 'green' : 'yellow', `${percent(entered, steps)} %`.padStart(5))}  ${flow}  ${entered} of ${plural(steps, 'step')}`,
      );
      for (const { id, line } of missed) print(`         ${file}:${line} no test enters ${id}`);
    }
  }
  const total = passed + failed;
  if (total === 0) tell('No tests found: write flows/<name>/examples.yaml.');
  else
    tell(
      failed === 0
        ? paint('green', `${plural(total, 'test')} passed`)
        : `${paint('red', `${failed} failed`)}, ${passed} passed`,
    );
}

function percent(entered: number, steps: number): number {
  return steps === 0 ? 100 : Math.floor((entered / steps) * 100);
}

function percentOf(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0 && value <= 100) return value;
  throw new ParleyError('test.coverage', `"${text}" is no percentage.`, { hint: 'Write --coverage 100.' });
}

/** Tests stand beside their flow: `examples.yaml`, and any `*.test.yaml`. */
function readTests({ directory, settings }: Deployment): { scripts: Script[]; problems: Problem[] } {
  const root = join(directory, settings.flows);
  const files = existsSync(root)
    ? readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && (entry.name === 'examples.yaml' || entry.name.endsWith('.test.yaml')))
        .map((entry) => join(entry.parentPath, entry.name))
        .toSorted()
    : [];
  const read = files.map((path) =>
    readScripts(readFileSync(path, 'utf8'), relative(directory, path).split(sep).join('/')),
  );
  return { scripts: read.flatMap(({ scripts }) => scripts), problems: read.flatMap(({ problems }) => [...problems]) };
}

/** Fixtures are named from the test that uses them, or from the flows' folder above it; never from outside the deployment. */
function fixtures(directory: string): (path: string, from: string) => Json {
  const known = new Map<string, Json>();
  return (path, from) => {
    const folder = dirname(resolve(directory, from));
    const found = [resolve(folder, path), resolve(folder, '..', path)].find(
      (candidate) => existsSync(candidate) && !relative(directory, candidate).startsWith('..'),
    );
    if (found === undefined) throw new ParleyError('test.no_fixture', `There is no fixture ${path} beside ${from}.`);
    const value = known.get(found) ?? readFixture(found, relative(directory, found));
    known.set(found, value);
    return value;
  };
}

function readFixture(path: string, shown: string): Json {
  const yaml = readYaml(readFileSync(path, 'utf8'), shown);
  const [problem] = yaml.problems;
  if (problem !== undefined) throw new ParleyError('test.fixture', showProblem(problem));
  return yaml.value as Json;
}
