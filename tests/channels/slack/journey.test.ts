import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { elementsOf } from '../../../channels/slack/simulator/blocks.ts';
import type { Member } from '../../../channels/slack/simulator/member.ts';
import type { Channel } from '../../../channels/slack/simulator/workspace.ts';
import { openSimulator, type Simulator } from '../../../channels/slack/simulator.ts';
import { writeDemo } from '../../journeys/demo-folder.ts';
import { readCode } from '../../journeys/mailbox.ts';
import { endAll, Program } from '../../journeys/process.ts';
import { type OpenShop, openShop } from '../../shop/open-shop.ts';
import { until } from '../../support/until.ts';
import { APP_TOKEN, BOT_TOKEN, reference, SECRET } from './account.ts';

/** The demo's flows as they ship, a real shop, the bot as a process of its own over its SQLite file, and Slack's stand-in. */
let shop: OpenShop;
let slack: Simulator;
let directory: string;
let bot: Program;
let url: string;

const PHOTO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.remove());

beforeEach(async () => {
  // Slack's three further tries, a few seconds apart instead of minutes.
  slack = await openSimulator({ sleep: () => new Promise((next) => setTimeout(next, 5_000)) });
  directory = mkdtempSync(join(tmpdir(), 'parley-slack-'));
});
afterEach(async () => {
  await bot.end('SIGTERM');
  await slack.close();
  rmSync(directory, { recursive: true, force: true });
});
afterAll(endAll);

async function startBot(receive: 'webhook' | 'socket', port = '0'): Promise<void> {
  const account = {
    kind: 'slack',
    bot_token: reference('SLACK_BOT_TOKEN'),
    signing_secret: reference('SLACK_SIGNING_SECRET'),
    app_token: reference('SLACK_APP_TOKEN'),
    receive,
    api_root: slack.url,
  };
  const settings = {
    name: 'Shop',
    locales: ['en', 'zh'],
    timezone: 'Europe/Berlin',
    menu: ['order_status', 'returns'],
    channels: { web: { kind: 'web' }, slack: account },
  };
  writeDemo(directory, settings);
  bot = Program.parley(['start', directory, '--port', port], {
    SHOP_URL: shop.url,
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_APP_TOKEN: APP_TOKEN,
    SLACK_SIGNING_SECRET: SECRET,
  });
  url = await bot.says(/(http:\/\/[\d.:]+)\/chat/);
  if (receive === 'webhook') {
    const door = `${url}/channels/slack`;
    expect(await slack.deliveries.verifyUrl(door)).toBe(true);
    slack.deliveries.setWebhook(door);
  } else
    await until(
      () => slack.sockets.connections > 0,
      () => 'a socket',
    );
}

/** Waits until the bot has said this for the `times`-th time; the words around it. */
async function hears(who: Member, words: string | RegExp, times = 1, channel: Channel = who.direct): Promise<string> {
  const fits = (text: string) => (typeof words === 'string' ? text.includes(words) : words.test(text));
  const found = () => who.hears(channel).filter(fits);
  await until(
    () => found().length >= times,
    () => `${words} in\n${who.hears(channel).join('\n')}\n${bot.lines.join('\n')}`,
    30_000,
  );
  return found()[times - 1] ?? '';
}

async function prove(who: Member, email: string, ask: string): Promise<void> {
  await hears(who, ask);
  who.say(email);
  await hears(who, /6-digit code to|6 位验证码/);
  who.say(await readCode(`${shop.url}/mailbox`, email));
}

/** Whatever was asked, no question came twice. */
function repeats(who: Member): string[] {
  const questions = who.heard.filter((text) => text.includes('?') || text.includes('？'));
  return questions.filter((text, index) => questions.indexOf(text) !== index);
}

const refused = () => slack.calls.filter(({ answer }) => answer !== 'ok');

describe('a customer in Slack', () => {
  test('learns where her parcel is, with a tap and a question in between', async () => {
    await startBot('webhook');
    const anna = slack.member({ name: 'anna' });
    anna.openHome();
    await hears(anna, /bot|automat/i);
    anna.say('where is my order?');
    await prove(anna, 'anna.schmidt@example.com', 'Which email is on your account?');
    await hears(anna, 'Which order is it?');
    anna.say('what do I owe?');
    await hears(anna, 'Back to where we were.');
    await hears(anna, 'Which order is it?', 2);
    expect((await anna.tap('AB123457')).taken).toBe(true);
    await hears(anna, 'Order AB123457 is with DHL.');
    expect(await hears(anna, '▸ AB123457')).toContain('Which order is it?');
    expect(refused()).toEqual([]);
  }, 90_000);

  test('sends a mug back over a socket, with boxes ticked, a photo and a tap from before', async () => {
    await startBot('socket');
    const anna = slack.member({ name: 'anna' });
    anna.say('I want to return something');
    await prove(anna, 'anna.schmidt@example.com', 'Which email is on your account?');
    await hears(anna, 'Which order is it?');
    const question = structuredClone(anna.messages.at(-1)!);
    await anna.tap('AB123456');
    await hears(anna, 'What is wrong with it?');
    await anna.tap('It is damaged');
    await hears(anna, 'Which articles would you like to return?');
    const box = anna.messages
      .flatMap(({ blocks = [] }) => elementsOf(blocks))
      .find(({ element }) => element.type === 'checkboxes');
    await anna.pick('checkboxes', [box?.element.options?.[1]?.value ?? '']);
    await anna.tap('Done');
    await hears(anna, 'How many of them?');
    const [stale] = elementsOf(question.blocks ?? []);
    await anna.touch(question, stale!.block, stale!.element);
    await hears(anna, 'How many of them?', 2);
    anna.say('1');
    await hears(anna, 'Please send a photo');
    anna.attach('mug.png', PHOTO, 'image/png', 'here it is');
    await hears(anna, /1 × Stoneware mug and get/);
    await anna.tap('Yes');
    await hears(anna, /Return R\d{8}/);
    expect(refused()).toEqual([]);
  }, 90_000);

  test('用中文查到包裹', async () => {
    await startBot('socket');
    const li = slack.member({ name: 'liwei', real_name: '李伟', locale: 'zh-CN' });
    li.say('我的订单到哪了');
    await prove(li, 'li.wei@example.com', '请提供您账户的邮箱');
    await hears(li, '请问是哪个订单');
    li.say('我欠多少钱');
    await hears(li, '我们继续刚才的事情。');
    await hears(li, '请问是哪个订单', 2);
    await li.tap('CN200001');
    await hears(li, '订单 CN200001 由 顺丰速运 配送');
    await until(
      () =>
        li.messages.some(({ blocks = [] }) =>
          elementsOf(blocks).some(({ element }) => element.text?.text === '查看物流' && element.url !== undefined),
        ),
      () => 'a button that tracks the parcel',
    );
    expect(refused()).toEqual([]);
  }, 90_000);

  test('用中文退一个杯子，附照片，中途改口', async () => {
    await startBot('webhook');
    slack.deliveries.mischief.escaped = true;
    const li = slack.member({ name: 'liwei', real_name: '李伟', locale: 'zh-CN' });
    li.say('我想退货');
    await prove(li, 'li.wei@example.com', '请提供您账户的邮箱');
    await hears(li, '请问是哪个订单');
    li.say('CN200002');
    await hears(li, '请问退货原因');
    await li.tap('商品损坏');
    await hears(li, '您要退哪些商品');
    li.say('２');
    await hears(li, '要退几件');
    li.say('1');
    await hears(li, '请发送损坏处的照片');
    li.attach('mug.png', PHOTO, 'image/png');
    await hears(li, '退回 1 × 陶瓷杯');
    li.say('不对，是发错商品');
    await hears(li, '退回 1 × 陶瓷杯', 2);
    await li.tap('是');
    await hears(li, /退货单号 R\d{8}/);
    expect(refused()).toEqual([]);
  }, 90_000);
});

describe('a channel', () => {
  test('is a conversation with each who names the bot, in a thread, and none for talk among people', async () => {
    await startBot('webhook');
    const anna = slack.member({ name: 'anna' });
    const ben = slack.member({ name: 'ben' });
    const help = slack.channel('help', anna, ben);
    anna.say('my mug is broken', { channel: help });
    const { ts } = ben.mention('where is my order?', { channel: help });
    await hears(ben, 'Which email is on your account?', 1, help);
    expect(
      new Set(help.messages.filter(({ bot_id: by }) => by !== undefined).map((message) => message.thread_ts)),
    ).toEqual(new Set([ts]));
    anna.mention('where is my order?', { channel: help, thread: ts });
    await hears(ben, 'Which email is on your account?', 2, help);
    await slack.deliveries.settled();
    expect(help.messages.filter(({ bot_id: by, thread_ts: thread }) => by !== undefined && thread !== ts)).toEqual([]);
  }, 90_000);
});

describe('a bot that is killed in the middle', () => {
  test.each(['webhook', 'socket'] as const)(
    'loses and repeats nothing (%s)',
    async (receive) => {
      await startBot(receive);
      const { port } = new URL(url);
      const anna = slack.member({ name: 'anna' });
      anna.say('where is my order?');
      await prove(anna, 'anna.schmidt@example.com', 'Which email is on your account?');
      await hears(anna, 'Which order is it?');
      await bot.end('SIGKILL');
      // Written while nobody is there.
      anna.say('AB123457');
      await startBot(receive, port);
      await hears(anna, 'Order AB123457 is with DHL.');
      await slack.deliveries.settled();
      expect(anna.heard.filter((text) => text.includes('Order AB123457 is with DHL.'))).toHaveLength(1);
      expect(repeats(anna)).toEqual([]);
    },
    90_000,
  );

  test('hears every word once, though each is delivered twice and the line breaks', async () => {
    await startBot('webhook');
    slack.deliveries.mischief.duplicate = true;
    const anna = slack.member({ name: 'anna' });
    anna.say('where is my order?');
    await hears(anna, 'Which email is on your account?');
    slack.fail({ kind: 'flood', retryAfter: 1 }, 'chat.postMessage');
    slack.fail({ kind: 'error', status: 502 }, 'chat.postMessage');
    await prove(anna, 'anna.schmidt@example.com', 'Which email is on your account?');
    await hears(anna, 'Which order is it?');
    // Said, but Slack's answer got lost: not said again.
    slack.fail({ kind: 'drop' }, 'chat.postMessage');
    await anna.tap('AB123457');
    await hears(anna, 'Order AB123457 is with DHL.');
    await slack.deliveries.settled();
    expect(new Set(anna.heard).size).toBe(anna.heard.length);
    expect(repeats(anna)).toEqual([]);
  }, 90_000);
});
