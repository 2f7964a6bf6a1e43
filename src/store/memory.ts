import { allowancesIn } from './memory/allowance.ts';
import { arrivalsIn } from './memory/arrival.ts';
import { deliveriesIn } from './memory/delivery.ts';
import { deskInMemory } from './memory/desk.ts';
import { identitiesIn } from './memory/identity.ts';
import { inboxIn } from './memory/inbox.ts';
import { keeping } from './memory/keeping.ts';
import { listening as openListening } from './memory/listening.ts';
import { outboxIn } from './memory/outbox.ts';
import { pruningIn } from './memory/pruning.ts';
import { readingIn } from './memory/reading.ts';
import { rulings as openRulings } from './memory/ruling.ts';
import { openTables, type Row } from './memory/tables.ts';
import { turnsIn } from './memory/turn.ts';
import type { Store } from './store.ts';

/**
 * The store without a disk: for tests and for conversations that nobody needs to keep. The same contract, except that everything is
 * gone with the process.
 */
export function openMemory(): Store {
  const tables = openTables();
  const { customers, conversations, handoffs, at, nextId, begin } = tables;
  const listening = openListening();
  const rulings = openRulings();
  const desk = deskInMemory();
  const inbox = inboxIn(tables, listening);
  const allowances = allowancesIn(tables);
  const deliveries = deliveriesIn(tables, desk.came);
  const arrivals = arrivalsIn(tables, inbox, allowances);
  const identities = identitiesIn<Row>({
    ...{ customers, conversations, at, nextId },
    arrive: arrivals.arrive,
    enqueue: inbox.enqueue,
    begin: (account, address) => begin({ id: crypto.randomUUID(), account, address, locale: '' }),
    take(from, to, { listeners, calls }) {
      for (const [here, there] of Object.entries(listeners)) listening.move(from, here, to, there);
      inbox.move(from, to, calls);
      handoffs.forEach((each, index) => {
        if (each.conversation === from.id && each.status === 'open' && each.handoff.id !== 'channel.window_closed')
          handoffs[index] = { ...each, conversation: to.id };
      });
    },
  });
  const moveAddress = (account: string, from: string, to: string) => {
    identities.move(account, from, to);
    rulings.move(account, from, to);
  };

  return {
    ...arrivals.store,
    ...inbox.store,
    ...turnsIn(tables, { arrivals, allowances, listening, identities, rulings, desk }),
    ...deliveries.store,
    ...outboxIn(tables, { deliveries, allowances, desk, inbox }),
    ...readingIn(tables, inbox, moveAddress, desk.came),
    ...identities.store,
    ...keeping(nextId),
    ...pruningIn(tables, desk),
    ruling: async (account, address) => rulings.find(account, address),
    desk,
    interrupted: false,
    health: () => 'ok',
    onFatal: () => undefined,
    close: async () => undefined,
  };
}
