import { eventFor } from '../handed.ts';
import type { OpenEvent, QuarantinedEvent, Store } from '../store.ts';
import type { Listening } from './listening.ts';
import { ordered, type Row, type Tables } from './tables.ts';

type Open = OpenEvent & { readonly conversation: number };

/** Events that wait for their turn, and those set aside. */
export function inboxIn({ conversations, nextId }: Tables, listening: Listening) {
  const inbox = new Map<number, Open>();
  const quarantine = new Map<number, QuarantinedEvent & { readonly open: Open }>();
  const openOf = (key: number) => ordered(inbox.values().filter((open) => open.conversation === key));
  const keysOf = (open: Iterable<Open>) => [...new Set(ordered(open).map(({ conversation }) => conversation))];

  function enqueue(conversation: number, event: OpenEvent['event'], at: number, seq = 0): void {
    const id = nextId();
    inbox.set(id, { id, conversation, event, seq, at, tries: 0 });
  }

  const store = {
    take: async (key, limit) =>
      openOf(key)
        .slice(0, limit)
        .map(({ conversation: _, ...open }) => open),
    backlog: async (limit) => keysOf(inbox.values()).slice(0, limit),
    tried: async (limit) => keysOf(inbox.values().filter(({ tries }) => tries > 0)).slice(0, limit),
    async fail(event, { code, at, quarantine: set }) {
      const open = inbox.get(event);
      if (open === undefined) return;
      if (!set) return void inbox.set(event, { ...open, tries: open.tries + 1 });
      inbox.delete(event);
      const conversation = conversations.get(open.conversation)!.id;
      quarantine.set(event, { id: event, conversation, event: open.event, code, at, open });
    },
    async signal({ name, data, key, at }) {
      const woken: number[] = [];
      const once = `signal:${name}:${key}`;
      for (const record of listening.hearing(name, data)) {
        if (record.keys.has(once)) continue;
        record.keys.set(once, { seq: 0, at });
        enqueue(record.key, { kind: 'signal', name, data }, at);
        woken.push(record.key);
      }
      return woken;
    },
    quarantined: async (limit) =>
      ordered(quarantine.values())
        .slice(0, limit)
        .map(({ open: _, ...event }) => event),
    async replayEvent(event) {
      const set = quarantine.get(event);
      if (set === undefined) return undefined;
      quarantine.delete(event);
      inbox.set(event, { ...set.open, tries: 0 });
      return set.open.conversation;
    },
  } satisfies Partial<Store>;

  return {
    store,
    enqueue,
    remove: (id: number) => inbox.delete(id),
    isOpen: (key: number) => inbox.values().some(({ conversation }) => conversation === key),
    quarantined: () => quarantine.size,
    /** Takes what the world has told, and is still to be heard, to another conversation. */
    move(from: Row, to: Row, calls: Parameters<typeof eventFor>[1]): void {
      for (const open of openOf(from.key)) {
        const moved = eventFor(open.event, calls);
        if (moved === undefined) continue;
        inbox.delete(open.id);
        enqueue(to.key, moved, open.at);
      }
    },
  };
}

export type Inbox = ReturnType<typeof inboxIn>;
