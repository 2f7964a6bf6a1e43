import { expect, test } from '@jest/globals';
import { openSimulator } from '../../../channels/slack/simulator.ts';
import { openDoors } from '../../../src/bot/doors.ts';
import { openBot } from '../../../src/bot/open-bot.ts';
import { Folder } from '../../cli/deployment-folder.ts';
import { until } from '../../support/until.ts';
import { ENVIRONMENT, LOG, yamlFor } from './house.ts';

const yamlOf = (slack: object) => `name: Shop
channels: {web: {kind: web}}
desk:
  undo_window: 0s
  queues: {support: {routing: manual}}
  agents: {mia: {name: Mia, queues: [support], accounts: {slack: U0MIA}}}
  slack: ${JSON.stringify(slack)}
`;

const FLOW = {
  'flows/hello/flow.yaml':
    'flow: hello\ndescription: Greets\ntriggers: {examples: {en: [hello]}}\nsteps: [say: Hello.]\n',
};

test('parley.yaml opens a desk in Slack, which calls the bot’s own server', async () => {
  const slack = await openSimulator({ enforceRates: true });
  const mia = slack.member({ id: 'U0MIA', name: 'mia' });
  const channel = slack.channel('support', mia);
  using folder = new Folder({
    ...FLOW,
    'parley.yaml': yamlOf(yamlFor(slack.url, channel.id, { queues: { support: channel.id } })),
  });
  const bot = await openBot({ directory: folder.path, environment: ENVIRONMENT, log: LOG });
  const listening = await openDoors(bot, { port: 0, host: undefined, secret: undefined, log: LOG });
  const door = `${listening.url}/desks/slack`;
  expect(await slack.deliveries.verifyUrl(door)).toBe(true);
  slack.deliveries.setWebhook(door);
  await bot.engine.start();

  const event = { kind: 'message', text: 'human please' } as const;
  const { conversation } = await bot.engine.accept({ account: 'web', address: 'ann', key: 'k1', event });
  const said = async () => (await bot.engine.transcript(conversation, 0, 100)).filter(({ from }) => from === 'agent');
  await until(
    () => channel.messages.length > 0,
    () => 'a card',
  );
  await mia.tap('Claim', { channel });
  mia.say('Hello', { channel, thread: channel.messages[0]!.ts });
  await until(
    async () => (await said()).length > 0,
    () => 'an answer',
  );
  expect((await said()).map(({ message }) => message.text)).toEqual(['Hello']);
  expect((await fetch(door, { method: 'POST', body: '{}' })).status).toBe(401);
  expect((await fetch(`${listening.url}/desks/teams`, { method: 'POST', body: '{}' })).status).toBe(404);

  await listening.close(1_000);
  await bot.stop(1_000);
  await slack.close();
});

test('a secret that is missing keeps the bot from starting, and is named', async () => {
  using folder = new Folder({ ...FLOW, 'parley.yaml': yamlOf(yamlFor('https://slack.com', 'C0SUPPORT')) });
  await expect(openBot({ directory: folder.path, environment: {}, log: LOG })).rejects.toMatchObject({
    code: 'channel.missing_secret',
    message: 'The environment variable SLACK_DESK_BOT_TOKEN is not set.',
  });
});

test('a queue that is not there is told where it stands', async () => {
  const slack = yamlFor('https://slack.com', 'C0SUPPORT', { queues: { suport: 'C0SUPPORT' } });
  using folder = new Folder({ ...FLOW, 'parley.yaml': yamlOf(slack) });
  await expect(openBot({ directory: folder.path, environment: ENVIRONMENT, log: LOG })).rejects.toMatchObject({
    problems: [expect.objectContaining({ code: 'settings.unknown_queue', hint: expect.stringContaining('support') })],
  });
});
