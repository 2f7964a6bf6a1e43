import { afterEach, describe, expect, test } from '@jest/globals';
import { elementsOf } from '../../../channels/slack/simulator/blocks.ts';
import { Office } from './office.ts';

let office: Office;
afterEach(() => office.close());

describe.each(['webhook', 'socket'] as const)('by %s', (receive) => {
  test('a customer is taken over in Slack, answered, given to a colleague and back, and her flow goes on', async () => {
    office = await Office.open({ receive });
    const { mia, tom, support } = office;
    const conversation = await office.write('where is my order');
    await office.write('1042');
    await office.write('human please');
    await office.settled();
    const { ts: thread } = office.card(conversation);
    const where = { channel: support, thread };

    await mia.tap('Claim', { channel: support });
    await office.settled();
    await office.write('it says delivered');
    await office.settled();
    mia.say('Let me *look*, <b>', where);
    await office.settled();
    await office.write('thanks');
    mia.say('// a regular', where);
    tom.say('I know her', where);
    await office.settled();
    mia.say('With your neighbour.', where);
    await office.settled();

    await mia.tap('Assign…', { channel: support });
    expect(await mia.submit({ to: 'agent:tom', note: ' ' })).toEqual({ note: 'This must be filled in.' });
    expect(await mia.submit({ to: 'agent:tom', note: 'She is nice' })).toEqual({});
    await office.settled();
    mia.say('One more thing', where);
    await office.settled();
    await tom.tap('Back to bot', { channel: support });
    await office.settled();
    await office.write('Monday');
    await office.settled();

    expect(await office.reads(conversation)).toEqual([
      ...(await office.reads(conversation)).slice(0, 4),
      'agent: Let me *look*, <b>',
      'agent: With your neighbour.',
      'bot: This is the automated assistant again (a bot, not a person).',
      'bot: Which day suits you?',
      'bot: Order 1042 comes on Monday.',
      'bot: Is there anything else I can do for you?',
    ]);
    const shown = office.thread(conversation);
    expect(shown).toEqual(
      expect.arrayContaining([
        'Customer: it says delivered',
        expect.stringMatching(/^U0MIA: Let me \*look\*, &lt;b&gt; :\w+:$/),
        'U0MIA: // a regular :lock:',
        'U0TOM: I know her :lock:',
        'U0MIA: One more thing :lock:',
      ]),
    );
    expect(shown.filter((line) => line.includes('look'))).toHaveLength(1);
    expect(shown.filter((line) => line.includes('She is nice'))).toHaveLength(1);
    expect(tom.whispers(support)).toContain(
      'This was kept as a note: only the agent who has claimed the conversation writes to the customer.',
    );
    expect(office.slack.deliveries.lost).toEqual([]);
  });
});

test('of two who claim in the same moment one wins, and the other is told whose it is', async () => {
  office = await Office.open();
  const { mia, tom, support } = office;
  const conversation = await office.write('human please');
  await office.settled();
  await Promise.all([mia.tap('Claim', { channel: support }), tom.tap('Claim', { channel: support })]);
  await office.settled();
  const { agent } = (office.card(conversation).metadata as { event_payload: { agent: string } }).event_payload;
  const [winner, other] = agent === 'mia' ? (['Mia', tom] as const) : (['Tom', mia] as const);
  expect(other.whispers(support)).toEqual([`Taken by ${winner}.`]);
  expect((winner === 'Mia' ? mia : tom).whispers(support)).toEqual([]);
});

test('a button of an older card only refreshes it', async () => {
  office = await Office.open();
  const { mia, tom, support } = office;
  const conversation = await office.write('human please');
  await office.settled();
  const old = structuredClone(office.card(conversation));
  await mia.tap('Claim', { channel: support });
  await office.settled();
  const back = elementsOf(old.blocks ?? []).find(({ element }) => element.action_id === 'desk.back')!;
  await tom.touch(old, back.block, back.element, undefined, { channel: support });
  await office.settled();
  expect(tom.whispers(support)).toHaveLength(1);
  expect((await office.bot.store.desk.stand(conversation))?.at).toBe('active');
});

test('what Slack tells twice is done once', async () => {
  office = await Office.open();
  const { mia, support } = office;
  const conversation = await office.write('human please');
  await office.settled();
  await mia.tap('Claim', { channel: support });
  await office.settled();
  office.slack.deliveries.mischief.duplicate = true;
  mia.say('Hello', { channel: support, thread: office.card(conversation).ts });
  await office.settled();
  expect((await office.reads(conversation)).filter((line) => line.startsWith('agent:'))).toEqual(['agent: Hello']);
});
