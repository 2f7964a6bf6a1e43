import type { Call } from '../../effect.ts';
import type { JsonObject } from '../../type.ts';
import type { Customer, DeadLetter, HeldEffect, Insight, StoredEntry, StoredHandoff, Whereabouts } from '../store.ts';

/** What several of the store's rooms look into; the rest is each one's own. */
export interface Tables {
  readonly conversations: ReadonlyMap<number, Row>;
  readonly customers: Map<number, Customer>;
  readonly effects: Map<number, OpenEffect>;
  readonly dead: Map<number, DeadLetter & { readonly effect: OpenEffect }>;
  readonly handoffs: StoredHandoff[];
  readonly insights: Insight[];
  nextId(): number;
  at(account: string, address: string): Row | undefined;
  byId(id: string): Row | undefined;
  begin(where: Omit<Whereabouts, 'key'>): Row;
  /** A conversation's effects that nobody holds, oldest first. */
  freeOf(key: number): OpenEffect[];
}

/** A conversation. */
export interface Row extends Whereabouts {
  address: string;
  version: number;
  state: string | undefined;
  customer: number | undefined;
  seen: number;
  /** By sequence number, from 1; a hole where one was pruned. */
  entries: (StoredEntry | undefined)[];
  keys: Map<string, { readonly seq: number; readonly at: number }>;
  timers: Map<string, number>;
  listeners: Map<string, Listener>;
}

export interface Listener {
  readonly record: Row;
  readonly match: JsonObject;
  /** Where it is filed. */
  readonly file: string;
}

export interface OpenEffect {
  readonly id: number;
  token: number;
  readonly conversation: number;
  readonly tries: number;
  due: number;
  /** Until when it is held; 0: it is free. */
  until: number;
  /** Its part may have been sent. */
  begun: boolean;
  readonly work: HeldEffect['work'] | Call;
}

export function openTables(): Tables {
  const conversations = new Map<number, Row>();
  const effects = new Map<number, OpenEffect>();
  let lastId = 0;
  const nextId = () => {
    lastId += 1;
    return lastId;
  };
  return {
    conversations,
    customers: new Map(),
    effects,
    dead: new Map(),
    handoffs: [],
    insights: [],
    nextId,
    at: (account, address) =>
      conversations.values().find((record) => record.account === account && record.address === address),
    byId: (id) => conversations.values().find((record) => record.id === id),
    begin({ id, account, address, locale }) {
      const record: Row = {
        key: nextId(),
        id,
        account,
        address,
        locale,
        version: 0,
        state: undefined,
        customer: undefined,
        seen: 0,
        entries: [],
        keys: new Map(),
        timers: new Map(),
        listeners: new Map(),
      };
      conversations.set(record.key, record);
      return record;
    },
    freeOf: (key) => ordered(effects.values().filter((effect) => effect.conversation === key && effect.until === 0)),
  };
}

/** In the order in which they were made. */
export function ordered<T extends { readonly id: number }>(rows: Iterable<T>): T[] {
  return [...rows].sort((a, b) => a.id - b.id);
}

export function lowest(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : Math.min(...numbers);
}

export function heldOf({ id, token, conversation, tries, work }: OpenEffect): HeldEffect {
  return { id, token, conversation, tries, work };
}

/** What is stored does not change when its giver changes it. */
export function copy<T>(value: T): T {
  return structuredClone(value);
}
