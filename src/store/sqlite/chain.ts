/**
 * SQL for a conversation's entries, the last first: `line(id, prev, seq)`, from where `start` finds the last one (as `e`), back as long
 * as `while` holds of the next (as `e`). It ends where older entries have been pruned, even if another conversation has an entry there now.
 */
export function chain(start: string, go: string): string {
  return `WITH RECURSIVE line (id, prev, seq, conversation) AS (
    SELECT e.id, e.prev, e.seq, e.conversation FROM entry e ${start}
    UNION ALL
    SELECT e.id, e.prev, e.seq, e.conversation FROM line l JOIN entry e ON e.id = l.prev
    WHERE e.conversation = l.conversation AND e.seq = l.seq - 1 AND ${go}
  )`;
}
