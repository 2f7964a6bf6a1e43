import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Person } from '../../../channels/teams/simulator/person.ts';
import { openSimulator, type Simulator } from '../../../channels/teams/simulator.ts';
import { writeDemo } from '../../journeys/demo-folder.ts';
import { readCode } from '../../journeys/mailbox.ts';
import { endAll, Program } from '../../journeys/process.ts';
import { type OpenShop, openShop } from '../../shop/open-shop.ts';
import { until } from '../../support/until.ts';
import { PASSWORD, reference } from './account.ts';

/** The demo's flows as they ship, a real shop, the bot as a process of its own over its SQLite file, and Teams' stand-in. */
let shop: OpenShop;
let teams: Simulator;
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
  teams = await openSimulator();
  directory = mkdtempSync(join(tmpdir(), 'parley-teams-'));
});
afterEach(async () => {
  await bot.end('SIGTERM');
  await teams.close();
  rmSync(directory, { recursive: true, force: true });
});
afterAll(endAll);

async function startBot(port = '0'): Promise<void> {
  const account = {
    kind: 'teams',
    app_id: teams.appId,
    app_password: reference('TEAMS_APP_PASSWORD'),
    tenant: teams.world.tenant,
    ...teams.account,
  };
  const settings = {
    name: 'Shop',
    locales: ['en', 'zh'],
    timezone: 'Europe/Berlin',
    menu: ['order_status', 'returns'],
    channels: { web: { kind: 'web' }, teams: account },
  };
  writeDemo(directory, settings);
  bot = Program.parley(['start', directory, '--port', port], { SHOP_URL: shop.url, TEAMS_APP_PASSWORD: PASSWORD });
  url = await bot.says(/(http:\/\/[\d.:]+)\/chat/);
  teams.deliveries.webhook = `${url}/channels/teams`;
}

/** Waits until the bot has said this for the `times`-th time; the words around it. */
async function hears(who: Person, words: string | RegExp, times = 1): Promise<string> {
  const fits = (text: string) => (typeof words === 'string' ? text.includes(words) : words.test(text));
  await until(
    () => who.heard.filter(fits).length >= times,
    () => `${words} in\n${who.heard.join('\n')}\n${bot.lines.join('\n')}`,
  );
  return who.heard.filter(fits)[times - 1] ?? '';
}

async function prove(who: Person, email: string, ask: string): Promise<void> {
  await hears(who, ask);
  who.say(email);
  await hears(who, /6-digit code to|6 位验证码/);
  who.say(await readCode(`${shop.url}/mailbox`, email));
}

describe('a customer in Teams', () => {
  test('learns where her parcel is, with a tap and a question in between', async () => {
    await startBot();
    const anna = teams.person();
    anna.install();
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
    // A machine types faster than Teams lets a bot answer: what was refused for that came later.
    expect(teams.calls.filter(({ status }) => status >= 300 && status !== 429)).toEqual([]);
    expect(teams.issuer.logins).toBe(1);
  }, 60_000);

  test('用中文退一个杯子，附照片，中途改口', async () => {
    await startBot();
    const li = teams.person('李伟', 'zh-CN');
    teams.deliveries.mischief.escaped = true;
    li.install();
    li.say('我想退货');
    await prove(li, 'li.wei@example.com', '请提供您账户的邮箱');
    await hears(li, '请问是哪个订单');
    li.tap('CN200002');
    await hears(li, '请问退货原因');
    li.tap('商品损坏');
    await hears(li, '您要退哪些商品');
    const options = optionsOf(li);
    const mug = options.find(({ title }) => title.includes('陶瓷杯'));
    li.tap('确定', { pick: mug?.value ?? '' });
    expect(await hears(li, '▸')).toBeDefined();
    await hears(li, '要退几件');
    li.say('1');
    await hears(li, '请发送损坏处的照片');
    li.attach('杯子.png', 'image/png', PHOTO);
    await hears(li, '退回 1 × 陶瓷杯');
    li.say('不对，是发错商品');
    await hears(li, '退回 1 × 陶瓷杯', 2);
    li.tap('是');
    await hears(li, /退货单号 R\d{8}/);
  }, 60_000);
});

describe('a group', () => {
  test('is a conversation with each who speaks to the bot, and none for talk among people', async () => {
    await startBot();
    const group = '19:group@thread.v2';
    const [anna, ben] = [teams.person('Anna'), teams.person('Ben')];
    anna.say('my mug is broken', group);
    ben.say('@Parley where is my order?', group);
    const asks = () =>
      (teams.world.conversations.get(group)?.messages ?? []).filter(({ text }) => text.includes('Which email')).length;
    await until(
      () => asks() === 1,
      () => bot.lines.join('\n'),
    );
    anna.say('@Parley where is my order?', group);
    await until(
      () => asks() === 2,
      () => bot.lines.join('\n'),
    );
    expect(anna.heard).toEqual([]);
  }, 60_000);
});

/** What the newest list offers. */
function optionsOf({ chat }: Person): readonly { title: string; value: string }[] {
  const elements = chat.messages.flatMap(({ attachments }) =>
    attachments.flatMap(
      ({ content }) => (content as { body: { choices?: { title: string; value: string }[] }[] })?.body ?? [],
    ),
  );
  return elements.findLast(({ choices }) => choices !== undefined)?.choices ?? [];
}

describe('a bot that is killed in the middle', () => {
  test('loses and repeats nothing, and still knows where to write', async () => {
    await startBot();
    const { port } = new URL(url);
    const anna = teams.person();
    anna.say('where is my order?');
    await prove(anna, 'anna.schmidt@example.com', 'Which email is on your account?');
    await hears(anna, 'Which order is it?');
    await bot.end('SIGKILL');
    anna.tap('AB123457');
    await startBot(port);
    await hears(anna, 'Order AB123457 is with DHL.');
    await teams.deliveries.settled();
    expect(anna.heard.filter((text) => text.includes('Order AB123457 is with DHL.'))).toHaveLength(1);
  }, 60_000);

  test('hears every word once, though each comes twice, and heeds a flood, a lost token and a lost answer', async () => {
    await startBot();
    teams.deliveries.mischief.duplicate = true;
    const anna = teams.person();
    anna.say('where is my order?');
    await hears(anna, 'Which email is on your account?');
    await teams.deliveries.settled();
    teams.issuer.revoke();
    teams.fail({ kind: 'flood', retryAfter: 1 }, 'message');
    teams.fail({ kind: 'error', status: 502 }, 'message');
    await prove(anna, 'anna.schmidt@example.com', 'Which email is on your account?');
    await hears(anna, 'Which order is it?');
    // Said, but the answer got lost: not said again.
    teams.fail({ kind: 'drop' }, 'message');
    anna.tap('AB123457');
    await hears(anna, 'Order AB123457 is with DHL.');
    await teams.deliveries.settled();
    expect(new Set(anna.heard).size).toBe(anna.heard.length);
    expect(teams.issuer.logins).toBe(2);
  }, 60_000);
});
