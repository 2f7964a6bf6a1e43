import type { Deployment, Environment } from '../deployment/deployment.ts';
import { isNamed } from '../deployment/models.ts';
import { SETTINGS_FILE } from '../deployment/settings.ts';
import { Breakers } from '../engine/breaker.ts';
import { codeOf, ParleyError } from '../errors.ts';
import { createModels, OPENAI } from '../models/create-models.ts';
import { type Model, type Models, TASKS, type Task } from '../models/model.ts';
import type { Finding } from './finding.ts';

/** Of every task that `models:` names: which model does it, where, and whether its key is here. */
export function lookAtModels({ settings, models }: Deployment, environment: Environment): Finding[] {
  if (settings.models === undefined) return [];
  const missing = [...JSON.stringify(settings.models).matchAll(/\$\{([A-Za-z_]\w*)\}/g)]
    .map(([, name]) => name ?? '')
    .filter((name) => (environment[name] ?? '') === '');
  const named = TASKS.flatMap((task): Finding[] => {
    const choice = models[task];
    if (choice === undefined) return [];
    const { host, protocol, hostname } = new URL(choice.base ?? OPENAI);
    const what = `models: ${task} is done by ${choice.model}${choice.provider === 'openai' ? ` at ${host}` : ' through langchain'}`;
    // What customers write would be read by everybody on the way.
    if (protocol === 'http:' && !isOwn(hostname))
      return [{ ok: true, what, todo: `${host} is asked without encryption: use https.` }];
    return [{ ok: true, what }];
  });
  const idle = TASKS.some((task) => isNamed(settings.models, task));
  return [
    ...[...new Set(missing)].map((name) => ({
      ok: false,
      what: `models: ${name} is not set`,
      todo: `${SETTINGS_FILE} needs it: export ${name}=…`,
    })),
    ...named,
    ...(idle ? [] : [{ ok: true, what: 'models: none is named', todo: 'Name one as `model:`; see docs/models.md.' }]),
  ];
}

/** Asks each of them a small question. */
export async function askModels({ models: choices }: Deployment): Promise<Finding[]> {
  const models = createModels({
    ...{ choices, timeout: PATIENCE, each: PATIENCE, retries: 0, cache: 0 },
    spending: { begin: async () => {}, end: async () => {}, total: async () => ({ asks: 0, tokens: 0, cost: 0 }) },
    gate: new Breakers(),
    recorder: { figures: { asked: 0, failed: 0, cached: 0, tokens: 0, cost: 0 }, tell: () => undefined },
    findPersonal: () => [],
    mayLink: () => false,
    clock: { now: Date.now },
  });
  const asked = await Promise.all(TASKS.map((task) => askOne(models, task)));
  return asked.flat();
}

async function askOne(models: Models, task: Task): Promise<Finding[]> {
  const model = models.for(task);
  if (model === undefined) return [];
  const who = `models: ${task} (${model.name})`;
  try {
    return [{ ok: true, what: `${who} ${await tryOut(model)}` }];
  } catch (error) {
    const told = error instanceof ParleyError ? `${codeOf(error)}: ${error.message}` : codeOf(error);
    const todo = error instanceof ParleyError ? error.hint : undefined;
    return [{ ok: false, what: `${who} ${told}`, ...(todo !== undefined && { todo }) }];
  }
}

async function tryOut(model: Model): Promise<string> {
  if (model.can.complete) {
    await model.complete({
      name: 'doctor@1',
      system: 'Answer with one word.',
      messages: [{ from: 'user', text: 'Say OK.' }],
      maxTokens: 256,
    });
    return 'answers';
  }
  if (!model.can.embed) return 'is not tried: that would take a voice';
  const { vectors } = await model.embed(['OK']);
  return `gives vectors of ${vectors[0]?.length ?? 0}`;
}

function isOwn(hostname: string): boolean {
  return (
    /^(localhost|\[::1\]|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(hostname) || !hostname.includes('.')
  );
}

const PATIENCE = 20_000;
