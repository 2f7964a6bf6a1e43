import { expect, test } from '@jest/globals';
import { openBot } from '../../src/bot/open-bot.ts';
import type { Happening } from '../../src/handoff/control.ts';
import { openMemoryDesk } from '../../src/handoff/memory-desk.ts';
import { Folder } from '../cli/deployment-folder.ts';

const FILES = {
  'parley.yaml':
    'name: Shop\nchannels: {web: {kind: web}}\ndesk: {queues: {seniors: {}}, agents: {mia: {queues: [seniors]}}}\n',
  'flows/refund/flow.yaml': `flow: refund
description: Refunds
triggers: {examples: {en: [i want a refund]}}
slots: {amount: string, iban: string}
steps:
  - collect: amount
    ask: How much?
  - collect: iban
    ask: To which account?
  - handoff: {mode: approval, queue: seniors, reason: dear, attach: [amount, iban], declined: [say: "No refund."]}
  - say: You get it.
  - handoff: {mode: background, queue: seniors, reason: book_it, attach: [amount]}
`,
};
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };

test('a flow asks for a decision, waits for it over a restart, goes on, and leaves a task', async () => {
  using folder = new Folder(FILES);
  const desk = openMemoryDesk();
  const open = async () => {
    const bot = await openBot({ directory: folder.path, environment: {}, log: LOG, desks: [desk] });
    await bot.engine.start();
    return bot;
  };
  let bot = await open();
  let count = 0;
  const write = (text: string) =>
    bot.engine.accept({ account: 'web', address: 'ann', key: `k${++count}`, event: { kind: 'message', text } });
  await write('i want a refund');
  await write('900');
  const { conversation } = await write('DE89 3704 0044 0532 0130 00');
  await bot.stop(1_000);
  bot = await open();
  try {
    await bot.office!.settled();
    const thread = desk.threads.get(conversation)!;
    const [card] = thread.tasks.values();
    expect(card).toMatchObject({ mode: 'approval', reason: 'dear', attach: { amount: '900', iban: '•••• 3000' } });
    expect(thread).toMatchObject({ isOpen: true, head: { at: 'bot', queue: 'seniors', reason: 'dear' } });
    expect(await bot.office!.tasks(9)).toMatchObject([{ conversation, tasks: 1 }]);

    const ask = (agent: string, what: string) => bot.office!.reveal({ conversation, agent, what });
    expect(card?.masked).toEqual([`task:${card?.id}:iban`]);
    expect(await ask('eve', `task:${card?.id}:iban`)).toEqual({ ok: false, code: 'desk.not_yours' });
    expect(await ask('mia', `task:${card?.id}:amount`)).toEqual({ ok: false, code: 'desk.unknown_value' });
    expect(await ask('mia', `task:${card?.id}:iban`)).toEqual({ ok: true, value: expect.stringMatching(/^DE89/) });

    const give = (happening: Happening) => bot.office!.give({ conversation, command: `c${++count}`, happening });
    const decision = { on: 'decided', agent: 'mia', task: card!.id, outcome: 'approved' } as const;
    const [first, second] = await Promise.all([give(decision), give({ ...decision, outcome: 'rejected' })]);
    expect([first.ok, second.ok]).toEqual([true, false]);
    const said = (await bot.engine.transcript(conversation, 0, 100)).map(({ message }) => message.text);
    expect(said.filter((text) => text === 'You get it.' || text === 'No refund.')).toEqual(['You get it.']);

    await bot.office!.settled();
    expect(thread.tasks.get(card!.id)).toMatchObject({ ended: { how: 'approved', by: 'mia' } });
    const task = [...thread.tasks.values()].find(({ mode }) => mode === 'background')!;
    expect(await give({ on: 'done', agent: 'mia', task: task.id })).toMatchObject({ ok: true });
    await bot.office!.settled();
    expect(thread.tasks.get(task.id)).toMatchObject({ ended: { how: 'done', by: 'mia' } });
    expect(thread.isOpen).toBe(false);
    const audited = (await bot.store.desk.audit(0, 100)).map(({ what, by }) => [what, by]);
    expect(audited).toEqual([
      ['revealed', 'mia'],
      ['decided', 'mia'],
      ['done', 'mia'],
    ]);
  } finally {
    await bot.stop(1_000);
  }
});
