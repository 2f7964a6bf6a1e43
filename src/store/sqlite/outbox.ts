import type { Database } from 'better-sqlite3';
import type { Call } from '../../effect.ts';
import type { Message } from '../../message.ts';
import type { DeadLetter, HeldEffect, Settlement, Store } from '../store.ts';
import { statusCode } from './codes.ts';
import type { FreeSends } from './free-sends.ts';

/** Effects that wait, are held, or are dead. Runs inside the group's transaction. */
export function outboxOf(database: Database, free: FreeSends) {
  const sql = statements(database);
  let swept = Number.NEGATIVE_INFINITY;

  return {
    claim({ now, until, limit, sending = nobody }: Parameters<Store['claim']>[0]): readonly HeldEffect[] {
      if (now - swept >= SWEEP_EVERY) {
        swept = now;
        if (sql.expire.run(now).changes > 0) free.became();
      }
      const claimed: HeldEffect[] = [];
      let conversations = 0;
      for (const conversation of sql.dueConversations.all(now)) {
        const stay = sending(conversation);
        const rows = sql.free.all({ conversation, now }).filter(({ call }) => call !== null || !stay);
        for (const row of rows) {
          sql.hold.run(until, row.id);
          const { id, tries } = row;
          const held = { id, token: row.token + 1, conversation, tries, work: workOf(row) };
          claimed.push(row.entry === null ? held : { ...held, entry: row.entry });
        }
        if (rows.length > 0) conversations += 1;
        if (conversations === limit) break;
      }
      return claimed;
    },

    settle({ id, token, entry, end }: Settlement): boolean {
      if (end.kind === 'done' && entry !== undefined) {
        if (sql.finish.run(id, token).changes === 0) return false;
        sql.markAt.run(statusCode(end.status), entry);
        return true;
      }
      const row = sql.held.get(id, token);
      if (row === undefined) return false;
      switch (end.kind) {
        case 'done':
          sql.drop.run(id);
          sql.markAt.run(statusCode(end.status), row.entry);
          break;
        case 'retry':
          sql.retry.run(end.due, end.parts, end.tries, id);
          free.became();
          break;
        case 'dead':
          sql.drop.run(id);
          sql.bury.run(id, row.conversation, row.seq, row.entry, row.parts, end.code, end.at);
          sql.markAt.run(statusCode('failed'), row.entry);
          break;
      }
      return true;
    },

    release({
      effects,
      due,
    }: {
      effects: readonly { readonly id: number; readonly token: number }[];
      due: number;
    }): void {
      for (const { id, token } of effects) sql.release.run(due, id, token);
      free.became();
    },

    nextEffect: (): number | undefined => sql.next.get() ?? undefined,
    waiting: (): readonly number[] => sql.waiting.all(),
    /** No holder outlives the process: the file is locked by it. */
    freeAll: (): void => void sql.freeAll.run(),

    dead: (limit: number): readonly DeadLetter[] =>
      sql.dead.all(limit).map(({ message, ...row }) => ({ ...row, message: JSON.parse(message) as Message })),

    replay({ effect, now }: { effect: number; now: number }): boolean {
      const row = sql.letter.get(effect);
      if (row === undefined) return false;
      sql.revive.run(effect, row.conversation, row.seq, row.entry, now, row.parts);
      free.became();
      sql.markAt.run(statusCode('queued'), row.entry);
      sql.unbury.run(effect);
      return true;
    },
  };
}

function nobody(): boolean {
  return false;
}

/** Milliseconds between looking for effects whose holder never came back: a scan of all that is open. */
const SWEEP_EVERY = 1_000;

function workOf(row: Row): HeldEffect['work'] {
  if (row.call !== null) return JSON.parse(row.call) as Call;
  return { kind: 'send', seq: row.seq, message: JSON.parse(row.message!) as Message, parts: row.parts };
}

interface Row {
  id: number;
  token: number;
  tries: number;
  seq: number;
  parts: number;
  call: string | null;
  message: string | null;
  entry: number | null;
}
interface Place {
  conversation: number;
  seq: number;
  entry: number | null;
  parts: number;
}

function statements(database: Database) {
  return {
    expire: database.prepare('UPDATE effect SET until = 0 WHERE until > 0 AND until <= ?'),
    dueConversations: database
      .prepare<[number], number>(
        'SELECT conversation FROM effect WHERE until = 0 AND due <= ? GROUP BY conversation ORDER BY min(due), min(id)',
      )
      .pluck(),
    free: database.prepare<{ conversation: number; now: number }, Row>(
      `SELECT f.id, f.token, f.tries, f.seq, f.parts, f.call, e.message, e.id AS entry
       FROM effect f LEFT JOIN entry e ON e.id = f.entry
       WHERE f.conversation = @conversation AND f.until = 0
         AND CASE WHEN f.call IS NULL THEN @now >= (
           SELECT min(due) FROM effect WHERE conversation = @conversation AND until = 0 AND call IS NULL
         ) ELSE f.due <= @now END
       ORDER BY f.id`,
    ),
    hold: database.prepare('UPDATE effect SET until = ?, token = token + 1 WHERE id = ?'),
    held: database.prepare<[number, number], Place>(
      'SELECT conversation, seq, entry, parts FROM effect WHERE id = ? AND token = ? AND until > 0',
    ),
    finish: database.prepare('DELETE FROM effect WHERE id = ? AND token = ? AND until > 0'),
    markAt: database.prepare('UPDATE entry SET status = ? WHERE id = ?'),
    drop: database.prepare('DELETE FROM effect WHERE id = ?'),
    retry: database.prepare('UPDATE effect SET until = 0, due = ?, parts = ?, tries = ? WHERE id = ?'),
    release: database.prepare('UPDATE effect SET until = 0, due = ? WHERE id = ? AND token = ?'),
    next: database.prepare<[], number>('SELECT due FROM effect WHERE until = 0 ORDER BY due LIMIT 1').pluck(),
    waiting: database
      .prepare<[], number>('SELECT DISTINCT conversation FROM effect WHERE until = 0 AND call IS NULL')
      .pluck(),
    // A call that was held may have been made.
    freeAll: database.prepare('UPDATE effect SET until = 0, tries = tries + (call IS NOT NULL) WHERE until > 0'),
    bury: database.prepare(
      'INSERT INTO dead (id, conversation, seq, entry, parts, code, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    unbury: database.prepare('DELETE FROM dead WHERE id = ?'),
    letter: database.prepare<[number], Place>('SELECT conversation, seq, entry, parts FROM dead WHERE id = ?'),
    revive: database.prepare(
      'INSERT INTO effect (id, conversation, seq, entry, due, until, parts) VALUES (?, ?, ?, ?, ?, 0, ?)',
    ),
    dead: database.prepare<[number], Omit<DeadLetter, 'message'> & { message: string }>(
      `SELECT d.id, c.public AS conversation, d.seq, e.message, d.code, d.at FROM dead d
       JOIN conversation c ON c.id = d.conversation JOIN entry e ON e.id = d.entry
       ORDER BY d.id LIMIT ?`,
    ),
  };
}
