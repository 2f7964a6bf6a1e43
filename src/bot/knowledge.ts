import { setImmediate as breathe } from 'node:timers/promises';
import type { Action } from '../action.ts';
import type { KnowledgeSource } from '../deployment/knowledge.ts';
import { parseDuration } from '../flow/value/duration.ts';
import { searchAction } from '../knowledge/action.ts';
import { readFacts } from '../knowledge/facts.ts';
import { createKnowledge, type Knowledge } from '../knowledge/knowledge.ts';
import type { Document } from '../knowledge/reading.ts';
import { createVectors, type Vectors } from '../knowledge/vectors.ts';
import { readPages } from '../knowledge/web.ts';
import type { Log } from '../log.ts';
import type { Models } from '../models/model.ts';
import type { KnowledgeDoor } from '../server/knowledge-routes.ts';
import type { Store } from '../store/store.ts';

export interface KnowledgeParts {
  readonly sources: readonly KnowledgeSource[];
  readonly locales: readonly string[];
  readonly timezone: string;
  readonly store: Store;
  readonly models: Models;
  readonly clock: { now(): number };
  readonly log: Log;
}

/** What a running bot knows: files of its folders, pages of the web, and what is pushed. */
export interface RunningKnowledge {
  readonly knowledge: Knowledge;
  /** The read behind the `answer` step. A question that comes while documents are still being read waits for them. */
  readonly action: Action;
  /** How far what is known can be found by its meaning, too. */
  readonly progress: Vectors['progress'];
  /** Takes and drops documents for whoever has the key. */
  readonly door: KnowledgeDoor;
  /** Takes changed files and sets up; what has not changed is not read again. */
  takeUp(sources: readonly KnowledgeSource[]): void;
  /** Begins to read the pages of the web, now and every so often. */
  start(): void;
  stop(): Promise<void>;
}

/** Files are durable by themselves; what is pushed and fetched is kept in the store and read from there before anything is answered. */
export function openKnowledge(parts: KnowledgeParts): RunningKnowledge {
  const { sources, locales, timezone, store, models, clock, log } = parts;
  const knowledge = createKnowledge({ sets: sources.map(({ set }) => set), locales, timezone });
  const ending = new AbortController();
  const vectors = createVectors({
    model: () => models.for('embedding'),
    passages: () => knowledge.passages(),
    store,
    log,
  });
  let present = sources;
  let timers: NodeJS.Timeout[] = [];
  let reading: Promise<unknown> = Promise.resolve();
  const ready = readAll().catch((error: unknown) => log.error('knowledge.unread', { error }));

  /** In slices, so that who writes meanwhile is answered. */
  async function readAll(): Promise<void> {
    for (const source of sources) {
      for (const [at, document] of source.documents.entries()) {
        put(source, document);
        if (at % SLICE === SLICE - 1) await breathe();
      }
    }
    for (let after = 0; ; ) {
      const page = await store.documents(after, SLICE);
      for (const { set, content } of page) {
        const source = present.find((one) => one.set.name === set);
        if (source !== undefined) put(source, JSON.parse(content) as Document);
      }
      const last = page.at(-1);
      if (last === undefined) return vectors.refresh();
      after = last.key;
      await breathe();
    }
  }

  function put({ set }: KnowledgeSource, document: Document) {
    const taken = knowledge.put(set.name, document);
    for (const mistake of taken.mistakes)
      log.warn('knowledge.mistake', { set: set.name, document: document.id, mistake });
    return taken;
  }

  async function keep(source: KnowledgeSource, document: Document) {
    const { name } = source.set;
    // On disk first: what is answered from must still be there after a crash.
    await store.keepDocument({ set: name, id: document.id, content: JSON.stringify(document), at: clock.now() });
    const taken = put(source, document);
    vectors.refresh();
    return taken;
  }

  async function drop(set: string, id: string): Promise<boolean> {
    const was = await store.dropDocument(set, id);
    return knowledge.remove(set, id) || was;
  }

  /** Pages that are gone from the list, go; ones that cannot be reached stay as they were. */
  async function readWeb(source: KnowledgeSource): Promise<void> {
    const { set, pages } = source;
    if (pages === undefined) return;
    const { documents, listed, troubles } = await readPages(pages, ending.signal);
    for (const { url, error } of troubles) log.warn('knowledge.unreachable', { set: set.name, url, error });
    for (const document of documents) await keep(source, document);
    if (listed === undefined) return;
    for (const id of knowledge.documents(set.name))
      if (/^https?:/.test(id) && !listed.has(id)) await drop(set.name, id);
  }

  function schedule(): void {
    for (const timer of timers) clearInterval(timer);
    timers = present.flatMap((source) => {
      if (source.pages === undefined) return [];
      const read = () => {
        reading = reading
          .then(() => ready)
          .then(() => readWeb(source))
          .catch((error: unknown) => {
            if (!ending.signal.aborted) log.error('knowledge.failed', { set: source.set.name, error });
          });
      };
      read();
      return [setInterval(read, Math.max(LEAST, parseDuration(source.pages.every) ?? DAY)).unref()];
    });
  }

  return {
    knowledge,
    get progress() {
      return vectors.progress;
    },
    action: searchAction(knowledge, () => clock.now(), ready, {
      writer: () => models.for('answer'),
      meaningOf: vectors.meaningOf,
    }),
    door: {
      async put({ set: name, id, kind, text, facts: given }) {
        await ready;
        const source = takerOf(present, name);
        if (source === undefined) return { outcome: 'no_set' };
        const { facts, mistakes } = readFacts(given, timezone);
        if (mistakes.length > 0) return { outcome: 'mistaken', mistakes };
        const taken = await keep(source, { id, kind, text, facts });
        return { outcome: 'taken', set: source.set.name, passages: taken.passages.length, changed: taken.changed };
      },
      async remove(name, id) {
        await ready;
        const source = takerOf(present, name);
        return source === undefined ? 'no_set' : (await drop(source.set.name, id)) ? 'gone' : 'unknown';
      },
    },
    takeUp(next) {
      knowledge.define(next.map(({ set }) => set));
      for (const source of next) {
        const before = present.find(({ set }) => set.name === source.set.name);
        const files = new Set(source.documents.map(({ id }) => id));
        for (const { id } of before?.documents ?? []) if (!files.has(id)) knowledge.remove(source.set.name, id);
        for (const document of source.documents) put(source, document);
      }
      present = next;
      vectors.refresh();
      if (timers.length > 0) schedule();
    },
    start: schedule,
    async stop() {
      ending.abort();
      for (const timer of timers) clearInterval(timer);
      await Promise.all([ready, reading, vectors.stop()]);
    },
  };
}

/** The set that is meant, if it takes documents; without a name, the only one that does. */
function takerOf(sources: readonly KnowledgeSource[], name: string | undefined): KnowledgeSource | undefined {
  const takers = sources.filter(({ push }) => push);
  if (name !== undefined) return takers.find(({ set }) => set.name === name);
  return takers.length === 1 ? takers[0] : undefined;
}

/** Documents between two breaths. */
const SLICE = 20;
const DAY = 24 * 60 * 60_000;
/** A site is not read more often than this. */
const LEAST = 60_000;
