import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { writeDemo } from '../../journeys/demo-folder.ts';
import { readCode } from '../../journeys/mailbox.ts';
import { endAll, Program } from '../../journeys/process.ts';
import { Client } from '../../server/directline/client.ts';
import { type OpenShop, openShop } from '../../shop/open-shop.ts';

/** The demo's flows as they ship, a real shop, the bot as a process of its own over its SQLite file, and Microsoft's own client. */
let shop: OpenShop;
let directory: string;
let bot: Program;
let url: string;
let clients: Client[];

const SECRET = 'c0ffee-c0ffee-c0ffee-c0ffee-c0ffee-c0ffee';
const PHOTO = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.remove());

beforeEach(() => {
  clients = [];
  directory = mkdtempSync(join(tmpdir(), 'parley-directline-'));
  const settings = {
    name: 'Shop',
    locales: ['en', 'zh'],
    timezone: 'Europe/Berlin',
    menu: ['order_status', 'returns'],
    channels: {
      web: { kind: 'web' },
      line: { kind: 'directline', secret: `\${DIRECTLINE_SECRET}`, verified_users: true },
    },
  };
  writeDemo(directory, settings);
});
afterEach(async () => {
  for (const client of clients) client.end();
  await bot.end('SIGTERM');
  rmSync(directory, { recursive: true, force: true });
});
afterAll(endAll);

async function startBot(port = '0'): Promise<void> {
  bot = Program.parley(['start', directory, '--port', port], { SHOP_URL: shop.url, DIRECTLINE_SECRET: SECRET });
  url = await bot.says(/(http:\/\/[\d.:]+)\/chat/);
}

/** A page that has got its token from the shop's own server. */
async function open(options: { locale?: string; user?: string; webSocket?: boolean } = {}): Promise<Client> {
  const { locale = 'en-US', user, webSocket = true } = options;
  const domain = `${url}/channels/line/v3/directline`;
  const answer = await fetch(`${domain}/tokens/generate`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' },
    body: JSON.stringify(user === undefined ? {} : { user: { id: user } }),
  });
  const { token } = (await answer.json()) as { token: string };
  const client = new Client({ domain, token, webSocket, conversationStartProperties: { locale } });
  clients.push(client);
  return client;
}

async function prove(client: Client, email: string, ask: string): Promise<void> {
  await client.hears(ask);
  await client.say(email);
  await client.hears(/6-digit code to|6 位验证码/);
  await client.say(await readCode(`${shop.url}/mailbox`, email));
}

function photo(client: Client, text: string): Promise<string> {
  return client.post({
    type: 'message',
    from: { id: 'anna' },
    text,
    attachments: [{ contentType: 'image/png', contentUrl: `data:image/png;base64,${PHOTO}`, name: 'mug.png' }],
  });
}

describe('a customer in Web Chat', () => {
  test('learns where her parcel is, with a tap and a question in between', async () => {
    await startBot();
    const anna = await open();
    await anna.say('where is my order?');
    await prove(anna, 'anna.schmidt@example.com', 'Which email is on your account?');
    await anna.hears('Which order is it?');
    await anna.say('what do I owe?');
    await anna.hears('Back to where we were.');
    await anna.hears('Which order is it?', 2);
    await anna.tap('AB123457');
    await anna.hears('Order AB123457 is with DHL.');
    expect(anna.texts).toContain('AB123457');
    expect(new Set(anna.heard.map(({ id }) => id)).size).toBe(anna.heard.length);
  }, 60_000);

  test('who is signed in on the page is asked for no code, and is who the token says', async () => {
    await startBot();
    const anna = await open({ user: 'dl_C0001' });
    await anna.say('where is my order?');
    await anna.hears('Which order is it?');
    await anna.tap('AB123457');
    await anna.hears('Order AB123457 is with DHL.');
    expect(anna.said.join()).not.toMatch(/email|code/);
    // Naming her is not being her.
    const other = await open();
    await expect(
      other.post({ type: 'message', text: 'where is my order?', from: { id: 'dl_C0001' } }),
    ).rejects.toMatchObject({ status: 400 });
    await other.say('where is my order?');
    await other.hears('Which email is on your account?');
  }, 60_000);

  test('用中文退一个杯子，附照片，中途改口', async () => {
    await startBot();
    const li = await open({ locale: 'zh-CN', webSocket: false });
    await li.say('我想退货');
    await prove(li, 'li.wei@example.com', '请提供您账户的邮箱');
    await li.hears('请问是哪个订单');
    await li.say('CN200002');
    await li.hears('请问退货原因');
    await li.tap('商品损坏');
    await li.hears('您要退哪些商品');
    await li.pick('陶瓷杯');
    await li.hears('要退几件');
    // Her own side of it shows what she picked, not our name for it.
    expect(li.texts.filter((text) => text?.includes('陶瓷杯'))).toHaveLength(1);
    expect(li.texts.join()).not.toMatch(/\bo\d+\.\d/);
    await li.say('1');
    await li.hears('请发送损坏处的照片');
    await photo(li, '');
    await li.hears('退回 1 × 陶瓷杯');
    await li.say('不对，是发错商品');
    await li.hears('退回 1 × 陶瓷杯', 2);
    await li.tap('是');
    await li.hears(/退货单号 R\d{8}/);
  }, 60_000);
});

describe('a bot that is killed in the middle', () => {
  test.each([
    ['a WebSocket', true],
    ['polling', false],
  ])(
    'goes on with who comes back, and has lost and repeats nothing (%s)',
    async (_name, webSocket) => {
      await startBot();
      const { port, origin } = new URL(url);
      const anna = await open({ webSocket });
      await anna.say('where is my order?');
      await prove(anna, 'anna.schmidt@example.com', 'Which email is on your account?');
      await anna.hears('Which order is it?');
      const before = anna.texts;
      const { conversation, watermark } = anna;
      const { token } = anna.directline as unknown as { token: string };
      await bot.end('SIGKILL');
      // The page is left, and opened again when the bot is there.
      anna.end();
      await startBot(port);
      expect(url).toBe(origin);
      const domain = `${url}/channels/line/v3/directline`;
      const again = new Client({ domain, token, conversationId: conversation, watermark, webSocket });
      clients.push(again);
      await again.say('AB123457');
      await again.hears('Order AB123457 is with DHL.');
      expect(again.texts.filter((text) => text?.includes('Order AB123457 is with DHL.'))).toHaveLength(1);
      // What stood there before is not told again from that watermark, and is all there from the first.
      expect(again.texts).not.toContain('where is my order?');
      const all = await fetch(`${domain}/conversations/${conversation}/activities`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const { activities } = (await all.json()) as { activities: { text?: string }[] };
      expect(activities.slice(0, before.length).map(({ text }) => text)).toEqual(
        // The transcript does not keep the code.
        before.map((text) => text?.replace(/^\d{6}$/, '••••••')),
      );
      expect(activities.filter(({ text }) => text?.includes('Which order is it?'))).toHaveLength(1);
    },
    60_000,
  );

  test('has taken once what was posted again because no answer came', async () => {
    await startBot();
    const { port } = new URL(url);
    const call = async (method: string, path: string, body?: object) => {
      const answer = await fetch(`${url}/channels/line/v3/directline${path}`, {
        method,
        headers: { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return (await answer.json()) as {
        conversationId: string;
        activities: { text: string; from: { role: string } }[];
      };
    };
    const { conversationId } = await call('POST', '/conversations', {});
    const words = Array.from({ length: 12 }, (_, index) => `word ${index}`);
    const post = (text: string) =>
      call('POST', `/conversations/${conversationId}/activities`, {
        type: 'message',
        text,
        from: { id: 'anna' },
        channelData: { clientActivityID: text },
      });
    const posted = words.map(post);
    // Whoever is answered first is answered; of the others nobody knows.
    await Promise.any(posted);
    await Promise.all([bot.end('SIGKILL'), Promise.allSettled(posted)]);
    await startBot(port);
    await Promise.all(words.map(post));
    const { activities } = await call('GET', `/conversations/${conversationId}/activities`);
    const hers = activities.filter(({ from }) => from.role === 'user').map(({ text }) => text);
    expect(hers.toSorted()).toEqual(words.toSorted());
  }, 60_000);

  test('is found again by a client that never noticed more than a broken line', async () => {
    await startBot();
    const { port } = new URL(url);
    const anna = await open();
    await anna.say('where is my order?');
    await anna.hears('Which email is on your account?');
    await bot.end('SIGKILL');
    await startBot(port);
    await prove(anna, 'anna.schmidt@example.com', 'Which email is on your account?');
    await anna.hears('Which order is it?');
    expect(new Set(anna.heard.map(({ id }) => id)).size).toBe(anna.heard.length);
  }, 60_000);
});
