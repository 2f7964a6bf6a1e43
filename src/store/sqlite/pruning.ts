import type { Database } from 'better-sqlite3';
import type { Page } from '../store.ts';

/** Forgets what is old, a page of conversations at a time. Runs inside the group's transaction. */
export function pruningOf(database: Database, wipe: () => void) {
  const lastOfPage = database
    .prepare<[number, number], number | null>(
      'SELECT max(id) FROM (SELECT id FROM conversation WHERE id > ? ORDER BY id LIMIT ?)',
    )
    .pluck();
  const keys = database.prepare('DELETE FROM arrival WHERE conversation > ? AND conversation <= ? AND at < ?');
  const entries = database.prepare(
    `DELETE FROM entry WHERE conversation > ? AND conversation <= ? AND at < ?
       AND (conversation, seq) NOT IN (SELECT conversation, seq FROM effect UNION ALL SELECT conversation, seq FROM dead)`,
  );
  // Insights stand in order of time: all before the first that stays. An id that has gone is never given again while the last stays.
  const insights = database.prepare(
    `DELETE FROM insight WHERE id IN (
       SELECT id FROM insight WHERE id < coalesce(
         (SELECT id FROM insight WHERE at >= ? ORDER BY id LIMIT 1), (SELECT max(id) FROM insight)
       ) ORDER BY id LIMIT ?)`,
  );

  return {
    prune(page: Page): { pruned: number; next: number | undefined } {
      const { after, limit } = page;
      const facts = page.insights === undefined ? 0 : insights.run(page.insights, limit).changes;
      let pruned = facts;
      const last = lastOfPage.get(after, limit) ?? undefined;
      if (last !== undefined) {
        if (page.keys !== undefined) pruned += keys.run(after, last, page.keys).changes;
        const words = page.entries === undefined ? 0 : entries.run(after, last, page.entries).changes;
        if (words > 0) wipe();
        pruned += words;
      }
      return { pruned, next: last ?? (facts === limit ? after : undefined) };
    },
  };
}
