import { type Bot, type Csat, catalogueOf } from '../conversation/bot.ts';
import type { CompiledFlows } from '../flow/flows.ts';
import type { Program } from '../flow/program.ts';
import { parseDuration } from '../flow/value/duration.ts';
import { linkingTo } from '../links.ts';
import type { Model } from '../understanding/classify/model.ts';
import { type Catalogue, createUnderstanding } from '../understanding/embedded.ts';
import { hearingMoods } from '../understanding/mood.ts';
import { secondOpinion } from '../understanding/opinion/second-opinion.ts';
import { hearingSeveral } from '../understanding/several.ts';
import type { Deployment } from './deployment.ts';
import { questionsOf } from './knowledge.ts';
import { hearingQuestions, withQuestions } from './questions.ts';

/**
 * The bot that a compiled deployment is. `kept` are older versions of its flows that conversations still stand in, by their hash. `learnt` is
 * what has been learnt from the flows' examples; without it, that is done when it is first needed. `asking`: where what customers mean is not
 * sure, a model is asked (by the action `understanding.ask`); without it, none is.
 */
export function createBot(
  deployment: Deployment,
  { programs }: CompiledFlows,
  kept: ReadonlyMap<string, Program> = new Map(),
  learnt?: Model,
  asking?: { readonly below: number; readonly timeout: number },
): Bot {
  const { locales, timezone, currency, menu, patience, desk, csat, memory } = deployment.settings;
  const current = [...programs.values()].map((program): [string, Program] => [program.version, program]);
  const embedded = createUnderstanding(heardBy(deployment, programs), learnt);
  const understanding = hearingMoods(hearingSeveral(hearingQuestions(embedded)));
  const flows = catalogueOf(programs);
  return {
    programs,
    versions: new Map([...kept, ...current]),
    understanding: {
      ...understanding,
      ...(asking && { second: secondOpinion(embedded, { flows, ...asking }) }),
    },
    locales,
    timezone,
    ...(currency !== undefined && { currency }),
    texts: deployment.texts,
    desk: desk !== undefined,
    patience: parseDuration(patience) ?? 0,
    senses: new Set((['vision', 'speech'] as const).filter((sense) => deployment.models[sense] !== undefined)),
    ...(menu !== undefined && { menu }),
    ...(csat !== undefined && { csat: csatOf(csat) }),
    ...(deployment.hosts !== undefined && { mayLink: linkingTo([...deployment.hosts, ...entrancesOf(deployment)]) }),
    ...(memory !== undefined && { memory: { ...memory, keep: parseDuration(memory.keep) ?? 0 } }),
  };
}

/** What customers may mean: flows, and questions that have an answer. */
export function heardBy(deployment: Deployment, programs: CompiledFlows['programs']): Catalogue {
  const { locales } = deployment.settings;
  return withQuestions({ flows: catalogueOf(programs), locales }, questionsOf(deployment));
}

/** Where a conversation goes on in another app. */
function entrancesOf({ accounts }: Deployment): readonly string[] {
  return accounts.flatMap(({ channel, settings }) => channel.leadsTo?.(settings) ?? []);
}

function csatOf({ after, every, sample }: NonNullable<Deployment['settings']['csat']>): Csat {
  return { after: new Set(after), every: parseDuration(every) ?? 0, sample };
}
