import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { asStoreError, GroupCommit } from '../../src/store/sqlite/group-commit.ts';

/** A disk whose next commits, or moves of the log, fail as SQLite tells it: the file itself is real. */
class Disk {
  readonly file = new Database(':memory:');
  readonly #failures = new Map<'COMMIT' | 'checkpoint' | 'probe', string[]>();

  constructor() {
    this.file.exec('CREATE TABLE probe (id INTEGER PRIMARY KEY, bytes BLOB); CREATE TABLE kept (text TEXT)');
    const { prepare, pragma } = this.file;
    // Only what the group prepares itself is ever refused.
    this.file.prepare = ((source: string) => {
      const statement = prepare.call(this.file, source) as Database.Statement<unknown[]>;
      const what = source === 'COMMIT' ? 'COMMIT' : source.includes('probe') ? 'probe' : undefined;
      if (what === undefined) return statement;
      return {
        run: (...values: unknown[]) => this.#fails(what) ?? statement.run(...values),
      };
    }) as typeof prepare;
    this.file.pragma = ((source: string) =>
      source.includes('PASSIVE') ? this.#fails('checkpoint') : pragma.call(this.file, source)) as typeof pragma;
  }

  fail(what: 'COMMIT' | 'checkpoint' | 'probe', ...codes: string[]): void {
    this.#failures.set(what, codes);
  }

  #fails(what: 'COMMIT' | 'checkpoint' | 'probe'): undefined {
    const code = this.#failures.get(what)?.shift();
    if (code !== undefined) throw Object.assign(new Error(code), { code });
    return undefined;
  }
}

let disk: Disk;
let group: GroupCommit;
let fatal: number;
beforeEach(() => {
  disk = new Disk();
  group = new GroupCommit(disk.file);
  fatal = 0;
  group.onFatal(() => {
    fatal += 1;
  });
});
afterEach(() => {
  group.close();
  disk.file.close();
});

const keep = (text: string) =>
  group.join((kept: string) => disk.file.prepare('INSERT INTO kept VALUES (?)').run(kept), text);
const kept = () => disk.file.prepare('SELECT text FROM kept').pluck().all();
/** Until the line is empty and the log has been moved. */
const idle = async () => {
  for (let turns = 0; turns < 3; turns += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('a disk that fails', () => {
  test('acknowledges nothing any more after an input or output error, and says so once', async () => {
    await keep('before');
    disk.fail('COMMIT', 'SQLITE_IOERR_FSYNC');
    const both = await Promise.allSettled([keep('a'), keep('b')]);
    for (const each of both)
      expect(each).toMatchObject({ status: 'rejected', reason: { code: 'store.unavailable', retryable: true } });
    // The next commit would pass: nobody may trust it.
    await expect(keep('after')).rejects.toMatchObject({ code: 'store.unavailable' });
    expect([group.condition, fatal, kept()]).toEqual(['store.unavailable', 1, ['before']]);
  });

  test('refuses who comes behind it in the same moment', async () => {
    disk.fail('COMMIT', 'SQLITE_IOERR_FSYNC');
    const guilty = group.join(() => {
      throw new TypeError('a bug');
    }, undefined);
    const outcomes = await Promise.allSettled([guilty, keep('a'), keep('b')]);
    expect(outcomes).toMatchObject([
      { reason: { message: 'a bug' } },
      { reason: { code: 'store.unavailable' } },
      { reason: { code: 'store.unavailable' } },
    ]);
    expect([kept(), fatal]).toEqual([[], 1]);
  });

  test('refuses who comes when the log could not be moved', async () => {
    for (let count = 0; count < 49; count += 1) await keep('x');
    disk.fail('checkpoint', 'SQLITE_IOERR_WRITE');
    const last = keep('the fiftieth');
    await last;
    await idle();
    expect([group.condition, fatal]).toEqual(['store.unavailable', 1]);
    await expect(keep('after')).rejects.toMatchObject({ code: 'store.unavailable' });
  });

  test('that is full refuses, changes nothing, and goes on when there is room', async () => {
    disk.fail('COMMIT', 'SQLITE_FULL');
    disk.fail('probe', 'SQLITE_FULL');
    await expect(keep('a')).rejects.toMatchObject({ code: 'store.full', retryable: true });
    expect([group.condition, fatal, kept()]).toEqual(['store.full', 0, []]);
    await expect(keep('b')).rejects.toMatchObject({ code: 'store.full' });
    while (group.condition !== 'ok') await new Promise((resolve) => setTimeout(resolve, 20));
    await keep('c');
    expect(kept()).toEqual(['c']);
  });

  test('that turns out broken while it is full is not asked any more', async () => {
    disk.fail('COMMIT', 'SQLITE_FULL');
    disk.fail('probe', 'SQLITE_CORRUPT');
    await expect(keep('a')).rejects.toMatchObject({ code: 'store.full' });
    while (group.condition === 'store.full') await new Promise((resolve) => setTimeout(resolve, 20));
    expect([group.condition, fatal]).toEqual(['store.unavailable', 1]);
  });
});

describe('operations of one moment', () => {
  test('are one transaction, and undone together are done one by one without the guilty one', async () => {
    let undone = 0;
    group.onRollback(() => {
      undone += 1;
    });
    const guilty = group.join(() => {
      throw new TypeError('a bug');
    }, undefined);
    const outcomes = await Promise.allSettled([keep('a'), guilty, keep('b')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect([kept(), group.transactions, undone]).toEqual([['a', 'b'], 4, 2]);
    await Promise.all([keep('c'), keep('d')]);
    expect([group.transactions, group.condition]).toEqual([5, 'ok']);
  });

  test('are written when it closes', async () => {
    const last = keep('last');
    group.close();
    await last;
    expect(kept()).toEqual(['last']);
  });
});

test('an error of the disk is told as one, and any other as it is', () => {
  const bug = new TypeError('a bug');
  expect(asStoreError(Object.assign(new Error(), { code: 'SQLITE_FULL' }))).toMatchObject({ code: 'store.full' });
  expect(asStoreError(Object.assign(new Error(), { code: 'SQLITE_NOTADB' }))).toMatchObject({
    code: 'store.unavailable',
  });
  expect(asStoreError(bug)).toBe(bug);
});
