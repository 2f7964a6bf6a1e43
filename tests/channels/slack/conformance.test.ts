import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import bolt from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { SILENT } from '../../../channels/slack/client.ts';
import type { Member } from '../../../channels/slack/simulator/member.ts';
import { openSimulator, type Simulator } from '../../../channels/slack/simulator.ts';
import { until } from '../../support/until.ts';

/**
 * The simulator counts only because apps of the vendor's own library live in it: they hear people, offer buttons, open modals, edit
 * and upload. What they believe of Slack is what we are tested against.
 */
let slack: Simulator;
let anna: Member;
let ends: (() => Promise<unknown> | unknown)[];

beforeEach(async () => {
  slack = await openSimulator({ sleep: () => Promise.resolve() });
  anna = slack.member({ name: 'anna' });
  ends = [];
});
afterEach(async () => {
  for (const end of ends.toReversed()) await end();
  await slack.close();
});

const clientOptions = () => ({ slackApiUrl: `${slack.url}/api/`, retryConfig: { retries: 0 }, timeout: 5_000 });
const client = (token = slack.workspace.app.botToken) =>
  new WebClient(token, { ...clientOptions(), rejectRateLimitedCalls: true, logger: SILENT });

/** A shop assistant as one would write it with Bolt. */
function live(app: InstanceType<typeof bolt.App>): void {
  app.message('menu', async ({ say }) => {
    const button = {
      type: 'button',
      action_id: 'lamp',
      text: { type: 'plain_text', text: 'Lamp' },
      value: 'lamp',
    } as const;
    await say({ text: 'Which one?', blocks: [{ type: 'actions', block_id: 'a', elements: [button] }] });
  });
  app.action('lamp', async ({ ack, body, client: web, respond }) => {
    await ack();
    if (body.type !== 'block_actions') return;
    await respond({ replace_original: true, text: 'The *lamp*.' });
    const input = { type: 'input', block_id: 'why', label: { type: 'plain_text', text: 'Why?' } } as const;
    await web.views.open({
      trigger_id: body.trigger_id,
      view: {
        type: 'modal',
        callback_id: 'reason',
        title: { type: 'plain_text', text: 'Reason' },
        submit: { type: 'plain_text', text: 'Send' },
        blocks: [{ ...input, element: { type: 'plain_text_input', action_id: 'text' } }],
      },
    });
  });
  app.view('reason', async ({ ack, view, client: web, body }) => {
    const why = view.state.values.why?.text?.value;
    if (!why) return ack({ response_action: 'errors', errors: { why: 'Say something.' } });
    await ack();
    await web.chat.postMessage({ channel: body.user.id, text: `Because ${why}` });
  });
  app.event('app_mention', async ({ event, say }) => {
    await say({ text: 'You called?', thread_ts: event.ts });
  });
  app.event('app_home_opened', async ({ event, client: web }) => {
    const text = { type: 'mrkdwn', text: 'Welcome' } as const;
    await web.views.publish({ user_id: event.user, view: { type: 'home', blocks: [{ type: 'section', text }] } });
  });
}

async function overHttp(): Promise<void> {
  const receiver = new bolt.HTTPReceiver({
    signingSecret: slack.workspace.app.signingSecret,
    logger: SILENT,
  });
  const app = new bolt.App({
    token: slack.workspace.app.botToken,
    receiver,
    clientOptions: clientOptions(),
    logger: SILENT,
  });
  live(app);
  const server = await receiver.start(0);
  ends.push(() => receiver.stop());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  expect(await slack.deliveries.verifyUrl(url)).toBe(true);
  slack.deliveries.setWebhook(url);
}

async function overSocket(): Promise<void> {
  const { appToken, botToken } = slack.workspace.app;
  const receiver = new bolt.SocketModeReceiver({
    appToken,
    logger: SILENT,
    installerOptions: { clientOptions: clientOptions() },
  });
  const app = new bolt.App({
    token: botToken,
    receiver,
    clientOptions: clientOptions(),
    logger: SILENT,
  });
  live(app);
  await app.start();
  // `app.stop()` does not wait for the end.
  ends.push(() => receiver.client.disconnect());
}

const hears = (words: string, channel = anna.direct) =>
  until(
    () => anna.hears(channel).includes(words),
    () => `${words} in ${JSON.stringify(anna.hears(channel))}`,
  );

describe.each([
  ['HTTPReceiver', overHttp],
  ['SocketModeReceiver', overSocket],
])('a Bolt app with its %s', (_, connect) => {
  test('holds a conversation with a simulated person', async () => {
    await connect();
    anna.say('menu');
    await until(
      () => anna.messages.some(({ blocks = [] }) => blocks.some(({ type }) => type === 'actions')),
      () => 'a button',
    );
    expect((await anna.tap('Lamp')).taken).toBe(true);
    await until(
      () => anna.view !== undefined,
      () => 'a modal',
    );
    expect(await anna.submit({})).toEqual({ why: 'Say something.' });
    expect(await anna.submit({ text: 'it is dark' })).toEqual({});
    await hears('Because it is dark');
    const general = slack.channel('general', anna);
    anna.mention('are you there?', { channel: general });
    await hears('You called?', general);
    expect(general.messages.at(-1)?.thread_ts).toBe(general.messages[0]?.ts);
    anna.openHome('home');
    await until(
      () => slack.workspace.homes.has(anna.user.id),
      () => 'a Home',
    );
    await slack.deliveries.settled();
    expect(slack.deliveries.lost).toEqual([]);
  }, 30_000);
});

describe('the simulator', () => {
  test('is refused by an HTTPReceiver that expects another secret, tries three times more, and gives up', async () => {
    await overHttp();
    slack.workspace.app.signingSecret = 'of another app';
    anna.say('menu');
    await slack.deliveries.settled();
    expect(slack.deliveries.answers.slice(1)).toEqual([401, 401, 401, 401]);
    expect(slack.deliveries.lost).toHaveLength(1);
  });

  test('brings a Socket Mode client to connect anew, and sends it again what it has not acknowledged', async () => {
    await slack.close();
    slack = await openSimulator({ sleep: () => new Promise((next) => setTimeout(next, 300)) });
    anna = slack.member();
    const { appToken } = slack.workspace.app;
    const receiver = new bolt.SocketModeReceiver({
      appToken,
      clientPingTimeout: 100,
      logger: SILENT,
      installerOptions: { clientOptions: clientOptions() },
    });
    ends.push(() => receiver.client.disconnect());
    const heard: unknown[] = [];
    receiver.client.on(
      'message',
      async ({ ack, retry_num: tries }: { ack: () => Promise<void>; retry_num: number }) => {
        heard.push(tries);
        if (heard.length > 1) await ack();
        else slack.sockets.refresh();
      },
    );
    await receiver.client.start();
    anna.say('hello');
    await until(
      () => slack.sockets.acknowledged.length === 1,
      () => `an acknowledgement after ${heard}`,
    );
    expect(heard[0]).toBe(0);
  }, 30_000);

  test('says what it does not take in the words that WebClient knows', async () => {
    const web = client();
    expect(await web.auth.test()).toMatchObject({ ok: true, team_id: 'T0SHOP', user_id: 'U0PARLEY' });
    const channel = anna.direct.id;
    slack.fail({ kind: 'flood', retryAfter: 7 });
    await expect(web.chat.postMessage({ channel, text: 'fast' })).rejects.toMatchObject({ retryAfter: 7 });
    slack.fail({ kind: 'error', status: 502 });
    await expect(web.chat.postMessage({ channel, text: 'broken' })).rejects.toMatchObject({ statusCode: 502 });
    slack.fail({ kind: 'drop' });
    await expect(web.chat.postMessage({ channel, text: 'arrived' })).rejects.toMatchObject({
      code: 'slack_webapi_request_error',
    });
    expect(anna.heard).toEqual(['arrived']);
    const text = { type: 'plain_text', text: 'x'.repeat(76) } as const;
    const tooLong = [{ type: 'actions', elements: [{ type: 'button', action_id: 'a', text }] }] as const;
    await expect(
      web.chat.postMessage({
        channel,
        text: '',
        blocks: [...tooLong].map((block) => ({ ...block, elements: [...block.elements] })),
      }),
    ).rejects.toMatchObject({
      data: { error: 'invalid_blocks', response_metadata: { messages: [expect.stringContaining('76')] } },
    });
    await expect(web.chat.postMessage({ channel: 'C404', text: 'x' })).rejects.toMatchObject({
      data: { error: 'channel_not_found' },
    });
    await expect(client('xoxb-of-somebody-else').auth.test()).rejects.toMatchObject({
      data: { error: 'invalid_auth' },
    });
    await expect(client(slack.workspace.app.appToken).auth.test()).rejects.toMatchObject({
      data: { error: 'not_allowed_token_type' },
    });
    expect(await client(slack.workspace.app.appToken).apps.connections.open({})).toMatchObject({
      url: expect.stringMatching(/^ws:/),
    });
  });

  test('takes an upload of WebClient’s, and gives the file only to who has the token', async () => {
    const web = client();
    await web.files.uploadV2({ channel_id: anna.direct.id, file: Buffer.from('%PDF-1.4'), filename: 'bill.pdf' });
    const [file] = anna.messages.at(-1)?.files ?? [];
    const { url_private: url } = file as { url_private: string };
    const given = await fetch(url, { headers: { authorization: `Bearer ${slack.workspace.app.botToken}` } });
    expect(await given.text()).toBe('%PDF-1.4');
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(302);
  });

  test('counts what comes faster than once a second, and refuses it when told to', async () => {
    let now = 1_700_000_000_000;
    await slack.close();
    slack = await openSimulator({ now: () => now, enforceRates: true });
    anna = slack.member();
    const web = client();
    const say = () => web.chat.postMessage({ channel: anna.direct.id, text: 'hello' });
    await say();
    await expect(say()).rejects.toMatchObject({ retryAfter: 1 });
    now += 1_000;
    await say();
    expect(slack.workspace.rates.tooFast).toBe(1);
  });
});
