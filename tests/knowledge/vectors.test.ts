import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { Passage } from '../../src/knowledge/passage.ts';
import { createVectors, type Vectors } from '../../src/knowledge/vectors.ts';
import type { Log } from '../../src/log.ts';
import { ModelError } from '../../src/models/failure.ts';
import type { Model } from '../../src/models/model.ts';
import { openMemory } from '../../src/store/memory.ts';
import { ask, library, page } from './library.ts';

/** What words mean: whoever says one of a row means all of it. */
const MEANINGS = [
  ['return', 'refund', 'bring back', '退货', '退回去'],
  ['parcel', 'delivery', 'shipment', '快递', '配送'],
  ['warranty', 'broken', 'repair', '保修', '坏了'],
  ['wool', 'wash', 'laundry', '清洗'],
];
const usage = { model: 'm', input: 0, output: 0, cost: 0, cached: false };

class Embedding {
  readonly asked: string[] = [];
  fails = false;
  readonly model: Model;

  constructor(name = 'm') {
    const embed: Model['embed'] = async (texts) => {
      if (this.fails) throw new ModelError('model.unavailable');
      this.asked.push(...texts);
      const vectors = texts.map((text) =>
        MEANINGS.map((words) => 0.05 + words.filter((word) => text.includes(word)).length),
      );
      return { vectors, usage };
    };
    this.model = { name, embed } as Partial<Model> as Model;
  }
}

const DOCUMENTS = [
  ['returns.md', '# Returns\n## How long?\nSend your return within 30 days.'],
  ['delivery.md', '# Delivery\n## How long?\nYour parcel needs 3 days.'],
  ['warranty.md', '# Warranty\n## How long?\nThe warranty lasts two years.'],
  ['care.md', '# Care\n## Wool\nWash wool by hand.'],
] as const;

function known() {
  const knowledge = library();
  for (const [id, text] of DOCUMENTS) knowledge.put('help', page(id, text));
  return knowledge;
}

const logged: string[] = [];
const log: Log = {
  info: (event, fields) => void logged.push(`${event} ${JSON.stringify(fields)}`),
  warn: (event) => void logged.push(event),
  error: (event) => void logged.push(event),
};

async function whole(vectors: Vectors, of: number = DOCUMENTS.length): Promise<void> {
  vectors.refresh();
  for (let tries = 0; tries < 500 && !(vectors.progress.made === of && vectors.progress.of === of); tries++)
    await pause(5);
  expect(vectors.progress).toEqual({ made: of, of });
}

function over(passages: () => readonly Passage[], embedding: Embedding, store = openMemory()): Vectors {
  return createVectors({ model: () => embedding.model, passages, store, log });
}

describe('vectors', () => {
  test('find what means the like and shares no word with it', async () => {
    const knowledge = known();
    const vectors = over(() => knowledge.passages(), new Embedding());
    const asked = ask('it came broken, what now');
    expect(knowledge.search(asked, 1)).toEqual([]);
    await whole(vectors);
    const meaning = await vectors.meaningOf(asked.query, {});
    const [best] = knowledge.search(asked, 3, meaning);
    expect(best?.passage.document).toBe('warranty.md');
    expect(best?.likeness).toBeGreaterThan(2);
    // Likeness alone is no ground for quoting: nothing of the question stands there.
    expect(knowledge.answer(asked, meaning)).toBeUndefined();
    await vectors.stop();
  });

  test('put first what both words and meaning find', async () => {
    const knowledge = known();
    const vectors = over(() => knowledge.passages(), new Embedding());
    await whole(vectors);
    const asked = ask('may I bring back what I return?');
    const meaning = await vectors.meaningOf(asked.query, {});
    expect(knowledge.search(asked, 3, meaning)[0]?.passage.document).toBe('returns.md');
    await vectors.stop();
  });

  test('reach across languages', async () => {
    const knowledge = known();
    const vectors = over(() => knowledge.passages(), new Embedding());
    await whole(vectors);
    const asked = ask('坏了怎么办');
    const meaning = await vectors.meaningOf(asked.query, {});
    expect(knowledge.search(asked, 3, meaning)).toEqual([]);
    const [best] = knowledge.search({ ...asked, anyLocale: true }, 3, meaning);
    expect(best?.passage.document).toBe('warranty.md');
    await vectors.stop();
  });

  test('let nobody find what she may not read', async () => {
    const knowledge = library({ accounts: ['dealers'] });
    for (const [id, text] of DOCUMENTS) knowledge.put('help', page(id, text));
    const vectors = over(() => knowledge.passages(), new Embedding());
    await whole(vectors);
    const asked = ask('it came broken, what now', { account: 'shop', anyLocale: true });
    expect(knowledge.search(asked, 3, await vectors.meaningOf(asked.query, {}))).toEqual([]);
    await vectors.stop();
  });

  test('are made once for a text, whatever is started again or comes back', async () => {
    const store = openMemory();
    const knowledge = known();
    const first = new Embedding();
    const vectors = over(() => knowledge.passages(), first, store);
    await whole(vectors);
    expect(first.asked).toHaveLength(DOCUMENTS.length);
    knowledge.put('help', page('copy.md', DOCUMENTS[0][1]));
    knowledge.put('help', page('new.md', '# New\n## Repair\nWe repair everything.'));
    await whole(vectors, DOCUMENTS.length + 2);
    expect(first.asked).toHaveLength(DOCUMENTS.length + 1);
    await vectors.stop();

    const second = new Embedding();
    const again = over(() => knowledge.passages(), second, store);
    await whole(again, DOCUMENTS.length + 2);
    expect(second.asked).toEqual([]);
    await again.stop();
  });

  test('of another model, and of texts that are gone, are not kept', async () => {
    const store = openMemory();
    const knowledge = known();
    const vectors = over(() => knowledge.passages(), new Embedding(), store);
    await whole(vectors);
    knowledge.remove('help', 'care.md');
    await whole(vectors, DOCUMENTS.length - 1);
    for (let tries = 0; tries < 500 && (await store.vectors('m', 0, 99)).length > 3; tries++) await pause(5);
    await vectors.stop();
    expect(await store.vectors('m', 0, 99)).toHaveLength(DOCUMENTS.length - 1);
    const other = over(() => knowledge.passages(), new Embedding('n'), store);
    await whole(other, DOCUMENTS.length - 1);
    for (let tries = 0; tries < 500 && (await store.vectors('m', 0, 99)).length > 0; tries++) await pause(5);
    await other.stop();
    expect(await store.vectors('m', 0, 99)).toEqual([]);
    expect(await store.vectors('n', 0, 99)).toHaveLength(DOCUMENTS.length - 1);
  });

  test('that cannot be made leave finding to words', async () => {
    const knowledge = known();
    const embedding = new Embedding();
    embedding.fails = true;
    const vectors = over(() => knowledge.passages(), embedding);
    vectors.refresh();
    await pause(20);
    expect(vectors.progress).toEqual({ made: 0, of: DOCUMENTS.length });
    expect(await vectors.meaningOf('broken', {})).toBeUndefined();
    expect(logged).toContain('knowledge.vectors_failed');
    await vectors.stop();
  });

  test('of a question that cannot be made in time leave it to words, too', async () => {
    const knowledge = known();
    const embedding = new Embedding();
    const vectors = over(() => knowledge.passages(), embedding);
    await whole(vectors);
    expect(logged.join()).toContain('knowledge.vectors {"made":4,"of":4}');
    embedding.fails = true;
    expect(await vectors.meaningOf('broken', {})).toBeUndefined();
    await vectors.stop();
  });
});
