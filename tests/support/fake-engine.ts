import { randomUUID } from 'node:crypto';
import type { Inbound, Report, SendContext } from '../../src/channel.ts';
import type { Accepted, Engine, Entry, Health, News } from '../../src/engine/engine.ts';
import type { Message } from '../../src/message.ts';
import type { JsonObject } from '../../src/type.ts';

/** The engine's contract in memory, for tests of the doors: it keeps, numbers and tells, and never answers by itself. */
export interface FakeEngine extends Engine {
  /** Everything that was accepted, in order, without the duplicates. */
  readonly inbox: readonly Inbound[];
  /** What answers the calls that brought them, by the events' keys. */
  readonly passives: ReadonlyMap<string, NonNullable<SendContext<unknown>['passive']>>;
  /** What platforms told of messages, in order. */
  readonly reports: readonly (Report & { readonly account: string })[];
  readonly signals: readonly { readonly name: string; readonly data: JsonObject; readonly key: string }[];
  say(conversation: string, message: Message | string, from?: Entry['from']): Entry;
  typing(conversation: string, on: boolean): void;
  status(conversation: string, seq: number, status: Entry['status']): void;
  /** From now on `accept` rejects with this; undefined: works again. */
  breakWith(error: Error | undefined): void;
  setHealth(health: Partial<Health>): void;
  /** How many are watching, over all conversations. */
  readonly watchers: number;
  /** Runs when a transcript has been read and before its reader gets it: where races live. */
  onRead(hook: (conversation: string) => void): void;
}

interface Conversation {
  readonly entries: Entry[];
  readonly listeners: Set<(news: News) => void>;
}

export function createFakeEngine(): FakeEngine {
  const addresses = new Map<string, string>();
  const conversations = new Map<string, Conversation>();
  const answers = new Map<string, Accepted>();
  const inbox: Inbound[] = [];
  const reports: (Report & { readonly account: string })[] = [];
  const passives = new Map<string, NonNullable<SendContext<unknown>['passive']>>();
  const signals: { name: string; data: JsonObject; key: string }[] = [];
  let broken: Error | undefined;
  let hook: (conversation: string) => void = () => undefined;
  let health: Health = { store: 'ok', outboxAge: 0, waiting: 0, quarantined: 0, dead: 0, shut: [], stopping: false };

  function at(account: string, address: string): string {
    const place = `${account}\0${address}`;
    const id = addresses.get(place) ?? randomUUID();
    addresses.set(place, id);
    return id;
  }

  function conversationOf(id: string): Conversation {
    const found = conversations.get(id) ?? { entries: [], listeners: new Set() };
    conversations.set(id, found);
    return found;
  }

  function add(id: string, entry: Pick<Entry, 'from' | 'message'> & Partial<Entry>): Entry {
    const { entries, listeners } = conversationOf(id);
    const seq = entries.length + 1;
    const full: Entry = { id: `e${seq}`, at: 0, status: 'sent', ...entry, seq };
    entries.push(full);
    for (const listener of [...listeners]) listener({ kind: 'entries', entries: [full] });
    return full;
  }

  function tell(id: string, news: News): void {
    for (const listener of [...conversationOf(id).listeners]) listener(news);
  }

  return {
    inbox,
    passives,
    signals,
    reports,
    async report(account, report) {
      if (broken !== undefined) throw broken;
      reports.push({ ...report, account });
    },
    async accept(inbound, passive) {
      await Promise.resolve();
      if (broken !== undefined) throw broken;
      const conversation = at(inbound.account, inbound.address);
      const key = `${conversation}\0${inbound.key}`;
      const before = answers.get(key);
      if (before !== undefined) return { ...before, duplicate: true };
      inbox.push(inbound);
      if (passive !== undefined) passives.set(inbound.key, passive);
      const { event, attachments } = inbound;
      const text = event.kind === 'message' ? event.text : event.kind === 'choice' ? event.token : undefined;
      const seq =
        text === undefined
          ? 0
          : add(conversation, {
              id: inbound.key,
              from: 'customer',
              message: { text },
              ...(attachments === undefined ? {} : { attachments }),
            }).seq;
      const accepted = { conversation, seq, duplicate: false };
      answers.set(key, accepted);
      return accepted;
    },
    redeem: async () => 'unknown',
    async find(account, address) {
      return addresses.get(`${account}\0${address}`);
    },
    async transcript(conversation, after, limit) {
      const page = conversationOf(conversation).entries.slice(after, after + limit);
      hook(conversation);
      return page;
    },
    watch(conversation, listener) {
      const { listeners } = conversationOf(conversation);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async readdress(account, from, to) {
      const conversation = addresses.get(`${account}\0${from}`);
      if (conversation === undefined) return;
      addresses.delete(`${account}\0${from}`);
      addresses.set(`${account}\0${to}`, conversation);
    },
    async signal(name, data, key) {
      if (signals.some((signal) => signal.key === key)) return 0;
      signals.push({ name, data, key });
      return 1;
    },
    async seen(conversation, seq) {
      const { entries } = conversationOf(conversation);
      for (const [index, entry] of entries.entries()) {
        if (entry.seq > seq || entry.from === 'customer' || entry.status === 'read') continue;
        entries[index] = { ...entry, status: 'read' };
        tell(conversation, { kind: 'status', seq: entry.seq, status: 'read' });
      }
    },
    async edit(conversation, seq, message) {
      const { entries } = conversationOf(conversation);
      const entry = { ...entries[seq - 1]!, message };
      entries[seq - 1] = entry;
      tell(conversation, { kind: 'entries', entries: [entry] });
    },
    remove: () => Promise.resolve(),
    health: () => health,
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    say(conversation, message, from = 'bot') {
      return add(conversation, { from, message: typeof message === 'string' ? { text: message } : message });
    },
    typing(conversation, on) {
      tell(conversation, { kind: 'typing', on });
    },
    status(conversation, seq, status) {
      const { entries } = conversationOf(conversation);
      const entry = entries[seq - 1];
      if (entry !== undefined) entries[seq - 1] = { ...entry, status };
      tell(conversation, { kind: 'status', seq, status });
    },
    breakWith(error) {
      broken = error;
    },
    setHealth(part) {
      health = { ...health, ...part };
    },
    get watchers() {
      let count = 0;
      for (const { listeners } of conversations.values()) count += listeners.size;
      return count;
    },
    onRead(next) {
      hook = next;
    },
  };
}
