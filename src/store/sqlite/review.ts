import type { Database } from 'better-sqlite3';
import type { JsonObject } from '../../type.ts';
import type { ReviewEntry, ReviewRow } from '../review.ts';

/** See `../review.ts`. The trigger keeps this program honest. */
export const REVIEW_TABLE = `
  CREATE TABLE review (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, what TEXT NOT NULL, conversation TEXT,
    data TEXT NOT NULL
  );
  CREATE INDEX review_conversation ON review (conversation) WHERE conversation IS NOT NULL;
  CREATE TRIGGER review_holds BEFORE UPDATE ON review BEGIN SELECT raise(ABORT, 'Reviews are only added to.'); END;
`;

export function reviewsOf(database: Database) {
  const add = database.prepare(
    'INSERT INTO review (key, at, what, conversation, data) VALUES (@key, @at, @what, @conversation, @data) ON CONFLICT DO NOTHING',
  );
  const rows = database.prepare<[number, number], Row>('SELECT * FROM review WHERE id > ? ORDER BY id LIMIT ?');

  return {
    add({ conversation, data, ...entry }: ReviewEntry): void {
      add.run({ ...entry, conversation: conversation ?? null, data: JSON.stringify(data) });
    },
    rows: (after: number, limit: number): readonly ReviewRow[] => rows.all(after, limit).map(rowOf),
  };
}

type Row = Omit<ReviewRow, 'conversation' | 'data'> & { readonly conversation: string | null; readonly data: string };

function rowOf({ conversation, data, ...rest }: Row): ReviewRow {
  const row = { ...rest, data: JSON.parse(data) as JsonObject };
  return conversation === null ? row : { ...row, conversation };
}
