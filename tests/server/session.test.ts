import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Door, openDoor, refusalOf } from './door.ts';

let door: Door;
beforeEach(async () => {
  door = await openDoor();
});
afterEach(() => door.close());

describe('a session', () => {
  test('opens a conversation and tells a token of 256 bits once', async () => {
    const answer = await door.post('/chat/session', { locale: 'zh-CN' });
    const body = (await answer.json()) as { token: string; conversation: string };
    expect(answer.status).toBe(201);
    expect(Buffer.from(body.token, 'base64url')).toHaveLength(32);
    expect(door.engine.inbox.map((inbound) => inbound.event)).toEqual([{ kind: 'opened', locale: 'zh-CN' }]);
    expect(door.engine.inbox[0]?.locale).toBe('zh-CN');
  });

  test('stores nothing that opens a conversation', async () => {
    const { token } = await door.open();
    expect(JSON.stringify(door.engine.inbox)).not.toContain(token);
    expect(door.log.join('')).not.toContain(token);
  });

  test('is resumed with its token', async () => {
    const { token, conversation } = await door.open();
    const answer = await door.post('/chat/session', {}, token);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ token, conversation });
    expect(door.engine.inbox).toHaveLength(1);
  });

  test.each(['nonsense', 'A'.repeat(43), `${'A'.repeat(43)}.${'B'.repeat(22)}`])(
    'refuses the unknown token %s',
    async (token) => {
      expect(await refusalOf(await door.get('/chat/messages', token))).toEqual([401, 'chat.unknown_token']);
      expect(await refusalOf(await door.post('/chat/messages', { id: 'a', text: 'hi' }, token))).toEqual([
        401,
        'chat.unknown_token',
      ]);
    },
  );

  test('refuses a request without a token', async () => {
    expect(await refusalOf(await door.get('/chat/messages'))).toEqual([401, 'chat.unknown_token']);
  });

  test('refuses a token in the address', async () => {
    const { token } = await door.open();
    expect(await refusalOf(await door.get(`/chat/messages?token=${token}`, token))).toEqual([400, 'chat.token_in_url']);
  });

  test('refuses an identity where none is configured, and creates nothing', async () => {
    expect(await refusalOf(await door.post('/chat/session', { identity: 'a.b.c' }))).toEqual([
      401,
      'chat.bad_identity',
    ]);
    expect(door.engine.inbox).toHaveLength(0);
  });
});
