import type { JsonObject } from '../../type.ts';
import type { Customer, Store } from '../store.ts';
import type { MemoryDesk } from './desk.ts';
import type { OpenEffect, Row, Tables } from './tables.ts';

/** What is older than it need be goes, a page at a time. */
export function pruningIn({ conversations, customers, effects, dead, insights }: Tables, desk: MemoryDesk) {
  /** Lines that are yet to be sent, or that are stuck. */
  const neededOf = (record: Row) =>
    new Set([
      ...effects.values().map(({ conversation, work }) => (conversation === record.key ? seqOf(work) : 0)),
      ...dead.values().map(({ conversation, seq }) => (conversation === record.id ? seq : 0)),
    ]);

  return {
    async prune({ keys = 0, insights: facts = 0, entries = 0, memories, after, limit }) {
      let pruned = 0;
      if (memories !== undefined && after === 0)
        pruned += forgetWhatWasDone(customers, new Date(memories).toISOString());
      const page = [...conversations.values()].filter(({ key }) => key > after).slice(0, limit);
      for (const record of page) {
        for (const [key, { at }] of record.keys) if (at < keys) record.keys.delete(key);
        const needed = neededOf(record);
        record.entries.forEach((entry, index) => {
          if (entry === undefined || entry.at >= entries || needed.has(entry.seq)) return;
          record.entries[index] = undefined;
          pruned += 1;
        });
      }
      const kept = insights.findIndex(({ at }) => at >= facts);
      const old = insights.splice(0, Math.min(limit, kept === -1 ? Math.max(0, insights.length - 1) : kept));
      const lines = desk.prune(entries, limit);
      const isMore = old.length === limit || lines === limit;
      return { pruned: pruned + old.length + lines, next: page.at(-1)?.key ?? (isMore ? after : undefined) };
    },
  } satisfies Partial<Store>;
}

/** Of customers' attribute `memory`, what is older. How many had something of it. */
function forgetWhatWasDone(customers: Map<number, Customer>, since: string): number {
  let changed = 0;
  for (const [key, customer] of customers) {
    const { memory } = customer.attributes;
    if (!Array.isArray(memory)) continue;
    const kept = (memory as readonly JsonObject[]).filter(({ at }) => String(at) >= since);
    if (kept.length === memory.length) continue;
    customers.set(key, { ...customer, attributes: { ...customer.attributes, memory: kept } });
    changed += 1;
  }
  return changed;
}

function seqOf(work: OpenEffect['work']): number {
  return work.kind === 'send' ? work.seq : 0;
}
