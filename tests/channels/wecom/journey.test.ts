import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Customer } from '../../../channels/wecom/simulator/customer.ts';
import { openSimulator, type Simulator } from '../../../channels/wecom/simulator.ts';
import { writeDemo } from '../../journeys/demo-folder.ts';
import { readCode } from '../../journeys/mailbox.ts';
import { endAll, Program, until } from '../../journeys/process.ts';
import { type OpenShop, openShop } from '../../shop/open-shop.ts';
import { raw } from './account.ts';

/** The demo's flows as they ship, a real shop, the bot as a process of its own over its SQLite file, and WeCom's stand-in. */
let shop: OpenShop;
let wecom: Simulator;
let directory: string;
let bot: Program;
let url: string;

const PHOTO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const TWO = ['wkSimulatedServiceDesk', 'wkSimulatedSecondDesk'];

beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.remove());

beforeEach(async () => {
  wecom = await openSimulator({ accounts: TWO, sleep: () => new Promise((next) => setTimeout(next, 1_000)) });
  directory = mkdtempSync(join(tmpdir(), 'parley-wecom-'));
});
afterEach(async () => {
  await bot.end('SIGTERM');
  await wecom.close();
  rmSync(directory, { recursive: true, force: true });
});
afterAll(endAll);

async function startBot(port = '0'): Promise<void> {
  const settings = {
    name: 'Shop',
    locales: ['en', 'zh'],
    timezone: 'Asia/Shanghai',
    menu: ['order_status', 'returns'],
    channels: { web: { kind: 'web' }, wecom: { ...raw(), corp_id: wecom.corpId, api_root: wecom.url } },
  };
  writeDemo(directory, settings);
  bot = Program.parley(['start', directory, '--port', port], {
    SHOP_URL: shop.url,
    WECOM_SECRET: wecom.secret,
    WECOM_TOKEN: wecom.token,
    WECOM_AES_KEY: wecom.aesKey,
  });
  url = await bot.says(/(http:\/\/[\d.:]+)\/chat/);
}

/** As an operator does in the console. */
async function connect(): Promise<void> {
  expect(await wecom.callbacks.connect(`${url}/channels/wecom`)).toBe(true);
}

/** Waits until the bot has said this for the `times`-th time; the words around it. */
async function hears(who: Customer, words: string | RegExp, times = 1): Promise<string> {
  const fits = (text: string) => (typeof words === 'string' ? text.includes(words) : words.test(text));
  await until(
    () => who.heard.filter(fits).length >= times,
    () => `${words} in\n${who.heard.join('\n---\n')}\n${bot.lines.join('\n')}`,
  );
  return who.heard.filter(fits)[times - 1] ?? '';
}

async function prove(who: Customer, email: string, ask: string): Promise<void> {
  await hears(who, ask);
  who.say(email);
  await hears(who, /6-digit code to|6 位验证码/);
  who.say(await readCode(`${shop.url}/mailbox`, email));
}

describe('微信客服里的客户', () => {
  test('打开会话就收到欢迎语，查到包裹在哪', async () => {
    await startBot();
    await connect();
    const li = wecom.customer();
    li.enter('from-the-shop');
    await hears(li, /机器人|助手|AI|automat/i);
    expect(wecom.calls.filter(({ path }) => path === 'kf/send_msg_on_event')).toHaveLength(1);
    li.say('我的订单到哪了');
    await prove(li, 'li.wei@example.com', '请提供您账户的邮箱');
    await hears(li, '请问是哪个订单');
    li.say('我欠多少钱');
    await hears(li, '请问是哪个订单', 2);
    li.tap('CN200001');
    await hears(li, '订单 CN200001 由 顺丰速运 配送');
    expect(li.items.some((item) => item.label === '查看物流' && item.url !== undefined)).toBe(true);
    expect(wecom.calls.filter(({ errcode }) => errcode !== 0)).toEqual([]);
  }, 60_000);

  test('退一个杯子，附照片，中途改口', async () => {
    await startBot();
    await connect();
    const li = wecom.customer();
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

describe('a customer in WeChat', () => {
  test('learns where her parcel is, with a tap and a question in between', async () => {
    await startBot();
    await connect();
    const anna = wecom.customer();
    anna.say('where is my order?');
    await hears(anna, /automated/);
    await prove(anna, 'anna.schmidt@example.com', 'Which email is on your account?');
    await hears(anna, 'Which order is it?');
    anna.say('what do I owe?');
    await hears(anna, 'Which order is it?', 2);
    anna.tap('AB123457');
    await hears(anna, 'Order AB123457 is with DHL.');
  }, 60_000);

  test('is heard at whichever account she writes to, each a conversation of its own', async () => {
    await startBot();
    await connect();
    const [first, second] = TWO.map((kf) => wecom.customer(kf));
    wecom.callbacks.hold();
    first!.say('where is my order?');
    second!.say('我的订单到哪了');
    wecom.callbacks.release();
    await hears(first!, 'Which email is on your account?');
    await hears(second!, '请提供您账户的邮箱');
  }, 60_000);
});

describe('a bot', () => {
  test('that is killed in the middle loses and repeats nothing', async () => {
    await startBot();
    await connect();
    const { port } = new URL(url);
    const anna = wecom.customer();
    anna.say('where is my order?');
    await prove(anna, 'anna.schmidt@example.com', 'Which email is on your account?');
    await hears(anna, 'Which order is it?');
    await bot.end('SIGKILL');
    // Written while nobody is there, and nobody tells of it any more.
    wecom.callbacks.mischief.lost = 1;
    anna.tap('AB123457');
    await startBot(port);
    await hears(anna, 'Order AB123457 is with DHL.');
    expect(new Set(anna.heard).size).toBe(anna.heard.length);
  }, 60_000);

  test('says what WeCom did not let through when she writes again', async () => {
    await startBot();
    await connect();
    const anna = wecom.customer();
    // Its count is not ours: somebody else has written to her, too.
    wecom.fail({ kind: 'refuse', errcode: 95_001 }, 'kf/send_msg');
    anna.say('where is my order?');
    await until(
      () => wecom.calls.some(({ errcode }) => errcode === 95_001),
      () => JSON.stringify(wecom.calls),
    );
    anna.say('hello?');
    await hears(anna, 'Which email is on your account?');
  }, 60_000);

  test('is silent while a colleague serves her, and answers when he is done', async () => {
    await startBot();
    await connect();
    const anna = wecom.customer();
    anna.say('where is my order?');
    await hears(anna, 'Which email is on your account?');
    anna.taken('zhangsan');
    anna.answered('Let me look at it.');
    anna.say('what do I owe?');
    anna.released();
    anna.say('anna.schmidt@example.com');
    await hears(anna, /6-digit code/);
    expect(anna.heard).toHaveLength(2);
  }, 60_000);

  test('hears every word once and says every word once, whatever breaks', async () => {
    await startBot();
    await connect();
    wecom.callbacks.mischief.duplicate = true;
    const anna = wecom.customer();
    wecom.fail({ kind: 'drop' }, 'kf/send_msg');
    anna.say('where is my order?');
    await hears(anna, 'Which email is on your account?');
    wecom.fail({ kind: 'expired' }, 'kf/send_msg');
    wecom.fail({ kind: 'refuse', errcode: -1 }, 'kf/send_msg');
    wecom.fail({ kind: 'error', status: 502 }, 'kf/sync_msg');
    await prove(anna, 'anna.schmidt@example.com', 'Which email is on your account?');
    await hears(anna, 'Which order is it?');
    anna.tap('AB123457');
    await hears(anna, 'Order AB123457 is with DHL.');
    await wecom.callbacks.settled();
    expect(new Set(anna.heard).size).toBe(anna.heard.length);
  }, 60_000);
});
