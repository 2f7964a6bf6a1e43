import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CHANNELS } from '../../src/deployment/channels.ts';
import { endAll } from './process.ts';
import type { Shopper } from './shopper.ts';
import { KINDS, type Language, Town } from './town.ts';

/** What a customer says and is told, whatever app she holds: the words of the flows, once, in each language. */
const SCRIPTS: Readonly<Record<string, Readonly<Record<Language, (she: Shopper, town: Town) => Promise<void>>>>> = {
  order_status: {
    async en(she) {
      await she.says('where is my order?');
      await she.proves('Which email is on your account?', '6-digit code');
      await she.hears('Which order is it?');
      await she.picks(she.has.parcel);
      await she.hears(`Order ${she.has.parcel} is with DHL.`);
      await she.hears('I have asked DHL to trace it');
      await she.hears('Is there anything else I can do for you?');
    },
    async zh(she) {
      await she.says('我的订单到哪了');
      await she.proves('请提供您账户的邮箱', '6 位验证码');
      await she.hears('请问是哪个订单');
      await she.picks(she.has.parcel);
      await she.hears(`订单 ${she.has.parcel} 由 顺丰速运 配送`);
      await she.hears('预计');
      await she.hears('还有什么可以帮您');
    },
  },
  returns: {
    async en(she, town) {
      await she.says('I want to return something');
      await she.proves('Which email is on your account?', '6-digit code');
      await she.hears('Which order is it?');
      await she.picks(she.has.delivered);
      await she.hears('What is wrong with it?');
      await she.picks('It is damaged');
      await she.hears('Which articles would you like to return?');
      await she.picks('Stoneware mug');
      await she.hears('How many of them?');
      await she.says('2');
      await she.hears('Please send a photo of the damage.');
      await she.sendsAPhoto();
      await she.hears('Stoneware mug and get');
      await she.picks('Yes');
      await town.takeBack(await she.hears(/R\d{8}/));
      await she.hears('We received it');
      await she.hears('How was that for you?');
      await she.picks('5');
      await she.hears('Thank you for telling us.');
    },
    async zh(she, town) {
      await she.says('我想退货');
      await she.proves('请提供您账户的邮箱', '6 位验证码');
      await she.hears('请问是哪个订单');
      await she.picks(she.has.delivered);
      await she.hears('请问退货原因是什么');
      await she.picks('商品损坏');
      await she.hears('您要退哪些商品');
      await she.picks('陶瓷杯');
      await she.hears('要退几件');
      await she.says('1');
      await she.hears('请发送损坏处的照片');
      await she.sendsAPhoto();
      await she.hears('退回 1 × 陶瓷杯');
      await she.picks('是');
      await town.takeBack(await she.hears(/R\d{8}/));
      await she.hears('已收到退货');
      await she.hears('您对这次服务满意吗');
      await she.picks('5');
      await she.hears('感谢您的反馈');
    },
  },
  billing_dispute: {
    async en(she) {
      await she.says('I was charged twice');
      await she.proves('Which email is on your account?', '6-digit code');
      await she.hears('Which bill?');
      await she.picks(she.has.period);
      await she.hears('Which line looks wrong?');
      await she.picks('Express delivery (2nd booking)');
      await she.answers('Dispute Express delivery (2nd booking)', {
        'What is wrong with it?': 'Charged twice',
        'Anything to add for our billing team?': 'the same parcel twice',
      });
      await she.hears('Go ahead?');
      await she.picks('Yes');
      await she.hears(/Case D\d+ is open/);
      await she.hears('How was that for you?');
      await she.picks('4');
      await she.hears('Thank you for telling us.');
    },
    async zh(she) {
      await she.says('账单不对');
      await she.proves('请提供您账户的邮箱', '6 位验证码');
      await she.hears('哪一项有问题');
      await she.picks('增值服务');
      await she.answers('对 增值服务 X9 提出异议', {
        请问哪里不对: '不认识这笔费用',
        还有要补充给账单同事的吗: '从来没有用过',
      });
      await she.hears('提出异议，确认吗');
      await she.picks('是');
      await she.hears(/工单 D\d+ 已建立/);
      await she.hears('您对这次服务满意吗');
      await she.picks('4');
      await she.hears('感谢您的反馈');
    },
  },
};

let town: Town | undefined;
const under = new Map<string, Promise<void>>();

/** All at once: people do not queue, and the slowest app (Slack takes a message a second) holds up nobody else. */
beforeAll(async () => {
  const opened = await Town.open();
  town = opened;
  for (const kind of KINDS)
    for (const [flow, script] of Object.entries(SCRIPTS))
      for (const language of ['en', 'zh'] as const) {
        const held = hold(opened, kind, script[language], language);
        // Told by its own test.
        held.catch(() => undefined);
        under.set(`${kind} ${flow} ${language}`, held);
      }
}, 60_000);
afterAll(async () => {
  await town?.close();
  await endAll();
}, 30_000);

async function hold(
  town: Town,
  kind: string,
  script: (she: Shopper, town: Town) => Promise<void>,
  language: Language,
): Promise<void> {
  const she = town.shopper(kind, language);
  await she.opens();
  await script(she, town);
  // By form where the app has them; by SMS and their like the same flow asks step by step.
  if (script === SCRIPTS.billing_dispute?.[language])
    expect(she.forms).toBe((await CHANNELS[kind]?.())?.can.form ? 1 : 0);
}

describe.each(KINDS)('by %s', (kind) => {
  describe.each(Object.keys(SCRIPTS))('a customer is taken through %s', (flow) => {
    test.each(['en', 'zh'])('to its end (%s)', async (language) => under.get(`${kind} ${flow} ${language}`), 60_000);
  });
});
