import { type AuditTable, GENESIS, hashOf } from '../store/audit.ts';

export interface AuditVerdict {
  /** Rows that are as they were written. */
  readonly rows: number;
  /** Hash of the last of them: kept elsewhere, it tells later whether the end was cut off. */
  readonly last: string;
  /**
   * The first row that is not as it was written, does not follow the one before it, or is not there. `cut`: a hash that was last
   * once is not in the chain.
   */
  readonly broken?: { readonly id: number; readonly why: 'changed' | 'missing' | 'unchained' | 'cut' };
}

/**
 * Reads the whole audit log and follows its chain.
 * @param once a hash that was the last one some time ago
 */
export async function checkAudit(table: Pick<AuditTable, 'audit'>, once: string = GENESIS): Promise<AuditVerdict> {
  let rows = 0;
  let last = GENESIS;
  let met = once === GENESIS;
  for (;;) {
    const page = await table.audit(rows, PAGE);
    if (page.length === 0) return met ? { rows, last } : { rows, last, broken: { id: rows + 1, why: 'cut' } };
    for (const row of page) {
      if (row.id !== rows + 1) return { rows, last, broken: { id: rows + 1, why: 'missing' } };
      if (row.previous !== last) return { rows, last, broken: { id: row.id, why: 'unchained' } };
      if (hashOf(row) !== row.hash) return { rows, last, broken: { id: row.id, why: 'changed' } };
      rows = row.id;
      last = row.hash;
      met ||= last === once;
    }
  }
}

const PAGE = 500;
