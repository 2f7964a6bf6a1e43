import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ParleyError, type Part, type SendContext } from '#channel';
import { readXml } from '../../../channels/tencent/xml.ts';
import { check } from '../../../channels/wechat/check.ts';
import { classify } from '../../../channels/wechat/classify.ts';
import { fetchMedia } from '../../../channels/wechat/media.ts';
import { plan } from '../../../channels/wechat/plan.ts';
import { send, typing } from '../../../channels/wechat/send.ts';
import type { WechatSettings } from '../../../channels/wechat/settings.ts';
import type { Follower } from '../../../channels/wechat/simulator/follower.ts';
import { openSimulator, type Simulator } from '../../../channels/wechat/simulator.ts';
import { account } from './account.ts';

/** The platform's stand-in over real sockets; its clock is ours. */
let wechat: Simulator;
let anna: Follower;
let settings: WechatSettings;
let now: number;
const SEND = '/cgi-bin/message/custom/send';
const HOUR = 3_600_000;
const signal = AbortSignal.timeout(60_000);
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

beforeEach(async () => {
  now = Date.now();
  // Nobody takes webhooks here: what the bot hears is another test's.
  wechat = await openSimulator({ webhook: () => 'http://127.0.0.1:9/', now: () => now, sleep: async () => undefined });
  settings = account({ api_root: wechat.url });
  anna = wechat.follower();
  anna.chat.following = true;
  anna.chat.quota.grant('message');
});
afterEach(() => wechat.close());

const text = (content: string): Part => ({ msgtype: 'text', text: { content } });
const menu = (...labels: string[]): Part => {
  const choices = labels.map((label, index) => ({ token: `o1.${index}`, label }));
  return plan([{ text: 'Which?', choices }], { locale: 'en', settings })[0]!;
};

function say(part: Part, more: Partial<SendContext<WechatSettings>> = {}) {
  return send(part, { settings, address: anna.openid, key: 'k1', signal, ...more });
}

/** What the engine would make of it. */
async function verdict(act: Promise<unknown>) {
  return await act.then(
    () => 'sent',
    (error: unknown) => classify(error),
  );
}

describe('a customer-service message', () => {
  test('arrives, also under an answer in escapes', async () => {
    wechat.escaped = true;
    await say(text('你好'));
    expect(anna.heard).toEqual(['你好']);
  });

  test('with a menu can be tapped', async () => {
    await say(menu('AB123456', 'AB123457'));
    expect(anna.shown.at(-1)?.menu).toEqual([
      { id: 'p.o1.0', content: 'AB123456' },
      { id: 'p.o1.1', content: 'AB123457' },
    ]);
  });

  test('with a menu is a text with links where the account may send no menus, and not tried again', async () => {
    wechat.world.certified = false;
    await say(menu('AB123456'));
    await say(menu('AB123457'));
    expect(anna.shown.at(-1)?.text).toContain('weixin://bizmsgmenu?msgmenucontent=AB123457&msgmenuid=p.o1.0');
    expect(wechat.calls.filter(({ path }) => path === SEND).map(({ errcode }) => errcode)).toEqual([40_200, 0, 0]);
  });

  test('shows that it is being written', async () => {
    await typing({ settings, address: anna.openid, signal });
    expect(anna.chat.typing).toBe(1);
  });
});

describe('the window', () => {
  test('takes five messages after hers, and says when they are spent', async () => {
    for (const word of ['1', '2', '3', '4', '5']) await say(text(word));
    expect(await verdict(say(text('6')))).toEqual({ kind: 'quota_exhausted' });
  });

  test('takes three in the minute after a tap', async () => {
    anna.chat.quota.end();
    anna.chat.quota.grant('act');
    for (const word of ['1', '2', '3']) await say(text(word));
    expect(await verdict(say(text('4')))).toEqual({ kind: 'quota_exhausted' });
    now += 60_000;
    expect(await verdict(say(text('5')))).toEqual({ kind: 'window_closed' });
  });

  test('is closed after 48 hours', async () => {
    now += 48 * HOUR;
    expect(await verdict(say(text('late')))).toEqual({ kind: 'window_closed' });
  });

  test('is open for a template, whose fate is told', async () => {
    wechat.world.templates.add('T1');
    anna.chat.quota.end();
    const receipt = await say({ template_id: 'T1', data: { thing1: { value: '已送达' } } });
    expect(anna.heard).toEqual(['T1\nthing1: 已送达']);
    expect(receipt.id).toMatch(/^\d+$/);
    expect(await verdict(say({ template_id: 'T2', data: {} }))).toMatchObject({ kind: 'invalid' });
    anna.chat.following = false;
    expect(await verdict(say({ template_id: 'T1', data: {} }))).toMatchObject({ kind: 'unreachable' });
  });
});

describe('the access token', () => {
  test('is asked for once by all that is sent', async () => {
    await Promise.all(['1', '2', '3'].map((word) => say(text(word))));
    expect(wechat.world.tokens.asked).toEqual({ politely: 1, byForce: 0 });
  });

  test('is shared with another process, and neither takes it from the other', async () => {
    const other = account({ api_root: wechat.url });
    await say(text('1'));
    await say(text('2'), { settings: other });
    await say(text('3'));
    expect(anna.heard).toEqual(['1', '2', '3']);
    expect(wechat.world.tokens.asked).toEqual({ politely: 2, byForce: 0 });
  });

  test('that is worth nothing any more is replaced once, and nobody notices', async () => {
    await say(text('1'));
    wechat.world.tokens.spoil();
    await Promise.all([say(text('2')), say(text('3'))]);
    expect(anna.heard.toSorted()).toEqual(['1', '2', '3']);
    expect(wechat.world.tokens.asked.byForce).toBe(1);
  });

  test('that has ended is replaced politely', async () => {
    await say(text('1'));
    now += 2 * HOUR;
    await say(text('2'));
    expect(anna.heard).toEqual(['1', '2']);
    expect(wechat.world.tokens.asked.byForce).toBe(0);
  });

  test('that cannot be had stops the account', async () => {
    settings = account({ api_root: wechat.url }, { WECHAT_APP_SECRET: 'wrong' });
    expect(await verdict(say(text('1')))).toMatchObject({ kind: 'auth' });
  });

  test('that is refused again stops the account', async () => {
    wechat.fail({ kind: 'refuse', errcode: 40_001 }, SEND);
    wechat.fail({ kind: 'refuse', errcode: 42_001 }, SEND);
    expect(await verdict(say(text('1')))).toMatchObject({ kind: 'auth' });
  });

  test('whose asking is cut off can be asked for again without any doubt', async () => {
    wechat.fail({ kind: 'cut' }, '/cgi-bin/stable_token');
    expect(await verdict(say(text('1')))).toEqual({ kind: 'retryable' });
    expect(await verdict(say(text('1')))).toBe('sent');
    expect(anna.heard).toEqual(['1']);
  });
});

describe('a look at the account', () => {
  test('finds that WeChat takes the secret, or why it does not', async () => {
    expect(await check({ settings, signal })).toEqual([{ ok: true, what: expect.stringContaining(settings.appId) }]);
    wechat.fail({ kind: 'refuse', errcode: 40_164 }, '/cgi-bin/get_api_domain_ip');
    expect(await check({ settings, signal })).toMatchObject([{ ok: false, hint: expect.stringContaining('IP白名单') }]);
    const plain = account({ api_root: wechat.url, insecure: 'plaintext' });
    expect(await check({ settings: plain, signal })).toMatchObject([{ ok: true }, { ok: false }]);
    const wrong = account({ api_root: wechat.url }, { WECHAT_APP_SECRET: 'wrong' });
    expect(await check({ settings: wrong, signal })).toMatchObject([
      { ok: false, hint: expect.stringContaining('AppSecret') },
    ]);
  });
});

describe('what goes wrong', () => {
  test.each([
    [-1, { kind: 'retryable' }],
    [45_009, { kind: 'rate_limited', scope: 'account' }],
    [45_011, { kind: 'rate_limited', after: 60_000, scope: 'account' }],
    [45_015, { kind: 'window_closed' }],
    [45_047, { kind: 'quota_exhausted' }],
    [40_003, { kind: 'unreachable' }],
    [43_004, { kind: 'unreachable' }],
    [40_164, { kind: 'auth' }],
    [48_001, { kind: 'auth' }],
    [45_002, { kind: 'invalid' }],
    [99_999, { kind: 'permanent' }],
  ])('%i is understood', async (errcode, expected) => {
    wechat.fail({ kind: 'refuse', errcode }, SEND);
    expect(await verdict(say(text('1')))).toMatchObject(expected);
    expect(anna.heard).toEqual([]);
  });

  test('a broken server may be asked again, a lost answer leaves a doubt', async () => {
    wechat.fail({ kind: 'error', status: 502 }, SEND);
    expect(await verdict(say(text('1')))).toEqual({ kind: 'retryable' });
    wechat.fail({ kind: 'drop' }, SEND);
    expect(await verdict(say(text('2')))).toEqual({ kind: 'unknown' });
    expect(anna.heard).toEqual(['2']);
    wechat.fail({ kind: 'error', status: 200 }, SEND);
    expect(await verdict(say(text('3')))).toEqual({ kind: 'unknown' });
  });

  test('nobody at the other end means that nothing has arrived', async () => {
    settings = account({ api_root: 'http://127.0.0.1:9' });
    expect(await verdict(say(text('1')))).toEqual({ kind: 'retryable' });
  });

  test('what nobody follows any more and nobody has heard of', async () => {
    anna.unfollow();
    expect(await verdict(say(text('1')))).toEqual({ kind: 'window_closed' });
    expect(await verdict(say(text('1'), { address: 'onobody' }))).toMatchObject({ kind: 'unreachable' });
  });
});

describe('the passive slot', () => {
  async function answered(part: Part): Promise<Record<string, unknown>> {
    let body = '';
    await say(part, {
      passive: async (response) => {
        body = String(response.body);
        expect(response).toMatchObject({ status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' } });
      },
    });
    const reply = wechat.deliveries.open(body);
    expect(reply).toMatchObject({ ToUserName: anna.openid, FromUserName: 'gh_0123456789ab' });
    return reply ?? {};
  }

  test('takes words, sealed, and asks nothing of the API', async () => {
    expect(await answered(text('你好 ]]> <b>'))).toMatchObject({ MsgType: 'text', Content: '你好 ]]> <b>' });
    expect(wechat.calls).toEqual([]);
    expect(anna.chat.quota.left).toBe(5);
  });

  test('takes a menu as links, and an article', async () => {
    expect((await answered(menu('AB123456'))).Content).toContain('msgmenuid=p.o1.0">AB123456</a>');
    const card = { title: 'Mug', links: [{ title: 'Open', url: 'https://shop.example/mug?a=1&b=2' }] };
    const [article] = plan([{ text: '', card }], { locale: 'en', settings });
    expect(await answered(article!)).toMatchObject({
      MsgType: 'news',
      ArticleCount: '1',
      Articles: { item: { Title: 'Mug', Url: 'https://shop.example/mug?a=1&b=2' } },
    });
  });

  test('that is gone may be done without, one that broke leaves a doubt', async () => {
    const slot = (code: string, retryable: boolean) => ({
      passive: async () => {
        throw new ParleyError(code, 'No.', { retryable });
      },
    });
    expect(await verdict(say(text('1'), slot('channel.passive_gone', true)))).toEqual({ kind: 'retryable' });
    expect(await verdict(say(text('1'), slot('channel.passive_cut', false)))).toEqual({ kind: 'unknown' });
    expect(anna.heard).toEqual([]);
  });

  test('is plain where the account is', async () => {
    settings = account({ api_root: wechat.url, aes_key: undefined, insecure: 'plaintext' });
    let body = '';
    await say(text('hi'), {
      passive: async (response) => {
        body = String(response.body);
      },
    });
    expect(readXml(Buffer.from(body))).toMatchObject({ Content: 'hi' });
  });
});

describe('a picture', () => {
  let files: Server;
  let type = 'image/png';
  let asked: number;
  let source: string;

  beforeEach(async () => {
    asked = 0;
    type = 'image/png';
    files = createServer((_, response) => {
      asked += 1;
      response.writeHead(200, { 'content-type': type }).end(PNG);
    });
    await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
    source = `http://127.0.0.1:${(files.address() as AddressInfo).port}/files/mug.png`;
  });
  afterEach(async () => {
    files.closeAllConnections();
    await new Promise((resolve) => files.close(resolve));
  });

  const picture = () => ({ msgtype: 'image', image: { source, alt: 'Your mug' } });

  test('of ours is brought to WeChat once, and shown', async () => {
    await say(picture());
    await say(picture());
    const [first, second] = anna.shown.map(({ media }) => media);
    expect(first).toBe(second);
    expect(wechat.world.media.get(String(first))?.bytes).toEqual(new Uint8Array(PNG));
    expect(asked).toBe(1);
  });

  test('that WeChat has lost is brought there again', async () => {
    await say(picture());
    wechat.world.media.clear();
    expect(await verdict(say(picture()))).toEqual({ kind: 'retryable' });
    expect(await verdict(say(picture()))).toBe('sent');
    expect(asked).toBe(2);
  });

  test('that WeChat does not take is a link', async () => {
    type = 'image/svg+xml';
    await say(picture());
    expect(anna.shown.at(-1)?.text).toBe(`<a href="${source}">Your mug</a>`);
  });

  test('that cannot be had right now is said later', async () => {
    source = 'http://127.0.0.1:9/files/mug.png';
    expect(await verdict(say(picture()))).toEqual({ kind: 'retryable' });
    expect(anna.heard).toEqual([]);
  });
});

describe('a file of hers', () => {
  const get = (ref: string) => fetchMedia({ ref, name: 'file' }, { settings, signal });

  test('is fetched', async () => {
    anna.photo(PNG);
    expect(Buffer.from(await get(String(anna.shown.at(-1)?.media)))).toEqual(PNG);
  });

  test('that is gone is not waited for, and one behind a broken line is', async () => {
    await expect(get('unknown')).rejects.toMatchObject({ code: 'wechat.file_refused', retryable: false });
    wechat.fail({ kind: 'cut' }, '/cgi-bin/media/get');
    await expect(get('unknown')).rejects.toMatchObject({ code: 'wechat.file_unavailable', retryable: true });
    wechat.fail({ kind: 'refuse', errcode: -1 }, '/cgi-bin/media/get');
    await expect(get('unknown')).rejects.toMatchObject({ code: 'wechat.file_unavailable', retryable: true });
  });

  test('that is a video is fetched from Tencent’s own address only', async () => {
    const video = (url: string) =>
      wechat.world.media.set('video', {
        type: 'application/json',
        bytes: Buffer.from(JSON.stringify({ video_url: url })),
      });
    anna.photo(PNG);
    const id = String(anna.shown.at(-1)?.media);
    await say(text('a token'));
    const { access_token: token } = wechat.world.tokens.give(false);
    video(`${wechat.url}/cgi-bin/media/get?media_id=${id}&access_token=${token}`);
    expect(Buffer.from(await get('video'))).toEqual(PNG);
    for (const stranger of ['http://127.0.0.1:9/v', 'https://qq.com.evil.example/v', 'file:///etc/passwd']) {
      video(stranger);
      await expect(get('video')).rejects.toMatchObject({ code: 'wechat.file_refused' });
    }
  });
});
