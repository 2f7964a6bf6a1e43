import { afterEach, describe, expect, test } from '@jest/globals';
import type { RawRequest } from '#channel';
import { challenge, parse, respond, verify } from '../../../channels/wechat/receive.ts';
import type { Follower } from '../../../channels/wechat/simulator/follower.ts';
import { onScreen } from '../../../channels/wechat/simulator/phone.ts';
import { openSimulator, type Simulator, type SimulatorOptions } from '../../../channels/wechat/simulator.ts';
import { account } from './account.ts';
import { type Bot, type Call, openBot } from './bot.ts';

/** The platform's rules, held by the stand-in, and our door behind a real socket. */
let wechat: Simulator;
let bot: Bot;
let anna: Follower;
/** Milliseconds that the platform has waited, on its own clock. */
let waited: number;

afterEach(async () => {
  await wechat.close();
  await bot.close();
});

async function open(answer: Parameters<typeof openBot>[0], more: Partial<SimulatorOptions> = {}): Promise<void> {
  waited = 0;
  bot = await openBot(answer);
  const sleep = async (milliseconds: number) => {
    waited += milliseconds;
  };
  wechat = await openSimulator({ webhook: () => bot.webhook, sleep, ...more });
  anna = wechat.follower();
}

function toRaw({ method, url, body }: Call): RawRequest {
  return { method, url, headers: {}, body: Buffer.from(body) };
}

/** Our door, as a server would use it. */
function door(heard: string[], settings = account()): (call: Call) => string {
  return (call) => {
    const request = toRaw(call);
    verify(request, settings, Date.now());
    const words = challenge(request);
    if (words !== undefined) return String(words.body);
    heard.push(...parse(request, settings).map(({ key }) => key));
    return String(respond(request, settings).body);
  };
}

describe('our door', () => {
  test('passes the handshake', async () => {
    await open(door([]));
    await expect(wechat.deliveries.handshake()).resolves.toBe(true);
  });

  test('fails it under another token', async () => {
    await open(door([], account({}, { WECHAT_TOKEN: 'another' })));
    await expect(wechat.deliveries.handshake()).resolves.toBe(false);
  });

  test('takes what the platform delivers, in plain too where that is allowed', async () => {
    const heard: string[] = [];
    await open(door(heard, account({ aes_key: undefined, insecure: 'plaintext' })), { aesKey: undefined });
    anna.say('hi');
    await wechat.deliveries.settled();
    expect(heard).toHaveLength(1);
    expect(anna.shown.map(({ from }) => from)).toEqual(['me']);
  });

  test('knows twins, and what was delivered the wrong way round', async () => {
    const heard: string[] = [];
    await open(door(heard));
    wechat.deliveries.mischief.duplicate = true;
    wechat.deliveries.mischief.reorder = true;
    anna.say('1');
    anna.say('2');
    wechat.deliveries.release();
    await wechat.deliveries.settled();
    expect(heard).toHaveLength(4);
    expect(new Set(heard).size).toBe(2);
  });
});

describe('the platform', () => {
  test('tries three times more when nobody answers in time, with the same message each time', async () => {
    const heard: string[] = [];
    let calls = 0;
    await open(
      async (call) => {
        door(heard)(call);
        calls += 1;
        // The first two answers come after WeChat has hung up.
        return calls < 3 ? await new Promise<string>(() => undefined) : 'success';
      },
      { patience: 100 },
    );
    anna.say('hi');
    await wechat.deliveries.settled();
    expect(heard).toHaveLength(3);
    expect(new Set(heard).size).toBe(1);
    expect(anna.shown.map(({ from }) => from)).toEqual(['me']);
    expect(new Set(wechat.deliveries.calls.map(({ body }) => body)).size).toBe(3);
  });

  test('gives up after that, and tells the customer', async () => {
    await open(() => 500);
    anna.say('hi');
    await wechat.deliveries.settled();
    expect(wechat.deliveries.answers).toEqual([500, 500, 500, 500]);
    expect(waited).toBe(15_000);
    expect(anna.shown.at(-1)).toMatchObject({ from: 'system' });
  });
});

describe('a phone in the playground', () => {
  test('shows what went over the wire: taps as buttons, links, cards, typing', async () => {
    await open(() => 'success');
    const simulator = onScreen(wechat);
    const phone = simulator.phone({ name: 'Anna', locale: 'en', number: '+15550002222' });
    let changes = 0;
    const end = phone.watch(() => {
      changes += 1;
    });
    await phone.open?.();
    await phone.write('hi');
    const { access_token: token } = wechat.world.tokens.give(false);
    const api = (path: string, body: object) =>
      fetch(`${wechat.url}${path}?access_token=${token}`, {
        method: 'POST',
        body: JSON.stringify({ touser: phone.address, ...body }),
      });
    await api('/cgi-bin/message/custom/typing', { command: 'Typing' });
    expect(phone.typing).toBe(true);
    const tap = '<a href="weixin://bizmsgmenu?msgmenucontent=No&msgmenuid=p.o1.1">No</a>';
    const content = `See <a href="https://a.example/">this</a>\n\n${tap}`;
    await api('/cgi-bin/message/custom/send', { msgtype: 'text', text: { content } });
    expect(phone.typing).toBe(false);
    expect(phone.screen.at(-1)).toMatchObject({
      from: 'bot',
      text: [{ text: 'See ' }, { text: 'this', url: 'https://a.example/' }],
      buttons: [[{ id: '0', label: 'No' }]],
    });
    await phone.tap(phone.screen.at(-1)?.id ?? '', '0');
    expect(phone.screen.at(-1)).toMatchObject({ from: 'customer', text: [{ text: 'No' }] });
    await phone.attach?.({ name: 'a.png', type: 'image/png', bytes: new Uint8Array([1]) });
    expect(phone.screen.at(-1)?.image?.url).toMatch(/^data:/);
    end();
    expect(changes).toBeGreaterThan(4);
    // Followed once, wrote, tapped, sent a picture.
    expect(wechat.deliveries.answers).toHaveLength(4);
  });

  test('suffers what it is told to', async () => {
    await open(() => 'success');
    const simulator = onScreen(wechat);
    const phone = simulator.phone({ name: 'Anna', locale: 'en', number: '+15550002222' });
    simulator.fail('duplicate');
    simulator.fail('block');
    await phone.write('hi');
    expect(wechat.world.chats.get(phone.address)).toMatchObject({ following: false });
    for (const fault of simulator.faults) simulator.fail(fault);
    expect(wechat.world.certified).toBe(false);
    await simulator.close();
  });
});
