import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fetchMedia } from '../../../channels/teams/media.ts';
import { verify } from '../../../channels/teams/verify.ts';
import { PlatformKeys } from '../../contracts/platform-keys.ts';
import { APP_ID, account } from './account.ts';

const keys = new PlatformKeys();
beforeAll(() => keys.open());
afterAll(() => keys.close());

const NOW = Date.UTC(2026, 10, 21, 10);
const CLOUDS = {
  public: ['https://api.botframework.com', 'https://smba.trafficmanager.net/teams/'],
  gcc: ['https://api.botframework.com', 'https://smba.infra.gcc.teams.microsoft.com/teams/'],
  gcc_high: ['https://api.botframework.us', 'https://smba.infra.gov.teams.microsoft.us/teams/'],
  dod: ['https://api.botframework.us', 'https://smba.infra.dod.teams.microsoft.us/teams/'],
  china: ['https://api.botframework.azure.cn', 'https://smba.trafficmanager.cn/teams/'],
} as const;
const NAMES = Object.keys(CLOUDS) as (keyof typeof CLOUDS)[];

/** A call of a connector, proved as that of a cloud. */
async function callOf(cloud: keyof typeof CLOUDS) {
  const [iss, serviceUrl] = CLOUDS[cloud];
  const activity = {
    type: 'message',
    id: '1',
    serviceUrl,
    channelId: 'msteams',
    from: { id: '29:1' },
    conversation: { id: 'a:1', conversationType: 'personal', tenantId: 't' },
    text: 'hello',
  };
  const token = await keys.sign({ iss, aud: APP_ID, serviceurl: serviceUrl }, 'key', NOW);
  return {
    method: 'POST',
    url: new URL('https://bot.example/channels/teams'),
    headers: { authorization: `Bearer ${token}` },
    body: new TextEncoder().encode(JSON.stringify(activity)),
  };
}

describe.each(NAMES)('an account in the cloud %s', (cloud) => {
  const settings = () => account({ cloud, openid: keys.openidOf(['key']) });

  test('opens to its own cloud’s tokens, and to those of no other issuer', async () => {
    for (const other of NAMES) {
      const opened = verify(await callOf(other), settings(), NOW);
      if (CLOUDS[other][0] === CLOUDS[cloud][0]) await opened;
      else await expect(opened).rejects.toMatchObject({ code: 'channel.unverified' });
    }
  });

  test('asks that cloud for its keys and tokens, and writes to its connector', () => {
    const { openid, loginRoot, scope, serviceUrl, issuer } = account({ cloud });
    expect(serviceUrl).toBe(CLOUDS[cloud][1]);
    expect(scope).toBe(`${issuer}/.default`);
    const end = { 'https://api.botframework.com': /\.com/, 'https://api.botframework.us': /\.us/ };
    const own = end[issuer as keyof typeof end] ?? /\.cn/;
    expect(openid).toMatch(own);
    expect(loginRoot).toMatch(own);
  });
});

test('files of a customer may lie in any cloud’s SharePoint, and nowhere else', async () => {
  const signal = AbortSignal.timeout(5_000);
  const ref = 'https://sharepoint.com.evil.example/x';
  await expect(fetchMedia({ ref, name: 'x' }, { settings: account(), signal })).rejects.toMatchObject({
    code: 'teams.file_refused',
  });
});
