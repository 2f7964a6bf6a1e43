import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { endAll } from './process.ts';
import type { Shopper } from './shopper.ts';
import { Town } from './town.ts';

/** As it is shown. */
const CODE = /\b[A-Z2-9]{4}-[A-Z2-9]{4}\b/;

let town: Town;
beforeAll(async () => {
  town = await Town.open(['web', 'sms', 'telegram', 'wechat']);
}, 60_000);
afterAll(async () => {
  await town?.close();
  await endAll();
});

describe('a conversation goes on in another app', () => {
  test('a return begins on the website and ends by SMS', async () => {
    const atHome = town.shopper('web', 'en');
    const outside = town.shopper('sms', 'en');
    await beginReturn(atHome);
    await atHome.says('continue on SMS');
    await atHome.hears('Write this code to me by SMS (+1');
    const code = await atHome.hears(CODE);
    await atHome.hears('never share it');
    const links = atHome.phone.screen.flatMap(({ buttons = [] }) => buttons.flat()).map(({ url = '' }) => url);
    expect(links.find((url) => url.startsWith('sms:'))).toMatch(new RegExp(`^sms:\\+1\\d+\\?body=${code}$`));

    await outside.says(code);
    await atHome.hears('Our conversation goes on in another app: SMS.');
    await outside.hears('We go on where we were.');
    await outside.hears('Which articles would you like to return?');
    await outside.picks('Stoneware mug');
    await outside.hears('How many of them?');
    await outside.says('2');
    await outside.hears('Please send a photo of the damage.');
    await outside.says('skip');
    await outside.hears('Stoneware mug and get');
    await outside.says('yes');
    await town.takeBack(await outside.hears(/R\d{8}/));
    await outside.hears('We received it');
    expect(outside.heard.join('\n')).not.toContain('Which email');

    // What she writes at home now is a new conversation, which knows nothing of the return and proves her anew.
    await atHome.says('where is my order?');
    await atHome.hears('code to');
  });

  test('从网页换到 Telegram，流程和已填内容都还在', async () => {
    const atHome = town.shopper('web', 'zh');
    const outside = town.shopper('telegram', 'zh');
    await atHome.says('我想退货');
    await atHome.proves('请提供您账户的邮箱', '6 位验证码');
    await atHome.hears('请问是哪个订单');
    await atHome.picks(atHome.has.delivered);
    await atHome.hears('请问退货原因是什么');
    await atHome.says('换到短信继续');
    await atHome.hears('短信');
    await atHome.hears('请勿告诉任何人');
    await atHome.picks('留在这里');
    await atHome.hears('请问退货原因是什么');
    await atHome.says('换个应用继续聊');
    await atHome.hears('您想换到哪里继续');
    await atHome.picks('Telegram');
    const code = await atHome.hears(CODE);
    await atHome.hears('请勿告诉任何人');

    await outside.says(`/start ${code}`);
    await atHome.hears('我们的对话已转到另一个应用继续：Telegram');
    await outside.hears('我们接着刚才的继续');
    await outside.hears('请问退货原因是什么');
    await outside.picks('不想要了');
    await outside.hears('您要退哪些商品');
  });

  test('从网页换到微信，再换回网页；用过的代码对别人无效', async () => {
    const atHome = town.shopper('web', 'zh');
    const outside = town.shopper('wechat', 'zh');
    const stranger = town.shopper('sms', 'en');
    await atHome.says('我的订单到哪了');
    await atHome.hears('请提供您账户的邮箱');
    await atHome.says('换到微信继续');
    await atHome.hears('请在微信');
    const code = await atHome.hears(CODE);
    const links = atHome.phone.screen.flatMap(({ buttons = [] }) => buttons.flat()).map(({ url = '' }) => url);
    expect(links.find((url) => url.includes('/cgi-bin/showqrcode?ticket='))).toBeDefined();
    await outside.opens();
    await outside.says(code);
    await outside.hears('我们接着刚才的继续');
    await stranger.says(code);
    await stranger.hears('That code is not valid');
    await outside.proves('请提供您账户的邮箱', '6 位验证码');
    await outside.hears('请问是哪个订单');

    await outside.says('换到网页上继续');
    await outside.hears('请在我们网站的聊天窗口');
    await atHome.says(await outside.hears(CODE));
    await atHome.hears('请问是哪个订单');
    await atHome.says(outside.has.parcel);
    await atHome.hears(`订单 ${outside.has.parcel} 由`);
    await outside.hears('我们的对话已转到另一个应用继续：网页聊天');
  });
});

async function beginReturn(she: Shopper): Promise<void> {
  await she.says('I want to return something');
  await she.proves('Which email is on your account?', '6-digit code');
  await she.hears('Which order is it?');
  await she.picks(she.has.delivered);
  await she.hears('What is wrong with it?');
  await she.picks('It is damaged');
  await she.hears('Which articles would you like to return?');
}
