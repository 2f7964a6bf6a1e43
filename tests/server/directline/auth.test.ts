import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Line, openLine, PAGE, refusalOf, SECRET } from './line.ts';

let line: Line;
beforeEach(async () => {
  line = await openLine({ verified_users: true });
});
afterEach(() => line.close());

async function generate(body: object = {}): Promise<{ token: string; conversationId: string }> {
  return (await line.call('POST', '/tokens/generate', SECRET, body)).body as never;
}

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
}

describe('a secret', () => {
  test('is turned into a token for a conversation that nobody has begun', async () => {
    const { status, body } = await line.call('POST', '/tokens/generate', SECRET);
    expect([status, body.expires_in]).toEqual([200, 1800]);
    expect(claimsOf(String(body.token))).toMatchObject({ conv: body.conversationId });
    expect(line.engine.inbox).toEqual([]);
    expect(refusalOf(await line.call('GET', `/conversations/${body.conversationId}`, String(body.token)))).toEqual([
      404,
      'ConversationNotFound',
    ]);
  });

  test('opens every conversation of its account', async () => {
    const { conversationId } = await line.start();
    expect((await line.call('GET', `/conversations/${conversationId}/activities`, SECRET)).status).toBe(200);
  });

  test('opens nothing that cannot be a conversation', async () => {
    for (const id of ['%24', 'a'.repeat(65)])
      expect(refusalOf(await line.call('GET', `/conversations/${id}/activities`, SECRET))).toEqual([
        404,
        'ConversationNotFound',
      ]);
  });

  test('is refused from a page, where everybody can read it', async () => {
    const answer = await line.call('POST', '/conversations', SECRET, {}, { origin: PAGE });
    expect(refusalOf(answer)).toEqual([403, 'BadArgument']);
    expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE);
  });

  test('may be replaced by another while both are taken, and only the first signs', async () => {
    await line.close();
    const next = `${SECRET}-next`;
    line = await openLine({ secret: [`\${NEXT}`, `\${DIRECTLINE_SECRET}`] }, { NEXT: next });
    const { token } = await generate();
    expect((await line.call('POST', '/conversations', token)).status).toBe(201);
    await line.close();
    line = await openLine({ secret: `\${NEXT}` }, { NEXT: next });
    expect((await line.call('POST', '/conversations', token)).status).toBe(201);
    expect(refusalOf(await line.call('POST', '/conversations', SECRET))).toEqual([403, 'BadArgument']);
  });
});

describe('a token', () => {
  test('starts its conversation once', async () => {
    const { token, conversationId } = await generate();
    const first = await line.call('POST', '/conversations', token, { locale: 'zh-CN' });
    const second = await line.call('POST', '/conversations', token, { locale: 'zh-CN' });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect([first.body.conversationId, second.body.conversationId]).toEqual([conversationId, conversationId]);
    expect(line.engine.inbox.map(({ event }) => event)).toEqual([{ kind: 'opened', locale: 'zh-CN' }]);
  });

  test('is refreshed while it is good, and not after', async () => {
    const { token, conversationId } = await generate({ user: { id: 'dl_cus_1' } });
    line.clock.now += 29 * 60_000;
    const fresh = await line.call('POST', '/tokens/refresh', token);
    expect(fresh.body).toMatchObject({ conversationId, expires_in: 1800 });
    expect(claimsOf(String(fresh.body.token))).toMatchObject({ user: 'dl_cus_1' });
    line.clock.now += 2 * 60_000;
    expect(refusalOf(await line.call('POST', '/tokens/refresh', token))).toEqual([403, 'TokenExpired']);
    expect((await line.call('POST', '/conversations', String(fresh.body.token))).status).toBe(201);
  });

  test('opens no other conversation, whether there is one or not', async () => {
    const { token } = await generate();
    await line.call('POST', '/conversations', token);
    const other = await line.start();
    for (const id of [other.conversationId, 'nobodys'])
      for (const path of ['', '/activities'])
        expect(refusalOf(await line.call('GET', `/conversations/${id}${path}`, token))).toEqual([403, 'BadArgument']);
  });

  test('of one account is nothing at another, even under the same secret', async () => {
    const { token } = await generate();
    const other = line.domain.replace('/line/', '/other/');
    expect(refusalOf(await line.call('POST', `${other}/conversations`, token))).toEqual([403, 'BadArgument']);
    const { conversationId } = await line.start();
    const there = await line.call('GET', `${other}/conversations/${conversationId}/activities`, SECRET);
    expect(refusalOf(there)).toEqual([404, 'ConversationNotFound']);
  });

  test('for some sites opens nothing to pages of others', async () => {
    const { token } = await generate({ trustedOrigins: ['https://help.shop.example'] });
    expect(refusalOf(await line.call('POST', '/conversations', token, {}, { origin: PAGE }))).toEqual([
      403,
      'BadArgument',
    ]);
  });

  test('cannot make tokens, and a secret cannot be refreshed', async () => {
    const { token } = await generate();
    expect((await line.call('POST', '/tokens/generate', token)).status).toBe(403);
    expect((await line.call('POST', '/tokens/refresh', SECRET)).status).toBe(403);
  });
});

describe('what is no token', () => {
  const [header, payload] = ['{"alg":"none"}', '{"conv":"x","aud":"token","exp":9999999999}'].map((part) =>
    Buffer.from(part).toString('base64url'),
  );

  test.each([
    ['words', 'let-me-in'],
    ['an unsigned token', `${header}.${payload}.`],
    ['a part of the secret', SECRET.slice(0, -1)],
    ['more than the secret', `${SECRET}x`],
  ])('such as %s is refused, and nothing begins', async (_name, bearer) => {
    expect(refusalOf(await line.call('POST', '/conversations', bearer))).toEqual([403, 'BadArgument']);
    expect(line.engine.inbox).toEqual([]);
  });

  test('such as a token with another signature is refused', async () => {
    const { token } = await generate();
    const forged = token.replace(/.{6}$/, 'AAAAAA');
    expect(refusalOf(await line.call('POST', '/conversations', forged))).toEqual([403, 'BadArgument']);
  });

  test('such as a ticket for a stream is refused', async () => {
    const { streamUrl } = await line.start();
    const ticket = new URL(streamUrl).searchParams.get('t') ?? '';
    expect(refusalOf(await line.call('POST', '/tokens/refresh', ticket))).toEqual([403, 'BadArgument']);
  });

  test('such as nothing, or a scheme of another kind, is asked for one', async () => {
    const answer = await line.call('POST', '/conversations');
    expect([...refusalOf(answer), answer.headers.get('www-authenticate')]).toEqual([401, 'BadArgument', 'Bearer']);
    const basic = await line.call('POST', '/conversations', undefined, {}, { authorization: 'Basic YTpi' });
    expect(basic.status).toBe(401);
  });

  test('such as a token in an address is refused', async () => {
    const { token } = await generate();
    expect((await line.call('POST', `/conversations?token=${token}`, token)).status).toBe(400);
    expect(line.log.join('')).not.toContain(token);
  });

  test('is counted: who guesses is stopped', async () => {
    await line.close();
    line = await openLine({ limits: { network: { burst: 3, per_minute: 1 } } });
    const answers = [];
    for (let guess = 0; guess < 4; guess++) answers.push(await line.call('POST', '/conversations', `guess${guess}`));
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 429]);
    expect(answers.at(-1)?.headers.get('retry-after')).toBe('60');
    // The business's own server is not, though it calls from the same place.
    expect((await line.call('POST', '/conversations', SECRET)).status).toBe(201);
  });
});

describe('a user', () => {
  test('whom the business named is that customer, verified', async () => {
    const { token } = await generate({ user: { id: 'dl_cus_0042' } });
    await line.call('POST', '/conversations', token);
    expect(line.engine.inbox.map(({ event }) => event)).toEqual([
      { kind: 'opened' },
      { kind: 'identified', customer: 'cus_0042', attributes: {} },
    ]);
  });

  test('is so too when her first try to begin was cut off in the middle', async () => {
    const { token, conversationId } = await generate({ user: { id: 'dl_cus_0042' } });
    await line.engine.accept({ account: 'line', address: conversationId, key: 'opened', event: { kind: 'opened' } });
    expect((await line.call('POST', '/conversations', token)).status).toBe(200);
    expect(line.engine.inbox.map(({ event }) => event.kind)).toEqual(['opened', 'identified']);
  });

  test('is nobody in particular where the account does not say that ids are customers’', async () => {
    await line.close();
    line = await openLine();
    const { token } = await generate({ user: { id: 'dl_random' } });
    await line.call('POST', '/conversations', token);
    expect(line.engine.inbox.map(({ event }) => event.kind)).toEqual(['opened']);
  });

  test('cannot name herself as the business would', async () => {
    const { token, conversationId } = await generate();
    const named = await line.call('POST', '/conversations', token, { user: { id: 'dl_cus_0042' } });
    expect(refusalOf(named)).toEqual([400, 'BadArgument']);
    expect(line.engine.inbox).toEqual([]);
    await line.call('POST', '/conversations', token, { user: { id: 'anna' } });
    const forged = { type: 'message', text: 'hi', from: { id: 'dl_cus_0042' } };
    const posted = await line.call('POST', `/conversations/${conversationId}/activities`, token, forged);
    expect(refusalOf(posted)).toEqual([400, 'BadArgument']);
    expect(line.engine.inbox.map(({ event }) => event.kind)).toEqual(['opened']);
  });

  test('who named herself at the start is not believed later, and keeps her name', async () => {
    const { token } = await generate();
    const { body } = await line.call('POST', '/conversations', token, { user: { id: 'anna' } });
    expect(claimsOf(String(body.token))).toMatchObject({ user: 'anna' });
    expect(claimsOf(String(body.token))).not.toHaveProperty('trusted');
  });

  test('whose token ran out goes on with what her server had issued for the conversation', async () => {
    const { token, conversationId } = await generate({ user: { id: 'dl_cus_0042' } });
    await line.call('POST', '/conversations', token);
    line.clock.now += 31 * 60_000;
    const { body } = await line.call('GET', `/conversations/${conversationId}`, SECRET);
    const message = { type: 'message', text: 'hi', from: { id: 'dl_cus_0042' } };
    const path = `/conversations/${conversationId}/activities`;
    expect(refusalOf(await line.call('POST', path, token, message))).toEqual([403, 'TokenExpired']);
    expect((await line.call('POST', path, String(body.token), message)).status).toBe(200);
    expect(line.engine.inbox.map(({ event }) => event.kind)).toEqual(['opened', 'identified', 'message']);
  });

  test('without the prefix is not put into a token', async () => {
    const answer = await line.call('POST', '/tokens/generate', SECRET, { user: { id: 'anna' } });
    expect(refusalOf(answer)).toEqual([400, 'BadArgument']);
  });
});

describe('a page', () => {
  test('of a listed site is told beforehand that it may', async () => {
    const headers = { origin: PAGE, 'access-control-request-method': 'POST' };
    const answer = await line.call('OPTIONS', '/conversations', undefined, undefined, headers);
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, PAGE]);
    expect(answer.headers.get('access-control-allow-headers')).toContain('x-ms-bot-agent');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test.each(['https://evil.example', 'null'])('of %s may not, and begins nothing', async (origin) => {
    const { token } = await generate();
    for (const method of ['OPTIONS', 'POST']) {
      const answer = await line.call(method, '/conversations', token, undefined, { origin });
      expect(refusalOf(answer)).toEqual([403, 'BadArgument']);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
    expect(line.engine.inbox).toEqual([]);
  });
});

test('an account that speaks another language is not found here', async () => {
  const answer = await line.call('POST', line.domain.replace('/line/', '/sms/').concat('/conversations'), SECRET);
  expect(refusalOf(answer)).toEqual([404, 'BadArgument']);
});
