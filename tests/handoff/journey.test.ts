import { expect, test } from '@jest/globals';
import { openBot } from '../../src/bot/open-bot.ts';
import type { Happening } from '../../src/handoff/control.ts';
import { openMemoryDesk } from '../../src/handoff/memory-desk.ts';
import { Folder } from '../cli/deployment-folder.ts';

const FILES = {
  'parley.yaml': `name: Shop
locales: [en, zh]
channels: {web: {kind: web}}
desk:
  undo_window: 0s
  queues: {support: {sla: {first_reply: 2m}}}
  agents: {mia: {name: Mia, queues: [support]}, tom: {queues: [support]}}
`,
  'flows/order/flow.yaml': `flow: order_status
title: {en: Where is my order?, zh: 我的订单在哪？}
description: Tells where an order is
triggers: {examples: {en: [where is my order], zh: [我的订单在哪]}}
slots: {number: string, day: string}
steps:
  - collect: number
    ask: {en: Which order?, zh: 哪个订单？}
  - collect: day
    ask: {en: Which day suits you?, zh: 哪天方便？}
  - say: {en: "Order {number} comes on {day}.", zh: "订单 {number} 将于 {day} 送达。"}
  - survey: csat
`,
};
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };

test('a customer asks for a human in the middle of a flow, gets one, and goes on with the flow, over two restarts', async () => {
  using folder = new Folder(FILES);
  const desk = openMemoryDesk();
  let count = 0;
  const open = async () => {
    const bot = await openBot({ directory: folder.path, environment: {}, log: LOG, desks: [desk] });
    await bot.engine.start();
    return bot;
  };
  let bot = await open();
  const restart = async () => {
    await bot.stop(1_000);
    bot = await open();
  };
  const write = (text: string) =>
    bot.engine.accept({ account: 'web', address: 'ann', key: `k${++count}`, event: { kind: 'message', text } });
  const { conversation } = await write('where is my order');
  const give = (happening: Happening) => bot.office!.give({ conversation, command: `c${++count}`, happening });
  const lines = async () =>
    (await bot.engine.transcript(conversation, 0, 100)).map(({ from, message }) => `${from}: ${message.text}`);

  await write('1042');
  await write('human please');
  expect((await lines()).at(-1)).toBe('bot: I am passing you to a colleague, who will write to you here.');
  await restart();
  await bot.office!.settled();
  expect(desk.threads.get(conversation)?.head).toMatchObject({ at: 'queued', queue: 'support', reason: 'asked' });

  expect(await give({ on: 'claimed', agent: 'mia' })).toEqual({ ok: true, at: 'active' });
  expect(await give({ on: 'claimed', agent: 'tom' })).toMatchObject({ ok: false, code: 'desk.taken', holder: 'mia' });
  for (const [question, answer] of [
    ['it says delivered', 'Let me look.'],
    ['hello?', 'It is with your neighbour.'],
    ['which one', 'Mrs Smith. When shall we bring it over?'],
  ] as const) {
    await write(question);
    await give({ on: 'said', agent: 'mia', text: answer });
  }
  await give({ on: 'noted', agent: 'mia', text: 'The driver was new.' });
  await restart();
  await give({ on: 'returned', agent: 'mia', outcome: 'solved' });
  expect((await lines()).slice(-2)).toEqual([
    'bot: This is the automated assistant again (a bot, not a person).',
    'bot: Which day suits you?',
  ]);
  await write('Monday');
  expect(await lines()).toContain('bot: Order 1042 comes on Monday.');
  await write('5');
  const insights = await bot.store.insights(0, 1_000);
  expect(insights.find(({ name }) => name === 'survey.answered')?.data).toMatchObject({ survey: 'csat', score: 5 });
  expect(insights.filter(({ name }) => name === 'sla.met')).toHaveLength(1);

  await bot.office!.settled();
  const thread = desk.threads.get(conversation)!;
  const shown = [...thread.recent, ...thread.posts.values()].map(({ from, message }) => `${from}: ${message.text}`);
  const all = await lines();
  expect(shown).toEqual(all.slice(0, shown.length));
  expect(thread.isOpen).toBe(false);
  expect([...thread.notes.values()].map(({ text }) => text)).toEqual(['The driver was new.']);
  expect(JSON.stringify(all)).not.toContain('driver');
  await bot.stop(1_000);
});
