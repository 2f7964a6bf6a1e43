import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ParleyError } from '../../src/errors.ts';
import { type Door, openDoor, refusalOf } from './door.ts';

let door: Door;
let token: string;
let conversation: string;
beforeEach(async () => {
  door = await openDoor();
  ({ token, conversation } = await door.open());
});
afterEach(() => door.close());

const received = () => door.engine.inbox.map((inbound) => inbound.event).filter((event) => event.kind !== 'opened');

const formOf = (fields: number, text: string) => {
  const values = Object.fromEntries(Array.from({ length: fields }, (_, index) => [`n${index}`, text]));
  return JSON.stringify({ id: 'a', form: { token: 'form1', values } });
};

describe('a message', () => {
  test('is taken and told its place', async () => {
    const answer = await door.post('/chat/messages', { id: 'm1', text: 'Where is my order?' }, token);
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ id: 'm1', seq: 1 });
    expect(received()).toEqual([{ kind: 'message', text: 'Where is my order?' }]);
  });

  test('has no second effect when it is sent again', async () => {
    await door.post('/chat/messages', { id: 'm1', text: 'hello' }, token);
    const again = await door.post('/chat/messages', { id: 'm1', text: 'hello' }, token);
    expect(again.status).toBe(200);
    expect(await again.json()).toEqual({ id: 'm1', seq: 1 });
    expect(received()).toHaveLength(1);
  });

  test('with the same id in another conversation is another message', async () => {
    const other = await door.open();
    await door.post('/chat/messages', { id: 'm1', text: 'mine' }, token);
    const answer = await door.post('/chat/messages', { id: 'm1', text: 'theirs' }, other.token);
    expect(answer.status).toBe(202);
    expect(received()).toHaveLength(2);
  });

  test('may be a tap on one choice or on several', async () => {
    await door.post('/chat/messages', { id: 'c1', choice: 'x7Yz' }, token);
    await door.post('/chat/messages', { id: 'c2', choice: ['a', 'b'] }, token);
    expect(received()).toEqual([
      { kind: 'choice', token: 'x7Yz' },
      { kind: 'choice', token: 'a,b' },
    ]);
  });

  test('may be a form, whose fields are cleaned as words are', async () => {
    const form = { token: 'form1', values: { day: '2026-12-01', note: ' ring\u200b\r\ntwice ', phone: '' } };
    expect((await door.post('/chat/messages', { id: 'f1', form }, token)).status).toBe(202);
    expect(received()).toEqual([
      { kind: 'form', token: 'form1', values: { day: '2026-12-01', note: 'ring\ntwice', phone: '' } },
    ]);
  });

  test.each([
    ['malformed JSON', '{"id":', 400, 'chat.malformed_json'],
    ['bytes that are not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 400, 'chat.malformed_json'],
    ['deep nesting', '['.repeat(100_000), 400, 'chat.too_deep'],
    ['nesting of one level too many', `${'['.repeat(33)}${']'.repeat(33)}`, 400, 'chat.too_deep'],
    ['__proto__', '{"id":"a","text":"b","__proto__":{"admin":true}}', 400, 'chat.forbidden_key'],
    ['an escaped __proto__', '{"id":"a","text":"b","\\u005f_proto__":{"admin":true}}', 400, 'chat.forbidden_key'],
    ['constructor', '{"id":"a","text":"b","constructor":{"prototype":{}}}', 400, 'chat.forbidden_key'],
    ['a body over 256 KiB', JSON.stringify({ id: 'a', text: 'x'.repeat(256 * 1024) }), 413, 'chat.too_large'],
    ['100 kB of text', JSON.stringify({ id: 'a', text: 'x'.repeat(100_000) }), 413, 'chat.text_too_long'],
    ['no id', '{"text":"b"}', 422, 'chat.invalid'],
    ['an id with other characters', '{"id":"a b","text":"b"}', 422, 'chat.invalid'],
    ['an id that is too long', JSON.stringify({ id: 'a'.repeat(65), text: 'b' }), 422, 'chat.invalid'],
    ['text and choice at once', '{"id":"a","text":"b","choice":"c"}', 422, 'chat.invalid'],
    ['an unknown key', '{"id":"a","text":"b","admin":true}', 422, 'chat.invalid'],
    ['text that is no text', '{"id":"a","text":7}', 422, 'chat.invalid'],
    ['a choice that is no token', '{"id":"a","choice":{"token":"x"}}', 422, 'chat.invalid'],
    ['nothing but invisible characters', '{"id":"a","text":"\\u200b\\u202e \\u0007"}', 422, 'chat.empty'],
    ['a form that is none', '{"id":"a","form":"form1"}', 422, 'chat.invalid'],
    ['a form without a token', '{"id":"a","form":{"values":{}}}', 422, 'chat.invalid'],
    ['a form and text at once', '{"id":"a","form":{"token":"form1","values":{}},"text":"b"}', 422, 'chat.invalid'],
    ['a field that is no text', '{"id":"a","form":{"token":"form1","values":{"n":7}}}', 422, 'chat.invalid'],
    ['a field with no name', '{"id":"a","form":{"token":"form1","values":{"":"x"}}}', 422, 'chat.invalid'],
    ['a field of another name', '{"id":"a","form":{"token":"form1","values":{"a b":"x"}}}', 422, 'chat.invalid'],
    [
      'a field called __proto__',
      '{"id":"a","form":{"token":"f","values":{"__proto__":"x"}}}',
      400,
      'chat.forbidden_key',
    ],
    ['more fields than a form has', formOf(51, 'x'), 422, 'chat.invalid'],
    ['a form of too much text', formOf(3, 'x'.repeat(3000)), 413, 'chat.text_too_long'],
    ['a list', '[]', 422, 'chat.invalid'],
    ['a file that was never sent', '{"id":"a","files":["x"]}', 422, 'chat.unknown_file'],
  ])('with %s is refused and changes nothing', async (_what, body, status, code) => {
    expect(await refusalOf(await door.post('/chat/messages', body, token))).toEqual([status, code]);
    expect(received()).toHaveLength(0);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test('of exactly the longest text is taken', async () => {
    const answer = await door.post('/chat/messages', { id: 'a', text: '数'.repeat(8000) }, token);
    expect(answer.status).toBe(202);
  });

  test('over the limit without a declared length is refused as well', async () => {
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode(' '.repeat(64 * 1024)));
      },
    });
    const answer = await fetch(`${door.url}/chat/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit);
    expect(await refusalOf(answer)).toEqual([413, 'chat.too_large']);
  });

  test('is freed of control and bidi characters', async () => {
    const text = 'pay \u202e001\u202c now\u0007\u001b[31m\r\nline\ttab \u200bzero';
    await door.post('/chat/messages', { id: 'a', text }, token);
    expect(received()).toEqual([{ kind: 'message', text: 'pay 001 now[31m\nline\ttab zero' }]);
  });

  test('that the store cannot take is not acknowledged and may be sent again', async () => {
    door.engine.breakWith(new ParleyError('store.full', 'disk full', { retryable: true }));
    const refused = await door.post('/chat/messages', { id: 'a', text: 'hi' }, token);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refusalOf(refused)).toEqual([503, 'store.full']);
    door.engine.breakWith(undefined);
    expect((await door.post('/chat/messages', { id: 'a', text: 'hi' }, token)).status).toBe(202);
  });

  test('that breaks the machine is answered without its inside', async () => {
    door.engine.breakWith(new Error('secret path /home/x'));
    const answer = await door.post('/chat/messages', { id: 'a', text: 'hi there' }, token);
    const body = await answer.text();
    expect(answer.status).toBe(500);
    expect(body).not.toContain('secret');
    expect(door.log.join('')).toContain('http.failed');
    expect(door.log.join('')).not.toContain('secret path');
  });
});

describe('polling', () => {
  test('tells what came after a sequence number', async () => {
    door.engine.say(conversation, { text: 'Which one?', choices: [{ token: 't1', label: 'Lamp' }], template: 'x' });
    door.engine.say(conversation, 'two');
    const all = (await (await door.get('/chat/messages?after=0', token)).json()) as {
      messages: object[];
      last: number;
    };
    expect(all.last).toBe(2);
    expect(all.messages[0]).toEqual({
      seq: 1,
      id: 'e1',
      from: 'bot',
      text: 'Which one?',
      choices: [{ token: 't1', label: 'Lamp' }],
      at: 0,
      status: 'sent',
    });
    const rest = (await (await door.get('/chat/messages?after=1', token)).json()) as { messages: object[] };
    expect(rest.messages).toHaveLength(1);
  });

  test('waits for the first message', async () => {
    const waiting = door.get('/chat/messages?after=0&wait=10', token);
    while (door.engine.watchers === 0) await new Promise((resolve) => setImmediate(resolve));
    door.engine.say(conversation, 'here');
    const { messages, last } = (await (await waiting).json()) as { messages: { text: string }[]; last: number };
    expect([messages.map((message) => message.text), last]).toEqual([['here'], 1]);
    expect(door.engine.watchers).toBe(0);
  });

  test('shows nothing of another conversation', async () => {
    const other = await door.open();
    door.engine.say(other.conversation, 'canary');
    expect(await (await door.get('/chat/messages?after=0', token)).text()).not.toContain('canary');
  });

  test.each(['after=-1', 'after=x', 'wait=31', 'after=1e3'])('refuses %s', async (query) => {
    expect(await refusalOf(await door.get(`/chat/messages?${query}`, token))).toEqual([422, 'chat.invalid']);
  });
});
