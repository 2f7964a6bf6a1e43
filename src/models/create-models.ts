import { modelOf } from './ask.ts';
import { type Gate, withBreaker } from './breaker.ts';
import { type Spending, withBudget } from './budget.ts';
import { withCache } from './cache.ts';
import { langchain } from './langchain.ts';
import { withLinks } from './links.ts';
import { type Abilities, type Model, type Models, TASKS, type Task } from './model.ts';
import { openai } from './openai.ts';
import { type Price, withPrice } from './prices.ts';
import type { Layer, Provider } from './provider.ts';
import { type Recorder, withRecord } from './record.ts';
import { type FindPersonal, withRedaction } from './redaction.ts';
import { withTries } from './tries.ts';

/** A model as `models:` of parley.yaml names it. */
export interface ModelChoice {
  readonly provider: 'openai' | 'langchain';
  readonly model: string;
  readonly base?: string;
  readonly key?: string;
  readonly structured: 'auto' | 'strict' | 'json';
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly price?: Price;
}

export interface ModelParts {
  readonly choices: Partial<Readonly<Record<Task, ModelChoice>>>;
  /** Milliseconds for everything, and for one try. */
  readonly timeout: number;
  readonly each: number;
  readonly retries: number;
  /** Answers kept; 0 for none. */
  readonly cache: number;
  readonly spending: Spending;
  readonly gate: Gate;
  readonly recorder: Recorder;
  readonly findPersonal: FindPersonal;
  readonly mayLink: (host: string) => boolean;
  readonly clock: { now(): number };
}

/** The models of a deployment, each with everything around it. */
export function createModels(parts: ModelParts): Models {
  const made = new Map<Task, Model>();
  for (const task of TASKS) {
    const choice = parts.choices[task];
    if (choice !== undefined) made.set(task, modelOf(layered(providerOf(choice, task), choice, parts), parts.timeout));
  }
  return { for: (task) => made.get(task) };
}

/** From the outside in: what leaves is masked before it is looked up, what is looked up costs nothing, what costs is counted. */
function layered(provider: Provider, { price, base }: ModelChoice, parts: ModelParts): Provider {
  const layers: readonly Layer[] = [
    withLinks(parts.mayLink),
    withRedaction(parts.findPersonal),
    withRecord(parts.recorder),
    withCache(parts.cache),
    // What is shut costs nothing of the budget either.
    withBreaker(parts.gate, () => parts.clock.now(), `${base ?? ''} ${provider.name}`),
    withBudget(parts.spending),
    withPrice(price),
    withTries({ each: parts.each, retries: parts.retries }),
  ];
  return layers.toReversed().reduce((inner, layer) => layer(inner), provider);
}

function providerOf(choice: ModelChoice, task: Task): Provider {
  const { provider, price: _, ...rest } = choice;
  if (provider === 'langchain') return langchain({ ...rest, can: { vision: task === 'vision' } });
  return openai({ ...rest, base: choice.base ?? OPENAI, can: abilitiesFor(task) });
}

/** What a task needs of its model: that is what it was chosen for. */
function abilitiesFor(task: Task): Pick<Abilities, 'complete' | 'embed' | 'vision' | 'transcribe'> {
  const speaks = task !== 'speech' && task !== 'embedding';
  return { complete: speaks, vision: task === 'vision', embed: task === 'embedding', transcribe: task === 'speech' };
}

export const OPENAI = 'https://api.openai.com/v1';
