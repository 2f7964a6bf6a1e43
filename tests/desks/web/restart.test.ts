import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { openBot } from '../../../src/bot/open-bot.ts';
import type { Item, Thread } from '../../../src/desks/web/protocol.ts';
import type { Happening } from '../../../src/handoff/control.ts';
import { openMemoryDesk } from '../../../src/handoff/memory-desk.ts';
import { Folder } from '../../cli/deployment-folder.ts';
import { ask, Listener, signedIn } from './desk-world.ts';

const FILES = {
  'parley.yaml': `name: Shop
locales: [en]
data: data
channels: {web: {kind: web}}
desk: {queues: {support: {}}, agents: {mia: {queues: [support]}, tom: {queues: [support]}}}
`,
  'flows/order/flow.yaml':
    'flow: order\ntriggers: {examples: {en: [where is my order]}}\nslots: {number: string}\nsteps:\n  - collect: number\n    ask: Which order?\n  - say: "Order {number} is on its way."\n',
};
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };

const told = (items: readonly Item[]) =>
  items.map((item) => (item.kind === 'post' ? `${item.from}: ${item.message.text}` : `${item.kind} ${item.key}`));

test('shows after a restart what it showed before, beside another desk that misses nothing', async () => {
  using folder = new Folder(FILES);
  const other = openMemoryDesk();
  const open = async () => {
    const bot = await openBot({ directory: folder.path, environment: {}, log: LOG, desks: [other] });
    await bot.engine.start();
    return bot;
  };
  let bot = await open();
  const write = (text: string) =>
    bot.engine.accept({ account: 'web', address: 'ann', key: randomUUID(), event: { kind: 'message', text } });
  await write('where is my order');
  const { conversation } = await write('human please');
  const give = (happening: Happening) => bot.office!.give({ conversation, command: randomUUID(), happening });
  await give({ on: 'claimed', agent: 'mia' });
  await give({ on: 'noted', agent: 'mia', text: 'an old friend' });
  await give({ on: 'assigned', agent: 'mia', to: 'tom', note: 'you know her' });
  await write('hello?');
  await bot.office!.settled();
  const cookie = await signedIn(bot.webDesk!, 'mia');
  const look = async () =>
    (await (await ask(bot.webDesk!, `/conversations/${conversation}`, { cookie })).json()) as Thread;
  const before = await look();
  expect(told(before.items)).toEqual(expect.arrayContaining(['customer: human please', 'customer: hello?']));
  expect(before.items.filter(({ kind }) => kind === 'note')).toMatchObject([
    { text: 'an old friend', note: 'note' },
    { text: 'you know her', note: 'handover' },
  ]);
  const thread = other.threads.get(conversation)!;
  expect([...thread.recent, ...thread.posts.values()].map(({ message }) => message.text)).toEqual(
    before.items.flatMap((item) => (item.kind === 'post' ? [item.message.text] : [])),
  );

  await bot.stop(1_000);
  bot = await open();
  const after = await look();
  expect(told(after.items)).toEqual(told(before.items));
  expect(after.card).toEqual(before.card);
  const page = new Listener(await ask(bot.webDesk!, '/events', { cookie }));
  bot.webDesk!.end();
  await page.ended;
  expect(page.of('world')).toMatchObject([{ world: { me: 'mia', cards: [{ conversation, agent: 'tom' }] } }]);
  await bot.stop(1_000);
}, 30_000);
