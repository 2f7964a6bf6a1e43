import type { Item, Thread } from '../../../src/desks/web/protocol.ts';
import { deskContract, type Seen } from '../../contracts/desk-contract.ts';
import { ask, deskWith, Listener, signedIn } from './desk-world.ts';

deskContract('web', async () => {
  const desk = deskWith();
  const [mia, tom] = await Promise.all(['mia', 'tom'].map((agent) => signedIn(desk, agent)));
  const streams = await Promise.all(
    [mia, tom].map(async (cookie) => new Listener(await ask(desk, '/events', { cookie: cookie! }))),
  );
  const is =
    <Kind extends Item['kind']>(kind: Kind) =>
    (item: Item): item is Extract<Item, { kind: Kind }> =>
      item.kind === kind;
  return {
    desk,
    async seen(place): Promise<Seen> {
      const thread = (await (await ask(desk, `/conversations/${place}`, { cookie: mia! })).json()) as Thread;
      const { card, items, receipts, tasks } = thread;
      const notices = ['mia', 'tom'].flatMap((agent, index) =>
        (streams[index]?.of('notice') ?? []).flatMap(({ code }) =>
          code === 'offer' ? [] : [{ agent, code: String(code) }],
        ),
      );
      const offered = streams[0]!.of('notice').filter(({ code }) => code === 'offer');
      return {
        head: card,
        posts: items.filter(is('post')),
        notes: items.filter(is('note')),
        offers: offered.map(() => ({ agent: 'mia', version: card.version })),
        notices,
        receipts: Object.entries(receipts).map(([said, state]) => ({ said, state })),
        tasks,
        isOpen: card.at !== 'closed' && card.at !== 'bot',
      };
    },
    async close() {
      desk.end();
      await Promise.all(streams.map(({ ended }) => ended));
    },
  };
});
