import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Arrival } from '../../src/store/store.ts';
import { storeContract } from '../contracts/store-contract.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-store-'));
  path = join(folder, 'nested', 'parley.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

storeContract('SQLite', async () => {
  const store = openSqlite(path);
  return { store, end: () => store.close() };
});

describe('the SQLite store', () => {
  test('has everything again after it was closed', async () => {
    const before = openSqlite(path);
    await before.accept(arrival('k1', 'hello'));
    await before.close();
    const after = openSqlite(path);
    expect(await after.load('web', 'ann')).toMatchObject({ id: 'id-ann', open: true });
    expect((await after.accept(arrival('k1', 'hello'))).outcome).toBe('duplicate');
    await after.close();
  });

  test.each([3, 40])('knows the keys of %i arrivals again after it was closed', async (count) => {
    const before = openSqlite(path);
    for (let n = 0; n < count; n += 1) await before.accept(arrival(`k${n}`, 'hello'));
    const { shown: _, ...opened } = arrival('unshown', '');
    await before.accept({ ...opened, event: { kind: 'opened' } });
    await before.close();
    const after = openSqlite(path);
    for (const key of ['k0', `k${count - 1}`, 'unshown']) {
      expect((await after.accept(arrival(key, 'hello'))).outcome).toBe('duplicate');
    }
    expect((await after.accept(arrival('new', 'hello'))).outcome).toBe('accepted');
    await after.close();
  });

  test('knows after it was closed what was being sent, and what waits', async () => {
    const before = openSqlite(path);
    const say = (text: string) => ({ kind: 'send', from: 'bot', message: { text } }) as const;
    const arrived = arrival('k1', 'hello');
    await before.commit({
      ...{ arrival: arrived, version: 0, state: '{}', effects: [say('a'), say('b')] },
      ...{ delivery: 'held', begins: true, heldUntil: 9_000 },
    });
    await before.close();
    const after = openSqlite(path);
    const said = await after.transcript(arrived.to.id, 1, 9);
    expect(said.map(({ status }) => status)).toEqual(['sending', 'queued']);
    await after.close();
  });

  test('lets no second one open the file', async () => {
    const store = openSqlite(path);
    await store.accept(arrival('k1', 'hello'));
    expect(() => openSqlite(path)).toThrow(expect.objectContaining({ code: 'store.locked' }));
    await store.close();
  });

  test('moves its log into the file by itself once nobody waits, long before SQLite would', async () => {
    const store = openSqlite(path);
    for (let n = 0; n < 60; n += 1) await store.accept(arrival(`k${n}`, 'hello'));
    // The file as it stands, without its log.
    const moved = join(folder, 'moved.db');
    const entries = () => {
      copyFileSync(path, moved);
      const file = new Database(moved);
      const row = file.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'entry'").get() as { n: number };
      const found = row.n === 0 ? 0 : (file.prepare('SELECT count(*) AS n FROM entry').get() as { n: number }).n;
      file.close();
      return found;
    };
    for (let tries = 0; tries < 100 && entries() === 0; tries += 1) await sleep(10);
    expect(entries()).toBeGreaterThanOrEqual(40);
    await store.close();
  });

  test('refuses a file of a later version', () => {
    openSqlite(path);
    const other = join(folder, 'later.db');
    const later = new Database(other);
    later.pragma('user_version = 999');
    later.close();
    expect(() => openSqlite(other)).toThrow(expect.objectContaining({ code: 'store.newer' }));
  });

  test('says of a file that is no database that it cannot be used', () => {
    const other = join(folder, 'no.db');
    writeFileSync(other, 'This was a letter once.'.repeat(100));
    expect(() => openSqlite(other)).toThrow(expect.objectContaining({ code: 'store.unavailable' }));
  });

  test('knows a ruling after everything else of its conversation is gone, and tells nobody whose it is', async () => {
    const address = '+15557654321';
    const ruled = { ...arrival('k1', 'stop'), to: { key: 0, id: 'c', account: 'sms', address, locale: '' } };
    const before = openSqlite(path);
    await before.commit({
      arrival: ruled,
      version: 0,
      state: '{}',
      effects: [{ kind: 'consent', ruling: { out: 1 } }],
      delivery: 'fetched',
      heldUntil: 0,
    });
    await before.close();
    const file = new Database(path);
    file.exec('DELETE FROM conversation; DELETE FROM arrival; DELETE FROM entry; VACUUM');
    file.close();
    const after = openSqlite(path);
    expect(await after.load('sms', address)).toBeUndefined();
    expect(await after.ruling('sms', address)).toEqual({ out: 1 });
    await after.close();
    expect(filesHold(address)).toBe(false);
  });

  test('takes up what an earlier version kept in the states of conversations', async () => {
    const store = openSqlite(path);
    const finished = {
      arrival: arrival('k1', 'stop'),
      version: 0,
      effects: [],
      delivery: 'fetched',
      heldUntil: 0,
    } as const;
    await store.commit({ ...finished, state: '{"consent":{"out":5}}' });
    await store.close();
    const file = new Database(path);
    file.exec(
      'DROP TABLE vector; DROP TABLE review; DROP TABLE audit; DROP TABLE desk; DROP TABLE desk_line; DROP TABLE desk_agent; DROP TABLE salt; DROP TABLE ruling; DROP TABLE cursor; PRAGMA user_version = 1',
    );
    file.exec(
      'DROP TRIGGER entry_forgotten; DROP TABLE report; DROP TABLE merged; DROP TABLE allowance; DROP TABLE receipt',
    );
    file.exec(
      'DROP TABLE document; DROP TABLE identity; DROP TABLE invitation; DROP TABLE challenge; ALTER TABLE customer DROP COLUMN linked',
    );
    file.exec('ALTER TABLE conversation DROP COLUMN keys');
    for (const column of ['turn', 'begun', 'unsure']) file.exec(`ALTER TABLE effect DROP COLUMN ${column}`);
    file.close();
    const later = openSqlite(path);
    expect(await later.ruling('web', 'ann')).toEqual({ out: 5 });
    await later.close();
  });

  test('leaves nothing in its files of what was redacted after it had been accepted', async () => {
    const secret = '4111-1111-1111-1111';
    const store = openSqlite(path);
    await store.accept(arrival('k1', secret));
    expect(filesHold(secret)).toBe(true);
    const [open] = await store.take(1, 1);
    await store.commit({
      arrival: { ...arrival('k1', secret), origin: { kind: 'inbox', id: open!.id } },
      version: 0,
      state: '{}',
      effects: [],
      seq: open!.seq,
      redacted: '****',
      delivery: 'fetched',
      heldUntil: 0,
    });
    expect(filesHold(secret)).toBe(false);
    await store.close();
  });

  test('refuses while the disk is full, acknowledges nothing, and goes on by itself when there is room', async () => {
    const store = openSqlite(path, { pages: 40 });
    const text = 'x'.repeat(20_000);
    let taken = 0;
    for (; taken < 100; taken += 1) {
      const refused = await store.accept(arrival(`k${taken}`, text)).catch((error: unknown) => error);
      if (refused instanceof Error) {
        expect(refused).toMatchObject({ code: 'store.full', retryable: true });
        break;
      }
    }
    expect(store.health()).toBe('store.full');
    await expect(store.accept(arrival('small', 'x'))).rejects.toMatchObject({ code: 'store.full' });
    expect((await store.transcript('id-ann', 0, 999)).length).toBe(taken);
    store.limit(4_000);
    while (store.health() !== 'ok') await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await store.accept(arrival(`k${taken}`, text))).outcome).toBe('accepted');
    await store.close();
  });

  test('looks only at the listeners that are filed under what a signal brings', async () => {
    await openSqlite(path).close();
    const database = new Database(path);
    const plan = database
      .prepare<[], { detail: string }>(
        "EXPLAIN QUERY PLAN SELECT conversation, match FROM listener WHERE event = 'e' AND token = 't'",
      )
      .all();
    expect(plan.map(({ detail }) => detail)).toEqual([
      'SEARCH listener USING INDEX listener_token (event=? AND token=?)',
    ]);
    database.close();
  });

  function filesHold(secret: string): boolean {
    const inside = join(folder, 'nested');
    return readdirSync(inside).some((file) => readFileSync(join(inside, file)).includes(secret));
  }
});

function arrival(key: string, text: string): Arrival {
  return {
    to: { key: 0, id: 'id-ann', account: 'web', address: 'ann', locale: 'en' },
    origin: { kind: 'door', key },
    event: { kind: 'message', text },
    shown: { id: key, from: 'customer', message: { text } },
    at: 1_000,
  };
}
