import type { Database } from 'better-sqlite3';
import type { KeptVector } from '../store.ts';

/** Vectors of passages. They are compared in memory; here they only outlive the process, as they cost money and time to make. */
export function vectorsOf(database: Database) {
  const keep = database.prepare('INSERT OR REPLACE INTO vector (maker, text, bytes) VALUES (?, ?, ?)');
  const page = database.prepare<[string, number, number], KeptVector & { readonly key: number }>(
    'SELECT id AS key, maker, text, bytes FROM vector WHERE maker = ? AND id > ? ORDER BY id LIMIT ?',
  );
  const names = database.prepare<[], { id: number; maker: string; text: string }>('SELECT id, maker, text FROM vector');
  const drop = database.prepare('DELETE FROM vector WHERE id = ?');
  return {
    keep(vectors: readonly KeptVector[]): void {
      for (const { maker, text, bytes } of vectors) keep.run(maker, text, bytes);
    },
    page: (maker: string, after: number, limit: number) => page.all(maker, after, limit),
    drop({ maker: wanted, texts }: { readonly maker: string; readonly texts: ReadonlySet<string> }): number {
      const gone = names.all().filter(({ maker, text }) => maker !== wanted || !texts.has(text));
      for (const { id } of gone) drop.run(id);
      return gone.length;
    },
  };
}
