import type { Commitment, FinishedTurn, Store } from '../../../src/store/store.ts';
import { say, turn } from './words.ts';

/** A store of its own for each test, and the two sentences that most of them begin with. */
export interface Opened {
  readonly store: Store;
  /** Commits a turn that must be applied. */
  applied(turn: FinishedTurn): Promise<Applied>;
  /** Says something in Ann's conversation that her platform has taken, in so many parts. */
  sent(parts: number, version?: number): Promise<void>;
}

export type StoreTest = (name: string, body: (opened: Opened) => Promise<void>) => void;

type Applied = Extract<Commitment, { outcome: 'applied' }>;

export function opened(store: Store): Opened {
  const applied = async (finished: FinishedTurn): Promise<Applied> => {
    const commitment = await store.commit(finished);
    if (commitment.outcome !== 'applied') throw new Error(`not applied: ${commitment.outcome}`);
    return commitment;
  };
  return {
    store,
    applied,
    async sent(parts, version = 0) {
      const { held } = await applied(turn(`k${version}`, { version, delivery: 'held', effects: [say('a')] }));
      await store.settle({ ...held[0]!, end: { kind: 'done', status: 'sent', parts, at: 1 } });
    },
  };
}
