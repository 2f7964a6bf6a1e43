import { hash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { JsonObject } from '../../type.ts';

/**
 * What customers have ruled about being written to, by account and address. A ruling must outlive everything else that is known of a
 * customer, and must not itself be something that is known of her: so it stands under a hash of the two, salted with what was
 * made with this database and never leaves it. Who has the number can look its ruling up; who has the rulings has no numbers.
 *
 * Asked before every send: while nobody has ruled, nothing need be looked up.
 */
export type Rulings = ReturnType<typeof rulingsOf>;

export function rulingsOf(database: Database) {
  let any = database.prepare<[], number>('SELECT 1 FROM ruling LIMIT 1').pluck().get() !== undefined;
  const find = database
    .prepare<[string, string], string>(
      'SELECT ruling FROM ruling WHERE place = place_of((SELECT bytes FROM salt), ?, ?)',
    )
    .pluck();
  const keep = database.prepare(
    `INSERT OR REPLACE INTO ruling (place, ruling)
     SELECT place_of((SELECT bytes FROM salt), a.name, c.address), ?
     FROM conversation c JOIN account a ON a.id = c.account WHERE c.id = ?`,
  );
  const drop = database.prepare(
    `DELETE FROM ruling WHERE place = (
       SELECT place_of((SELECT bytes FROM salt), a.name, c.address)
       FROM conversation c JOIN account a ON a.id = c.account WHERE c.id = ?)`,
  );
  const move = database.prepare(
    `UPDATE OR REPLACE ruling SET place = place_of((SELECT bytes FROM salt), @account, @to)
     WHERE place = place_of((SELECT bytes FROM salt), @account, @from)`,
  );

  return {
    find(account: string, address: string): JsonObject | undefined {
      const ruling = any ? find.get(account, address) : undefined;
      return ruling === undefined ? undefined : (JSON.parse(ruling) as JsonObject);
    },
    /** Of a conversation that is there. */
    keep(conversation: number, ruling: JsonObject | null): void {
      if (ruling === null) drop.run(conversation);
      else {
        any = true;
        keep.run(JSON.stringify(ruling), conversation);
      }
    },
    move: (account: string, from: string, to: string): void => void move.run({ account, from, to }),
  };
}

/** Lets SQL say `place_of(salt, account, address)`. To be called before the tables are brought up to date. */
export function teachPlaces(database: Database): void {
  database.function('place_of', { deterministic: true, directOnly: true }, (salt, account, address) =>
    hash('sha256', `${(salt as Buffer).toString('base64')}\n${account}\n${address}`, 'buffer'),
  );
}
