import type { Database } from 'better-sqlite3';
import { codeOf, ParleyError } from '../../errors.ts';

/**
 * Group commit: operations that are asked in the same turn of the event loop share one transaction and one sync, and resolve after
 * it. There is no timer: while one group syncs, the next one gathers by itself.
 *
 * 1. `join` puts the operation in line; the first of a group schedules `#flush` behind the I/O that is ready now.
 * 2. `#flush` runs the whole line in one transaction. Should one operation fail, all are rolled back and run again one by one, so
 *    that only the guilty one is refused.
 * 3. When nobody waits, what the log has gathered is moved into the file, little by little. Left to SQLite this happens within a
 *    commit, four thousand pages at once, and one customer in a thousand waits ten times as long as the others.
 * 4. An error of the disk refuses everybody. A full disk is probed until there is room. After any other error of input or output
 *    nobody knows what is on disk (fsync reports a lost write once and then never again), so nothing is acknowledged ever after.
 */
export class GroupCommit {
  readonly #database: Database;
  readonly #begin;
  readonly #commit;
  readonly #rollback;
  readonly #probe;
  #line: Operation[] = [];
  #scheduled = false;
  #condition: 'ok' | 'store.full' | 'store.unavailable' = 'ok';
  #probing: NodeJS.Timeout | undefined;
  #fatal: (() => void)[] = [];
  #rolledBack: (() => void)[] = [];
  /** How many transactions have begun. */
  transactions = 0;
  /** As many had begun when the log was last moved into the file. */
  #moved = 0;
  /** Set by an operation that deleted what must not be found again in the file. */
  wipe = false;

  constructor(database: Database) {
    this.#database = database;
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#rollback = database.prepare('ROLLBACK');
    this.#probe = database.prepare('INSERT OR REPLACE INTO probe (id, bytes) VALUES (1, randomblob(?))');
  }

  get condition(): 'ok' | 'store.full' | 'store.unavailable' {
    return this.#condition;
  }

  onFatal(listener: () => void): void {
    this.#fatal.push(listener);
  }

  /** Called when what operations have done since the transaction began is undone. */
  onRollback(listener: () => void): void {
    this.#rolledBack.push(listener);
  }

  /** Resolves with what `work` returned, once it is on disk. `work` is synchronous and may run twice (the first time rolled back). */
  join<Argument, Result>(work: (argument: Argument) => Result, argument: Argument): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      if (this.#condition !== 'ok') return reject(refusal(this.#condition));
      this.#line.push({
        work: work as (argument: unknown) => unknown,
        argument,
        resolve: resolve as (result: unknown) => void,
        reject,
        result: undefined,
      });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(this.#flush);
    });
  }

  /** Writes what is in line and stops probing. */
  close(): void {
    this.#flush();
    clearInterval(this.#probing);
  }

  readonly #flush = (): void => {
    const group = this.#line;
    this.#line = [];
    this.#scheduled = false;
    if (group.length === 0) return;
    if (this.#condition !== 'ok') return refuseAll(group, refusal(this.#condition));
    try {
      this.#transact(group);
    } catch (error) {
      if (this.#diskFailed(error)) return refuseAll(group, refusal(this.#condition, error));
      if (group.length === 1) return refuseAll(group, error);
      return this.#oneByOne(group);
    }
    for (const operation of group) operation.resolve(operation.result);
    this.#wipeIfAsked();
    if (this.transactions - this.#moved >= MOVE_AFTER) setImmediate(this.#moveIfIdle);
  };

  #transact(group: readonly Operation[]): void {
    this.transactions += 1;
    this.#begin.run();
    try {
      for (const operation of group) operation.result = operation.work(operation.argument);
      this.#commit.run();
    } catch (error) {
      // SQLite has rolled back by itself after the worst errors, and would refuse a second time.
      if (this.#database.inTransaction) this.#rollback.run();
      for (const listener of this.#rolledBack) listener();
      throw error;
    }
  }

  #oneByOne(group: readonly Operation[]): void {
    for (const operation of group) {
      this.#line = [operation];
      this.#flush();
    }
  }

  /** Deleted bytes live on in the log until it is emptied. */
  #wipeIfAsked(): void {
    if (!this.wipe) return;
    this.wipe = false;
    this.#database.pragma('wal_checkpoint(TRUNCATE)');
  }

  /** Nobody has come since the last group was told: the next one is not kept waiting. */
  readonly #moveIfIdle = (): void => {
    if (this.#scheduled || this.#condition !== 'ok' || !this.#database.open) return;
    this.#moved = this.transactions;
    try {
      this.#database.pragma('wal_checkpoint(PASSIVE)');
    } catch (error) {
      if (!this.#diskFailed(error)) throw error;
    }
  };

  #diskFailed(error: unknown): boolean {
    const code = codeOf(error);
    if (code === 'SQLITE_FULL') {
      this.#condition = 'store.full';
      this.#probing ??= setInterval(this.#tryAgain, PROBE_EVERY);
      return true;
    }
    if (!FATAL.test(code)) return false;
    this.#condition = 'store.unavailable';
    clearInterval(this.#probing);
    for (const listener of this.#fatal) listener();
    return true;
  }

  /** Is there room again? Random bytes, since SQLite neither writes nor syncs a page that stays as it is. */
  readonly #tryAgain = (): void => {
    try {
      this.#probe.run(PROBE_BYTES);
      this.#probe.run(0);
    } catch (error) {
      if (this.#diskFailed(error)) return;
      throw error;
    }
    clearInterval(this.#probing);
    this.#probing = undefined;
    this.#condition = 'ok';
  };
}

interface Operation {
  readonly work: (argument: unknown) => unknown;
  readonly argument: unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  result: unknown;
}

/** Errors after which the file cannot be trusted any more in this process. */
const FATAL = /^SQLITE_(IOERR|CORRUPT|NOTADB|READONLY|CANTOPEN|PROTOCOL)/;
/** Transactions. Those of a quiet hour write six to ten pages each: it takes one or two milliseconds. */
const MOVE_AFTER = 50;
const PROBE_EVERY = 500;
const PROBE_BYTES = 256 * 1024;

function refuseAll(group: readonly Operation[], error: unknown): void {
  for (const operation of group) operation.reject(error);
}

/** What is thrown for an error of the disk, as far as it is one. */
export function asStoreError(error: unknown): unknown {
  const code = codeOf(error);
  if (code === 'SQLITE_FULL') return refusal('store.full', error);
  return FATAL.test(code) ? refusal('store.unavailable', error) : error;
}

function refusal(condition: 'ok' | 'store.full' | 'store.unavailable', cause?: unknown): ParleyError {
  return condition === 'store.full'
    ? new ParleyError('store.full', 'The disk is full: nothing was saved.', {
        hint: 'Free some space; Parley goes on by itself.',
        retryable: true,
        cause,
      })
    : new ParleyError('store.unavailable', 'The disk failed: nothing is saved any more.', {
        hint: 'Look after the disk, then start the process again.',
        retryable: true,
        cause,
      });
}
