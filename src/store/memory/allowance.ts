import { joined } from '../allowance.ts';
import type { Allowance, Arrival, StoredHandoff } from '../store.ts';
import type { Tables } from './tables.ts';

/** What a platform lets us say in a conversation. */
export function allowancesIn({ conversations, handoffs, freeOf, nextId }: Tables) {
  /** `handoff`: a human was told that something is parked. */
  const allowances = new Map<number, Allowance & { readonly handoff?: number }>();

  return {
    isParked: (key: number) => allowances.get(key)?.handoff !== undefined,
    find(key: number): Allowance | undefined {
      const kept = allowances.get(key);
      if (kept === undefined) return undefined;
      const { handoff: _, ...allowance } = kept;
      return allowance;
    },
    /** She did something that opens a window: is what was parked free again? */
    open(key: number, { window, at }: Arrival): boolean {
      if (window === undefined) return false;
      const before = allowances.get(key);
      const handoff = before?.handoff;
      allowances.set(key, joined(before, window));
      if (handoff === undefined) return false;
      const index = handoffs.findIndex(({ id }) => id === handoff);
      handoffs[index] = { ...handoffs[index]!, status: 'closed' };
      for (const effect of freeOf(key)) if (effect.work.kind === 'send') effect.due = Math.min(effect.due, at);
      return true;
    },
    /** Parks, and tells a human once; `false`: a window has opened meanwhile. */
    close(key: number, park: { seen: number; at: number; handoff: StoredHandoff['handoff'] }): boolean {
      const before = allowances.get(key);
      if (before !== undefined && before.until !== park.seen) return false;
      const handoff = before?.handoff ?? nextId();
      allowances.set(key, { until: before?.until ?? 0, messages: 0, handoff });
      const { id } = conversations.get(key)!;
      if (before?.handoff === undefined)
        handoffs.push({ id: handoff, conversation: id, handoff: park.handoff, status: 'open', at: park.at });
      return true;
    },
    spend({ conversation, calls }: { readonly conversation: number; readonly calls: number }): void {
      const allowance = allowances.get(conversation);
      if (allowance?.messages !== undefined)
        allowances.set(conversation, { ...allowance, messages: Math.max(0, allowance.messages - calls) });
    },
  };
}

export type Allowances = ReturnType<typeof allowancesIn>;
