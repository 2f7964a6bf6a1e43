import { describe, expect, test } from '@jest/globals';
import type { Engine, Entry, News } from '../../src/engine/engine.ts';
import { follow } from '../../src/server/follow.ts';
import { createFakeEngine } from '../support/fake-engine.ts';

const entry = (seq: number): Entry => ({
  seq,
  id: `e${seq}`,
  from: 'bot',
  message: { text: `${seq}` },
  at: 0,
  status: 'sent',
});

/** An engine whose news come when the test says so: late, twice, or not at all. */
function handMade(entries: Entry[]) {
  let tell: (news: News) => void = () => undefined;
  const engine: Engine = {
    ...createFakeEngine(),
    transcript: async (_conversation, after, limit) => entries.slice(after, after + limit),
    watch: (_conversation, listener) => {
      tell = listener;
      return () => undefined;
    },
  };
  return { engine, tell: (...seqs: number[]) => tell({ kind: 'entries', entries: seqs.map(entry) }) };
}

async function following(entries: Entry[]) {
  const heard: number[] = [];
  const { engine, tell } = handMade(entries);
  await new Promise<void>((resolve) => {
    follow(engine, 'c', 0, {
      entries: (more) => heard.push(...more.map(({ seq }) => seq)),
      ready: () => resolve(),
      typing: () => undefined,
      status: () => undefined,
      drained: () => Promise.resolve(),
      failed: (error) => {
        throw error;
      },
    });
  });
  return { heard, tell };
}

describe('following a conversation', () => {
  test('hands over nothing twice when the news of it come late', async () => {
    const { heard, tell } = await following([entry(1), entry(2)]);
    tell(1, 2);
    tell(2, 3);
    expect(heard).toEqual([1, 2, 3]);
  });

  test('reads what is missing when news were lost', async () => {
    const entries = [entry(1)];
    const { heard, tell } = await following(entries);
    entries.push(entry(2), entry(3), entry(4));
    tell(4);
    while (heard.length < 4) await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual([1, 2, 3, 4]);
  });
});
