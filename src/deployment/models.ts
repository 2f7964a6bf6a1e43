import { z } from 'zod';
import { type Environment, fillIn } from '../connector/environment.ts';
import type { Problem } from '../flow/reading/problem.ts';
import { Duration } from '../flow/reading/schema.ts';
import type { YamlFile } from '../flow/reading/yaml.ts';
import { parseDuration } from '../flow/value/duration.ts';
import type { ModelChoice } from '../models/create-models.ts';
import { LONGEST, type Task } from '../models/model.ts';
import { isWeb } from '../web-address.ts';

const Structured = z.enum(['auto', 'strict', 'json']).meta({
  description:
    'How the endpoint is made to give JSON; auto: by a schema that it holds itself, and by our words once it has refused that.',
});
const Extra = z
  .record(z.string(), z.unknown())
  .meta({ description: 'Further fields of every request, such as enable_thinking: false.' });

const Endpoint = {
  provider: z.enum(['openai', 'langchain']).meta({
    description:
      'openai: any endpoint that speaks its protocol. langchain: any provider it knows, by an optional package.',
  }),
  base: z.string().meta({ description: 'Where the endpoint is, such as http://127.0.0.1:11434/v1.' }),
  key: z
    .string()
    .regex(/^\$\{[A-Za-z_]\w*\}$/, `the name of a variable, such as \${OPENAI_API_KEY}`)
    .meta({
      description: `The variable that holds its key: \${OPENAI_API_KEY}. Leave it out where none is asked for.`,
    }),
  model: z.string().min(1).meta({ description: 'The model, as the endpoint calls it.' }),
  structured: Structured,
  extra: Extra,
};

const Other = z.union([
  z.string().min(1),
  z.literal(false),
  z.strictObject({
    provider: Endpoint.provider.optional(),
    base: Endpoint.base.optional(),
    key: Endpoint.key.optional(),
    model: Endpoint.model,
    structured: Endpoint.structured.optional(),
    extra: Endpoint.extra.optional(),
  }),
]);
const task = (description: string) => Other.optional().meta({ description });

const Limits = z.strictObject({
  asks: z.int().min(0).optional().meta({ description: 'Questions.' }),
  tokens: z.int().min(0).optional().meta({ description: 'Tokens, in and out together.' }),
  cost: z.number().min(0).optional().meta({ description: 'Money, in the currency of `prices`.' }),
});

/** `models:` of `parley.yaml`. */
export const ModelSettings = z
  .strictObject({
    provider: Endpoint.provider.default('openai'),
    base: Endpoint.base.optional(),
    key: Endpoint.key.optional(),
    model: Endpoint.model.optional(),
    structured: Endpoint.structured.default('auto'),
    extra: Endpoint.extra.optional(),
    tasks: z
      .strictObject({
        understanding: task('For what customers mean; default: `model`.'),
        answer: task('For wording answers from knowledge; default: `model`.'),
        llm: task('For the llm step; default: `model`.'),
        vision: task('For pictures, which cannot be masked; default: none.'),
        speech: task('For voice notes, which cannot be masked; default: none.'),
        embedding: task('For vectors; default: none.'),
      })
      .default({})
      .meta({ description: 'Another model for a task: its name, false for none, or an endpoint of its own.' }),
    timeout: Duration.default('20s').meta({ description: 'For everything: tries, waits and mending. At most 20s.' }),
    try: Duration.default('8s').meta({ description: 'For one try.' }),
    retries: z.int().min(0).max(5).default(2).meta({ description: 'Tries after the first.' }),
    cache: z.int().min(0).max(100_000).default(500).meta({ description: 'Answers kept in memory; 0 for none.' }),
    budget: z
      .strictObject({
        conversation: Limits.default({ asks: 100 }).meta({ description: 'Of one conversation in a day.' }),
        day: Limits.default({ asks: 10_000 }).meta({ description: 'Of all together in a day.' }),
      })
      .default({ conversation: { asks: 100 }, day: { asks: 10_000 } })
      .meta({ description: 'How much may be used. What is beyond is done without a model.' }),
    prices: z
      .record(z.string(), z.strictObject({ input: z.number().min(0), output: z.number().min(0) }))
      .default({})
      .meta({ description: 'What a million tokens cost, by model.' }),
    second_opinion: z
      .strictObject({
        below: z
          .number()
          .min(0)
          .max(1)
          .default(0.7)
          .meta({ description: 'Confidence under which a flow is doubted, and the model asked.' }),
        timeout: Duration.default('6s').meta({
          description: 'Then what was understood without the model stands. At most 15s.',
        }),
      })
      .default({ below: 0.7, timeout: '6s' })
      .meta({ description: 'When the model for `understanding` is asked what a customer means.' }),
    hosts: z
      .array(z.string())
      .default([])
      .meta({ description: 'Hosts that a model’s words may link to, beside those of the knowledge.' }),
    countries: z
      .array(z.string().regex(/^[A-Z]{2}$/, 'a country such as DE'))
      .default([])
      .meta({ description: 'Where phone numbers without a country code are from, so that they are masked.' }),
  })
  .meta({ description: 'Language models, by which the bot understands and writes better. Default: none is needed.' });
export type ModelSettings = z.infer<typeof ModelSettings>;

/** What each task is done with, as far as the environment holds what it needs. */
export interface ChosenModels {
  readonly choices: Partial<Readonly<Record<Task, ModelChoice>>>;
  readonly problems: readonly Problem[];
}

/** What `model` is for without being named; pictures and voice leave the machine only where somebody has said so. */
const WORDS: readonly Task[] = ['understanding', 'answer', 'llm'];
const NAMED: readonly Task[] = ['vision', 'speech', 'embedding'];

export function findModels(
  settings: ModelSettings | undefined,
  environment: Environment,
  yaml: YamlFile,
): ChosenModels {
  if (settings === undefined) return { choices: {}, problems: [] };
  const problems: Problem[] = [];
  const missing = new Set<string>();
  const choices: Partial<Record<Task, ModelChoice>> = {};
  for (const task of [...WORDS, ...NAMED]) {
    const chosen = choiceOf(settings, task);
    if (chosen === undefined) continue;
    const lacks = new Set<string>();
    const filled = (text: string) => fillIn(text, environment, lacks);
    const base = chosen.base === undefined ? undefined : filled(chosen.base);
    const key = chosen.key === undefined ? undefined : filled(chosen.key);
    for (const name of lacks) missing.add(name);
    if (lacks.size > 0) continue;
    if (base !== undefined && !isWeb(base)) {
      problems.push(
        problem(yaml, 'models.base', 'error', `\`${base}\` is no web address.`, 'Such as https://api.openai.com/v1.'),
      );
      continue;
    }
    if (chosen.provider === 'langchain' && (task === 'speech' || task === 'embedding')) {
      problems.push(
        problem(
          yaml,
          'models.task',
          'error',
          `\`${task}\` is not done by langchain.`,
          'Give it an endpoint of provider openai.',
        ),
      );
      continue;
    }
    const price = settings.prices[chosen.model];
    choices[task] = {
      ...{ provider: chosen.provider, model: chosen.model, structured: chosen.structured },
      ...(base !== undefined && { base: base.replace(/\/+$/, '') }),
      ...(key !== undefined && { key }),
      ...(chosen.extra !== undefined && { extra: chosen.extra }),
      ...(price !== undefined && { price }),
    };
  }
  if (missing.size > 0) {
    const told = `Models need ${[...missing].join(', ')} from the environment: until then nothing is asked of them.`;
    problems.push(problem(yaml, 'models.missing_environment', 'warning', told, 'Set it where the bot runs.'));
  }
  return { choices, problems: unique(problems) };
}

/** Is a model named for a task, whether or not its key is here? */
export function isNamed(settings: ModelSettings | undefined, task: Task): boolean {
  return settings !== undefined && choiceOf(settings, task) !== undefined;
}

type Chosen = Pick<ModelSettings, 'provider' | 'base' | 'key' | 'structured' | 'extra'> & { readonly model: string };

/** An endpoint of its own takes over nothing of the other's address: its key is for nobody else. */
function choiceOf(settings: ModelSettings, task: Task): Chosen | undefined {
  const { provider, base, key, structured, extra, model, tasks } = settings;
  const own = tasks[task];
  if (own === false) return undefined;
  const shared = { provider, base, key, structured, extra };
  if (typeof own === 'string') return { ...shared, model: own };
  if (own === undefined) return model !== undefined && WORDS.includes(task) ? { ...shared, model } : undefined;
  const elsewhere = own.base !== undefined || own.provider !== undefined;
  return {
    provider: own.provider ?? (elsewhere ? 'openai' : provider),
    base: own.base ?? (elsewhere ? undefined : base),
    key: own.key ?? (elsewhere ? undefined : key),
    structured: own.structured ?? structured,
    extra: own.extra ?? (elsewhere ? undefined : extra),
    model: own.model,
  };
}

function problem(yaml: YamlFile, code: string, severity: Problem['severity'], message: string, hint: string): Problem {
  return { file: yaml.file, ...yaml.locateKey([], 'models'), code, message, hint, severity };
}

function unique(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((each) => [`${each.code} ${each.message}`, each])).values()];
}

/** When a model is asked what a customer means, and how long she waits for it: two in a row are within her patience. */
export function secondOpinionOf({ second_opinion: { below, timeout } }: ModelSettings): {
  below: number;
  timeout: number;
} {
  return { below, timeout: Math.min(PATIENCE, parseDuration(timeout) ?? PATIENCE) };
}

/** Milliseconds. */
const PATIENCE = 15_000;

/** No try lasts longer than everything, and nothing longer than a customer waits. */
export function timesOf({ timeout, try: each }: ModelSettings): { timeout: number; each: number } {
  const whole = Math.min(LONGEST, parseDuration(timeout) ?? LONGEST);
  return { timeout: whole, each: Math.min(whole, parseDuration(each) ?? whole) };
}
