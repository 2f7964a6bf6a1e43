import type { Database } from 'better-sqlite3';
import type { Page } from '../store.ts';
import type { Keys } from './keys.ts';

/** Forgets what is old, a page of conversations at a time. Runs inside the group's transaction. */
export function pruningOf(database: Database, wipe: () => void, known: Keys) {
  const lastOfPage = database
    .prepare<[number, number], number | null>(
      'SELECT max(id) FROM (SELECT id FROM conversation WHERE id > ? ORDER BY id LIMIT ?)',
    )
    .pluck();
  const keys = database.prepare('DELETE FROM arrival WHERE conversation > ? AND conversation <= ? AND at < ?');
  // Entries stand in order of time too, and what is still to be sent, or could not be, stays.
  const old = `SELECT id FROM entry WHERE id < coalesce(
      (SELECT id FROM entry WHERE at >= ? ORDER BY id LIMIT 1), (SELECT max(id) + 1 FROM entry)
    ) AND id NOT IN (SELECT entry FROM effect WHERE entry IS NOT NULL UNION ALL SELECT entry FROM dead)
    ORDER BY id LIMIT ?`;
  const entries = database.prepare(`DELETE FROM entry WHERE id IN (${old})`);
  const outlive = database.prepare(
    `INSERT INTO arrival (conversation, key, seq, at)
     SELECT conversation, key, seq, at FROM entry WHERE id IN (${old}) AND key IS NOT NULL AND at >= ?
     ON CONFLICT DO NOTHING`,
  );
  // Insights stand in order of time: all before the first that stays. An id that has gone is never given again while the last stays.
  const insights = database.prepare(
    `DELETE FROM insight WHERE id IN (
       SELECT id FROM insight WHERE id < coalesce(
         (SELECT id FROM insight WHERE at >= ? ORDER BY id LIMIT 1), (SELECT max(id) FROM insight)
       ) ORDER BY id LIMIT ?)`,
  );

  // The desk's log holds words, too: notes, and what was changed. What is audited stays.
  const lines = database.prepare(
    `DELETE FROM desk_line WHERE id IN (
       SELECT id FROM desk_line WHERE id < coalesce(
         (SELECT id FROM desk_line WHERE at >= ? ORDER BY id LIMIT 1), (SELECT max(id) + 1 FROM desk_line)
       ) ORDER BY id LIMIT ?)`,
  );
  const memories = database.prepare(
    `UPDATE customer SET attributes = json_set(attributes, '$.memory', json((
       SELECT json_group_array(json(past.value)) FROM json_each(attributes, '$.memory') past WHERE past.value ->> '$.at' >= @since
     ))) WHERE EXISTS (SELECT 1 FROM json_each(attributes, '$.memory') past WHERE past.value ->> '$.at' < @since)`,
  );

  return {
    prune(page: Page): { pruned: number; next: number | undefined } {
      const { after, limit } = page;
      // Customers are few beside what they said: once for all of them, on the first page.
      const past =
        page.memories === undefined || after > 0
          ? 0
          : memories.run({ since: new Date(page.memories).toISOString() }).changes;
      const facts = page.insights === undefined ? 0 : insights.run(page.insights, limit).changes;
      if (page.keys !== undefined) known.since(page.keys);
      if (page.entries !== undefined) outlive.run(page.entries, limit, page.keys ?? 0);
      const words = page.entries === undefined ? 0 : entries.run(page.entries, limit).changes;
      const told = page.entries === undefined ? 0 : lines.run(page.entries, limit).changes;
      if (words + told > 0) wipe();
      let pruned = facts + words + told + past;
      const last = lastOfPage.get(after, limit) ?? undefined;
      if (last !== undefined) {
        if (page.keys !== undefined) pruned += keys.run(after, last, page.keys).changes;
      }
      return { pruned, next: last ?? (facts === limit || words === limit || told === limit ? after : undefined) };
    },
  };
}
