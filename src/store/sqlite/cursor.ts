import type { Database } from 'better-sqlite3';

/** How far the platforms that must be asked have been asked: a row for each of their accounts. */
export function cursorsOf(database: Database) {
  const find = database.prepare<[string], string>('SELECT cursor FROM cursor WHERE account = ?').pluck();
  const keep = database.prepare('INSERT OR REPLACE INTO cursor (account, cursor) VALUES (?, ?)');
  return {
    find: (account: string): string | undefined => find.get(account),
    keep: ({ account, cursor }: { account: string; cursor: string }): void => void keep.run(account, cursor),
  };
}
