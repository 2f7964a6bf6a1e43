import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { entrance } from '../../../channels/wechat/entrance.ts';
import { parse } from '../../../channels/wechat/receive.ts';
import { openSimulator, type Simulator } from '../../../channels/wechat/simulator.ts';
import { account, sample, sealed } from './account.ts';

let wechat: Simulator;
beforeEach(async () => {
  wechat = await openSimulator({ webhook: () => 'http://127.0.0.1:9/' });
});
afterEach(() => wechat.close());

const way = (signal = AbortSignal.timeout(5_000)) => {
  const { appId, appSecret } = wechat.world.account;
  const settings = account({ api_root: wechat.url, app_id: appId }, { WECHAT_APP_SECRET: appSecret });
  return entrance(settings, 'K7QM-2XWD', signal);
};

test('a conversation is taken to WeChat by a code that her phone scans', async () => {
  const { url } = await way();
  expect(url).toBe(`${wechat.url}/cgi-bin/showqrcode?ticket=${Buffer.from('K7QM-2XWD').toString('base64url')}`);
  const picture = await fetch(String(url));
  expect([picture.headers.get('content-type'), await picture.text()]).toEqual([
    'image/svg+xml',
    expect.stringContaining('K7QM-2XWD'),
  ]);
});

test.each(['subscribe-by-code', 'scan'])(
  'what stands in a code that is scanned opens the conversation (%s)',
  (name) => {
    const [brought] = parse(sealed(sample(name)), account());
    expect(brought?.event).toMatchObject({ kind: 'opened', payload: expect.stringMatching(/./) });
  },
);

test('an account that may make no codes, and a line that is broken, leave her the code to type', async () => {
  wechat.world.certified = false;
  expect(await way()).toEqual({});
  wechat.world.certified = true;
  expect(await way(AbortSignal.abort())).toEqual({});
});

test('the pictures are at the platform’s own address', () => {
  expect(account().qrRoot).toBe('https://mp.weixin.qq.com');
});
