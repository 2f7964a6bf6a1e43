import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Door, openDoor, refusalOf } from './door.ts';

let door: Door;
beforeEach(async () => {
  door = await openDoor();
});
afterEach(() => door.close());

const preflight = (origin: string) =>
  fetch(`${door.url}/chat/messages`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
  });

describe('a page of another site', () => {
  test.each([
    'https://evil.example',
    'null',
    'https://shop.example.evil.example',
    'http://shop.example',
    'https://shop.example:8443',
  ])('at %s is refused, before anything happens', async (origin) => {
    expect(await refusalOf(await door.post('/chat/session', {}, undefined, { origin }))).toEqual([
      403,
      'chat.foreign_origin',
    ]);
    const asked = await preflight(origin);
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    expect(door.engine.inbox).toHaveLength(0);
  });

  test('cannot send what needs no preflight', async () => {
    const answer = await door.post('/chat/session', '{}', undefined, { 'content-type': 'text/plain' });
    expect(await refusalOf(answer)).toEqual([415, 'chat.not_json']);
  });
});

describe('a page of a listed site', () => {
  const origin = 'https://shop.example';

  test('may ask first, for exactly what the protocol needs', async () => {
    const answer = await preflight(origin);
    expect(answer.status).toBe(204);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': 'Authorization, Content-Type, X-File-Name',
      vary: 'Origin',
    });
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test('can read answers and refusals alike', async () => {
    const answers = [
      await door.post('/chat/session', {}, undefined, { origin }),
      await door.post('/chat/session', '{{', undefined, { origin }),
      await door.get('/chat/messages', undefined, { origin }),
      await door.get('/chat/messages?token=x', undefined, { origin }),
      await door.get('/chat/nothing', undefined, { origin }),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([201, 400, 401, 400, 404]);
    for (const answer of answers) expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
  });
});

test('the chat’s own page and programs without a page are let in', async () => {
  expect((await door.post('/chat/session', {}, undefined, { origin: door.url })).status).toBe(201);
  expect((await door.post('/chat/session', {})).status).toBe(201);
});

test('every answer forbids sniffing, framing, scripts and referrers, and names no software', async () => {
  for (const path of ['/healthz', '/chat/messages', '/nothing']) {
    const { headers } = await door.get(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get('server') ?? headers.get('x-powered-by')).toBeNull();
  }
});
