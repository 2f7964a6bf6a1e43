import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createIdentify } from '../../src/server/identity.ts';
import { type Door, openDoor, refusalOf } from './door.ts';

const SECRET = 'a secret of the business, 32 bytes and more';
const NOW = Date.UTC(2026, 10, 21);
const seconds = NOW / 1000;

let door: Door;
beforeEach(async () => {
  door = await openDoor({
    identity: { keys: { kind: 'secret', secret: SECRET }, issuer: 'shop', audience: 'parley' },
  });
});
afterEach(() => door.close());

function claims(more: object = {}, header: { alg: string; kid?: string } = { alg: 'HS256' }): SignJWT {
  return new SignJWT({
    sub: 'cus_1',
    name: 'Ann',
    iss: 'shop',
    aud: 'parley',
    iat: seconds,
    exp: seconds + 600,
    ...more,
  }).setProtectedHeader(header);
}
const sign = (more: object = {}, secret = SECRET) => claims(more).sign(new TextEncoder().encode(secret));

const identified = () =>
  door.engine.inbox.map((inbound) => inbound.event).filter((event) => event.kind === 'identified');

describe('a visitor whom the business vouches for', () => {
  test('is identified in a new conversation', async () => {
    const answer = await door.post('/chat/session', { identity: await sign() });
    expect(answer.status).toBe(201);
    expect(identified()).toEqual([{ kind: 'identified', customer: 'cus_1', attributes: { name: 'Ann' } }]);
  });

  test('keeps her conversation under a new token, and the old one is worth nothing', async () => {
    const before = await door.open();
    await door.post('/chat/messages', { id: 'a', text: 'hello' }, before.token);
    const tab = await door.socket(before.token);
    await tab.until((frame) => frame.type === 'ready');

    const answer = await door.post('/chat/session', { identity: await sign() }, before.token);
    const after = (await answer.json()) as typeof before;
    expect(answer.status).toBe(201);
    expect(after.conversation).toBe(before.conversation);
    expect(after.token).not.toBe(before.token);
    expect(identified()).toHaveLength(1);
    expect(await tab.closed).toBe(4401);
    expect(await refusalOf(await door.get('/chat/messages', before.token))).toEqual([401, 'chat.unknown_token']);
    expect(await (await door.get('/chat/messages', after.token)).text()).toContain('hello');
    // The id of before is still known.
    expect((await door.post('/chat/messages', { id: 'a', text: 'hello' }, after.token)).status).toBe(200);
  });

  test('gets the same new token when the answer was lost and she asks again', async () => {
    const before = await door.open();
    const identity = await sign();
    const first = await (await door.post('/chat/session', { identity }, before.token)).json();
    const again = await door.post('/chat/session', { identity }, before.token);
    expect([again.status, await again.json()]).toEqual([200, first]);
    expect(identified()).toHaveLength(1);
  });

  test('keeps her token when she is vouched for again', async () => {
    const { token } = (await (await door.post('/chat/session', { identity: await sign() })).json()) as {
      token: string;
    };
    const again = await door.post('/chat/session', { identity: await sign({ iat: seconds - 60 }) }, token);
    expect([again.status, ((await again.json()) as { token: string }).token]).toEqual([200, token]);
  });

  test('sees nothing of the customer who sat there before', async () => {
    const ann = (await (await door.post('/chat/session', { identity: await sign() })).json()) as {
      token: string;
      conversation: string;
    };
    const bob = await door.post('/chat/session', { identity: await sign({ sub: 'cus_2' }) }, ann.token);
    expect(bob.status).toBe(201);
    expect(((await bob.json()) as typeof ann).conversation).not.toBe(ann.conversation);
  });

  test('cannot pass for another by changing the tag of her token', async () => {
    const { token } = (await (await door.post('/chat/session', { identity: await sign() })).json()) as {
      token: string;
    };
    const [random] = token.split('.');
    expect(await refusalOf(await door.get('/chat/messages', random))).toEqual([401, 'chat.unknown_token']);
    expect(await refusalOf(await door.get('/chat/messages', `${random}.${'A'.repeat(22)}`))).toEqual([
      401,
      'chat.unknown_token',
    ]);
  });
});

describe('an identity', () => {
  const none = (payload: object) =>
    `${[{ alg: 'none' }, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;

  test.each([
    ['signed by somebody else', () => sign({}, 'another secret that is long enough too')],
    ['expired', () => sign({ exp: seconds - 60 })],
    ['not valid yet', () => sign({ nbf: seconds + 60 })],
    ['without an end', () => sign({ exp: undefined })],
    ['valid for a day', () => sign({ exp: seconds + 86_400 })],
    ['valid for a day, in its last minutes', () => sign({ iat: seconds - 86_000, exp: seconds + 400 })],
    ['valid for a day from now, begun nobody says when', () => sign({ iat: undefined, exp: seconds + 86_400 })],
    ['of nobody', () => sign({ sub: undefined })],
    ['of an empty name', () => sign({ sub: '' })],
    ['of another issuer', () => sign({ iss: 'else' })],
    ['for another audience', () => sign({ aud: 'else' })],
    ['without a signature', () => none({ sub: 'cus_1', iss: 'shop', aud: 'parley', exp: seconds + 600 })],
    ['with another algorithm', () => claims({}, { alg: 'HS512' }).sign(Buffer.from(SECRET.repeat(2)))],
    ['that is no JWT', () => 'hello'],
    [
      'with a flipped byte',
      async () => (await sign()).replace(/.\.[^.]*$/, (end) => `${end[0] === 'A' ? 'B' : 'A'}${end.slice(1)}`),
    ],
  ])('%s is refused and changes nothing', async (_what, make) => {
    expect(await refusalOf(await door.post('/chat/session', { identity: await make() }))).toEqual([
      401,
      'chat.bad_identity',
    ]);
    expect(door.engine.inbox).toHaveLength(0);
    const { token } = await door.open();
    expect(await refusalOf(await door.post('/chat/session', { identity: await make() }, token))).toEqual([
      401,
      'chat.bad_identity',
    ]);
    expect((await door.get('/chat/messages', token)).status).toBe(200);
    expect(identified()).toHaveLength(0);
  });
});

describe('keys as a JWKS', () => {
  test('verify from settings and from their address, but never as an HMAC secret', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' };
    const jwt = await claims({}, { alg: 'ES256', kid: 'k1' }).sign(privateKey);
    const server = createHttpServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
    try {
      for (const keys of [{ kind: 'jwks', jwks: { keys: [jwk] } } as const, { kind: 'jwks_url', url } as const]) {
        const identify = createIdentify({ keys }, () => NOW);
        expect((await identify(jwt)).customer).toBe('cus_1');
        await expect(identify(await sign())).rejects.toMatchObject({ code: 'chat.bad_identity' });
      }
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test('refuse what a key signed that is not among them, from their address too', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const known = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' };
    const server = createHttpServer((_request, response) => response.end(JSON.stringify({ keys: [known] })));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
    try {
      const identify = createIdentify({ keys: { kind: 'jwks_url', url } }, () => NOW);
      const other = await claims({}, { alg: 'ES256', kid: 'k2' }).sign(privateKey);
      await expect(identify(other)).rejects.toMatchObject({ code: 'chat.bad_identity', status: 401 });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test('that cannot be had are nobody’s fault', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const jwt = await claims({}, { alg: 'ES256', kid: 'k1' }).sign(privateKey);
    const identify = createIdentify({ keys: { kind: 'jwks_url', url: 'http://127.0.0.1:9/jwks.json' } }, () => NOW);
    await expect(identify(jwt)).rejects.toMatchObject({ code: 'chat.identity_unavailable', status: 503 });
  });
});
