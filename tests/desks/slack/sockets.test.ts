import { afterEach, expect, test } from '@jest/globals';
import { until } from '../../support/until.ts';
import { Office } from './office.ts';

let office: Office;
afterEach(() => office.close());

test.each(['cut', 'refresh'] as const)(
  'opens another socket after a %s, and misses nothing that Slack tells again',
  async (how) => {
    office = await Office.open({ receive: 'socket' });
    const { slack, mia, support } = office;
    const conversation = await office.write('human please');
    await office.settled();
    slack.deliveries.hold();
    slack.sockets[how]();
    const asked = () => slack.calls.filter(({ method }) => method === 'apps.connections.open').length;
    await until(
      () => asked() === 2 && slack.sockets.connections === 1,
      () => 'another socket',
    );
    slack.deliveries.release();
    await mia.tap('Claim', { channel: support });
    await office.settled();
    mia.say('Here I am', { channel: support, thread: office.card(conversation).ts });
    await office.settled();
    expect(await office.reads(conversation)).toContain('agent: Here I am');
  },
);

test('starts while Slack refuses its sockets, and opens one when it can', async () => {
  office = await Office.open({ receive: 'socket' });
  await office.desk.stop();
  office.slack.fail({ kind: 'error', status: 503 }, 'apps.connections.open');
  await office.bot.stop(1_000);
  await office.begin();
  expect(office.slack.sockets.connections).toBe(1);
});
