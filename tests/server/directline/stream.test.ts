import { connect, type Socket } from 'node:net';
import { setImmediate as tick } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { until } from '../../support/until.ts';
import { type Line, openLine, SECRET, type Started, Stream } from './line.ts';

let line: Line;
let started: Started;
let inside: string;
const streams: Stream[] = [];

beforeEach(async () => {
  line = await openLine();
  started = await line.start();
  inside = await line.inside(started.conversationId);
});
afterEach(async () => {
  for (const { ws } of streams.splice(0)) ws.close();
  await line.close();
});

function open(url: string): Stream {
  const stream = new Stream(url);
  streams.push(stream);
  return stream;
}

async function reconnect(query = ''): Promise<string> {
  const { body } = await line.call('GET', `/conversations/${started.conversationId}${query}`, started.token);
  return String(body.streamUrl);
}

async function hears(stream: Stream, ...texts: string[]): Promise<void> {
  await until(
    () => stream.texts.length >= texts.length,
    () => `${texts} in ${stream.texts}`,
  );
  expect(stream.texts).toEqual(texts);
}

async function ends(stream: Stream): Promise<{ code: number; reason: string } | undefined> {
  await until(
    () => stream.ended !== undefined,
    () => 'the end of the stream',
  );
  return stream.ended;
}

describe('a stream', () => {
  test('tells what there was, then what is said, each with its watermark', async () => {
    line.engine.say(inside, 'one');
    const stream = open(started.streamUrl);
    await hears(stream, 'one');
    line.engine.say(inside, 'two');
    await hears(stream, 'one', 'two');
    expect(stream.sets.map(({ watermark }) => watermark)).toEqual(['1', '2']);
  });

  test('from a watermark tells what came after it, once, also while it is being opened', async () => {
    for (let said = 1; said <= 120; said++) line.engine.say(inside, `line ${said}`);
    let more = 120;
    line.engine.onRead(() => {
      if (more < 125) line.engine.say(inside, `line ${++more}`);
    });
    const stream = open(await reconnect('?watermark=2'));
    await hears(stream, ...Array.from({ length: 123 }, (_, index) => `line ${index + 3}`));
    expect(stream.watermark).toBe('125');
  });

  test('without a watermark tells what is said from now on', async () => {
    line.engine.say(inside, 'before');
    const stream = open(await reconnect());
    await until(
      () => line.engine.watchers === 1,
      () => 'a watcher',
    );
    line.engine.say(inside, 'after');
    await hears(stream, 'after');
  });

  test('of a client that had nothing yet begins at the beginning', async () => {
    line.engine.say(inside, 'one');
    await hears(open(await reconnect('?watermark=')), 'one');
  });

  test('tells that the other side is typing, and moves no watermark by it', async () => {
    const stream = open(started.streamUrl);
    line.engine.say(inside, 'one');
    await hears(stream, 'one');
    line.engine.typing(inside, true);
    line.engine.typing(inside, false);
    await until(
      () => stream.sets.length === 2,
      () => 'a sign of typing',
    );
    expect(stream.activities.map(({ type }) => type)).toEqual(['message', 'typing']);
    expect(stream.watermark).toBe('1');
  });

  test('is ended by a newer one of its conversation, and leaves nobody watching', async () => {
    const first = open(started.streamUrl);
    await until(
      () => first.ws.readyState === 1,
      () => 'the first stream',
    );
    const second = open(await reconnect('?watermark='));
    expect(await ends(first)).toEqual({ code: 1000, reason: 'collision' });
    line.engine.say(inside, 'one');
    await hears(second, 'one');
    expect(first.texts).toEqual([]);
    await until(
      () => line.engine.watchers === 1,
      () => `one watcher, not ${line.engine.watchers}`,
    );
  });

  test('hears nothing: what a client says there is a sign of life', async () => {
    const stream = open(started.streamUrl);
    line.engine.say(inside, 'one');
    await hears(stream, 'one');
    for (const said of ['', '{"type":"message","text":"hi"}', 'x']) stream.ws.send(said);
    line.engine.say(inside, 'two');
    await hears(stream, 'one', 'two');
    expect(line.engine.inbox.map(({ event }) => event.kind)).toEqual(['opened']);
  });

  test('is kept alive by empty messages', async () => {
    const untouched = ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'Date', 'performance'] as const;
    jest.useFakeTimers({ doNotFake: [...untouched, 'clearTimeout', 'clearImmediate'] });
    try {
      const stream = open(started.streamUrl);
      await until(
        () => stream.ws.readyState === 1 && line.engine.watchers === 1,
        () => 'the stream',
      );
      jest.advanceTimersByTime(15_000);
      await until(
        () => stream.beats === 1,
        () => 'an empty message',
      );
      expect(stream.sets).toEqual([]);
    } finally {
      jest.useRealTimers();
    }
  });

  test('of a reader that does not read is let go, and its memory with it', async () => {
    const reader = await deaf(started.streamUrl);
    while (line.engine.watchers === 0) await tick();
    const long = 'x'.repeat(8000);
    // Far beyond what the kernel takes on both sides.
    for (let said = 0; said < 5000 && line.engine.watchers > 0; said++) {
      line.engine.say(inside, long);
      if (said % 50 === 0) await tick();
    }
    while (line.engine.watchers > 0) await tick();
    expect(line.log.join('')).toContain('socket.slow_reader');
    reader.destroy();
  });

  test('from a page of another site is refused', async () => {
    const from = (origin: string) => handshake(started.streamUrl, origin);
    expect([await from('https://shop.example'), await from('https://evil.example'), await from('null')]).toEqual([
      101, 403, 403,
    ]);
  });

  test('ends when the server does, so that its client comes back', async () => {
    const stream = open(started.streamUrl);
    await until(
      () => stream.ws.readyState === 1,
      () => 'the stream',
    );
    await line.close();
    expect(await ends(stream)).toMatchObject({ code: 1001 });
    line = await openLine();
  });
});

describe('a ticket', () => {
  const refused = (url: string | URL) => ends(open(String(url)));

  test('is good for a minute', async () => {
    const url = await reconnect();
    line.clock.now += 61_000;
    expect(await refused(url)).toMatchObject({ code: 1006 });
  });

  test.each([
    ['none', (url: URL) => url.searchParams.delete('t')],
    ['a token', (url: URL) => url.searchParams.set('t', started.token)],
    ['the secret', (url: URL) => url.searchParams.set('t', SECRET)],
  ])('is not %s', async (_name, spoil) => {
    const url = new URL(started.streamUrl);
    spoil(url);
    expect(await refused(url)).toMatchObject({ code: 1006 });
  });

  test('opens no other conversation, and none of another account', async () => {
    const other = await line.start();
    for (const [from, to] of [
      [started.conversationId, other.conversationId],
      ['/line/', '/other/'],
      ['/line/', '/sms/'],
    ] as const)
      expect(await refused(started.streamUrl.replace(from, to))).toMatchObject({ code: 1006 });
    expect(line.engine.watchers).toBe(0);
  });
});

/** A socket that asks for the stream and then reads nothing. */
async function deaf(url: string): Promise<Socket> {
  const socket = ask(url, '');
  await new Promise<void>((resolve) => socket.once('data', () => resolve()));
  return socket.pause();
}

async function handshake(url: string, origin: string): Promise<number> {
  const socket = ask(url, `Origin: ${origin}\r\n`);
  const head = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
  socket.destroy();
  return Number(head.toString('latin1').split(' ')[1]);
}

function ask(url: string, headers: string): Socket {
  const { port, host, hostname, pathname, search } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => socket.destroy());
  socket.write(
    `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${headers}` +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  );
  return socket;
}
