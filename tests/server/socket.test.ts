import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { Client, type Door, openDoor } from './door.ts';

let door: Door;
let token: string;
let conversation: string;
beforeEach(async () => {
  door = await openDoor();
  ({ token, conversation } = await door.open());
});
afterEach(() => door.close());

const ready = (frame: { type: string }) => frame.type === 'ready';
const message = (seq: number) => (frame: { message?: { seq: number } }) => frame.message?.seq === seq;

describe('a socket', () => {
  test('hears what was said before, then that it is ready, then what is new', async () => {
    door.engine.say(conversation, 'before');
    const client = await door.socket(token);
    await client.until(ready);
    door.engine.say(conversation, 'after');
    await client.until(message(2));
    expect(client.frames.map((frame) => frame.type)).toEqual(['message', 'ready', 'message']);
    expect(client.frames[1]).toEqual({ type: 'ready', last: 1 });
  });

  test('takes a message and acknowledges it, once', async () => {
    const client = await door.socket(token);
    client.send({ type: 'send', id: 'm1', text: 'hello' });
    expect(await client.until((frame) => frame.type === 'ack')).toEqual({ type: 'ack', id: 'm1', seq: 1 });
    client.send({ type: 'send', id: 'm1', text: 'hello' });
    client.send({ type: 'send', id: 'm2', choice: 'tok' });
    await client.until((frame) => frame.type === 'ack' && frame.id === 'm2');
    expect(client.frames.filter((frame) => frame.type === 'ack').map((frame) => frame.seq)).toEqual([1, 1, 2]);
    expect(door.engine.inbox.filter((inbound) => inbound.event.kind === 'message')).toHaveLength(1);
  });

  test('keeps messages sent at once in order', async () => {
    const client = await door.socket(token);
    for (let n = 1; n <= 30; n++) client.send({ type: 'send', id: `m${n}`, text: `${n}` });
    await client.until((frame) => frame.type === 'ack' && frame.id === 'm30');
    const texts = door.engine.inbox.flatMap(({ event }) => (event.kind === 'message' ? [event.text] : []));
    expect(texts).toEqual(Array.from({ length: 30 }, (_, n) => `${n + 1}`));
  });

  test('says what is wrong with a message, by its id, and stays open', async () => {
    const client = await door.socket(token);
    client.send({ type: 'send', id: 'm1', text: 'x'.repeat(100_000) });
    expect(await client.until((frame) => frame.type === 'error')).toMatchObject({
      id: 'm1',
      code: 'chat.text_too_long',
    });
    client.send({ type: 'send', id: 'm2', text: 'short' });
    await client.until((frame) => frame.type === 'ack');
  });

  test('hears typing and changes of status, and tells what was read', async () => {
    const client = await door.socket(token);
    await client.until(ready);
    door.engine.typing(conversation, true);
    door.engine.say(conversation, 'hi');
    door.engine.status(conversation, 1, 'delivered');
    await client.until((frame) => frame.type === 'status');
    client.send({ type: 'read', seq: 1 });
    await client.until((frame) => frame.type === 'status' && frame.status === 'read');
    expect(client.frames.map((frame) => frame.type)).toEqual(['ready', 'typing', 'message', 'status', 'status']);
  });

  test('hears on its return how the statuses changed meanwhile', async () => {
    door.engine.say(conversation, 'hi');
    door.engine.status(conversation, 1, 'failed');
    const client = await door.socket(token, 1);
    await client.until(ready);
    expect(client.frames[0]).toEqual({ type: 'status', seq: 1, status: 'failed' });
    expect(client.heard).toEqual([]);
  });

  test.each([
    ['an unknown token', { token: 'A'.repeat(43), after: 0 }, 4401],
    ['no token', { after: 0 }, 4400],
    ['malformed JSON', '{"token"', 4400],
    ['__proto__', '{"token":"x","__proto__":{}}', 4400],
    ['deep nesting', '['.repeat(1000), 4400],
    ['a negative place', { token: 'A'.repeat(43), after: -1 }, 4400],
  ])('that begins with %s is closed', async (_what, first, code) => {
    const client = new Client(new WebSocket(`${door.url.replace('http', 'ws')}/chat/socket`));
    await client.opened;
    client.send(first);
    expect(await client.closed).toBe(code);
    expect(client.frames[0]?.type).toBe('error');
  });

  test.each([
    ['a frame of an unknown type', { type: 'admin' }],
    ['a frame with an unknown key', { type: 'typing', on: true, admin: 1 }],
    ['malformed JSON', '{{'],
  ])('that sends %s is closed', async (_what, frame) => {
    const client = await door.socket(token);
    await client.until(ready);
    client.send(frame);
    expect(await client.closed).toBe(4400);
  });

  test('that sends a frame over 256 KiB is closed', async () => {
    const client = await door.socket(token);
    await client.until(ready);
    client.send({ type: 'send', id: 'm1', text: 'x'.repeat(300_000) });
    expect(await client.closed).toBe(1009);
    while (door.engine.watchers > 0) await tick();
  });

  test.each([
    ['https://evil.example', 403],
    ['null', 403],
    ['https://shop.example.evil.example', 403],
  ])('from a page of %s is refused', async (origin, status) => {
    expect(await handshake(door, { headers: { origin } })).toBe(status);
  });

  test('from an allowed page is taken', async () => {
    expect(await handshake(door, { headers: { origin: 'https://shop.example' } })).toBe(101);
    expect(await handshake(door, { headers: { origin: door.url } })).toBe(101);
  });

  test('with a token in its address is refused', async () => {
    expect(await handshake(door, {}, `/chat/socket?token=${token}`)).toBe(400);
    expect(await handshake(door, {}, '/elsewhere')).toBe(404);
  });

  test('of a reader that does not read is let go at 1 MiB, and its memory with it', async () => {
    const reader = await deafSocket(door, token);
    while (door.engine.watchers === 0) await tick();
    const long = 'x'.repeat(8000);
    // Far beyond what the kernel takes on both sides.
    for (let n = 0; n < 5000 && door.engine.watchers > 0; n++) {
      door.engine.say(conversation, long);
      if (n % 50 === 0) await tick();
    }
    while (door.engine.watchers > 0) await tick();
    expect(await (await door.get('/metrics')).text()).toContain('parley_slow_readers_total 1');
    const kept = /"size":(\d+)/.exec(door.log.find((line) => line.includes('socket.slow_reader')) ?? '')?.[1];
    expect(Number(kept)).toBeGreaterThan(1024 * 1024);
    expect(Number(kept)).toBeLessThan(1024 * 1024 + 2 * long.length);
    reader.destroy();
  });

  test('is closed when its visitor has too many', async () => {
    const clients = await Promise.all(Array.from({ length: 12 }, () => door.socket(token)));
    await Promise.all(clients.map((client) => client.until(ready)));
    const one = await door.socket(token);
    expect(await one.closed).toBe(4429);
    expect(one.frames[0]).toMatchObject({ code: 'chat.too_many_connections' });
  });

  test('is told to come back when the server stops', async () => {
    const client = await door.socket(token);
    await client.until(ready);
    await door.stop();
    expect(await client.closed).toBe(1001);
    while (door.engine.watchers > 0) await tick();
  });
});

describe('resuming', () => {
  test('misses and doubles nothing when a message falls between reading and watching', async () => {
    let said = 0;
    door.engine.onRead(() => {
      if (said < 5) door.engine.say(conversation, `${++said}`);
    });
    const client = await door.socket(token);
    await client.until(message(5));
    await client.until(ready);
    expect(client.heard).toEqual([1, 2, 3, 4, 5]);
  });

  test('is told of a status that changed while it read', async () => {
    door.engine.say(conversation, 'hi');
    let first = true;
    door.engine.onRead(() => {
      if (first) door.engine.status(conversation, 1, 'delivered');
      first = false;
    });
    const client = await door.socket(token);
    await client.until((frame) => frame.type === 'status');
    expect(client.frames.map((frame) => frame.type)).toEqual(['message', 'status', 'ready']);
  });

  test('brings a long past, page by page', async () => {
    for (let n = 0; n < 134; n++) door.engine.say(conversation, '数'.repeat(n < 70 ? 100_000 : 10));
    const client = await door.socket(token, 34);
    await client.until(ready);
    expect(client.heard).toEqual(Array.from({ length: 100 }, (_, n) => n + 35));
  });

  test('in a storm of reconnections misses and doubles nothing', async () => {
    const SOCKETS = 60;
    const MESSAGES = 300;
    const visitors = await Promise.all(Array.from({ length: SOCKETS }, () => door.open()));
    const heard = visitors.map(() => [] as number[]);
    let done = false;

    const speaking = (async () => {
      for (let n = 0; n < MESSAGES; n++) {
        for (const visitor of visitors) door.engine.say(visitor.conversation, `${n}`);
        await tick();
      }
      done = true;
    })();
    await Promise.all(
      visitors.map(async ({ token: own }, index) => {
        const mine = heard[index] ?? [];
        // Every socket is dropped again and again, in the middle of whatever it is hearing.
        while (!done) {
          const client = await door.socket(own, mine.at(-1) ?? 0);
          await client.until((frame) => ready(frame) || (frame.message?.seq ?? 0) % 37 === index % 37);
          client.ws.terminate();
          await client.closed;
          mine.push(...client.heard);
        }
        const last = await door.socket(own, mine.at(-1) ?? 0);
        await last.until(ready);
        mine.push(...last.heard);
        last.ws.terminate();
      }),
    );
    await speaking;
    const all = Array.from({ length: MESSAGES }, (_, n) => n + 1);
    for (const mine of heard) expect(mine).toEqual(all);
  });
});

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

/** The HTTP status that a handshake ends with. */
function handshake(to: Door, options: { headers?: Record<string, string> }, path = '/chat/socket'): Promise<number> {
  return new Promise((resolve, reject) => {
    const ws = new WebSocket(to.url.replace('http', 'ws') + path, options);
    ws.on('open', () => {
      resolve(101);
      ws.terminate();
    });
    ws.on('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    ws.on('error', reject);
  });
}

/** Shakes hands, says who it is, and never reads again. */
function deafSocket(to: Door, own: string) {
  const { port, host, hostname } = new URL(to.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => socket.destroy());
  socket.write(
    `GET /chat/socket HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  );
  const hello = Buffer.from(JSON.stringify({ token: own, after: 0 }));
  return new Promise<typeof socket>((resolve) => {
    socket.once('data', () => {
      socket.pause();
      // A client's frame: final text frame, masked with zeros, which leaves the payload as it is.
      socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | hello.length, 0, 0, 0, 0]), hello]));
      resolve(socket);
    });
  });
}
