import type { Database } from 'better-sqlite3';
import type { Message } from '../../message.ts';
import { further, ofAll } from '../delivery.ts';
import type { DeliveryStatus, Progress, Progressed, Settlement } from '../store.ts';
import { chain } from './chain.ts';
import { statusCode, statusOf } from './codes.ts';
import type { Unsent } from './unsent.ts';

export type Came = (entry: number, status: DeliveryStatus, at: number) => void;

/**
 * What became of what was said. A message of one part, which is nearly every one, has its status in its entry and nothing else. Rows of
 * `report` stand for the parts of longer ones, and for what is reported of a message that is still being sent: its answer may be slower
 * than the platform's report on it.
 */
export interface Deliveries {
  /** It has been sent, in so many parts. */
  sent(entry: number, status: 'sent' | 'unknown', parts: number, at: number): void;
  /** These entries were sent with the first one, as one message. */
  merged(first: number, others: readonly number[]): void;
  /** It will never be sent. */
  failed(entry: number, at: number): void;
  /** It had failed, and is in line again. */
  revived(entry: number): void;
  progress(progress: Progress): readonly Progressed[];
  received(entry: number, receipts: NonNullable<Settlement['receipts']>): void;
  receipts(conversation: string, seq: number): readonly (string | undefined)[];
  revise(revision: { conversation: string; seq: number; message: Message }): void;
}

/** @param came is told how far a message has come */
export function deliveriesOf(database: Database, unsent: Unsent, came: Came): Deliveries {
  const sql = statements(database);
  // While no platform has told anything, and nothing was long, nothing need be looked up.
  let any = sql.any.get() !== undefined;

  function reportsOf(entry: number): Report[] {
    return any ? sql.reports.all(entry) : [];
  }

  function sent(entry: number, status: 'sent' | 'unknown', parts: number, at: number): void {
    unsent.gone(entry);
    if (parts <= 1 && reportsOf(entry).length === 0) {
      if (status !== 'sent') mark(entry, status);
      return came(entry, status, at);
    }
    any = true;
    for (let part = 0; part < parts; part += 1) sql.expect.run(entry, part, statusCode(status));
    const rows = sql.reports.all(entry);
    const now = ofAll(rows.map((row) => further(status, statusOf(row.status))));
    if (parts <= 1) sql.forget.run(entry);
    mark(entry, now);
    came(entry, now, at);
    if (now === 'failed') bury(entry, rows.find((row) => statusOf(row.status) === 'failed')!.code, at);
  }

  function progress({ account, conversation, seq, part, status, code, at }: Progress): readonly Progressed[] {
    const place = sql.place.get({ account, conversation, seq });
    if (place === undefined) return [];
    const known = unsent.status(place.entry) ?? statusOf(place.status);
    const isOpen = known === 'queued' || known === 'sending';
    const rows = reportsOf(place.entry);
    const own = rows.find((row) => row.part === part);
    // A part that was never sent.
    if (!isOpen && own === undefined && (rows.length > 0 || part > 0)) return [];
    if (isOpen || own !== undefined) {
      const furthest = further(own === undefined ? 'queued' : statusOf(own.status), status);
      any = true;
      sql.report.run(place.entry, part, statusCode(furthest), code ?? null);
      if (isOpen) return [];
    }
    const now = own === undefined ? further(known, status) : ofAll(sql.reports.all(place.entry).map(statusIn));
    return now === known ? [] : become(place.entry, seq, now, code ?? null, at);
  }

  function become(entry: number, seq: number, status: DeliveryStatus, code: string | null, at: number): Progressed[] {
    return [{ entry, seq }, ...sql.members.all(entry)].map((said) => {
      mark(said.entry, status);
      came(said.entry, status, at);
      if (status === 'failed') bury(said.entry, code, at);
      return { seq: said.seq, status };
    });
  }

  function mark(entry: number, status: DeliveryStatus): void {
    sql.mark.run(statusCode(status), entry);
  }

  /** For an operator to look at, under an id that no effect has or will have. */
  function bury(entry: number, code: string | null, at: number): void {
    const id = sql.newEffect.get(entry)!;
    sql.dropEffect.run(id);
    sql.bury.run(id, code ?? 'channel.failed', at, entry);
  }

  return {
    sent,
    merged: (first, others) => {
      for (const other of others) sql.merge.run(other, first);
    },
    failed(entry, at) {
      unsent.gone(entry);
      mark(entry, 'failed');
      came(entry, 'failed', at);
    },
    revived(entry) {
      unsent.is(entry, 'queued');
      mark(entry, 'sent');
    },
    progress,
    received(entry, receipts) {
      for (const { part, id } of receipts) sql.receive.run(entry, part, id);
    },
    receipts(conversation, seq) {
      const ids: (string | undefined)[] = [];
      for (const { part, id } of sql.receipts.all({ conversation, seq })) ids[part] = id;
      return ids;
    },
    revise: ({ conversation, seq, message }) =>
      void sql.revise.run({ conversation, seq, message: JSON.stringify(message) }),
  };
}

function statusIn(row: Report): DeliveryStatus {
  return statusOf(row.status);
}

interface Report {
  part: number;
  status: number;
  code: string | null;
}

/** From a conversation's last entry back to number `@seq`. */
const CHAIN = chain(
  'JOIN conversation c ON c.tail = e.id WHERE c.public = @conversation AND e.seq >= @seq',
  'e.seq >= @seq',
);

function statements(database: Database) {
  return {
    place: database.prepare<{ account: string; conversation: string; seq: number }, { entry: number; status: number }>(
      `${chain(
        `JOIN conversation c ON c.tail = e.id JOIN account a ON a.id = c.account
         WHERE c.public = @conversation AND a.name = @account AND e.seq >= @seq`,
        'e.seq >= @seq',
      )}
       SELECT e.id AS entry, e.status FROM line l JOIN entry e ON e.id = l.id WHERE l.seq = @seq AND e.author <> 0`,
    ),
    any: database.prepare<[], number>('SELECT 1 FROM report LIMIT 1').pluck(),
    reports: database.prepare<[number], Report>('SELECT part, status, code FROM report WHERE entry = ? ORDER BY part'),
    expect: database.prepare('INSERT INTO report (entry, part, status) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'),
    report: database.prepare(
      `INSERT INTO report (entry, part, status, code) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET status = excluded.status, code = coalesce(excluded.code, code)`,
    ),
    receive: database.prepare('INSERT OR REPLACE INTO receipt (entry, part, id) VALUES (?, ?, ?)'),
    receipts: database.prepare<{ conversation: string; seq: number }, { part: number; id: string }>(
      `${CHAIN} SELECT r.part, r.id FROM line l JOIN receipt r ON r.entry = l.id WHERE l.seq = @seq ORDER BY r.part`,
    ),
    revise: database.prepare(
      `UPDATE entry SET message = @message WHERE author <> 0 AND id = (${CHAIN} SELECT id FROM line WHERE seq = @seq)`,
    ),
    forget: database.prepare('DELETE FROM report WHERE entry = ?'),
    merge: database.prepare('INSERT OR REPLACE INTO merged (entry, first) VALUES (?, ?)'),
    members: database.prepare<[number], { entry: number; seq: number }>(
      'SELECT e.id AS entry, e.seq FROM merged m JOIN entry e ON e.id = m.entry WHERE m.first = ? ORDER BY e.seq',
    ),
    mark: database.prepare('UPDATE entry SET status = ? WHERE id = ?'),
    newEffect: database
      .prepare<[number], number>(
        'INSERT INTO effect (conversation, seq, due, until) SELECT conversation, seq, at, 1 FROM entry WHERE id = ? RETURNING id',
      )
      .pluck(),
    dropEffect: database.prepare('DELETE FROM effect WHERE id = ?'),
    bury: database.prepare(
      `INSERT INTO dead (id, conversation, seq, entry, parts, code, at)
       SELECT ?, conversation, seq, id, 0, ?, ? FROM entry WHERE id = ?`,
    ),
  };
}
