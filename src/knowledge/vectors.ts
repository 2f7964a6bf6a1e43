import { createHash } from 'node:crypto';
import { setImmediate as breathe, setTimeout as pause } from 'node:timers/promises';
import { codeOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { isModelError } from '../models/failure.ts';
import type { Asking, Model } from '../models/model.ts';
import type { Store } from '../store/store.ts';
import type { Meaning } from './knowledge.ts';
import type { Passage } from './passage.ts';
import { nearIn } from './vector-search.ts';

/** Vectors of all that is known, made beside answering: what has none yet is found by its words. */
export interface Vectors {
  /** What is known has changed, or its model: what is missing is made, what is not needed any more goes. Returns at once. */
  refresh(): void;
  /**
   * The same, and resolves once all is made.
   * @throws what the model throws: nothing is tried again
   */
  whole(): Promise<void>;
  /** What a question means; `undefined`: no model, no vectors yet, or no answer in time. */
  meaningOf(query: string, asking: Asking): Promise<Meaning | undefined>;
  /** Passages that have a vector, of how many. */
  readonly progress: { readonly made: number; readonly of: number };
  stop(): Promise<void>;
}

export interface VectorParts {
  /** As it is configured now. */
  readonly model: () => Model | undefined;
  readonly passages: () => readonly Passage[];
  readonly store: Pick<Store, 'keepVectors' | 'vectors' | 'dropVectors'>;
  readonly log: Log;
}

/**
 * Each text is made a vector once, whichever documents have it and however often the bot is started: vectors are kept in the store under the text's
 * fingerprint. Searching them is one pass over all: good for some twenty thousand passages, which is what a business has; beyond that there
 * are none, and words alone find.
 */
export function createVectors({ model, passages, store, log }: VectorParts): Vectors {
  const ending = new AbortController();
  /** By fingerprint, of one maker. */
  let known = new Map<string, Float32Array>();
  let maker: string | undefined;
  let isStale = false;
  let working: Promise<void> | undefined;

  function refresh(): void {
    isStale = true;
    working ??= work().finally(() => {
      working = undefined;
      if (isStale && !ending.signal.aborted) refresh();
    });
  }

  /** Again and again until nothing has changed meanwhile; after a failure later, and ever later. */
  async function work(): Promise<void> {
    // Whoever says that something has changed may have more to change, such as the model.
    await breathe();
    for (let wait = FIRST_WAIT; isStale && !ending.signal.aborted; ) {
      isStale = false;
      try {
        await catchUp();
        wait = FIRST_WAIT;
      } catch (error) {
        log.warn('knowledge.vectors_failed', { error, code: codeOf(error) });
        isStale = true;
        await pause(wait, undefined, { signal: ending.signal, ref: false }).catch(() => undefined);
        wait = Math.min(wait * 2, LAST_WAIT);
      }
    }
  }

  async function catchUp(): Promise<void> {
    const present = model();
    if (present === undefined) {
      known = new Map();
      maker = undefined;
      return;
    }
    if (maker !== present.name) {
      known = await kept(present.name);
      maker = present.name;
    }
    const wanted = new Map(passages().map((passage) => [fingerprintOf(passage), textOf(passage)]));
    if (wanted.size > MOST) {
      log.warn('knowledge.too_many_for_vectors', { passages: wanted.size, most: MOST });
      known = new Map();
      return;
    }
    const missing = [...wanted].filter(([fingerprint]) => !known.has(fingerprint));
    for (let at = 0; at < missing.length && !ending.signal.aborted; at += BATCH) {
      await make(present, missing.slice(at, at + BATCH));
      log.info('knowledge.vectors', { made: Math.min(at + BATCH, missing.length), of: missing.length });
    }
    const gone = [...known.keys()].filter((fingerprint) => !wanted.has(fingerprint));
    for (const fingerprint of gone) known.delete(fingerprint);
    if (!ending.signal.aborted) await store.dropVectors(present.name, new Set(wanted.keys()));
  }

  async function kept(name: string): Promise<Map<string, Float32Array>> {
    const found = new Map<string, Float32Array>();
    for (let after = 0; ; ) {
      const page = await store.vectors(name, after, PAGE);
      for (const { text, bytes } of page) found.set(text, vectorIn(bytes));
      const last = page.at(-1);
      if (last === undefined) return found;
      after = last.key;
    }
  }

  async function make(present: Model, missing: readonly (readonly [string, string])[]): Promise<void> {
    const { vectors } = await present.embed(
      missing.map(([, text]) => text),
      { signal: ending.signal },
    );
    const made = missing.map(([fingerprint], at) => ({ fingerprint, vector: unit(vectors[at] ?? []) }));
    // On disk before it is used: what was paid for is there after a crash.
    await store.keepVectors(
      made.map(({ fingerprint, vector }) => ({ maker: present.name, text: fingerprint, bytes: bytesOf(vector) })),
    );
    for (const { fingerprint, vector } of made) known.set(fingerprint, vector);
  }

  return {
    refresh,
    whole: catchUp,
    async meaningOf(query, asking) {
      const present = model();
      if (present === undefined || present.name !== maker || known.size === 0 || query.trim() === '') return undefined;
      try {
        const { vectors } = await present.embed([query], { ...asking, timeout: PATIENCE });
        const wanted = unit(vectors[0] ?? []);
        return {
          near: (mayRead, limit) =>
            nearIn(passages().filter(mayRead), (passage) => known.get(fingerprintOf(passage)), wanted, limit),
        };
      } catch (error) {
        if (!isModelError(error)) throw error;
        return undefined;
      }
    },
    get progress() {
      const all = passages();
      return { made: all.filter((passage) => known.has(fingerprintOf(passage))).length, of: all.length };
    },
    async stop() {
      ending.abort();
      await working;
    },
  };
}

/** Passages; and how many are made, and read from the store, at a time. */
const MOST = 20_000;
const BATCH = 64;
const PAGE = 500;
/** Milliseconds that a customer's question waits for its vector. */
const PATIENCE = 2_000;
const FIRST_WAIT = 5_000;
const LAST_WAIT = 10 * 60_000;
/** UTF-16 units: models read no more of a text than its beginning. */
const LONGEST = 4_000;

function textOf({ title, heading, also = '', text }: Passage): string {
  return [title, heading, also, text]
    .filter((part) => part !== '')
    .join('\n')
    .slice(0, LONGEST)
    .toWellFormed();
}

const fingerprints = new WeakMap<Passage, string>();

function fingerprintOf(passage: Passage): string {
  const before = fingerprints.get(passage);
  if (before !== undefined) return before;
  const fingerprint = createHash('sha256').update(textOf(passage)).digest('base64url').slice(0, 22);
  fingerprints.set(passage, fingerprint);
  return fingerprint;
}

/** Of length 1, so that likeness is one product. */
function unit(vector: readonly number[]): Float32Array {
  const length = Math.hypot(...vector) || 1;
  return Float32Array.from(vector, (part) => part / length);
}

function bytesOf(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

function vectorIn(bytes: Uint8Array): Float32Array {
  // A copy: what a database gives may not begin where numbers may.
  return new Float32Array(Uint8Array.from(bytes).buffer);
}
