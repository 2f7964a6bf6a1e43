import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Member } from '../../../channels/slack/simulator/member.ts';
import { openSimulator, type Simulator } from '../../../channels/slack/simulator.ts';
import slackChannel from '../../../channels/slack/slack.ts';
import type { Channel } from '../../../src/channel.ts';
import { ParleyError } from '../../../src/errors.ts';
import { type Door, openDoor, refusalOf } from '../../server/door.ts';
import { until } from '../../support/until.ts';
import { account, BOT_TOKEN, reference, SECRET } from './account.ts';

const NEXT = 'the-secret-that-comes-next';
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const SAMPLES = join(import.meta.dirname, '..', '..', '..', 'channels', 'slack', 'samples');

let slack: Simulator;
let door: Door;
let anna: Member;
/** Called between Slack's tries. */
let between: () => unknown;
/** Milliseconds by which Slack's clock is ahead of ours. */
let ahead: number;

beforeEach(async () => {
  between = () => undefined;
  ahead = 0;
  slack = await openSimulator({ sleep: async () => void between(), now: () => door.clock.now + ahead });
  const signing_secret = [reference('SLACK_SIGNING_SECRET'), reference('NEXT_SECRET')];
  const main = account({ api_root: slack.url, signing_secret }, { NEXT_SECRET: NEXT });
  const other = account({ api_root: slack.url }, { SLACK_SIGNING_SECRET: 'of another account' });
  const channel = slackChannel as Channel;
  door = await openDoor(
    { files: { size: 1_000, total: 1_500 } },
    {
      webhooks: new Map([
        ['slack', { channel, settings: main }],
        ['slack-other', { channel, settings: other }],
      ]),
    },
  );
  anna = slack.member({ name: 'anna' });
  slack.deliveries.setWebhook(`${door.url}/channels/slack`);
});
afterEach(async () => {
  await door.close();
  await slack.close();
});

const events = () => door.engine.inbox.map(({ event }) => event);
const texts = () => events().map((event) => event.kind === 'message' && event.text);

describe('the webhook, called by Slack', () => {
  test('proves itself by answering the challenge', async () => {
    expect(await slack.deliveries.verifyUrl(`${door.url}/channels/slack`)).toBe(true);
    expect(await slack.deliveries.verifyUrl(`${door.url}/channels/slack-other`)).toBe(false);
    expect(door.engine.inbox).toEqual([]);
  });

  test('takes events in the order in which they came', async () => {
    for (const text of ['one', 'two', 'three']) anna.say(text);
    await slack.deliveries.settled();
    expect(texts()).toEqual(['one', 'two', 'three']);
    expect(slack.deliveries.answers).toEqual([200, 200, 200]);
  });

  test('takes a form once, its fields cleaned as words are', async () => {
    const payload = JSON.parse(readFileSync(join(SAMPLES, 'form-sent.json'), 'utf8'));
    payload.view.state.values.note.value.value = 'ring\u200B\r\ntwice';
    for (let time = 0; time < 2; time++) await slack.deliveries.interaction(payload);
    expect(events()).toMatchObject([{ kind: 'form', token: 'form1', values: { note: 'ring\ntwice', slot: '1' } }]);
    expect(slack.deliveries.answers).toEqual([200, 200]);
  });

  test.each([
    ['as twins at the same moment', 'duplicate'],
    ['with every letter escaped', 'escaped'],
  ] as const)('takes an event once when it comes %s', async (_, mischief) => {
    slack.deliveries.mischief[mischief] = true;
    anna.say('我的订单到哪了 🎁');
    await slack.deliveries.settled();
    expect(events()).toEqual([{ kind: 'message', text: '我的订单到哪了 🎁' }]);
  });

  test('takes a mention once, though it is told as two events', async () => {
    const help = slack.channel('help', anna);
    anna.mention('where is my order?', { channel: help });
    await slack.deliveries.settled();
    expect(slack.deliveries.answers).toEqual([200, 200]);
    expect(texts()).toEqual(['where is my order?']);
  });

  test('takes events that overtook each other in the order of their arrival', async () => {
    slack.deliveries.hold();
    anna.say('one');
    anna.say('two');
    slack.deliveries.release({ reversed: true });
    await slack.deliveries.settled();
    expect(texts()).toEqual(['two', 'one']);
  });

  test('hears a correction, and neither its own words nor what was taken back', async () => {
    const said = anna.say('AB123456');
    anna.edit(said, 'AB123457');
    anna.remove(said);
    await slack.deliveries.settled();
    expect(texts()).toEqual(['AB123456', 'AB123457']);
  });

  test('takes both secrets while one is replaced', async () => {
    anna.say('with the old one');
    await slack.deliveries.settled();
    slack.workspace.app.signingSecret = NEXT;
    anna.say('with the new one');
    await slack.deliveries.settled();
    expect(slack.deliveries.answers).toEqual([200, 200]);
  });

  test('is called again while the store takes nothing, and loses nothing', async () => {
    door.engine.breakWith(new ParleyError('store.unavailable', 'gone', { retryable: true }));
    between = () => slack.deliveries.answers.length === 3 && door.engine.breakWith(undefined);
    anna.say('one');
    await slack.deliveries.settled();
    expect(slack.deliveries.answers).toEqual([503, 503, 503, 200]);
    expect(texts()).toEqual(['one']);
  });

  test('writes what was picked in place of the buttons', async () => {
    const button = { type: 'button', action_id: 'pick.0', text: { type: 'plain_text', text: 'Lamp' }, value: 'o1.0' };
    const blocks = [{ type: 'actions', block_id: 'ask', elements: [button] }];
    await fetch(`${slack.url}/api/chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${BOT_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ channel: anna.direct.id, text: 'Which?', blocks }),
    });
    expect((await anna.tap('Lamp')).taken).toBe(true);
    await until(
      () => anna.heard.includes('▸ Lamp'),
      () => anna.heard.join('\n'),
    );
    expect(events()).toEqual([{ kind: 'choice', token: 'o1.0', label: 'Lamp' }]);
  });

  test('keeps a file before the message is taken, and gets it when Slack tells again if it could not the first time', async () => {
    slack.fail({ kind: 'error', status: 502 }, 'files.download');
    anna.attach('mug.png', PNG, 'image/png', 'it arrived broken');
    await slack.deliveries.settled();
    expect(slack.deliveries.answers).toEqual([503, 200]);
    const [event] = events();
    expect(event).toMatchObject({ text: 'it arrived broken', attachments: [{ name: 'mug.png', type: 'image/png' }] });
  });

  test('names a file that is not taken', async () => {
    anna.attach('thing.exe', Buffer.from([0x4d, 0x5a, 0, 1]));
    await slack.deliveries.settled();
    expect(events()).toEqual([{ kind: 'message', text: '[thing.exe]', attachments: [] }]);
  });
});

describe('the webhook, called by others', () => {
  test.each([
    ['without a signature', {}],
    ['with an empty one', { 'x-slack-signature': '', 'x-slack-request-timestamp': '' }],
    ['with one of nobody', { 'x-slack-signature': `v0=${'0'.repeat(64)}`, 'x-slack-request-timestamp': '1763683200' }],
  ])('%s is refused, told nothing of why, and changes nothing', async (_, headers) => {
    const answer = await door.post(
      '/channels/slack',
      '{"type":"url_verification","challenge":"x"}',
      undefined,
      headers,
    );
    const text = await answer.clone().text();
    expect(await refusalOf(answer)).toEqual([401, 'channel.unverified']);
    expect(text).not.toMatch(/secret|signature|slack/i);
    expect(door.engine.inbox).toEqual([]);
  });

  test.each([
    ['another account’s secret', 'of another account', 0],
    ['a clock that is late', SECRET, -301_000],
    ['a clock that is early', SECRET, 301_000],
  ])('with %s is refused', async (_, secret, skew) => {
    slack.workspace.app.signingSecret = secret;
    ahead = skew;
    anna.say('hello');
    await slack.deliveries.settled();
    expect(new Set(slack.deliveries.answers)).toEqual(new Set([401]));
    expect(door.engine.inbox).toEqual([]);
  });

  test('leaves no secret and no word of a customer in the log', async () => {
    anna.say('my secret word');
    anna.attach('thing.exe', Buffer.from([0, 1]));
    await slack.deliveries.settled();
    const log = door.log.join('\n');
    expect(log).toContain('channel.media_refused');
    expect(log).not.toMatch(new RegExp(`${SECRET}|${BOT_TOKEN}|my secret word|thing.exe`));
  });
});
