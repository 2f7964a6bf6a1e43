import { afterEach, expect, test } from '@jest/globals';
import { Office } from './office.ts';

const FILES = (mode: string) => ({
  'parley.yaml': `knowledge: {help: {folder: knowledge, push: true, base: "https://shop.example"}}\nreview: {mode: ${mode}}\n`,
  'knowledge/returns.md': `# Returns <!channel> & *more*

## How long do I have to send something back?

You can send anything back within 30 days. We pay the postage.

## How soon is the money back?

The money is back on your card within 5 days after the parcel has arrived.
`,
});
const QUESTION = 'how long do I have to send something back?';

let office: Office;
let conversation: string;
const begin = async (mode: string) => {
  office = await Office.open({ files: FILES(mode) });
  conversation = await office.write(QUESTION);
  await office.settled();
};
const tap = async (label: string, who = office.mia) => {
  await who.tap(label, { channel: office.support });
  await office.settled();
};
const reviews = async () => (await office.bot.store.desk.reviews(0, 100)).map(({ data }) => data);
const shown = () => office.thread(conversation).join('\n');

afterEach(() => office.close());

test('a sample is judged without another word to the customer', async () => {
  await begin('auto+sample, sample: {random: 1}');
  const before = await office.reads(conversation);
  expect(shown()).toContain('The bot has said this: was it right? (drawn by lot)');
  await tap('It was right');
  expect(await office.reads(conversation)).toEqual(before);
  expect(await reviews()).toMatchObject([{ how: 'sample', why: 'random', verdict: 'sent' }]);
});

test('a draft stands there with its question and its source, and is sent by a tap, once', async () => {
  await begin('approve');
  expect(shown()).toContain('The customer waits for this answer');
  expect(shown()).toContain(`Asked: ${QUESTION}`);
  expect(shown()).toContain('You can send anything back within 30 days. We pay the postage.');
  expect(shown()).toContain('Grounded 2/2 · Source: ');
  // What a document is called fires nothing.
  expect(shown()).not.toContain('<!channel>');
  await tap('Send');
  expect((await office.reads(conversation)).at(-1)).toMatch(/^bot: You can send anything back within 30 days/);
  expect(shown()).toContain('Sent · Mia');
  expect(JSON.stringify(office.support.messages)).not.toContain('desk.draft_send');
});

test('a draft is changed in a form, with a reason', async () => {
  await begin('approve');
  await tap('Edit…');
  expect(await office.mia.submit({ text: '   ' })).toEqual({ text: 'This must be filled in.' });
  await tap('Edit…');
  expect(JSON.stringify(office.mia.view?.blocks)).toContain('You can send anything back within 30 days.');
  const text = 'You can send anything back within 60 days. We pay the postage.';
  expect(await office.mia.submit({ text, reason: 'stale_source' })).toEqual({});
  await office.settled();
  expect((await office.reads(conversation)).at(-1)).toContain('within 60 days');
  expect(await reviews()).toMatchObject([
    { reviewer: 'mia', reason: 'stale_source', extent: 'light' },
    { document: 'returns.md', text },
  ]);
});

test('a draft is rejected in a form, and never reaches the customer', async () => {
  await begin('approve');
  await tap('Reject…', office.tom);
  expect(await office.tom.submit({})).toEqual({ reason: 'This must be filled in.' });
  await tap('Reject…', office.tom);
  expect(await office.tom.submit({ reason: 'unsafe', note: 'not for minors' })).toEqual({});
  await office.settled();
  expect((await office.reads(conversation)).join()).not.toContain('30 days');
  expect(shown()).toContain('Rejected · Tom · not for minors');
  expect((await office.bot.store.desk.stand(conversation))?.at).toBe('queued');
});

test('another draft may be asked for', async () => {
  await begin('approve');
  await tap('Another');
  expect(shown()).toContain('The money is back on your card');
  await tap('Send');
  expect((await office.reads(conversation)).at(-1)).toContain('The money is back on your card');
});

test('who does not have the customer cannot use what the bot suggests', async () => {
  await begin('suggest');
  await office.write('human please');
  await office.settled();
  await tap('Claim');
  await office.write(QUESTION);
  await office.settled();
  expect(shown()).toContain('Suggested reply');
  await tap('Send', office.tom);
  expect((await office.reads(conversation)).join()).not.toContain('30 days');
  await tap('Send');
  expect((await office.reads(conversation)).at(-1)).toMatch(/^agent: You can send anything back/);
});
