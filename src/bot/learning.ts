/**
 * What a bot of many flows has learnt is kept beside its database, and learnt anew in another thread while the old flows go on serving. A bot
 * of a few flows learns in milliseconds, when it first needs to: for that, neither a thread nor a file is worth it.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { Log } from '../log.ts';
import { LEARNING } from '../understanding/classify/learn.ts';
import type { Model } from '../understanding/classify/model.ts';
import type { Example } from '../understanding/classify/school.ts';

/** Features × flows from which learning takes longer than a customer should wait: about 200 ms. */
const LONG = 5_000_000;
/** Features that a character of an example makes, roughly. */
const FEATURES = 5;
const FOLDER = 'learnt';

/**
 * What there is to be learnt from these examples, as soon as it is known: from the file of an earlier run, or by another thread.
 * `undefined` where learning takes no time: it is then done when it is needed.
 * @param data the deployment's data folder
 */
export async function learnt(examples: readonly Example[], data: string, log: Log): Promise<Model | undefined> {
  if (!isLong(examples)) return undefined;
  const folder = join(data, FOLDER);
  const file = join(folder, `${hashOf(examples)}.model`);
  const kept = read(file, log);
  if (kept !== undefined) return kept;
  const began = performance.now();
  const model = await learnInThread(examples);
  log.info('understanding.learnt', { count: examples.length, ms: Math.round(performance.now() - began) });
  write(model, folder, file);
  return model;
}

export function isLong(examples: readonly Example[]): boolean {
  const characters = examples.reduce((sum, { text }) => sum + text.length, 0);
  return characters * FEATURES * new Set(examples.map(({ flow }) => flow)).size > LONG;
}

/** The same examples learnt by the same code make the same model. V8's version is that of the file's format. */
function hashOf(examples: readonly Example[]): string {
  const told = JSON.stringify([
    LEARNING,
    process.versions.v8,
    examples.map(({ flow, text, weight }) => [flow, text, weight]),
  ]);
  return createHash('sha256').update(told).digest('hex').slice(0, 32);
}

/** A file that cannot be read is as good as none: what it held is learnt again. */
function read(file: string, log: Log): Model | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return deserialize(readFileSync(file)) as Model;
  } catch (error) {
    log.warn('understanding.unreadable', { error });
    return undefined;
  }
}

/** Whole or not at all, and in place of what was learnt from other examples. */
function write(model: Model, folder: string, file: string): void {
  mkdirSync(folder, { recursive: true });
  const half = `${file}.${process.pid}`;
  writeFileSync(half, serialize(model));
  renameSync(half, file);
  for (const name of readdirSync(folder)) {
    const other = join(folder, name);
    if (other !== file && name.endsWith('.model')) rmSync(other, { force: true });
  }
}

/** Everything goes on meanwhile. */
function learnInThread(examples: readonly Example[]): Promise<Model> {
  return new Promise((done, fail) => {
    const thread = new Worker(new URL('./learning-thread.ts', import.meta.url), { workerData: examples });
    thread.once('message', done);
    thread.once('error', fail);
  });
}
