import { afterEach, describe, expect, test } from '@jest/globals';
import WXBizMsgCrypt from 'wechat-crypto';
import { readXml } from '../../../channels/tencent/xml.ts';
import type { Follower } from '../../../channels/wechat/simulator/follower.ts';
import { openSimulator, type Simulator } from '../../../channels/wechat/simulator.ts';
import { type Bot, type Call, openBot } from './bot.ts';

/**
 * The stand-in counts because a bot that is none of ours, on Tencent's own scheme as wechat-crypto knows it, verifies and reads what
 * it sends and answers so that it understands.
 */
let wechat: Simulator;
let bot: Bot;
let anna: Follower;

afterEach(async () => {
  await wechat.close();
  await bot.close();
});

async function open(answer: (message: Record<string, unknown>, call: Call) => string): Promise<void> {
  bot = await openBot((call) => answer(opened(call), call));
  wechat = await openSimulator({ webhook: () => bot.webhook, sleep: async () => undefined });
  anna = wechat.follower();
}

function vendor(): WXBizMsgCrypt {
  const { token, aesKey, appId } = wechat.world.account;
  return new WXBizMsgCrypt(token, String(aesKey), appId);
}

/** Verified and opened by the vendor's library alone. */
function opened({ url, body }: Call): Record<string, unknown> {
  const { timestamp, nonce, msg_signature: signature } = Object.fromEntries(url.searchParams);
  const ciphertext = /<Encrypt><!\[CDATA\[(.*?)\]\]><\/Encrypt>/.exec(body)?.[1] ?? '';
  expect(vendor().getSignature(String(timestamp), String(nonce), ciphertext)).toBe(signature);
  const { message, id } = vendor().decrypt(ciphertext);
  expect(id).toBe(wechat.world.account.appId);
  return readXml(Buffer.from(message));
}

/** As the vendor's users write it: no library of ours takes part. */
function replied(content: string): string {
  const ciphertext = vendor().encrypt(content);
  const [timestamp, nonce] = [String(Math.floor(Date.now() / 1000)), 'nonce1'];
  const signature = vendor().getSignature(timestamp, nonce, ciphertext);
  return `<xml><Encrypt><![CDATA[${ciphertext}]]></Encrypt><MsgSignature><![CDATA[${signature}]]></MsgSignature><TimeStamp>${timestamp}</TimeStamp><Nonce><![CDATA[${nonce}]]></Nonce></xml>`;
}

function reply(to: string, type: string, content: string): string {
  return replied(
    `<xml><ToUserName><![CDATA[${to}]]></ToUserName><FromUserName><![CDATA[gh_0123456789ab]]></FromUserName><CreateTime>1</CreateTime><MsgType><![CDATA[${type}]]></MsgType>${content}</xml>`,
  );
}

describe('the stand-in for WeChat', () => {
  test('is understood by wechat-crypto, whatever is said and done', async () => {
    const seen: Record<string, unknown>[] = [];
    await open((message) => {
      seen.push(message);
      return 'success';
    });
    const acts = [
      () => anna.follow('order_1'),
      () => anna.say('你好 ]]> <xml>'),
      () => anna.tapOn('p.o1.0', 'AB123456'),
      () => anna.photo(new Uint8Array([1, 2, 3])),
      () => anna.voice(new Uint8Array([1]), '我要退货'),
      () => anna.location(23.1, 113.3, '广州'),
      () => anna.click('TRACK'),
      () => anna.scan('order_2'),
      () => anna.unfollow(),
    ];
    for (const act of acts) {
      act();
      await wechat.deliveries.settled();
    }
    expect(seen.map(({ MsgType, Event, Content }) => Event ?? Content ?? MsgType)).toEqual([
      'subscribe',
      '你好 ]]> <xml>',
      'AB123456',
      'image',
      'voice',
      'location',
      'CLICK',
      'SCAN',
      'unsubscribe',
    ]);
    expect(wechat.deliveries.answers.every((status) => status === 200)).toBe(true);
  });

  test('shows what wechat-crypto answers', async () => {
    await open(() => reply(anna.openid, 'text', '<Content><![CDATA[你好]]></Content>'));
    anna.say('hi');
    await wechat.deliveries.settled();
    expect(anna.heard).toEqual(['你好']);
    expect(anna.chat.quota.left).toBe(5);
  });

  test.each([
    ['JSON', () => '{"ok":true}'],
    ['a reply that is not sealed', () => '<xml><Content>hi</Content></xml>'],
    ['a reply to somebody else', () => reply('onobody', 'text', '<Content>hi</Content>')],
    ['a reply of too many bytes', () => reply(anna.openid, 'text', `<Content>${'好'.repeat(700)}</Content>`)],
    ['a reply with a menu', () => reply(anna.openid, 'msgmenu', '<Content>hi</Content>')],
    [
      'two articles',
      () => reply(anna.openid, 'news', '<ArticleCount>2</ArticleCount><Articles><item/><item/></Articles>'),
    ],
    [
      'a forged signature',
      () => reply(anna.openid, 'text', '<Content>hi</Content>').replace(/[0-9a-f]{40}/, '0'.repeat(40)),
    ],
  ])('tells the customer that the account is out of order: %s', async (_, answer) => {
    await open(answer);
    anna.say('hi');
    await wechat.deliveries.settled();
    expect(anna.shown.map(({ from }) => from)).toEqual(['me', 'system']);
  });
});
