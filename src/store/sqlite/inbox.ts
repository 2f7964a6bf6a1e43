import type { Database } from 'better-sqlite3';
import type { Event } from '../../event.ts';
import type { JsonObject } from '../../type.ts';
import { matches, tokensOf } from '../listening.ts';
import type { OpenEvent, QuarantinedEvent, Signal } from '../store.ts';

/** Open events: in order, counted when they fail, set aside when they keep failing. Runs inside the group's transaction. */
export function inboxOf(database: Database) {
  const sql = statements(database);

  return {
    take: (conversation: number, limit: number): readonly OpenEvent[] =>
      sql.take.all(conversation, limit).map((row) => ({ ...row, event: JSON.parse(row.event) as Event })),
    backlog: (limit: number): readonly number[] => sql.backlog.all(limit),
    tried: (limit: number): readonly number[] => sql.triedBefore.all(limit),
    isOpen: (conversation: number): boolean => sql.open.get(conversation) !== undefined,

    fail({ event, code, at, quarantine }: { event: number; code: string; at: number; quarantine: boolean }): void {
      if (!quarantine) return void sql.tried.run(event);
      sql.quarantine.run({ code, at, event });
      sql.drop.run(event);
    },

    quarantined: (limit: number): readonly QuarantinedEvent[] =>
      sql.quarantined.all(limit).map((row) => ({ ...row, event: JSON.parse(row.event) as Event })),

    /** Under its old id, so that it goes before what came later. */
    replay(event: number): number | undefined {
      const conversation = sql.conversationOf.get(event);
      if (conversation === undefined) return undefined;
      sql.restore.run(event);
      sql.forget.run(event);
      return conversation;
    },

    signal({ name, data, key, at }: Signal): readonly number[] {
      const woken = new Set<number>();
      const event = JSON.stringify({ kind: 'signal', name, data } satisfies Event);
      const filed = tokensOf(data).flatMap((token) => sql.listeners.all(name, token));
      for (const { conversation, match } of filed) {
        if (woken.has(conversation) || !matches(JSON.parse(match) as JsonObject, data)) continue;
        if (sql.arrive.run(conversation, `signal:${name}:${key}`, at).changes === 0) continue;
        sql.enqueue.run(conversation, at, event);
        woken.add(conversation);
      }
      return [...woken];
    },
  };
}

function statements(database: Database) {
  return {
    take: database.prepare<[number, number], Omit<OpenEvent, 'event'> & { event: string }>(
      'SELECT id, event, seq, at, tries FROM inbox WHERE conversation = ? ORDER BY id LIMIT ?',
    ),
    backlog: database
      .prepare<[number], number>('SELECT conversation FROM inbox GROUP BY conversation ORDER BY min(id) LIMIT ?')
      .pluck(),
    triedBefore: database
      .prepare<[number], number>(
        'SELECT conversation FROM inbox WHERE tries > 0 GROUP BY conversation ORDER BY min(id) LIMIT ?',
      )
      .pluck(),
    open: database.prepare<[number], number>('SELECT 1 FROM inbox WHERE conversation = ? LIMIT 1').pluck(),
    tried: database.prepare('UPDATE inbox SET tries = tries + 1 WHERE id = ?'),
    quarantine: database.prepare(
      `INSERT INTO quarantine (id, conversation, seq, at, code, event)
       SELECT id, conversation, seq, @at, @code, event FROM inbox WHERE id = @event`,
    ),
    drop: database.prepare('DELETE FROM inbox WHERE id = ?'),
    quarantined: database.prepare<[number], Omit<QuarantinedEvent, 'event'> & { event: string }>(
      `SELECT q.id, c.public AS conversation, q.event, q.code, q.at
       FROM quarantine q JOIN conversation c ON c.id = q.conversation ORDER BY q.id LIMIT ?`,
    ),
    conversationOf: database.prepare<[number], number>('SELECT conversation FROM quarantine WHERE id = ?').pluck(),
    restore: database.prepare(
      `INSERT INTO inbox (id, conversation, seq, at, event)
       SELECT id, conversation, seq, at, event FROM quarantine WHERE id = ?`,
    ),
    forget: database.prepare('DELETE FROM quarantine WHERE id = ?'),
    listeners: database.prepare<[string, string], { conversation: number; match: string }>(
      'SELECT conversation, match FROM listener WHERE event = ? AND token = ?',
    ),
    arrive: database.prepare(
      'INSERT INTO arrival (conversation, key, seq, at) VALUES (?, ?, 0, ?) ON CONFLICT DO NOTHING',
    ),
    enqueue: database.prepare('INSERT INTO inbox (conversation, seq, at, event) VALUES (?, 0, ?, ?)'),
  };
}
