import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Markup, Telegraf } from 'telegraf';
import { openSimulator, type Simulator } from '../../../channels/telegram/simulator.ts';
import { until } from '../../support/until.ts';

/**
 * The simulator counts only because a bot of the vendor's own library lives in it: it greets, offers buttons, answers taps, edits
 * and fetches files. What it believes of Telegram is what we are tested against.
 */
let telegram: Simulator;
let bot: Telegraf;
let ends: (() => Promise<void> | void)[];

beforeEach(async () => {
  telegram = await openSimulator();
  bot = new Telegraf(telegram.token, { telegram: { apiRoot: telegram.url } });
  bot.start((context) => context.reply(`Hello ${context.payload}`));
  bot.hears('menu', (context) =>
    context.replyWithHTML('<b>Which</b> one?', Markup.inlineKeyboard([Markup.button.callback('Lamp', 'lamp')])),
  );
  bot.action('lamp', async (context) => {
    await context.answerCbQuery();
    await context.editMessageText('The lamp.');
  });
  bot.on('photo', async (context) => {
    const sizes = context.message.photo;
    const answer = await fetch(await context.telegram.getFileLink(sizes.at(-1)!.file_id));
    await context.sendChatAction('typing');
    await context.reply(`${(await answer.arrayBuffer()).byteLength} bytes`);
  });
  bot.hears('album', (context) =>
    context.replyWithMediaGroup([
      { type: 'photo', media: 'https://shop.example/a.jpg', caption: 'A' },
      { type: 'photo', media: 'https://shop.example/b.jpg' },
    ]),
  );
  bot.hears('paper', (context) => context.replyWithDocument({ source: Buffer.from('%PDF-1.4'), filename: 'bill.pdf' }));
  bot.on('edited_message', (context) => context.reply('changed'));
  bot.on('my_chat_member', (context) => void context.myChatMember.new_chat_member.status);
  ends = [];
});
afterEach(async () => {
  for (const end of ends.toReversed()) await end();
  await telegram.close();
});

async function poll(): Promise<void> {
  const launched = bot.launch();
  ends.push(async () => {
    bot.stop();
    await launched;
  });
  await until(
    () => telegram.calls.some(({ method }) => method === 'deleteWebhook'),
    () => 'a bot that asks',
  );
}

async function hook(secretToken: string): Promise<void> {
  bot.botInfo = await bot.telegram.getMe();
  const server: Server = createServer(bot.webhookCallback('/hook', { secretToken }));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  ends.push(() => new Promise((done) => server.close(() => done())));
  ends.push(() => server.closeAllConnections());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  await bot.telegram.setWebhook(url, { secret_token: secretToken });
}

describe.each([
  ['long polling', poll],
  ['a webhook', () => hook('a-secret-that-telegraf-checks')],
])('a telegraf bot over %s', (_, connect) => {
  test('holds a conversation with a simulated customer', async () => {
    await connect();
    const anna = telegram.customer();
    const hears = (text: string) =>
      until(
        () => anna.heard.includes(text),
        () => `${text} in ${JSON.stringify(anna.heard)}`,
      );
    anna.start('from-the-shop');
    await hears('Hello from-the-shop');
    anna.say('menu');
    await hears('Which one?');
    expect(anna.messages.at(-1)?.entities).toEqual([{ type: 'bold', offset: 0, length: 5 }]);
    anna.tap('Lamp');
    await hears('The lamp.');
    await until(
      () => telegram.world.spinning.size === 0,
      () => 'the end of the spinner',
    );
    expect(anna.buttons).toEqual([]);
    anna.photo(new Uint8Array(1_000));
    await hears('1000 bytes');
    expect(anna.chatIn().typing).toBe(1);
    anna.edit('menus');
    await hears('changed');
    anna.say('album');
    await hears('A');
    anna.say('paper');
    await until(
      () => anna.messages.some(({ document }) => document !== undefined),
      () => 'a document',
    );
    anna.block();
    await telegram.deliveries.settled();
  });
});

describe('the simulator', () => {
  test('is refused by a telegraf webhook that expects another secret, and tries again', async () => {
    await telegram.close();
    const pauses: number[] = [];
    telegram = await openSimulator({ sleep: async (pause) => void pauses.push(pause) });
    bot = new Telegraf(telegram.token, { telegram: { apiRoot: telegram.url } });
    await hook('what-the-bot-expects');
    const { url } = await bot.telegram.getWebhookInfo();
    await bot.telegram.setWebhook(url ?? '', { secret_token: 'what-telegram-says' });
    telegram.customer().say('hello');
    await telegram.deliveries.settled();
    expect(new Set(telegram.deliveries.answers)).toEqual(new Set([403]));
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    expect((await bot.telegram.getWebhookInfo()).last_error_message).toContain('403');
  });

  test('tells telegraf how long to wait, and what it does not take', async () => {
    const anna = telegram.customer();
    const { id } = anna.user;
    await expect(bot.telegram.sendMessage(id, 'unasked')).rejects.toMatchObject({ code: 403 });
    await expect(bot.telegram.sendMessage(77, 'nobody')).rejects.toMatchObject({ code: 400 });
    anna.start();
    telegram.fail({ kind: 'flood', retryAfter: 7 });
    await expect(bot.telegram.sendMessage(id, 'fast')).rejects.toMatchObject({
      code: 429,
      parameters: { retry_after: 7 },
    });
    telegram.fail({ kind: 'error', status: 502 });
    await expect(bot.telegram.sendMessage(id, 'broken')).rejects.toMatchObject({ code: 502 });
    telegram.fail({ kind: 'drop' });
    await expect(bot.telegram.sendMessage(id, 'arrived')).rejects.toMatchObject({ type: 'system' });
    expect(anna.heard).toEqual(['arrived']);
    const html = { parse_mode: 'HTML' } as const;
    await expect(bot.telegram.sendMessage(id, '<b>open', html)).rejects.toMatchObject({ code: 400 });
    await expect(bot.telegram.sendMessage(id, 'x'.repeat(4097))).rejects.toMatchObject({ code: 400 });
    const tooMuch = Markup.inlineKeyboard([Markup.button.callback('x', 'x'.repeat(65))]);
    await expect(bot.telegram.sendMessage(id, 'x', tooMuch)).rejects.toThrow('BUTTON_DATA_INVALID');
    await expect(bot.telegram.answerCbQuery('nothing')).rejects.toMatchObject({ code: 400 });
    const stranger = new Telegraf('999:somebody_else', { telegram: { apiRoot: telegram.url } });
    await expect(stranger.telegram.getMe()).rejects.toMatchObject({ code: 401 });
  });
});
