import { z } from 'zod';
import { REVIEW_MODES, type ReviewMode, RISKS } from '../draft.ts';
import type { FlowText } from '../flow/flows.ts';
import { repairName } from '../flow/library.ts';
import type { Program } from '../flow/program.ts';
import { didYouMean } from '../flow/reading/did-you-mean.ts';
import type { Problem } from '../flow/reading/problem.ts';
import { Duration, Name } from '../flow/reading/schema.ts';
import type { YamlFile } from '../flow/reading/yaml.ts';
import { parseDuration } from '../flow/value/duration.ts';
import type { ReviewDesk } from '../handoff/policy.ts';
import { type FlowRisk, isFree, plainName, type ReviewRules } from '../handoff/review/rules.ts';

const Mode = z.enum(REVIEW_MODES);

/** `review:` of `parley.yaml`. */
export const ReviewSettings = z
  .strictObject({
    mode: Mode.default('auto').meta({ description: 'Where nothing else is said. Default: auto.' }),
    flows: z.record(Name, Mode).default({}).meta({
      description: 'By flow; `knowledge` is the one of questions in the middle of anything.',
    }),
    knowledge: z.record(Name, Mode).default({}).meta({ description: 'By the knowledge set that answers.' }),
    risk: z
      .partialRecord(z.enum(RISKS), Mode)
      .default({})
      .meta({ description: 'By how much harm a wrong answer does. `high` is at least approve.' }),
    queue: Name.optional().meta({ description: 'Whose agents judge. Default: the first queue of the desk.' }),
    timeout: Duration.default('10m').meta({
      description: 'So long a customer waits for an approved answer; then a human takes over.',
    }),
    owners: z.array(Name).default([]).meta({
      description: 'Agents who may change what the bot knows, and free it to answer by itself.',
    }),
    sample: z
      .strictObject({
        random: z.number().min(0).max(1).default(0.01).meta({ description: 'Of all answers. Default: 0.01.' }),
        uncertain: z
          .number()
          .min(0)
          .max(1)
          .default(0.55)
          .meta({ description: 'Below this confidence, every one. Default: 0.55.' }),
      })
      .default({ random: 0.01, uncertain: 0.55 })
      .meta({ description: 'Which answers of auto+sample are judged afterwards.' }),
  })
  .meta({ description: 'Who has a say in what the bot answers. Without it the bot answers by itself.' });

export type ReviewSettings = z.infer<typeof ReviewSettings>;

export function rulesOf({ mode, flows, knowledge, risk, sample }: ReviewSettings): ReviewRules {
  return { mode, flows, sets: knowledge, risk, sampling: sample };
}

/** @param queues those of the desk */
export function reviewDeskOf({ queue, timeout }: ReviewSettings, queues: readonly string[]): ReviewDesk {
  return { queue: queue ?? queues[0] ?? 'support', timeout: parseDuration(timeout) ?? 0 };
}

/** How much harm a wrong answer does in a flow: as its author says, and otherwise high where it does something in the world. */
export function riskOf(program: Program | undefined): FlowRisk {
  const { risk, review } = program?.header ?? {};
  const writes = program?.ops.some(({ effect }) => effect === true) ?? false;
  return { risk: risk ?? (writes ? 'high' : 'normal'), ...(review === undefined ? {} : { review }) };
}

export interface Reviewed {
  readonly review: ReviewSettings | undefined;
  /** Names of what `parley.yaml` describes. */
  readonly queues: readonly string[];
  readonly agents: readonly string[];
  readonly sets: readonly string[];
  readonly hasDesk: boolean;
}

/** What is said of review and cannot be, in `parley.yaml`. */
export function reviewProblems({ review, queues, agents, sets, hasDesk }: Reviewed, yaml: YamlFile): Problem[] {
  if (review === undefined) return [];
  const at = (path: readonly (string | number)[]) => ({ file: yaml.file, ...yaml.locate(['review', ...path]) });
  const problems: Problem[] = [];
  if (!hasDesk)
    problems.push({
      ...{ ...at([]), code: 'settings.review_without_desk', severity: 'error' },
      message: 'Nobody is there to review anything: there is no desk.',
      hint: 'Describe one under `desk:`.',
    });
  const look = (name: string, known: readonly string[], what: string, path: readonly (string | number)[]) => {
    if (known.includes(name)) return;
    problems.push({
      ...{ ...at(path), code: `settings.unknown_${what}`, severity: 'error' },
      message: `There is no ${what} \`${name}\`.`,
      hint: didYouMean(name, known) ?? (known.length === 0 ? 'Describe it first.' : `There are: ${known.join(', ')}.`),
    });
  };
  if (review.queue !== undefined && hasDesk) look(review.queue, queues, 'queue', ['queue']);
  for (const [index, owner] of review.owners.entries()) look(owner, agents, 'agent', ['owners', index]);
  for (const set of Object.keys(review.knowledge)) look(set, sets, 'set', ['knowledge', set]);
  const high = review.risk.high;
  if (high !== undefined && isFree(high)) problems.push(tooFree(at(['risk', 'high']), 'High risk', high));
  return problems;
}

/** What flows say of themselves, and what `parley.yaml` says of flows. */
export function reviewedFlowProblems(
  review: ReviewSettings | undefined,
  programs: ReadonlyMap<string, Program>,
  flows: readonly FlowText[],
  settingsFile: string,
): Problem[] {
  const names = [...programs.keys()].map(plainName);
  const unknown = Object.keys(review?.flows ?? {}).filter((name) => !names.includes(name));
  return [
    ...unknown.map(
      (name): Problem => ({
        ...{ file: settingsFile, line: 1, col: 1, code: 'settings.unknown_flow', severity: 'error' },
        message: `\`review\` names \`${name}\`, which is no flow.`,
        hint: didYouMean(name, names) ?? 'Name it as its file does.',
      }),
    ),
    ...[...programs.values()].flatMap((program) => flowProblems(review, program, flows)),
  ];
}

function flowProblems(review: ReviewSettings | undefined, program: Program, flows: readonly FlowText[]): Problem[] {
  const about = riskOf(program);
  const answers = program.steps.some(({ kind }) => kind === 'answer');
  const place = placeOf(program.flow, flows);
  const name = plainName(program.flow);
  if (about.risk !== 'high' || !answers) return [];
  if (review === undefined) {
    if (program.header.risk !== 'high') return [];
    return [
      {
        ...{ ...place, code: 'settings.unreviewed', severity: 'error' },
        message: `\`${name}\` is of high risk and answers from the documents, and nobody reviews that.`,
        hint: 'Describe `review:` and `desk:` in parley.yaml.',
      },
    ];
  }
  const wanted = [about.review, review.flows[name]].filter((mode) => mode !== undefined);
  const free = wanted.find((mode) => isFree(mode));
  // Whatever is said, it is approved: so that nobody believes otherwise.
  return free === undefined ? [] : [tooFree(place, `\`${name}\``, free)];
}

function tooFree(place: Pick<Problem, 'file' | 'line' | 'col'>, what: string, mode: ReviewMode): Problem {
  return {
    ...{ ...place, code: 'settings.too_free', severity: 'error' },
    message: `${what} is of high risk: \`${mode}\` would let the bot answer by itself.`,
    hint: 'Write approve, suggest or off; or say `risk: normal` in the flow, if it is.',
  };
}

/** Where its risk or its review stands, or else its first line. */
function placeOf(flow: string, flows: readonly FlowText[]): Pick<Problem, 'file' | 'line' | 'col'> {
  const own = flows.find(({ text, pattern }) =>
    pattern === undefined ? new RegExp(`^flow:\\s*["']?${flow}\\b`, 'm').test(text) : repairName(pattern) === flow,
  );
  const lines = own?.text.split('\n') ?? [];
  const line = ['review:', 'risk:', 'flow:'].map((key) => lines.findIndex((each) => each.startsWith(key)));
  return { file: own?.file ?? flow, line: (line.find((at) => at >= 0) ?? 0) + 1, col: 1 };
}
