import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { endAll } from './process.ts';
import type { Shopper } from './shopper.ts';
import { type Language, Town } from './town.ts';

/** Where people write rather than tap. */
const APPS = ['web', 'sms', 'wechat'];

/**
 * The three journeys in sentences that no flow has among its examples: long-winded, with several answers at once, with another wish on the
 * way, and with a correction that only describes what is meant. Nothing is tapped, and no model is there.
 */
const SCRIPTS: Readonly<Record<string, Readonly<Record<Language, (she: Shopper, town: Town) => Promise<void>>>>> = {
  order_status: {
    async en(she) {
      await she.says(
        `Good morning! I have been waiting for more than a week now and I would really like to know where my order ${she.has.parcel} is.`,
      );
      await she.proves('Which email is on your account?', '6-digit code');
      await she.hears(`Order ${she.has.parcel} is with DHL.`);
      await she.hears('I have asked DHL to trace it');
    },
    async zh(she) {
      await she.says(`您好，我前几天买的东西还没到，麻烦帮我看看订单 ${she.has.parcel} 现在送到哪里了，谢谢`);
      await she.proves('请提供您账户的邮箱', '6 位验证码');
      await she.hears(`订单 ${she.has.parcel} 由 顺丰速运 配送`);
    },
  },
  returns: {
    async en(she, town) {
      town.alsoBought(she.has.delivered, 'MUG-05');
      await she.says(
        `Hello there, sorry to bother you. I would like to return the steel kettle from ${she.has.delivered}, because I changed my mind about it.`,
      );
      await she.proves('Which email is on your account?', '6-digit code');
      await she.hears('Refund to your');
      await she.says('no wait, not the kettle, I mean the blue one');
      await she.hears('Refund to your');
      await she.says('please give me store credit for it');
      await she.hears(/You return 1 [×x] Stoneware mug, blue/);
      await she.says('yes please, go ahead');
      await she.hears(/R\d{8}/);
    },
    async zh(she, town) {
      town.alsoBought(she.has.delivered, 'MUG-05');
      await she.says(`你好，打扰了。我想退订单 ${she.has.delivered} 里的主厨刀，因为我改主意了，麻烦帮我处理一下`);
      await she.proves('请提供您账户的邮箱', '6 位验证码');
      await she.hears('您要退哪些商品');
      await she.says('就是那把主厨刀');
      await she.hears('退回原支付方式');
      await she.says('不对，不是刀，是蓝色的那个');
      await she.hears('退回原支付方式');
      await she.says('转为购物金就可以了');
      await she.hears(/退回 1 [×x] 蓝色陶瓷杯/);
      await she.says('好的，没问题');
      await she.hears(/R\d{8}/);
    },
  },
  billing_dispute: {
    async en(she) {
      await she.says(
        'Hi, I was looking through my papers last night and it seems to me that you have charged me twice for express delivery',
      );
      await she.proves('Which email is on your account?', '6-digit code');
      await she.hears('Which bill?');
      await she.says('the first one');
      await she.hears('Which line looks wrong?');
      await she.says('it is the express delivery, the 2nd booking');
      await she.answers('Dispute', {
        'Anything to add for our billing team?': 'it was one and the same parcel, so once is enough',
      });
      await she.hears('Go ahead?');
      await she.says('yes, go ahead please');
      await she.hears(/Case D\d+ is open/);
    },
    async zh(she) {
      await she.says('你好，我看了一下这个月的账单，有一笔费用我不认识，从来没有买过');
      await she.proves('请提供您账户的邮箱', '6 位验证码');
      await she.hears('哪一项有问题');
      await she.says('就是那个增值服务');
      await she.answers('对 增值服务 X9 提出异议', {
        请问哪里不对: '不认识这笔费用',
        还有要补充给账单同事的吗: '从来没有开通过这个服务',
      });
      await she.hears('提出异议，确认吗');
      await she.says('可以，请帮我申诉');
      await she.hears(/工单 D\d+ 已建立/);
    },
  },
  two_wishes: {
    async en(she) {
      await she.says(
        'Hello! Could you tell me where my order is? By the way, I would also like to return something that broke.',
      );
      await she.hears('Which one do you mean?');
      await she.says('the first one please');
      await she.proves('Which email is on your account?', '6-digit code');
    },
    async zh(she) {
      await she.says('您好，帮我查一下我的订单到哪了，另外我还想退货');
      await she.hears('请问是哪一件');
      await she.says('第一个');
      await she.proves('请提供您账户的邮箱', '6 位验证码');
    },
  },
};

let town: Town | undefined;
const under = new Map<string, Promise<void>>();

beforeAll(async () => {
  const opened = await Town.open(APPS);
  town = opened;
  for (const kind of APPS)
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
  open: Town,
  kind: string,
  script: (she: Shopper, town: Town) => Promise<void>,
  language: Language,
): Promise<void> {
  const she = open.shopper(kind, language);
  await she.opens();
  await script(she, open);
}

describe.each(APPS)('by %s, in her own words alone', (kind) => {
  describe.each(Object.keys(SCRIPTS))('a customer is taken through %s', (flow) => {
    test.each(['en', 'zh'])('to its end (%s)', async (language) => under.get(`${kind} ${flow} ${language}`), 60_000);
  });
});
