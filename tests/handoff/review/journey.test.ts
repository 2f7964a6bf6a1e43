import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openBot, type RunningBot } from '../../../src/bot/open-bot.ts';
import type { Happening } from '../../../src/handoff/control.ts';
import type { TaskCard } from '../../../src/handoff/desk.ts';
import { type MemoryDesk, openMemoryDesk } from '../../../src/handoff/memory-desk.ts';
import { Folder } from '../../cli/deployment-folder.ts';

const RETURNS = `# Returns

## How long do I have to send something back?

You can send anything back within 30 days. We pay the postage.

## How soon is the money back?

The money is back on your card within 5 days after the parcel has arrived.
`;
const SETTINGS = (review: string, more = '') => `name: Shop
locales: [en, zh]
channels: {web: {kind: web}}
knowledge: {help: {folder: knowledge, push: true}}
desk:
  undo_window: 0s
  queues: {support: {}}
  agents: {mia: {name: Mia, queues: [support]}, tom: {queues: [support]}}
${more}review: ${review}
`;
const ORDER = `flow: order_status
title: {en: Where is my order?, zh: 我的订单在哪？}
description: Tells where an order is
triggers: {examples: {en: [where is my order], zh: [我的订单在哪]}}
slots: {number: string}
steps:
  - collect: number
    ask: {en: Which order?, zh: 哪个订单？}
  - say: {en: "It is on its way.", zh: "已在途中。"}
`;
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };
const QUESTION = 'how long do I have to send something back?';
const ANSWER = 'You can send anything back within 30 days. We pay the postage.';

let folder: Folder;
let desk: MemoryDesk;
let bot: RunningBot;
let clock: { now(): number };
let later = 0;
let count = 0;
let conversation = '';

async function open(review: string): Promise<void> {
  folder = new Folder({
    'parley.yaml': SETTINGS(review),
    'flows/order/flow.yaml': ORDER,
    'knowledge/returns.md': RETURNS,
  });
  await again();
}
async function again(): Promise<void> {
  bot = await openBot({ directory: folder.path, environment: {}, log: LOG, desks: [desk], clock });
  await bot.engine.start();
}
async function write(text: string, address = 'ann'): Promise<void> {
  const event = { kind: 'message', text } as const;
  ({ conversation } = await bot.engine.accept({ account: 'web', address, key: `k${++count}`, event }));
}
const give = (happening: Happening) => bot.office!.give({ conversation, command: `c${++count}`, happening });
const lines = async () =>
  (await bot.engine.transcript(conversation, 0, 100)).map(({ from, message }) => `${from}: ${message.text}`);
const reviews = async () => (await bot.store.desk.reviews(0, 100)).map(({ what, data }) => ({ what, ...data }));

async function cards(): Promise<readonly TaskCard[]> {
  await bot.office!.settled();
  return [...(desk.threads.get(conversation)?.tasks.values() ?? [])];
}
async function openCard(): Promise<TaskCard> {
  const card = (await cards()).find(({ ended }) => ended === undefined);
  if (card === undefined) throw new Error('No draft is open.');
  return card;
}

beforeEach(() => {
  later = 0;
  clock = { now: () => Date.now() + later };
  desk = openMemoryDesk();
});
afterEach(async () => {
  await bot.stop(1_000);
  folder[Symbol.dispose]();
});

describe('an answer that must be approved', () => {
  beforeEach(() => open('{mode: approve, owners: [mia], timeout: 10m}'));

  test('waits for an agent over a restart, and then goes out with its source', async () => {
    await write(QUESTION);
    expect((await lines()).at(-1)).toBe('bot: A colleague has a look at that. You will get an answer here shortly.');
    await bot.stop(1_000);
    await again();
    const card = await openCard();
    expect(card).toMatchObject({
      ...{ mode: 'review', queue: 'support' },
      proposal: {
        how: 'approve',
        draft: { question: QUESTION, text: ANSWER, flow: 'repair.knowledge', grounding: [true, true] },
      },
    });
    expect(card.proposal?.draft.source).toMatchObject({ set: 'help', document: 'returns.md', title: 'Returns' });
    expect(await give({ on: 'reviewed', agent: 'mia', task: card.id, verdict: 'sent' })).toMatchObject({ ok: true });
    expect((await lines()).at(-1)).toBe(`bot: ${ANSWER}\n\nSource: Returns`);
    expect(await cards()).toMatchObject([{ ended: { how: 'sent', by: 'mia' } }]);
    expect(await give({ on: 'reviewed', agent: 'tom', task: card.id, verdict: 'sent' })).toMatchObject({
      ok: false,
      code: 'desk.decided',
    });
    expect(await reviews()).toMatchObject([
      { what: 'judged', subject: 'knowledge/help', verdict: 'sent', extent: 'as_is', ratio: 0, reviewer: 'mia' },
    ]);
  });

  test('goes out as the agent has changed it, and is proposed to the owners', async () => {
    await write(QUESTION);
    const { id } = await openCard();
    const text = 'You can send anything back within 60 days. We pay the postage.';
    await give({ on: 'reviewed', agent: 'mia', task: id, verdict: 'sent', text, reason: 'wrong_fact' });
    expect((await lines()).at(-1)).toContain('within 60 days');
    await bot.office!.settled();
    const [judged, proposed] = await reviews();
    expect(judged).toMatchObject({ extent: 'light', final: text, draft: ANSWER, reason: 'wrong_fact' });
    expect(judged).toMatchObject({
      diff: expect.arrayContaining([
        ['-', '30'],
        ['+', '60'],
      ]),
    });
    expect(proposed).toMatchObject({ what: 'proposed', set: 'help', document: 'returns.md', text });
  });

  test('is never sent because nobody looked: after its time a human has the customer', async () => {
    await write(QUESTION);
    await openCard();
    later = 10 * 60_000 + 1_000;
    await write('hello?');
    await bot.office!.settled();
    expect(desk.threads.get(conversation)?.head).toMatchObject({ at: 'queued', reason: 'review_late' });
    expect(await cards()).toMatchObject([{ ended: { how: 'over' } }]);
    expect((await lines()).join()).not.toContain('30 days');
  });

  test('that is rejected brings a human, and the customer never reads it', async () => {
    await write(QUESTION);
    const { id } = await openCard();
    await give({ on: 'reviewed', agent: 'tom', task: id, verdict: 'rejected', reason: 'unsafe' });
    await bot.office!.settled();
    expect(desk.threads.get(conversation)?.head).toMatchObject({ at: 'queued', reason: 'review_rejected' });
    expect((await lines()).join()).not.toContain('30 days');
    expect(await reviews()).toMatchObject([{ verdict: 'rejected', extent: 'rejected', reason: 'unsafe' }]);
  });

  test('that is not needed any more ends without a word', async () => {
    await write(QUESTION);
    const { id } = await openCard();
    const before = await lines();
    await give({ on: 'reviewed', agent: 'tom', task: id, verdict: 'rejected', reason: 'not_needed' });
    expect(await lines()).toEqual(before);
    expect(desk.threads.get(conversation)?.head.at).toBe('bot');
  });

  test('leaves the flow that it interrupts free to go on', async () => {
    await write('where is my order');
    await write(QUESTION);
    expect((await lines()).slice(-2).join()).toContain('Which order?');
    await write('1042');
    expect((await lines()).join()).toContain('It is on its way.');
    const { id } = await openCard();
    await give({ on: 'reviewed', agent: 'mia', task: id, verdict: 'sent' });
    expect((await lines()).at(-1)).toContain('30 days');
  });

  test('can be changed for what else might answer', async () => {
    await write(QUESTION);
    const { id } = await openCard();
    expect(await give({ on: 'swapped', agent: 'mia', task: id })).toMatchObject({ ok: true });
    expect((await openCard()).proposal?.draft.text).toContain('The money is back');
    await give({ on: 'swapped', agent: 'mia', task: id });
    expect((await openCard()).proposal?.draft.text).toBe(ANSWER);
  });

  test('corrects what the bot knows once an owner agrees, for the very next question', async () => {
    await write(QUESTION);
    const { id } = await openCard();
    const text = 'You can send anything back within 60 days.';
    await give({ on: 'reviewed', agent: 'tom', task: id, verdict: 'sent', text, reason: 'stale_source' });
    await bot.office!.settled();
    const { proposals } = await bot.owners!.summary();
    const [proposal] = proposals;
    await expect(bot.owners!.approve(proposal!.id, 'tom')).rejects.toMatchObject({ code: 'review.not_owner' });
    await bot.owners!.approve(proposal!.id, 'mia');
    await expect(bot.owners!.approve(proposal!.id, 'mia')).rejects.toMatchObject({ code: 'review.unknown_proposal' });
    await write(QUESTION, 'bob');
    expect((await openCard()).proposal?.draft.text).toContain('within 60 days');
  });
});

describe('while a human has the customer', () => {
  beforeEach(() => open('{mode: suggest}'));

  test('the bot answers nothing by itself, and one suggestion is there for all who look on', async () => {
    await write(QUESTION);
    expect((await lines()).join()).not.toContain('30 days');
    await write('human please');
    await give({ on: 'claimed', agent: 'mia' });
    await write(QUESTION);
    await write('how soon is the money back?');
    const open = (await cards()).filter(({ ended }) => ended === undefined);
    expect(open).toMatchObject([{ proposal: { how: 'suggest', draft: { question: 'how soon is the money back?' } } }]);
    const task = open[0]!.id;
    expect(await give({ on: 'reviewed', agent: 'tom', task, verdict: 'sent' })).toMatchObject({
      ok: false,
      code: 'desk.not_yours',
    });
    expect(await give({ on: 'reviewed', agent: 'mia', task, verdict: 'sent' })).toMatchObject({ ok: true });
    expect((await lines()).at(-1)).toMatch(/^agent: The money is back/);
  });

  test('a suggestion goes when she has been answered, and with the human', async () => {
    await write('human please');
    await give({ on: 'claimed', agent: 'mia' });
    await write(QUESTION);
    await openCard();
    await give({ on: 'said', agent: 'mia', text: 'Thirty days.' });
    expect((await cards()).filter(({ ended }) => ended === undefined)).toEqual([]);
    await write('how soon is the money back?');
    await openCard();
    await give({ on: 'returned', agent: 'mia', outcome: 'solved' });
    expect((await cards()).filter(({ ended }) => ended === undefined)).toEqual([]);
  });
});

describe('answers of which some are judged afterwards', () => {
  test('are drawn by chance, are said all the same, and judging says nothing more', async () => {
    await open('{mode: auto+sample, sample: {random: 1, uncertain: 0}}');
    await write(QUESTION);
    expect((await lines()).at(-1)).toContain('30 days');
    const card = await openCard();
    expect(card.proposal).toMatchObject({ how: 'sample', why: 'random' });
    const before = await lines();
    await give({ on: 'reviewed', agent: 'mia', task: card.id, verdict: 'sent' });
    expect(await lines()).toEqual(before);
  });

  test('are judged when she asks for a human after them', async () => {
    await open('{mode: auto+sample, sample: {random: 0, uncertain: 0}}');
    await write(QUESTION);
    expect(await cards()).toEqual([]);
    await write('human please');
    expect((await openCard()).proposal).toMatchObject({ how: 'sample', why: 'escalated', draft: { text: ANSWER } });
  });

  test('are judged when she has to ask the same document again', async () => {
    await open('{mode: auto+sample, sample: {random: 0, uncertain: 0}}');
    await write(QUESTION);
    await write('how soon is the money back?');
    expect((await openCard()).proposal).toMatchObject({ why: 'recontact', draft: { question: QUESTION } });
  });
});

test('what is freed is answered at once, and an unsafe answer has it approved again', async () => {
  await open('{mode: approve, owners: [mia], sample: {random: 1, uncertain: 0}}');
  const judge = (index: number) =>
    bot.store.desk.reviewed({
      ...{ key: `judged:${1_000 + index}`, at: 1, what: 'judged' },
      data: { subject: 'knowledge/help', flow: 'repair.knowledge', how: 'approve', extent: 'as_is', draft: 'x' },
    });
  for (let index = 0; index < 49; index++) await judge(index);
  await expect(bot.owners!.promote('knowledge/help', 'mia')).rejects.toMatchObject({ code: 'review.not_ready' });
  await judge(49);
  await expect(bot.owners!.promote('knowledge/help', 'tom')).rejects.toMatchObject({ code: 'review.not_owner' });
  expect(await bot.owners!.promote('knowledge/help', 'mia')).toMatchObject({ reviews: 50, clean: 50 });
  await write(QUESTION);
  expect((await lines()).at(-1)).toContain('30 days');
  const { id } = await openCard();
  await give({ on: 'reviewed', agent: 'tom', task: id, verdict: 'rejected', reason: 'unsafe' });
  await bot.office!.settled();
  expect((await reviews()).at(-1)).toMatchObject({ what: 'demoted', subject: 'knowledge/help' });
  await write(QUESTION, 'bob');
  expect((await lines()).at(-1)).toContain('A colleague has a look');
});
