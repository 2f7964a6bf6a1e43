import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Bot, InlineKeyboard } from 'grammy';
import { openSimulator, type Simulator } from '../../../channels/telegram/simulator.ts';
import { until } from '../../support/until.ts';

/** A second vendor's library lives in the simulator, too: what both take is Telegram's, not one library's. */
let telegram: Simulator;
let bot: Bot;
let running: Promise<void>;

beforeEach(async () => {
  telegram = await openSimulator();
  bot = new Bot(telegram.token, { client: { apiRoot: telegram.url } });
  bot.command('start', (context) => context.reply(`Hello ${context.match}`));
  bot.hears('menu', (context) =>
    context.reply('<b>Which</b> one?', {
      parse_mode: 'HTML',
      reply_markup: new InlineKeyboard().text('Lamp', 'lamp'),
    }),
  );
  bot.callbackQuery('lamp', async (context) => {
    await context.answerCallbackQuery();
    await context.editMessageText('The lamp.');
  });
  running = bot.start();
});
afterEach(async () => {
  await bot.stop();
  await running;
  await telegram.close();
});

test('a bot of grammY asks for updates, offers buttons, hears taps and edits', async () => {
  const anna = telegram.customer();
  anna.start('shop');
  await until(
    () => anna.heard.includes('Hello shop'),
    () => anna.heard.join(),
  );
  await bot.api.sendMessageDraft(anna.user.id, 7, '<b>Which</b>', { parse_mode: 'HTML' });
  expect(telegram.world.chats.get(anna.user.id)?.draft?.text).toBe('Which');
  anna.say('menu');
  await until(
    () => anna.heard.includes('Which one?'),
    () => anna.heard.join(),
  );
  anna.tap('Lamp');
  await until(
    () => anna.heard.includes('The lamp.'),
    () => anna.heard.join(),
  );
  const picture = await bot.api.sendPhoto(anna.user.id, 'https://shop.example/lamp.jpg');
  await bot.api.editMessageMedia(anna.user.id, picture.message_id, {
    type: 'photo',
    media: 'https://shop.example/mug.jpg',
    caption: 'The mug.',
  });
  expect(anna.heard).toContain('The mug.');
  await bot.api.deleteMessages(anna.user.id, [picture.message_id]);
  expect(anna.heard).not.toContain('The mug.');
  expect(telegram.calls.filter(({ status }) => status !== 200)).toEqual([]);
});
