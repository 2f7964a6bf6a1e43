import type { Database } from 'better-sqlite3';
import type { JsonObject } from '../../type.ts';
import { type AuditEntry, type AuditRow, chained } from '../audit.ts';

/** See `../audit.ts`. The triggers keep this program honest; the chain tells on everybody else. */
export const AUDIT_TABLE = `
  CREATE TABLE audit (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, what TEXT NOT NULL, by TEXT, conversation TEXT, data TEXT NOT NULL,
    previous TEXT NOT NULL, hash TEXT NOT NULL
  );
  CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'The audit log is only added to.'); END;
  CREATE TRIGGER audit_holds BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'The audit log is only added to.'); END;
`;

export type Audit = ReturnType<typeof auditOf>;

export function auditOf(database: Database) {
  const last = database.prepare<[], { id: number; hash: string }>(
    'SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1',
  );
  const add = database.prepare(
    `INSERT INTO audit (id, at, what, by, conversation, data, previous, hash)
     VALUES (@id, @at, @what, @by, @conversation, @data, @previous, @hash)`,
  );
  const rows = database.prepare<[number, number], Row>('SELECT * FROM audit WHERE id > ? ORDER BY id LIMIT ?');

  return {
    append(entry: AuditEntry): void {
      const row = chained(last.get(), entry);
      add.run({ ...row, by: row.by ?? null, conversation: row.conversation ?? null, data: JSON.stringify(row.data) });
    },
    rows: (after: number, limit: number): readonly AuditRow[] => rows.all(after, limit).map(rowOf),
  };
}

type Row = Omit<AuditRow, 'by' | 'conversation' | 'data'> & {
  readonly by: string | null;
  readonly conversation: string | null;
  readonly data: string;
};

function rowOf({ by, conversation, data, ...rest }: Row): AuditRow {
  return {
    ...rest,
    data: JSON.parse(data) as JsonObject,
    ...(by === null ? {} : { by }),
    ...(conversation === null ? {} : { conversation }),
  };
}
