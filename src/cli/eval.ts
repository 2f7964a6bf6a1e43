import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { createBot, heardBy } from '../deployment/bot.ts';
import { compileDeployment, loadDeployment } from '../deployment/deployment.ts';
import { secondOpinionOf } from '../deployment/models.ts';
import { ParleyError } from '../errors.ts';
import { type AnswerSuite, isAnswerSuite, readAnswers } from '../evaluation/answers.ts';
import { type Baseline, baselineOf, type Regression, readBaseline, regressions } from '../evaluation/baseline.ts';
import { type Difference, differenceOf } from '../evaluation/compare.ts';
import { doubtsOf } from '../evaluation/doubts.ts';
import { alreadyTaught, flowsFrom } from '../evaluation/examples.ts';
import { type Figures, figuresOf, isClosest, isRight } from '../evaluation/figures.ts';
import { type Heard, listen, listenTwice, type Measurable } from '../evaluation/listen.ts';
import { referencesFor } from '../evaluation/reference.ts';
import { readSuite, type Utterance } from '../evaluation/suite.ts';
import { errorsOf, type Problem } from '../flow/reading/problem.ts';
import { createUnderstanding, type FlowView } from '../understanding/embedded.ts';
import { secondOpinion } from '../understanding/opinion/second-opinion.ts';
import { type Command, type Input, UsageError } from './command.ts';
import { type AnsweredSuite, evaluateAnswers, showAnswers } from './eval-answers.ts';
import { type Asking, askingOf } from './eval-model.ts';
import { showFigures, type Told } from './eval-report.ts';
import { EXIT } from './exit-code.ts';
import { showProblems } from './problems.ts';
import type { Terminal } from './terminal.ts';

export const command: Command = {
  arguments: '[suite…]',
  description:
    'Measures how well free text is understood: accuracy, what would have been started wrongly, what belongs to no flow, and the time it takes. A suite is YAML, CSV (text,flow) or JSON parts (set.json#val); without one, all *.eval.yaml of the flows are run. Questions to the documents are *.answers.yaml, or a set in the form of SQuAD.',
  options: {
    from: {
      value: 'path',
      description: 'whose examples are learnt: a deployment, or a set to train on; default: here',
    },
    shots: { value: 'n', description: 'learns at most so many examples a flow from a set' },
    against: {
      value: 'path',
      description: 'another deployment or set, to be compared with: is the difference chance?',
    },
    model: {
      description:
        'asks the model of parley.yaml where words are not sure, and compares with doing without, or with the other',
    },
    baseline: { value: 'file', description: 'figures that must not become worse' },
    tolerance: { value: 'points', description: 'how much worse a figure may be; default: 0.25 points' },
    update: { description: 'writes the figures to the baseline' },
    json: { description: 'prints the figures as JSON' },
  },
  examples: [
    { run: 'parley eval', does: 'the suites beside the flows' },
    { run: 'parley eval --baseline flows/evaluation/baseline.json', does: 'in CI: fails when it has become worse' },
    { run: 'parley eval val.csv --from train.csv --shots 10', does: 'a public set, its split kept' },
    { run: 'parley eval --against ../before', does: 'are the new examples better?' },
    { run: 'parley eval --model', does: 'is the model worth its price?' },
  ],
  exits: { 1: 'worse than the baseline, or a suite or flow has errors' },
  async run(input, terminal) {
    const from = await learnFrom(input.get('from') ?? '.', input, terminal);
    const rival = input.get('against');
    const against = rival === undefined ? undefined : await learnFrom(rival, input, terminal);
    const { suites, answers } = readSuites(input, from);
    const problems = [
      ...from.problems,
      ...(against?.problems ?? []),
      ...[...suites, ...answers].flatMap((suite) => suite.problems),
    ];
    if (problems.length > 0) {
      showProblems(problems, terminal);
      return EXIT.problems;
    }
    const results: Told['suites'][number][] = [];
    for (const suite of suites) results.push(await evaluate(suite, from, against, terminal));
    terminal.done();
    const answered: AnsweredSuite[] = [];
    for (const { name, ...suite } of answers)
      answered.push(await evaluateAnswers(name, suite, input.get('from') ?? '.', input.has('model')));
    const published = referencesFor(from.flows);
    const report = {
      ...{ learning: from.learning, suites: results, answers: answered, published },
      ...(from.asking && { model: spentOn(from.asking) }),
    };
    const worse = judge(input, results, terminal);
    if (input.has('json')) terminal.print(JSON.stringify({ ...report, worse }, null, 2));
    else {
      showFigures(report, worse, terminal);
      showAnswers(answered, terminal);
    }
    return worse.length > 0 ? EXIT.problems : EXIT.ok;
  },
};

/** What was learnt, from where. */
interface Learnt extends Taught {
  readonly learning: Told['learning'];
}

interface Taught {
  readonly flows: readonly FlowView[];
  readonly understanding: Measurable;
  /** What is asked where words are not sure, with `--model`. */
  readonly asking?: Asking;
  /** Absolute folder in which its suites are; `undefined` for a set. */
  readonly folder: string | undefined;
  readonly problems: readonly Problem[];
}

async function learnFrom(path: string, input: Input, terminal: Terminal): Promise<Learnt> {
  const taught = await taughtAt(path, shotsOf(input), input.has('model'));
  const count = taught.flows.reduce((sum, { examples }) => sum + Object.values(examples).flat().length, 0);
  terminal.progress(`Learning ${count} examples of ${taught.flows.length} flows from ${path} …`);
  const began = performance.now();
  // The first question makes it learn.
  taught.understanding.rank('a first question, so that it learns');
  const milliseconds = Math.round(performance.now() - began);
  return { ...taught, learning: { flows: taught.flows.length, examples: count, milliseconds } };
}

/** A deployment with everything that it hears, or a set and nothing but its flows. */
async function taughtAt(path: string, shots: number | undefined, asks: boolean): Promise<Taught> {
  const [file = ''] = path.split('#');
  if (existsSync(file) && statSync(file).isFile()) {
    const { utterances, problems } = readSuite(readFileSync(file, 'utf8'), path);
    const locales = [...new Set(utterances.map(({ locale }) => locale))];
    if (asks) throw new UsageError('--model asks the model of a deployment, and a set is none.');
    const flows = flowsFrom(utterances, shots);
    const embedded = createUnderstanding({ flows, locales });
    const second = secondOpinion(embedded, { flows, ...UNASKED });
    return { flows, understanding: { ...embedded, second }, folder: undefined, problems };
  }
  const deployment = await loadDeployment(path, process.env);
  const compiled = compileDeployment(deployment);
  const { models } = deployment.settings;
  const when = models === undefined ? UNASKED : secondOpinionOf(models);
  const {
    understand,
    rank = () => [],
    second,
  } = createBot(deployment, compiled, new Map(), undefined, when).understanding;
  return {
    flows: heardBy(deployment, compiled.programs).flows,
    understanding: { understand, rank, ...(second && { second }) },
    ...(asks && { asking: askingOf(deployment, compiled) }),
    folder: join(deployment.directory, deployment.settings.flows),
    problems: errorsOf(compiled.problems),
  };
}

/** Without a model, it is still told when one would be asked. */
const UNASKED = { below: 0.7, timeout: 0 };

function shotsOf(input: Input): number | undefined {
  const text = input.get('shots');
  if (text === undefined || /^[1-9]\d{0,5}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new UsageError(`"${text}" is no number of examples.`, 'Write --shots 10.');
}

/** @returns a share; `undefined`: the usual one */
function toleranceOf(input: Input): number | undefined {
  const text = input.get('tolerance');
  if (text === undefined) return undefined;
  const points = /^\d{1,2}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(points)) throw new UsageError(`"${text}" is no number of points.`, 'Write --tolerance 2.');
  return points / 100;
}

interface Suite {
  readonly name: string;
  readonly utterances: readonly Utterance[];
  readonly problems: readonly Problem[];
}

function readSuites(
  input: Input,
  { folder }: Learnt,
): { suites: Suite[]; answers: (AnswerSuite & { name: string })[] } {
  const named = input.arguments;
  const paths = named.length > 0 ? named : folder === undefined ? [] : suitesIn(folder);
  if (paths.length === 0) {
    throw new ParleyError('eval.no_suite', 'There is no suite.', {
      hint: 'Write flows/evaluation/free-text.eval.yaml, or name a file: parley eval val.csv --from train.csv',
    });
  }
  const suites: Suite[] = [];
  const answers: (AnswerSuite & { name: string })[] = [];
  for (const path of paths) {
    const [file = ''] = path.split('#');
    if (!existsSync(file)) throw new ParleyError('eval.no_file', `There is no file ${file}.`);
    const text = readFileSync(file, 'utf8');
    if (isAnswerSuite(file, text)) answers.push({ name: path, ...readAnswers(text, file) });
    else suites.push({ name: path, ...readSuite(text, path) });
  }
  return { suites, answers };
}

function suitesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(eval|answers)\.yaml$/.test(entry.name))
    .map((entry) => relative(resolve('.'), join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted();
}

/** One suite, in all and by language. */
async function evaluate(
  { name, utterances }: Suite,
  from: Learnt,
  against: Learnt | undefined,
  terminal: Terminal,
): Promise<Told['suites'][number]> {
  terminal.progress(`${name}: ${utterances.length} utterances …`);
  const known = new Set(alreadyTaught(from.flows, utterances));
  const unseen = utterances.filter((utterance) => !known.has(utterance));
  const alone = listen(from.understanding, unseen, () => performance.now());
  const heard = await heardWithModel(from, alone);
  const { second } = from.understanding;
  const other = against === undefined ? alone : await heardByOther(against, unseen);
  const byLocale = Map.groupBy(heard, ({ locale }) => locale);
  return {
    suite: name,
    taught: known.size,
    ...figuresOf(heard),
    microseconds: timesOf(alone),
    locales: Object.fromEntries(
      byLocale.size < 2 ? [] : [...byLocale].map(([locale, own]): [string, Figures] => [locale, figuresOf(own)]),
    ),
    ...(second && { doubts: doubtsOf(from.understanding, second, alone) }),
    ...(from.asking && { asked: heard.filter(({ asked }) => asked !== undefined).length }),
    ...((against || from.asking) && { against: compared(heard, other) }),
  };
}

/** Another configuration, as it would be used: with its model, where that is asked, too. */
async function heardByOther(other: Learnt, utterances: readonly Utterance[]): Promise<readonly Heard[]> {
  return heardWithModel(
    other,
    listen(other.understanding, utterances, () => performance.now()),
  );
}

async function heardWithModel({ understanding, asking }: Learnt, heard: readonly Heard[]): Promise<readonly Heard[]> {
  const { second } = understanding;
  return asking && second ? listenTwice({ ...understanding, second }, heard, asking.ask) : heard;
}

function timesOf(heard: readonly Heard[]): { readonly p50: number; readonly p99: number } {
  const times = heard.map(({ microseconds }) => microseconds).toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
  return { p50: at(0.5), p99: at(0.99) };
}

function compared(
  heard: readonly Heard[],
  other: readonly Heard[],
): Readonly<Record<'accuracy' | 'right', Difference>> {
  return { accuracy: differenceOf(heard, other, isClosest), right: differenceOf(heard, other, isRight) };
}

function spentOn({ name, figures, failures }: Asking): NonNullable<Told['model']> {
  return { name, ...figures, failures: Object.fromEntries(failures) };
}

/** Against the figures of before; with `--update`, they become the present ones. */
function judge(input: Input, results: Told['suites'], terminal: Terminal): Regression[] {
  const file = input.get('baseline');
  if (file === undefined) {
    if (input.has('update')) throw new UsageError('--update needs --baseline <file>.');
    return [];
  }
  const now = baselineOf(new Map(results.map((result) => [result.suite, result])));
  const before: Baseline = existsSync(file) ? readBaseline(readFileSync(file, 'utf8'), file) : {};
  if (!input.has('update')) return regressions(before, now, toleranceOf(input));
  writeFileSync(file, `${JSON.stringify({ ...before, ...now }, null, 2)}\n`);
  terminal.tell(`Wrote ${file}.`);
  return [];
}
