import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Customer } from '../../../channels/telegram/simulator/customer.ts';
import { openSimulator, type Simulator } from '../../../channels/telegram/simulator.ts';
import { writeDemo } from '../../journeys/demo-folder.ts';
import { readCode } from '../../journeys/mailbox.ts';
import { endAll, Program } from '../../journeys/process.ts';
import { type OpenShop, openShop } from '../../shop/open-shop.ts';
import { until } from '../../support/until.ts';
import { reference, SECRET, TOKEN } from './account.ts';

/** The demo's flows as they ship, a real shop, the bot as a process of its own over its SQLite file, and Telegram's stand-in. */
let shop: OpenShop;
let telegram: Simulator;
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
  telegram = await openSimulator({ token: TOKEN, sleep: () => new Promise((next) => setTimeout(next, 1_000)) });
  directory = mkdtempSync(join(tmpdir(), 'parley-telegram-'));
});
afterEach(async () => {
  await bot.end('SIGTERM');
  await telegram.close();
  rmSync(directory, { recursive: true, force: true });
});
afterAll(endAll);

async function startBot(receive: 'webhook' | 'polling', port = '0'): Promise<void> {
  const account = {
    kind: 'telegram',
    token: reference('TELEGRAM_TOKEN'),
    secret: reference('TELEGRAM_SECRET'),
    receive,
    username: telegram.world.bot.username,
    api_root: telegram.url,
  };
  const settings = {
    name: 'Shop',
    locales: ['en', 'zh'],
    timezone: 'Europe/Berlin',
    menu: ['order_status', 'returns'],
    channels: { web: { kind: 'web' }, telegram: account },
  };
  writeDemo(directory, settings);
  bot = Program.parley(['start', directory, '--port', port], {
    SHOP_URL: shop.url,
    TELEGRAM_TOKEN: TOKEN,
    TELEGRAM_SECRET: SECRET,
  });
  url = await bot.says(/(http:\/\/[\d.:]+)\/chat/);
  if (receive === 'webhook') telegram.deliveries.setWebhook({ url: `${url}/channels/telegram`, secret: SECRET }, false);
}

/** Waits until the bot has said this for the `times`-th time; the words around it. */
async function hears(who: Customer, words: string | RegExp, times = 1): Promise<string> {
  const fits = (text: string) => (typeof words === 'string' ? text.includes(words) : words.test(text));
  await until(
    () => who.heard.filter(fits).length >= times,
    () => `${words} in\n${who.heard.join('\n')}\n${bot.lines.join('\n')}`,
  );
  return who.heard.filter(fits)[times - 1] ?? '';
}

async function prove(who: Customer, email: string, ask: string): Promise<void> {
  await hears(who, ask);
  who.say(email);
  await hears(who, /6-digit code to|6 位验证码/);
  who.say(await readCode(`${shop.url}/mailbox`, email));
}

/** Each of her own words and taps was answered without repeating anything. */
function repeats(who: Customer): string[] {
  const questions = who.heard.filter((text) => text.includes('?') || text.includes('？'));
  return questions.filter((text, index) => questions.indexOf(text) !== index);
}

describe('a customer in Telegram', () => {
  test('learns where her parcel is, with a tap and a question in between', async () => {
    await startBot('webhook');
    const anna = telegram.customer();
    anna.start();
    await hears(anna, /bot|automat/i);
    anna.say('where is my order?');
    await prove(anna, 'anna.schmidt@example.com', 'Which email is on your account?');
    await hears(anna, 'Which order is it?');
    anna.say('what do I owe?');
    await hears(anna, 'Back to where we were.');
    await hears(anna, 'Which order is it?', 2);
    anna.tap('AB123457');
    await hears(anna, 'Order AB123457 is with DHL.');
    expect(await hears(anna, '▸ AB123457')).toContain('Which order is it?');
    expect(telegram.world.spinning.size).toBe(0);
    expect(telegram.calls.filter(({ status }) => status !== 200)).toEqual([]);
  }, 60_000);

  test('sends a mug back, with a photo, numbers for articles and a tap from before', async () => {
    await startBot('polling');
    const anna = telegram.customer();
    anna.say('I want to return something');
    await prove(anna, 'anna.schmidt@example.com', 'Which email is on your account?');
    await hears(anna, 'Which order is it?');
    const question = anna.messages.at(-1);
    anna.tap('AB123456');
    await hears(anna, 'What is wrong with it?');
    const [stale] = question?.reply_markup?.inline_keyboard.flat() ?? [];
    anna.tap('It is damaged');
    expect(await hears(anna, 'Which articles would you like to return?')).toMatch(/\n\n1\. .+\n2\. /);
    anna.say('2');
    await hears(anna, 'How many of them?');
    if (question !== undefined)
      anna.tapOn({ ...question, reply_markup: { inline_keyboard: [] } }, stale?.callback_data ?? 'o1.0');
    await hears(anna, 'How many of them?', 2);
    anna.say('1');
    await hears(anna, 'Please send a photo');
    anna.photo(PHOTO, 'here it is');
    await hears(anna, /1 × Stoneware mug and get/);
    anna.tap('Yes');
    await hears(anna, /Return R\d{8}/);
  }, 60_000);

  test('用中文查到包裹', async () => {
    await startBot('webhook');
    const li = telegram.customer({ first_name: '李伟', language_code: 'zh-hans' });
    telegram.deliveries.mischief.escaped = true;
    li.start();
    await hears(li, /机器人|助手|AI/);
    li.say('我的订单到哪了');
    await prove(li, 'li.wei@example.com', '请提供您账户的邮箱');
    await hears(li, '请问是哪个订单');
    li.say('我欠多少钱');
    await hears(li, '我们继续刚才的事情。');
    await hears(li, '请问是哪个订单', 2);
    li.tap('CN200001');
    await hears(li, '订单 CN200001 由 顺丰速运 配送');
    await until(
      () => li.buttons.some(({ text, url: link }) => text === '查看物流' && link !== undefined),
      () => 'a button that tracks the parcel',
    );
  }, 60_000);

  test('用中文退一个杯子，附照片，中途改口', async () => {
    await startBot('polling');
    const li = telegram.customer({ first_name: '李伟', language_code: 'zh-hans' });
    li.say('我想退货');
    await prove(li, 'li.wei@example.com', '请提供您账户的邮箱');
    await hears(li, '请问是哪个订单');
    li.say('CN200002');
    await hears(li, '请问退货原因');
    li.tap('商品损坏');
    expect(await hears(li, '您要退哪些商品')).toContain('可多选，请回复编号');
    li.say('２');
    await hears(li, '要退几件');
    li.say('1');
    await hears(li, '请发送损坏处的照片');
    li.photo(PHOTO);
    await hears(li, '退回 1 × 陶瓷杯');
    li.say('不对，是发错商品');
    await hears(li, '退回 1 × 陶瓷杯', 2);
    li.tap('是');
    await hears(li, /退货单号 R\d{8}/);
  }, 60_000);
});

describe('a group', () => {
  test('is a conversation with each who speaks to the bot, and none for talk among people', async () => {
    await startBot('webhook');
    const group = -1_001_234;
    const anna = telegram.customer({ first_name: 'Anna' });
    const ben = telegram.customer({ first_name: 'Ben' });
    anna.say('my mug is broken', group);
    ben.say('@parley_shop_bot where is my order?', group);
    const said = () =>
      ben
        .chatIn(group)
        .messages.filter(({ from }) => from.is_bot)
        .map(({ text }) => text ?? '');
    const asks = () => said().filter((text) => text.includes('Which email is on your account?')).length;
    await until(
      () => asks() === 1,
      () => said().join('\n'),
    );
    anna.reply('where is my order?', group);
    await until(
      () => asks() === 2,
      () => said().join('\n'),
    );
    await telegram.deliveries.settled();
    expect(asks()).toBe(2);
  }, 60_000);
});

describe('a bot that is killed in the middle', () => {
  test.each(['webhook', 'polling'] as const)(
    'loses and repeats nothing (%s)',
    async (receive) => {
      await startBot(receive);
      const { port } = new URL(url);
      const anna = telegram.customer();
      anna.say('where is my order?');
      await prove(anna, 'anna.schmidt@example.com', 'Which email is on your account?');
      await hears(anna, 'Which order is it?');
      await bot.end('SIGKILL');
      // Written while nobody is there.
      anna.tap('AB123457');
      await startBot(receive, port);
      await hears(anna, 'Order AB123457 is with DHL.');
      await telegram.deliveries.settled();
      expect(anna.heard.filter((text) => text.includes('Order AB123457 is with DHL.'))).toHaveLength(1);
      expect(repeats(anna)).toEqual([]);
    },
    60_000,
  );

  test('hears every word once, though each is delivered twice and the line breaks', async () => {
    await startBot('webhook');
    telegram.deliveries.mischief.duplicate = true;
    const anna = telegram.customer();
    anna.say('where is my order?');
    await hears(anna, 'Which email is on your account?');
    telegram.fail({ kind: 'flood', retryAfter: 1 }, 'sendMessage');
    telegram.fail({ kind: 'error', status: 502 }, 'sendMessage');
    await prove(anna, 'anna.schmidt@example.com', 'Which email is on your account?');
    await hears(anna, 'Which order is it?');
    // Said, but Telegram's answer got lost: not said again.
    telegram.fail({ kind: 'drop' }, 'sendMessage');
    anna.tap('AB123457');
    await hears(anna, 'Order AB123457 is with DHL.');
    await telegram.deliveries.settled();
    expect(new Set(anna.heard).size).toBe(anna.heard.length);
    expect(repeats(anna)).toEqual([]);
  }, 60_000);
});
