import type { Database } from 'better-sqlite3';

/**
 * Does anything wait to be claimed? While nothing does, which is nearly always, no send need look for earlier ones of its conversation.
 * Asked of the table once in a transaction, and again after whatever may have let something go.
 */
export interface FreeSends {
  mayBe(): boolean;
  /** An effect has become free in this transaction. */
  became(): void;
}

export function freeSendsOf(database: Database, transactions: () => number): FreeSends {
  const any = database.prepare<[], number>('SELECT 1 FROM effect WHERE until = 0 LIMIT 1').pluck();
  let asked = -1;
  let found = false;
  return {
    mayBe() {
      const now = transactions();
      if (asked !== now) {
        asked = now;
        found = any.get() !== undefined;
      }
      return found;
    },
    became() {
      asked = transactions();
      found = true;
    },
  };
}
