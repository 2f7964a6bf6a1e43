import { describe, test } from '@jest/globals';
import type { Store } from '../../src/store/store.ts';
import { theCustomer } from './store/customer.ts';
import { theDelivery } from './store/delivery.ts';
import { theInbox } from './store/inbox.ts';
import { theMoving } from './store/moving.ts';
import { opened, type StoreTest } from './store/opened.ts';
import { theOutbox } from './store/outbox.ts';
import { thePruning } from './store/pruning.ts';
import { theReading } from './store/reading.ts';
import { theVectors } from './store/vectors.ts';
import { theWaking } from './store/waking.ts';
import { theWindow } from './store/window.ts';

/** What every store promises; run over each of them. */
export function storeContract(name: string, open: () => Promise<{ store: Store; end: () => Promise<void> }>): void {
  const promise: StoreTest = (behaviour, body) =>
    test(behaviour, async () => {
      const { store, end } = await open();
      try {
        await body(opened(store));
      } finally {
        await end();
      }
    });
  describe(`the store contract: ${name}`, () => {
    theInbox(promise);
    theOutbox(promise);
    theDelivery(promise);
    theWindow(promise);
    theWaking(promise);
    theCustomer(promise);
    theMoving(promise);
    theReading(promise);
    thePruning(promise);
    theVectors(promise);
  });
}
