/** `parley eval --model`: questions to documents are looked for by their meaning, too, where a model for `embedding` is named. */
import type { Deployment } from '../deployment/deployment.ts';
import { timesOf } from '../deployment/models.ts';
import { Breakers } from '../engine/breaker.ts';
import type { Knowledge, Meaning } from '../knowledge/knowledge.ts';
import { createVectors } from '../knowledge/vectors.ts';
import { createModels } from '../models/create-models.ts';
import { createRecorder } from '../models/record.ts';
import { findPersonalData } from '../privacy/personal-data.ts';
import { openMemory } from '../store/memory.ts';

/** What questions mean; nothing is kept of it. */
export interface Meanings {
  of(query: string): Promise<Meaning | undefined>;
  stop(): Promise<void>;
}

/** Makes the vectors of all that is known. `undefined`: no model makes any. */
export async function meaningsIn(
  { models: choices, settings: { models: own } }: Deployment,
  knowledge: Knowledge,
): Promise<Meanings | undefined> {
  if (own === undefined || choices.embedding === undefined) return undefined;
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const models = createModels({
    ...{ choices, ...timesOf(own), retries: own.retries, cache: own.cache },
    spending: { begin: async () => {}, end: async () => {}, total: async () => ({ asks: 0, tokens: 0, cost: 0 }) },
    gate: new Breakers(),
    recorder: createRecorder(silent),
    findPersonal: findPersonalData({ identifiers: [], countries: [] }),
    mayLink: () => false,
    clock: { now: Date.now },
  });
  const vectors = createVectors({
    model: () => models.for('embedding'),
    passages: () => knowledge.passages(),
    store: openMemory(),
    log: silent,
  });
  await vectors.whole();
  return { of: (query) => vectors.meaningOf(query, {}), stop: () => vectors.stop() };
}
