/** `parley eval --model`: where words are not sure, the model of the deployment is asked, as the bot would ask it. */
import { catalogueOf } from '../conversation/bot.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { secondOpinionOf, timesOf } from '../deployment/models.ts';
import { Breakers } from '../engine/breaker.ts';
import { ParleyError } from '../errors.ts';
import type { AskModel } from '../evaluation/listen.ts';
import type { CompiledFlows } from '../flow/flows.ts';
import { createModels } from '../models/create-models.ts';
import { isModelError } from '../models/failure.ts';
import { createRecorder, type Figures } from '../models/record.ts';
import { findPersonalData } from '../privacy/personal-data.ts';
import type { Json } from '../type.ts';
import { opinionOf } from '../understanding/opinion/action.ts';

/** A model to ask, and what that has come to. */
export interface Asking {
  readonly name: string;
  readonly ask: AskModel;
  readonly figures: Figures;
  /** Why it failed, and how often. */
  readonly failures: ReadonlyMap<string, number>;
}

/** @throws `eval.no_model` where the deployment names none, or its key is not here */
export function askingOf({ models: choices, settings }: Deployment, { programs }: CompiledFlows): Asking {
  const { models: own } = settings;
  if (own === undefined || choices.understanding === undefined)
    throw new ParleyError('eval.no_model', 'No model for `understanding` is configured here, or its key is not set.', {
      hint: 'Name one under `models:` in parley.yaml; parley doctor tells what it needs.',
    });
  const recorder = createRecorder({ info: () => undefined, warn: () => undefined, error: () => undefined });
  const failures = new Map<string, number>();
  const model = createModels({
    ...{ choices, ...timesOf(own), retries: own.retries, cache: own.cache },
    spending: { begin: async () => {}, end: async () => {}, total: async () => ({ asks: 0, tokens: 0, cost: 0 }) },
    gate: new Breakers(),
    recorder,
    findPersonal: findPersonalData({ identifiers: [], countries: [] }),
    mayLink: () => false,
    clock: { now: Date.now },
  }).for('understanding');
  if (model === undefined) throw new ParleyError('eval.no_model', 'The model for `understanding` cannot be opened.');
  const { timeout } = secondOpinionOf(own);
  const flows = catalogueOf(programs);
  return {
    ...{ name: model.name, failures },
    get figures() {
      return recorder.figures;
    },
    async ask(text, { locale }, closest): Promise<Json | undefined> {
      const asked = { text, locale, busy: false, known: [], awaited: [] };
      try {
        const told = { flows, closest: closest.map(({ flow }) => flow) };
        const { value } = await opinionOf(model, asked, told, { timeout });
        return value as Json;
      } catch (error) {
        if (!isModelError(error)) throw error;
        failures.set(error.code, (failures.get(error.code) ?? 0) + 1);
        return undefined;
      }
    },
  };
}
