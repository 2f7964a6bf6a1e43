import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import type { DeskEffect, Effect } from '../../src/effect.ts';
import { chained, GENESIS, hashOf } from '../../src/store/audit.ts';
import { openMemory } from '../../src/store/memory.ts';
import type { ReviewEntry } from '../../src/store/review.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Commitment, Store } from '../../src/store/store.ts';
import type { JsonObject } from '../../src/type.ts';

const stand = (more: Partial<DeskEffect['stand']> = {}): DeskEffect['stand'] => ({
  ...{ at: 'active', epoch: 1, version: 1, queue: 'support', agent: 'mia', opened: 5, control: {} },
  ...more,
});
const desk = (lines: DeskEffect['lines'], more: Partial<DeskEffect['stand']> = {}): DeskEffect => ({
  ...{ kind: 'desk', stand: stand(more), lines, limit: 2 },
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-desk-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.each([
  ['memory', openMemory],
  ['sqlite', () => openSqlite(join(folder, 'store.db'))],
])('the desk of the %s store', (_, open) => {
  let store: Store;
  let count: number;
  beforeEach(() => {
    store = open();
    count = 0;
  });
  afterEach(() => store.close());

  async function turn(effects: readonly Effect[], delivery: 'held' | 'fetched' = 'held') {
    count += 1;
    const known = await store.load('web', 'ann');
    const to = known ?? { key: 0, id: 'c1', account: 'web', address: 'ann', locale: 'en' };
    const done = await store.commit({
      arrival: { to, origin: { kind: 'door', key: `k${count}` }, event: { kind: 'opened' }, at: count },
      ...{ version: known?.version ?? 0, state: '{}', effects, delivery, heldUntil: 1_000 },
    });
    if (done.outcome !== 'applied') throw new Error(done.outcome);
    return done;
  }
  const says = (text: string, said?: string): Effect => ({
    ...{ kind: 'send', from: said === undefined ? 'bot' : 'agent' },
    message: said === undefined ? { text } : { text, agent: 'Mia', said },
  });
  const settle = ({ held }: Extract<Commitment, { outcome: 'applied' }>, end: 'done' | 'desk.stale') =>
    store.settle({
      ...held[0]!,
      end: end === 'done' ? { kind: 'done', status: 'sent', at: 9 } : { kind: 'dead', code: end, at: 9 },
    });
  const receipts = async () =>
    (await store.desk.lines(0, 100)).flatMap(({ line }) => (line.on === 'receipt' ? [[line.seq, line.state]] : []));

  test('tells how far the words of an agent have come, and nobody else’s', async () => {
    await settle(await turn([says('before any human'), desk([])]), 'done');
    await settle(await turn([says('Hello', 's1'), desk([])]), 'done');
    await settle(await turn([says('by the bot'), desk([])]), 'done');
    const read = { account: 'web', conversation: 'c1', seq: 2, part: 0, status: 'delivered', at: 9 } as const;
    for (let twice = 0; twice < 2; twice++) await store.progress(read);
    await store.seen('c1', 3);
    expect(await receipts()).toEqual([
      [2, 'sent'],
      [2, 'delivered'],
      [2, 'read'],
    ]);
  });

  test('audits what was about to be said when somebody else took the conversation', async () => {
    await settle(await turn([says('too late'), desk([])]), 'desk.stale');
    expect(await store.desk.audit(0, 9)).toMatchObject([{ what: 'dropped', conversation: 'c1', data: { seq: 1 } }]);
  });

  test('chains what was done, without a word of anybody', async () => {
    await turn([desk([{ on: 'claimed', from: 'queued', to: 'active', epoch: 2, by: 'mia', command: 'x1' }])]);
    await turn([
      desk([
        { on: 'noted', by: 'mia', note: 'private' },
        { on: 'assigned', by: 'mia', agent: 'tom', note: 'private' },
      ]),
    ]);
    await store.desk.setPresence('mia', 'away', 7);
    await store.desk.audited({ at: 8, what: 'revealed', by: 'mia', conversation: 'c1', data: { what: 'post.1' } });
    const rows = await store.desk.audit(0, 100);
    expect(rows.map(({ id, what, by }) => [id, what, by])).toEqual([
      [1, 'claimed', 'mia'],
      [2, 'assigned', 'mia'],
      [3, 'presence', 'mia'],
      [4, 'revealed', 'mia'],
    ]);
    expect(JSON.stringify(rows)).not.toContain('private');
    let previous = GENESIS;
    for (const row of rows) {
      expect([row.previous, row.hash]).toEqual([previous, hashOf(row)]);
      previous = row.hash;
    }
    expect(await store.desk.audit(2, 1)).toEqual([rows[2]]);
  });

  test('forgets old lines of the log, and nothing that was audited', async () => {
    for (let times = 0; times < 4; times++) await turn([desk([{ on: 'claimed', by: 'mia', note: 'private' }])]);
    for (let after: number | undefined = 0; after !== undefined; )
      after = (await store.prune({ entries: 4, after, limit: 2 })).next;
    expect((await store.desk.lines(0, 100)).map(({ id, at }) => [id, at])).toEqual([[4, 4]]);
    await turn([desk([{ on: 'claimed', by: 'mia' }])]);
    expect((await store.desk.lines(4, 100)).map(({ id }) => id)).toEqual([5]);
    expect(await store.desk.audit(0, 100)).toHaveLength(5);
  });

  test('lists by stand who waits and who has ended, and knows each by its conversation', async () => {
    const { key } = await turn([desk([], { at: 'queued', epoch: 3 })]);
    expect(await store.desk.stands(['queued', 'active'], 9)).toMatchObject([
      { conversation: 'c1', at: 'queued', epoch: 3, agent: 'mia', queue: 'support', opened: 5 },
    ]);
    expect(await store.desk.stands(['active'], 9)).toEqual([]);
    expect(await store.desk.ended(9)).toEqual([]);
    const { agent: _, ...nobodys } = stand({ at: 'closed', tasks: 1 });
    await turn([{ kind: 'desk', stand: nobodys, lines: [], limit: 2 }]);
    expect(await store.desk.ended(9)).toEqual([{ conversation: 'c1', ...nobodys }]);
    expect(await store.desk.stand('c1')).toEqual({ conversation: 'c1', ...nobodys });
    expect(await store.desk.stand('nobody')).toBeUndefined();
    expect([await store.desk.epoch(key), await store.desk.epoch(key + 1)]).toEqual([1, 0]);
  });

  test('tells the last lines of a conversation in order, and what became of a command', async () => {
    await turn([desk([{ on: 'noted', command: 'x1' }, { on: 'noted', command: 'x2' }, { on: 'noted' }])]);
    const ons = (lines: readonly { line: JsonObject }[]) => lines.map(({ line }) => line.command ?? 'none');
    expect(ons(await store.desk.history('c1', 2))).toEqual(['x2', 'none']);
    expect(await store.desk.history('nobody', 2)).toEqual([]);
    expect((await store.desk.answer('c1', 'x2'))?.line).toEqual({ on: 'noted', command: 'x2' });
    expect(await store.desk.answer('c1', 'x9')).toBeUndefined();
    expect(await store.desk.answer('nobody', 'x1')).toBeUndefined();
  });

  test('takes for away who lets offers pass, and forgets that when she is given one or says how she is', async () => {
    await store.desk.setPresence('tom', 'available', 1);
    const passes = async () => turn([{ ...desk([], { at: 'offered', agent: 'mia' }), missed: ['tom', 'zoe'] }]);
    const tom = async () => (await store.desk.agents()).find(({ name }) => name === 'tom');
    await passes();
    expect(await tom()).toMatchObject({ presence: 'available', misses: 1 });
    await passes();
    expect(await tom()).toMatchObject({ presence: 'away', since: 2, misses: 0 });
    const away = (await store.desk.lines(0, 9)).map(({ line }) => line);
    expect(away).toEqual([{ on: 'away', from: 'offered', to: 'offered', epoch: 1, by: 'tom' }]);
    // Who is not there cannot be taken for away once more.
    expect((await store.desk.agents()).find(({ name }) => name === 'zoe')).toMatchObject({ misses: 2 });
    await turn([desk([], { at: 'offered', agent: 'zoe' })]);
    expect((await store.desk.agents()).find(({ name }) => name === 'zoe')).toMatchObject({ misses: 2, given: 3 });
    await turn([desk([], { agent: 'mia' })]);
    await turn([desk([], { agent: 'zoe' })]);
    expect((await store.desk.agents()).find(({ name }) => name === 'zoe')).toMatchObject({ misses: 0, given: 5 });
  });

  test('audits which task was done, and what the house itself did', async () => {
    await turn([
      desk([
        { on: 'done', by: 'mia', task: { id: 't1', what: 'private' } },
        { on: 'requeued', task: 't2' },
      ]),
    ]);
    const [done, requeued] = await store.desk.audit(0, 9);
    expect(done).toMatchObject({ what: 'done', by: 'mia', data: { task: 't1' } });
    expect([requeued?.by, requeued?.data]).toEqual([undefined, {}]);
  });

  test('keeps each review once, by rising id, with its conversation where it has one', async () => {
    const review = (key: string, more: Partial<ReviewEntry> = {}) =>
      store.desk.reviewed({ key, at: 7, what: 'judged', data: { verdict: key }, ...more });
    await review('a', { conversation: 'c1' });
    await review('b');
    await review('a', { data: { verdict: 'changed' } });
    const [first, second, ...rest] = await store.desk.reviews(0, 9);
    expect(first).toMatchObject({ key: 'a', conversation: 'c1', data: { verdict: 'a' } });
    expect(second).not.toHaveProperty('conversation');
    expect(rest).toEqual([]);
    expect(await store.desk.reviews(first!.id, 1)).toEqual([second]);
  });

  test('lists where flows have asked humans for something', async () => {
    await turn([desk([], { at: 'bot', tasks: 2 })]);
    expect(await store.desk.asking(9)).toMatchObject([{ conversation: 'c1', tasks: 2 }]);
    await turn([desk([], { at: 'bot' })]);
    expect(await store.desk.asking(9)).toEqual([]);
  });
});

test('the SQLite file lets nobody change or remove what was audited', async () => {
  const path = join(folder, 'store.db');
  const store = openSqlite(path);
  await store.desk.audited({ at: 8, what: 'revealed', by: 'mia', data: {} });
  await store.close();
  const file = new Database(path);
  for (const change of ["UPDATE audit SET by = 'tom'", 'DELETE FROM audit'])
    expect(() => file.exec(change)).toThrow('only added to');
  file.close();
});

test('the SQLite file lets nobody change what was made of a draft', async () => {
  const path = join(folder, 'reviews.db');
  const own = openSqlite(path);
  await own.desk.reviewed({ key: 'judged:1', at: 5, what: 'judged', data: {} });
  await own.close();
  const file = new Database(path);
  expect(() => file.exec("UPDATE review SET what = 'x'")).toThrow('only added to');
  file.close();
});

test('a row’s hash depends on each of its fields', () => {
  const row = chained(undefined, { at: 1, what: 'claimed', by: 'mia', conversation: 'c1', data: { to: 'active' } });
  const changed = [{ at: 2 }, { what: 'said' }, { by: 'tom' }, { conversation: 'c2' }, { data: {} }, { id: 9 }];
  for (const change of changed) expect(hashOf({ ...row, ...change })).not.toBe(row.hash);
});
