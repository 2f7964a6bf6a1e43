import type { Database } from 'better-sqlite3';
import type { Handoff } from '../../effect.ts';
import { joined } from '../allowance.ts';
import type { Allowance } from '../store.ts';
import type { FreeSends } from './free-sends.ts';

/**
 * What platforms that count let us say: a row for each conversation that has had such a window, or waits for one. While something is
 * parked there, the row names the handoff by which a human was told.
 */
export type Allowances = ReturnType<typeof allowancesOf>;

export function allowancesOf(database: Database, free: FreeSends) {
  const sql = statements(database);

  return {
    find(conversation: number): Allowance | undefined {
      const row = sql.find.get(conversation);
      return row && allowanceIn(row);
    },

    /** Does something wait there for the customer to do something? */
    isParked: (conversation: number): boolean => (sql.find.get(conversation)?.handoff ?? null) !== null,

    /** The customer did something. `true`: what was parked can be sent now. */
    open(conversation: number, given: Allowance, at: number): boolean {
      const before = sql.find.get(conversation);
      const handoff = before?.handoff ?? null;
      const { until, messages } = joined(before && allowanceIn(before), given);
      sql.open.run(conversation, until, messages ?? null);
      if (handoff === null) return false;
      sql.closeHandoff.run(handoff);
      if (sql.unpark.run(at, conversation, at).changes > 0) free.became();
      return true;
    },

    spend(conversation: number, calls: number): void {
      sql.spend.run(calls, conversation);
    },

    /** Closes the window that `seen` describes. `false`: it has been opened anew meanwhile. */
    close(conversation: number, seen: number, at: number, handoff: Handoff): boolean {
      const row = sql.find.get(conversation);
      if (row !== undefined && row.until !== seen) return false;
      if (row === undefined) sql.open.run(conversation, 0, 0);
      else sql.exhaust.run(conversation);
      if (row === undefined || row.handoff === null) {
        const id = Number(sql.handoff.run(conversation, at, JSON.stringify(handoff)).lastInsertRowid);
        sql.tell.run(id, conversation);
      }
      return true;
    },
  };
}

interface Row {
  until: number;
  messages: number | null;
  handoff: number | null;
}

function allowanceIn({ until, messages }: Row): Allowance {
  return messages === null ? { until } : { until, messages };
}

function statements(database: Database) {
  return {
    find: database.prepare<[number], Row>('SELECT until, messages, handoff FROM allowance WHERE conversation = ?'),
    open: database.prepare('INSERT OR REPLACE INTO allowance (conversation, until, messages) VALUES (?, ?, ?)'),
    spend: database.prepare(
      'UPDATE allowance SET messages = max(0, messages - ?) WHERE conversation = ? AND messages IS NOT NULL',
    ),
    exhaust: database.prepare('UPDATE allowance SET messages = 0 WHERE conversation = ?'),
    tell: database.prepare('UPDATE allowance SET handoff = ? WHERE conversation = ?'),
    handoff: database.prepare("INSERT INTO handoff (conversation, status, at, handoff) VALUES (?, 'open', ?, ?)"),
    closeHandoff: database.prepare("UPDATE handoff SET status = 'closed' WHERE id = ?"),
    unpark: database.prepare(
      'UPDATE effect SET due = ? WHERE conversation = ? AND until = 0 AND call IS NULL AND due > ?',
    ),
  };
}
