import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Follower } from '../../../channels/wechat/simulator/follower.ts';
import { openSimulator, type Simulator } from '../../../channels/wechat/simulator.ts';
import { writeDemo } from '../../journeys/demo-folder.ts';
import { readCode } from '../../journeys/mailbox.ts';
import { endAll, Program } from '../../journeys/process.ts';
import { type OpenShop, openShop } from '../../shop/open-shop.ts';
import { until } from '../../support/until.ts';
import { ENVIRONMENT, raw } from './account.ts';

/** The demo's flows as they ship, a real shop, the bot as a process of its own over its SQLite file, and WeChat's stand-in. */
let shop: OpenShop;
let wechat: Simulator;
let directory: string;
let bot: Program;
let url: string;
/** What the platform waits for between two tries. */
let pause: () => Promise<unknown>;

const SEND = '/cgi-bin/message/custom/send';
const PHOTO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.remove());

beforeEach(async () => {
  pause = () => new Promise((next) => setTimeout(next, 500));
  const sleep = async () => void (await pause());
  wechat = await openSimulator({ webhook: () => `${url}/channels/wechat`, sleep });
  directory = mkdtempSync(join(tmpdir(), 'parley-wechat-'));
});
afterEach(async () => {
  await bot.end('SIGTERM');
  await wechat.close();
  rmSync(directory, { recursive: true, force: true });
});
afterAll(endAll);

async function startBot(given: object = {}, port = '0'): Promise<void> {
  const settings = {
    name: 'Shop',
    locales: ['en', 'zh'],
    timezone: 'Asia/Shanghai',
    menu: ['order_status', 'returns'],
    channels: { web: { kind: 'web' }, wechat: raw({ api_root: wechat.url, ...given }) },
  };
  writeDemo(directory, settings);
  bot = Program.parley(['start', directory, '--port', port], { SHOP_URL: shop.url, ...ENVIRONMENT });
  url = await bot.says(/(http:\/\/[\d.:]+)\/chat/);
}

/** Waits until the bot has said this for the `times`-th time; the words around it. */
async function hears(who: Follower, words: string | RegExp, times = 1): Promise<string> {
  const fits = (text: string) => (typeof words === 'string' ? text.includes(words) : words.test(text));
  await until(
    () => who.heard.filter(fits).length >= times,
    () => `${words} in\n${who.heard.join('\n')}\n${bot.lines.join('\n')}`,
  );
  return who.heard.filter(fits)[times - 1] ?? '';
}

async function prove(who: Follower, email: string, ask: string): Promise<void> {
  await hears(who, ask);
  who.say(email);
  await hears(who, /6-digit code to|6 位验证码/);
  who.say(await readCode(`${shop.url}/mailbox`, email));
}

/** Nothing was refused, and nobody was told that the account is out of order. */
function expectSmooth(who: Follower): void {
  expect(wechat.calls.filter(({ errcode }) => errcode !== 0)).toEqual([]);
  expect(who.shown.filter(({ from }) => from === 'system')).toEqual([]);
}

describe('a customer in WeChat', () => {
  test('用中文查到包裹：关注、点选、中途提问', async () => {
    await startBot();
    const li = wechat.follower();
    await expect(wechat.deliveries.handshake()).resolves.toBe(true);
    li.follow();
    await hears(li, /机器人|助手|AI/);
    li.say('我的订单到哪了');
    await prove(li, 'li.wei@example.com', '请提供您账户的邮箱');
    await hears(li, '请问是哪个订单');
    li.say('我欠多少钱');
    await hears(li, '请问是哪个订单', 2);
    li.tap('CN200001');
    const told = await hears(li, '订单 CN200001 由 顺丰速运 配送');
    expect(told).toContain('查看物流');
    await wechat.deliveries.settled();
    // Read within the webhook's own answer: nothing of her window is spent on it.
    expect(li.shown.some(({ passive }) => passive)).toBe(true);
    expectSmooth(li);
  }, 60_000);

  test('用中文退一个杯子，附照片，中途改口', async () => {
    await startBot();
    const li = wechat.follower();
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
    await wechat.deliveries.settled();
    expectSmooth(li);
  }, 60_000);

  test('learns in English where her parcel is, by the account’s menu, in an account without menus in messages', async () => {
    wechat.world.certified = false;
    await startBot({ menu: { TRACK: 'where is my order?' } });
    const anna = wechat.follower();
    anna.click('TRACK');
    await prove(anna, 'anna.schmidt@example.com', 'Which email is on your account?');
    await hears(anna, 'Which order is it?');
    anna.tap('AB123457');
    await hears(anna, 'Order AB123457 is with DHL.');
    expect(anna.shown.filter(({ from }) => from === 'system')).toEqual([]);
  }, 60_000);

  test('hears every word once, though everything comes twice and lines break', async () => {
    await startBot();
    wechat.deliveries.mischief.duplicate = true;
    wechat.escaped = true;
    const anna = wechat.follower();
    anna.say('where is my order?');
    await hears(anna, 'Which email is on your account?');
    wechat.fail({ kind: 'refuse', errcode: -1 }, SEND);
    wechat.fail({ kind: 'drop' }, SEND);
    await prove(anna, 'anna.schmidt@example.com', 'Which email is on your account?');
    await hears(anna, 'Which order is it?');
    wechat.world.tokens.spoil();
    anna.tap('AB123457');
    await hears(anna, 'Order AB123457 is with DHL.');
    await wechat.deliveries.settled();
    expect(new Set(anna.heard).size).toBe(anna.heard.length);
  }, 60_000);

  test('loses nothing when the bot is killed in the middle', async () => {
    await startBot();
    const { port } = new URL(url);
    const anna = wechat.follower();
    anna.say('where is my order?');
    await prove(anna, 'anna.schmidt@example.com', 'Which email is on your account?');
    await hears(anna, 'Which order is it?');
    await bot.end('SIGKILL');
    // Tapped while nobody is there: WeChat tries again, and on its clock the bot is back before it gives up.
    const back = Promise.withResolvers<void>();
    pause = () => back.promise;
    anna.tap('AB123457');
    await startBot({}, port);
    back.resolve();
    await hears(anna, 'Order AB123457 is with DHL.');
    await wechat.deliveries.settled();
    expect(anna.heard.filter((text) => text.includes('Order AB123457 is with DHL.'))).toHaveLength(1);
  }, 60_000);
});
