import type { Database } from 'better-sqlite3';
import type { KeptDocument } from '../store.ts';

/** Documents of knowledge that came from outside. They are searched in memory; here they only outlive the process. */
export function knowledgeOf(database: Database) {
  const keep = database.prepare('INSERT OR REPLACE INTO document (collection, name, at, content) VALUES (?, ?, ?, ?)');
  const drop = database.prepare('DELETE FROM document WHERE collection = ? AND name = ?');
  const page = database.prepare<[number, number], KeptDocument & { readonly key: number }>(
    'SELECT d.id AS key, collection AS "set", name AS id, at, content FROM document d WHERE d.id > ? ORDER BY d.id LIMIT ?',
  );
  return {
    keep: ({ set, id, at, content }: KeptDocument): void => void keep.run(set, id, at, content),
    drop: ({ set, id }: { set: string; id: string }): boolean => drop.run(set, id).changes > 0,
    page: (after: number, limit: number) => page.all(after, limit),
  };
}
