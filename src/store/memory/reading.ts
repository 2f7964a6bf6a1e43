import { ParleyError } from '../../errors.ts';
import { OFFERED_WITHIN } from '../offered.ts';
import type { Conversation, Store, StoredEntry } from '../store.ts';
import type { Inbox } from './inbox.ts';
import { lowest, type Row, type Tables } from './tables.ts';

/** What is asked of conversations without a turn. */
/** @param came is told what has been read */
export function readingIn(
  tables: Tables,
  inbox: Inbox,
  move: (account: string, from: string, to: string) => void,
  came: (conversation: string, entry: StoredEntry, at: number) => void,
) {
  const { conversations, customers, effects, dead, handoffs, insights, at, byId } = tables;

  function conversationOf(record: Row | undefined): Conversation | undefined {
    if (record === undefined) return undefined;
    const { key, id, account, address, locale, version, state } = record;
    const seq = record.entries.length;
    const customer = record.customer === undefined ? undefined : customers.get(record.customer);
    return { key, id, account, address, locale, version, seq, tail: seq, state, customer, open: inbox.isOpen(key) };
  }

  return {
    load: async (account, address) => conversationOf(at(account, address)),
    find: async (which) => conversationOf(typeof which === 'number' ? conversations.get(which) : byId(which)),
    due: async (now, limit) =>
      [...conversations.values()]
        .flatMap((record) => [...record.timers].map(([id, due]) => ({ conversation: record.key, id, due })))
        .filter(({ due }) => due <= now)
        .sort((a, b) => a.due - b.due)
        .slice(0, limit),
    nextTimer: async () => lowest([...conversations.values()].flatMap(({ timers }) => [...timers.values()])),
    async transcript(conversation, after, limit) {
      const record = byId(conversation);
      const kept = (record?.entries ?? []).filter((entry) => entry !== undefined);
      const entries = kept.filter(({ seq }) => seq > after).slice(0, limit);
      const isRead = (entry: StoredEntry) => entry.from !== 'customer' && entry.seq <= record!.seen;
      return entries.map((entry) => (isRead(entry) ? { ...entry, status: 'read' } : entry));
    },
    offered: async (key) =>
      conversations
        .get(key)
        ?.entries.slice(-OFFERED_WITHIN)
        .findLast(
          (entry) => entry?.from !== 'customer' && (entry?.message.choices ?? entry?.message.form) !== undefined,
        )?.message,
    async seen(conversation, seq) {
      const record = byId(conversation);
      if (record === undefined || seq <= record.seen) return [];
      const before = record.seen;
      record.seen = Math.min(seq, record.entries.length);
      const seen = record.entries
        .filter((entry) => entry !== undefined)
        .filter((entry) => entry.from !== 'customer' && entry.seq > before && entry.seq <= record.seen);
      for (const entry of seen) came(record.id, { ...entry, status: 'read' }, entry.at);
      return seen.map((entry) => entry.seq);
    },
    async readdress(account, from, to) {
      const here = at(account, from);
      if (here === undefined) return;
      if (at(account, to) !== undefined) {
        throw new ParleyError('store.address_taken', 'Another conversation is at the new address already.', {
          hint: 'Move a conversation only to an address that nobody has written from.',
        });
      }
      here.address = to;
      move(account, from, to);
    },
    customer: async (name) => customers.values().find((customer) => customer.name === name),
    arrived: async (conversation, key) => conversations.get(conversation)?.keys.has(key) === true,
    heard: async (key) => conversations.get(key)?.entries.findLast((entry) => entry?.from === 'customer')?.at,
    audience: async (after, limit) =>
      [...conversations.values()]
        .filter(({ key, state }) => key > after && state !== undefined)
        .slice(0, limit)
        .map(({ key, account, address, customer }) => ({
          ...{ key, account, address },
          ...(customer === undefined ? {} : { customer }),
        })),
    states: async (after, limit) =>
      [...conversations.values()]
        .flatMap(({ key, id, state }) => (key > after && state !== undefined ? [{ key, id, state }] : []))
        .slice(0, limit),
    counts: async () => ({
      quarantined: inbox.quarantined(),
      dead: dead.size,
      oldestEffect: lowest([...effects.values()].map(({ due }) => due)),
      waiting: new Set(
        effects
          .values()
          .filter(({ until, work }) => until === 0 && work.kind === 'send')
          .map(({ conversation }) => conversation),
      ).size,
    }),
    handoffs: async (limit) => handoffs.slice(0, limit),
    insights: async (after, limit) => insights.filter(({ id }) => id > after).slice(0, limit),
  } satisfies Partial<Store>;
}
