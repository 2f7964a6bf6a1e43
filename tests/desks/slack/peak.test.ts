import { afterEach, expect, test } from '@jest/globals';
import { QUICK } from './house.ts';
import { Office } from './office.ts';

let office: Office;
afterEach(() => office.close());

/** Slack's seconds pass so many times as fast as ours. */
const FASTER = 40;
const LIVE = 40;

test('forty live conversations of one queue take two channels, exceed no limit, and lose no line', async () => {
  office = await Office.open({
    enforceRates: true,
    now: () => Date.now() * FASTER,
    pace: { ...QUICK, post: 1_000 / FASTER, card: 3_000 / FASTER, changes: 1_250 / FASTER },
    yaml: (support, returns) => ({ fallback: support.id, queues: { support: [support.id, returns.id] } }),
  });
  const customers = Array.from({ length: LIVE }, (_, at) => `customer ${at}`);
  const conversations = await Promise.all(customers.map((customer) => office.write('human please', customer)));
  for (let line = 0; line < 2; line++) for (const customer of customers) await office.write(`line ${line}`, customer);
  await office.settled();
  const places = conversations.map((conversation) => {
    const [channel] = [office.support, office.returns].filter((one) =>
      JSON.stringify(one.messages).includes(conversation),
    );
    return { conversation, channel: channel! };
  });
  expect(places.filter(({ channel }) => channel === office.support)).toHaveLength(20);
  for (const { conversation, channel } of places)
    expect(
      office
        .thread(conversation, channel)
        .join()
        .match(/line \d/g),
    ).toEqual(['line 0', 'line 1']);
  expect(office.slack.workspace.rates.tooFast).toBe(0);
});
