import { type AuditEntry, type AuditRow, type AuditTable, chained } from '../audit.ts';

/** The audit log of the store without a disk. */
export function auditInMemory(): AuditTable & { append(entry: AuditEntry): void } {
  const rows: AuditRow[] = [];
  const append = (entry: AuditEntry) => void rows.push(Object.freeze(chained(rows.at(-1), entry)));
  return {
    append,
    audit: async (after, limit) => rows.slice(after, after + limit),
    audited: async (entry) => append(entry),
  };
}
