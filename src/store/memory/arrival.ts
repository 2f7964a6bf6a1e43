import type { Acceptance, Arrival, Shown, Store, Whereabouts } from '../store.ts';
import type { Allowances } from './allowance.ts';
import type { Inbox } from './inbox.ts';
import { copy, type Row, type Tables } from './tables.ts';

/** How something comes in: once, at its conversation, in the transcript where it is to be seen. */
export function arrivalsIn({ conversations, effects, at, begin }: Tables, inbox: Inbox, allowances: Allowances) {
  const recordOf = (to: Whereabouts) => conversations.get(to.key) ?? at(to.account, to.address);

  /** What came under the same key before. */
  function twinOf(known: Row | undefined, { origin }: Arrival) {
    const before = origin.kind === 'door' ? known?.keys.get(origin.key) : undefined;
    if (known === undefined || before === undefined) return undefined;
    return { outcome: 'duplicate', key: known.key, id: known.id, seq: before.seq } as const;
  }

  /** Takes the arrival from where it waits; `false`: it is gone. */
  function take(record: Row | undefined, { origin }: Arrival): boolean {
    switch (origin.kind) {
      case 'door':
        return true;
      case 'inbox':
        return inbox.remove(origin.id);
      case 'effect':
        return effects.get(origin.id)?.token === origin.token && effects.delete(origin.id);
      case 'timer':
        return record?.timers.get(origin.id) === origin.due && record.timers.delete(origin.id);
    }
  }

  /** Its line in the transcript, or 0, kept under its key. */
  function show(record: Row, { origin, at: when }: Arrival, shown: Shown | undefined): number {
    const seq = shown === undefined ? 0 : record.entries.length + 1;
    if (shown !== undefined) record.entries.push({ ...shown, seq, at: when, status: 'delivered' });
    if (origin.kind === 'door') record.keys.set(origin.key, { seq, at: when });
    return seq;
  }

  function arrive(arrival: Arrival): Acceptance {
    const known = recordOf(arrival.to);
    const twin = twinOf(known, arrival);
    if (twin !== undefined) return twin;
    if (!take(known, arrival)) return { outcome: 'gone' };
    const record = known ?? begin(arrival.to);
    const seq = show(record, arrival, arrival.shown);
    const accepted = { outcome: 'accepted', key: record.key, id: record.id, seq, tail: record.entries.length } as const;
    return allowances.open(record.key, arrival) ? { ...accepted, unparked: true } : accepted;
  }

  const store = {
    async accept(arrival) {
      const accepted = arrive(arrival);
      if (accepted.outcome === 'accepted') inbox.enqueue(accepted.key, copy(arrival.event), arrival.at, accepted.seq);
      return accepted;
    },
  } satisfies Partial<Store>;

  return { store, recordOf, twinOf, take, show, arrive };
}

export type Arrivals = ReturnType<typeof arrivalsIn>;
