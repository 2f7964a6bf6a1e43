import { afterEach, expect, test } from '@jest/globals';
import { elementsOf } from '../../../channels/slack/simulator/blocks.ts';
import type { Member } from '../../../channels/slack/simulator/member.ts';
import type { Message } from '../../../channels/slack/simulator/workspace.ts';
import { commandOf } from '../../../src/desks/slack/said.ts';
import { Office } from './office.ts';

let office: Office;
afterEach(() => office.close());

const agentSaid = async (conversation: string) =>
  (await office.reads(conversation)).filter((line) => line.startsWith('agent: '));

/** The button that only she was shown. */
async function pressAgain(who: Member): Promise<void> {
  const whisper = office.support.whispers.findLast(({ blocks = [] }) => JSON.stringify(blocks).includes('desk.again'))!;
  const { block, element } = elementsOf(whisper.blocks ?? []).find(
    ({ element: { action_id: id } }) => id === 'desk.again',
  )!;
  await who.touch(whisper as unknown as Message, block, element, undefined, { channel: office.support });
  await office.settled();
}

test('what could not be delivered is marked, its agent is told, and may send it again, once', async () => {
  office = await Office.open();
  const { mia, tom, support } = office;
  const conversation = await office.write('human please');
  await office.settled();
  await mia.tap('Claim', { channel: support });
  await office.settled();
  const { ts } = mia.say('Your parcel is here', { channel: support, thread: office.card(conversation).ts });
  await office.settled();
  const receipt = { key: '9.failed', said: commandOf(support.id, ts), state: 'failed' } as const;
  for (let twice = 0; twice < 2; twice++) await office.desk.receipt(conversation, receipt);
  await office.settled();
  expect(office.thread(conversation)).toContain('U0MIA: Your parcel is here :warning:');
  expect(mia.whispers(support)).toEqual(['A message could not be delivered to the customer.']);

  await pressAgain(tom);
  expect(await agentSaid(conversation)).toHaveLength(1);
  for (let twice = 0; twice < 2; twice++) await pressAgain(mia);
  expect(await agentSaid(conversation)).toEqual(['agent: Your parcel is here', 'agent: Your parcel is here']);
  expect(office.thread(conversation)).toContain('Mia: Your parcel is here');
});
