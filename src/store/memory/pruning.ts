import type { Store } from '../store.ts';
import type { OpenEffect, Row, Tables } from './tables.ts';

/** What is older than it need be goes, a page at a time. */
export function pruningIn({ conversations, effects, dead, insights }: Tables) {
  /** Lines that are yet to be sent, or that are stuck. */
  const neededOf = (record: Row) =>
    new Set([
      ...effects.values().map(({ conversation, work }) => (conversation === record.key ? seqOf(work) : 0)),
      ...dead.values().map(({ conversation, seq }) => (conversation === record.id ? seq : 0)),
    ]);

  return {
    async prune({ keys = 0, insights: facts = 0, entries = 0, after, limit }) {
      let pruned = 0;
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
      const next = page.at(-1)?.key ?? (old.length === limit ? after : undefined);
      return { pruned: pruned + old.length, next };
    },
  } satisfies Partial<Store>;
}

function seqOf(work: OpenEffect['work']): number {
  return work.kind === 'send' ? work.seq : 0;
}
