import { further, ofAll } from '../delivery.ts';
import type { DeliveryStatus, Store, StoredEntry } from '../store.ts';
import type { OpenEffect, Tables } from './tables.ts';

type Came = (conversation: string, entry: StoredEntry, at: number) => void;

/** How far what was said has come. */
/** @param came is told how far a message has come */
export function deliveriesIn({ conversations, dead, byId, nextId }: Tables, came: Came) {
  /** Of parts, by entry; see the SQLite store's `delivery.ts`. */
  const reports = new Map<StoredEntry['id'], Map<number, { status: DeliveryStatus; code: string | undefined }>>();
  /** What was sent as one message with what was said first: by that one's entry. */
  const merged = new Map<StoredEntry['id'], readonly number[]>();
  /** By public id and sequence number, by part. */
  const receipts = new Map<string, (string | undefined)[]>();
  const entryId = (conversation: number, seq: number) => `${conversation}.${seq}`;
  const entryOf = (conversation: number, seq: number) => conversations.get(conversation)!.entries[seq - 1]!;

  function mark(conversation: number, seq: number, status: DeliveryStatus): void {
    const { entries } = conversations.get(conversation)!;
    entries[seq - 1] = { ...entries[seq - 1]!, status };
  }

  function end(conversation: number, seq: number, status: DeliveryStatus, at: number): void {
    mark(conversation, seq, status);
    came(conversations.get(conversation)!.id, entryOf(conversation, seq), at);
  }

  /** A dead letter for what the platform has refused after it was sent. */
  function bury(conversation: number, seq: number, code = 'channel.failed', at: number): void {
    const id = nextId();
    const { message, at: said } = entryOf(conversation, seq);
    const work = { kind: 'send', seq, turn: seq, at: said, message, parts: 0 } as const;
    const effect: OpenEffect = { id, token: 1, conversation, tries: 0, due: at, until: 0, begun: false, work };
    dead.set(id, { id, conversation: conversations.get(conversation)!.id, seq, message, code, at, effect });
  }

  function sent(conversation: number, seq: number, status: 'sent' | 'unknown', parts: number, at: number): void {
    const id = entryId(conversation, seq);
    const early = reports.get(id) ?? new Map();
    for (let part = 0; part < parts; part += 1) if (!early.has(part)) early.set(part, { status, code: undefined });
    const known = ofAll([...early.values()].map((each) => further(status, each.status)));
    if (parts > 1) reports.set(id, early);
    else reports.delete(id);
    end(conversation, seq, parts === 0 ? status : known, at);
    const failure = [...early.values()].find((each) => each.status === 'failed');
    if (failure !== undefined) bury(conversation, seq, failure.code, at);
  }

  const store = {
    async progress(told) {
      const record = byId(told.conversation);
      const entry = record?.entries[told.seq - 1];
      if (record === undefined || record.account !== told.account || entry === undefined || entry.from === 'customer')
        return [];
      const id = entryId(record.key, told.seq);
      const isOpen = entry.status === 'queued' || entry.status === 'sending';
      const parts = reports.get(id) ?? new Map();
      const own = parts.get(told.part);
      if (!isOpen && own === undefined && (parts.size > 0 || told.part > 0)) return [];
      if (isOpen || own !== undefined) {
        const status = further(own?.status ?? 'queued', told.status);
        parts.set(told.part, { status, code: told.code ?? own?.code });
        reports.set(id, parts);
        if (isOpen) return [];
      }
      const now =
        own === undefined ? further(entry.status, told.status) : ofAll([...parts.values()].map((p) => p.status));
      if (now === entry.status) return [];
      return [told.seq, ...(merged.get(id) ?? [])].map((seq) => {
        end(record.key, seq, now, told.at);
        if (now === 'failed') bury(record.key, seq, told.code, told.at);
        return { seq, status: now };
      });
    },
    receipts: async (conversation, seq) => receipts.get(`${conversation}.${seq}`) ?? [],
    async revise(conversation, seq, message) {
      const record = byId(conversation);
      const entry = record?.entries[seq - 1];
      if (entry !== undefined && entry.from !== 'customer') record!.entries[seq - 1] = { ...entry, message };
    },
  } satisfies Partial<Store>;

  return {
    store,
    mark,
    end,
    sent,
    requeue(conversation: number, seq: number): void {
      if (entryOf(conversation, seq).status === 'sending') mark(conversation, seq, 'queued');
    },
    merge(conversation: number, seq: number, others: readonly number[]): void {
      if (others.length > 0) merged.set(entryId(conversation, seq), others);
    },
    receive(conversation: number, seq: number, ids: readonly { readonly part: number; readonly id: string }[]): void {
      if (ids.length === 0) return;
      const name = `${conversations.get(conversation)!.id}.${seq}`;
      const known = receipts.get(name) ?? [];
      for (const { part, id } of ids) known[part] = id;
      receipts.set(name, known);
    },
  };
}

export type Deliveries = ReturnType<typeof deliveriesIn>;
