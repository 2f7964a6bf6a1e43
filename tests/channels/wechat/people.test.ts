import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse, respond, verify } from '../../../channels/wechat/receive.ts';
import type { Follower } from '../../../channels/wechat/simulator/follower.ts';
import { openSimulator, type Simulator } from '../../../channels/wechat/simulator.ts';
import type { Inbound } from '../../../src/channel.ts';
import { account } from './account.ts';
import { type Bot, openBot } from './bot.ts';

/** Our door behind a real socket, and WeChat's own customer service behind the platform's stand-in. */
const settings = account({ people: ['人工客服', 'Human', 'HELP_DESK'], menu: { HELP_DESK: 'a human, please' } });
let wechat: Simulator;
let bot: Bot;
let anna: Follower;
let heard: Inbound['event'][];

beforeEach(async () => {
  heard = [];
  bot = await openBot(({ method, url, body }) => {
    const request = { method, url, headers: {}, body: Buffer.from(body) };
    verify(request, settings, Date.now());
    heard.push(...parse(request, settings).map(({ event }) => event));
    return String(respond(request, settings).body);
  });
  wechat = await openSimulator({ webhook: () => bot.webhook });
  anna = wechat.follower();
});
afterEach(async () => {
  await wechat.close();
  await bot.close();
});

async function does(act: () => unknown): Promise<void> {
  act();
  await wechat.deliveries.settled();
}
const said = (text: string) => ({ kind: 'signal', name: 'channel.said_to_agent', data: { text } });

describe('who asks for people', () => {
  test.each([
    ['by a word', () => anna.say(' 人工客服 '), ' 人工客服 '],
    ['in any case', () => anna.say('HUMAN'), 'HUMAN'],
    ['by the menu', () => anna.click('HELP_DESK'), 'HELP_DESK'],
  ])('is given to them: %s', async (_, act, text) => {
    await does(act);
    expect(anna.chat.served).toBe(true);
    expect(anna.shown.at(-1)).toMatchObject({ from: 'system', text: '正在为您转接人工客服' });
    expect(heard).toEqual([said(text)]);
  });

  test('talks to them alone until they are done', async () => {
    await does(() => anna.say('human'));
    await does(() => anna.serve('kf2001@shop'));
    await does(() => anna.say('my parcel is late'));
    await does(() => anna.dismiss('kf2001@shop'));
    await does(() => anna.say('where is my order?'));
    expect(heard.slice(1)).toEqual([
      { kind: 'signal', name: 'channel.session', data: { state: 'human', agent: 'kf2001@shop' } },
      { kind: 'signal', name: 'channel.session', data: { state: 'ended', agent: 'kf2001@shop' } },
      { kind: 'message', text: 'where is my order?' },
    ]);
  });

  test('may say much else with that word in it', async () => {
    await does(() => anna.say('is a human there?'));
    expect(anna.chat.served).toBe(false);
    expect(heard).toEqual([{ kind: 'message', text: 'is a human there?' }]);
  });
});
