import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { neverLeft, request, TooLarge } from '../src/line.ts';

let server: Server;
let origin = '';
let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;
let connections = 0;

beforeEach(async () => {
  connections = 0;
  server = createServer((asked, response) => {
    const chunks: Buffer[] = [];
    asked.on('data', (chunk: Buffer) => chunks.push(chunk));
    asked.on('end', () => answer(asked, response, Buffer.concat(chunks).toString()));
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const signal = () => AbortSignal.timeout(10_000);
const get = (path: string, more: { readonly limit?: number } = {}) =>
  request({ url: `${origin}${path}`, method: 'GET', signal: signal(), ...more });

describe('a call to a platform', () => {
  test('keeps its line open for the next one', async () => {
    answer = ({ url }, response) => response.end(JSON.stringify({ url }));
    expect((await get('/one?a=%20b')).json()).toEqual({ url: '/one?a=%20b' });
    expect((await get('/two')).json()).toEqual({ url: '/two' });
    for (let call = 0; call < 8; call += 1) await get('/more');
    // A line is free again a moment after the last byte of an answer.
    expect(connections).toBeLessThanOrEqual(2);
  });

  test('follows nobody elsewhere', async () => {
    answer = (_, response) => response.writeHead(302, { location: `${origin}/elsewhere` }).end();
    const { status, header } = await get('/');
    expect([status, header('location')]).toEqual([302, `${origin}/elsewhere`]);
  });

  test('is made once, whatever it is answered', async () => {
    let calls = 0;
    answer = (_, response) => {
      calls += 1;
      response.writeHead(503, { 'retry-after': '1' }).end('<html>');
    };
    const answered = await get('/');
    expect([answered.status, answered.header('retry-after'), answered.json()]).toEqual([503, '1', undefined]);
    expect(calls).toBe(1);
  });

  test('carries files in forms', async () => {
    answer = ({ headers }, response, body) => response.end(JSON.stringify({ type: headers['content-type'], body }));
    const form = new FormData();
    form.append('media', new Blob(['bytes']), 'picture.png');
    const told = (await request({ url: origin, method: 'POST', body: form, signal: signal() })).json();
    expect(told).toMatchObject({
      type: expect.stringContaining('multipart/form-data; boundary='),
      body: expect.stringMatching(/name="media"; filename="picture.png"[\s\S]*bytes/),
    });
  });

  test('takes no more of an answer than it is told to', async () => {
    answer = (_, response) => response.end('x'.repeat(2_000));
    await expect(get('/', { limit: 1_999 })).rejects.toBeInstanceOf(TooLarge);
    expect((await get('/', { limit: 2_000 })).bytes.byteLength).toBe(2_000);
  });

  test('ends with its signal while the platform says nothing', async () => {
    answer = () => undefined;
    const call = request({ url: origin, method: 'POST', body: 'x', signal: AbortSignal.timeout(100) });
    const error = await call.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'TimeoutError' });
    expect(neverLeft(error)).toBe(false);
  });
});

describe('a call that failed', () => {
  test('never left where nobody listens', async () => {
    const url = origin;
    await new Promise((resolve) => server.close(resolve));
    const error = await request({ url, method: 'POST', body: 'x', signal: signal() }).catch(
      (thrown: unknown) => thrown,
    );
    expect(neverLeft(error)).toBe(true);
    expect(neverLeft(new Error('The line broke.', { cause: error }))).toBe(true);
  });

  test('may have arrived where the line broke before its answer', async () => {
    answer = ({ socket }) => void socket.destroy();
    const error = await request({ url: origin, method: 'POST', body: 'x', signal: signal() }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Error);
    expect(neverLeft(error)).toBe(false);
  });

  test.each([[undefined], [null], ['ECONNREFUSED'], [new Error('?')]])(
    'is not thought never to have left for %p',
    (error) => {
      expect(neverLeft(error)).toBe(false);
    },
  );
});
