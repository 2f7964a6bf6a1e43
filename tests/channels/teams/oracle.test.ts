import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ActivityHandler } from 'botbuilder';
import { type JWTPayload, SignJWT } from 'jose';
import { verify } from '../../../channels/teams/verify.ts';
import type { RawRequest } from '../../../src/channel.ts';
import { APP_ID, account } from './account.ts';
import { vendorsDoor } from './bot.ts';

/**
 * One table of tokens, two doors: ours, and the vendor's own (botframework-connector, with the same keys). Where they differ, ours is
 * the stricter one, and the table says why.
 */
const SERVICE = 'https://smba.trafficmanager.net/emea/';
const KEYS = {
  teams: { ...generateKeyPairSync('rsa', { modulusLength: 2048 }), endorsements: ['msteams', 'webchat'] },
  open: { ...generateKeyPairSync('rsa', { modulusLength: 2048 }), endorsements: [] },
  webchat: { ...generateKeyPairSync('rsa', { modulusLength: 2048 }), endorsements: ['webchat'] },
};
const STRANGER = generateKeyPairSync('rsa', { modulusLength: 2048 });

let server: Server;
let openid: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const keys = Object.entries(KEYS).map(([kid, { publicKey, endorsements }]) => ({
      ...publicKey.export({ format: 'jwk' }),
      kid,
      use: 'sig',
      ...(endorsements.length === 0 ? {} : { endorsements }),
    }));
    const origin = openid.slice(0, openid.lastIndexOf('/'));
    response.end(JSON.stringify(request.url === '/keys' ? { keys } : { jwks_uri: `${origin}/keys` }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  openid = `http://127.0.0.1:${(server.address() as AddressInfo).port}/openid`;
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterAll(async () => {
  const closed = new Promise((done) => server.close(done));
  server.closeAllConnections();
  await closed;
  jest.restoreAllMocks();
});

const seconds = () => Math.floor(Date.now() / 1000);
const claims = (more: { [claim: string]: unknown } = {}): JWTPayload => ({
  iss: 'https://api.botframework.com',
  aud: APP_ID,
  serviceurl: SERVICE,
  nbf: seconds() - 10,
  exp: seconds() + 3_600,
  ...more,
});

interface Signed {
  readonly kid?: string;
  readonly key?: KeyObject;
  readonly alg?: string;
}

function signed(payload: JWTPayload, { kid = 'teams', key = KEYS.teams.privateKey, alg = 'RS256' }: Signed = {}) {
  return new SignJWT(payload).setProtectedHeader({ alg, ...(kid === '' ? {} : { kid }) }).sign(key);
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signed with the public key as if it were a shared secret. */
function confused(): string {
  const head = `${part({ alg: 'HS256', kid: 'teams' })}.${part(claims())}`;
  const pem = KEYS.teams.publicKey.export({ type: 'spki', format: 'pem' });
  return `${head}.${createHmac('sha256', pem).update(head).digest('base64url')}`;
}

async function flipped(): Promise<string> {
  const [head, body, signature = ''] = (await signed(claims())).split('.');
  return [head, body, signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))].join('.');
}

type Header = () => string | undefined | Promise<string | undefined>;
const bearer = async (token: string | Promise<string>) => `Bearer ${await token}`;

const TAKEN: Readonly<Record<string, Header>> = {
  'a token as it should be': () => bearer(signed(claims())),
  'a token whose key lists no endorsements': () => bearer(signed(claims(), { kid: 'open', key: KEYS.open.privateKey })),
  'a token that ended four minutes ago': () => bearer(signed(claims({ exp: seconds() - 240 }))),
  'a token that begins in four minutes': () => bearer(signed(claims({ nbf: seconds() + 240 }))),
};

const REFUSED: Readonly<Record<string, Header>> = {
  'no token': () => undefined,
  'an empty one': () => '',
  'another scheme': async () => `Basic ${await signed(claims())}`,
  'a token twice': async () => `Bearer ${await signed(claims())}, Bearer ${await signed(claims())}`,
  'what is no token': () => 'Bearer a.b.c',
  'another audience': () => bearer(signed(claims({ aud: '00000000-0000-4000-8000-000000000000' }))),
  'another issuer': () => bearer(signed(claims({ iss: 'https://sts.windows.net/evil/' }))),
  'the emulator’s issuer': () =>
    bearer(
      signed(
        claims({ iss: 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/', ver: '1.0', appid: APP_ID }),
      ),
    ),
  'a token that ended six minutes ago': () => bearer(signed(claims({ exp: seconds() - 360 }))),
  'a token that begins in six minutes': () => bearer(signed(claims({ nbf: seconds() + 360 }))),
  'another connector': () => bearer(signed(claims({ serviceurl: 'https://smba.trafficmanager.net/amer/' }))),
  'no connector': () => bearer(signed(claims({ serviceurl: undefined }))),
  'no signature at all': () => bearer(`${part({ alg: 'none', kid: 'teams' })}.${part(claims())}.`),
  'the public key used as a secret': () => bearer(confused()),
  'another algorithm': () => bearer(signed(claims(), { alg: 'PS256' })),
  'a stranger’s key': () => bearer(signed(claims(), { key: STRANGER.privateKey })),
  'a key that is not published': () => bearer(signed(claims(), { kid: 'stranger', key: STRANGER.privateKey })),
  'no name of a key': () => bearer(signed(claims(), { kid: '' })),
  'the name of another key': () => bearer(signed(claims(), { kid: 'open' })),
  'one flipped bit': () => bearer(flipped()),
  'a key of another channel': () => bearer(signed(claims(), { kid: 'webchat', key: KEYS.webchat.privateKey })),
};

/** What the vendor's library lets in and we do not. */
const STRICTER: Readonly<Record<string, Header>> = {
  'a token without an end, which would open for ever': () => bearer(signed(claims({ exp: undefined }))),
};

const activity = {
  type: 'message',
  id: '1',
  serviceUrl: SERVICE,
  channelId: 'msteams',
  from: { id: '29:1' },
  conversation: { id: 'a:1', conversationType: 'personal', tenantId: 't' },
  text: 'hello',
};

async function ours(header: string | undefined): Promise<boolean> {
  const request: RawRequest = {
    method: 'POST',
    url: new URL('https://bot.example/channels/teams'),
    headers: { authorization: header },
    body: new TextEncoder().encode(JSON.stringify(activity)),
  };
  try {
    await verify(request, account({ openid }), Date.now());
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'channel.unverified' });
    return false;
  }
}

async function theirs(header: string | undefined): Promise<boolean> {
  const door = vendorsDoor(APP_ID, openid, async () => 'unused');
  try {
    await door.authenticateRequest(activity as Parameters<ActivityHandler['run']>[0]['activity'], header ?? '');
    return true;
  } catch {
    // It throws errors of many kinds; which one is not what is compared.
    return false;
  }
}

describe('our door and the vendor’s', () => {
  test.each(Object.entries(TAKEN))('both take %s', async (_, header) => {
    const given = await header();
    expect([await ours(given), await theirs(given)]).toEqual([true, true]);
  });

  test.each(Object.entries(REFUSED))('both refuse %s', async (_, header) => {
    const given = await header();
    expect([await ours(given), await theirs(given)]).toEqual([false, false]);
  });

  test.each(Object.entries(STRICTER))('ours alone refuses %s', async (_, header) => {
    const given = await header();
    expect([await ours(given), await theirs(given)]).toEqual([false, true]);
  });
});
