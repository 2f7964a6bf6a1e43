import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ActionContext } from '../../src/action.ts';
import { readConnectors } from '../../src/connector/connectors.ts';
import { type HttpActions, httpActions } from '../../src/connector/http.ts';
import type { JsonObject } from '../../src/type.ts';

const YAML = `
connectors:
  shop:
    base: \${SHOP}/v1/
    headers: {Authorization: "Bearer \${KEY:-none}"}
    find: {effect: read, in: {id: string, customer: "string?"}, out: "any", http: {method: GET, path: "/orders/{id}", not_found: null, result: {number: "{order.id}", all: "{.}"}}}
    plain: {effect: read, in: {id: string}, out: string, http: "GET /plain/{id}"}
    buy: {effect: write, in: {sku: string}, out: string, errors: [sold_out, gone], http: {method: POST, path: /buy, errors: {"409 sold_out": sold_out, "410": gone}}}
`.replaceAll('"any"', '{number: string}');

let server: Server;
let origin: string;
let seen: { method: string | undefined; url: string | undefined; headers: IncomingMessage['headers']; body: string }[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let actions: HttpActions;

beforeEach(async () => {
  seen = [];
  answer = (_request, response) => response.end('{"order":{"id":"A1"}}');
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connectors = readConnectors(YAML, 'connectors.yaml');
  expect(connectors.problems).toEqual([]);
  actions = httpActions(connectors, { SHOP: origin, KEY: 's3cret' });
});
afterEach(async () => {
  await actions.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const context = (signal: AbortSignal = AbortSignal.timeout(5_000)): ActionContext => ({
  key: 'key-1',
  signal,
  conversation: 'c',
  attempt: 1,
});
const run = (name: string, args: JsonObject, signal?: AbortSignal) => actions.get(name)!.run(args, context(signal));
const respond = (status: number, body: string, headers: Record<string, string> = {}) => {
  answer = (_request, response) => response.writeHead(status, headers).end(body);
};

describe('a request', () => {
  test('goes to its place under the base, with encoded arguments and headers from the environment', async () => {
    expect(await run('shop.find', { id: 'a/b?c#d é', customer: 'x&y=z' })).toEqual({
      number: 'A1',
      all: { order: { id: 'A1' } },
    });
    expect(seen[0]).toMatchObject({
      method: 'GET',
      url: '/v1/orders/a%2Fb%3Fc%23d%20%C3%A9?customer=x%26y%3Dz',
      body: '',
    });
    expect(seen[0]!.headers).toMatchObject({ authorization: 'Bearer s3cret', accept: 'application/json' });
    expect(seen[0]!.headers['idempotency-key']).toBeUndefined();
  });

  test('leaves an unset argument out of the query', async () => {
    await run('shop.find', { id: 'A1', customer: null });
    expect(seen[0]!.url).toBe('/v1/orders/A1');
  });

  test('carries the key and a JSON body when it writes', async () => {
    await run('shop.buy', { sku: 'x' });
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/v1/buy', body: '{"sku":"x"}' });
    expect(seen[0]!.headers).toMatchObject({ 'idempotency-key': 'key-1', 'content-type': 'application/json' });
  });

  test.each(['..', '.', ''])('is not sent with "%s" in its path', async (id) => {
    await expect(run('shop.find', { id })).rejects.toMatchObject({ error: 'unavailable', retryable: false });
    expect(seen).toEqual([]);
  });

  test('keeps its connection for the next', async () => {
    const ports = new Set<number | undefined>();
    answer = (request, response) => {
      ports.add(request.socket.remotePort);
      response.end('"ok"');
    };
    for (let count = 0; count < 6; count++) await run('shop.plain', { id: 'x' });
    // A second one is opened when a request comes before the first has quite put its answer away.
    expect(ports.size).toBeLessThanOrEqual(2);
  });
});

describe('an answer', () => {
  test('404 is no record where the binding says so, and an error elsewhere', async () => {
    respond(404, '{"code":"not_found"}');
    expect(await run('shop.find', { id: 'A1' })).toBeNull();
    await expect(run('shop.plain', { id: 'A1' })).rejects.toMatchObject({ error: 'unavailable', retryable: false });
  });

  test.each([
    [409, '{"code":"sold_out"}', 'sold_out', false],
    [409, '{"error":{"code":"sold_out"}}', 'sold_out', false],
    [409, '{"error":"sold_out"}', 'sold_out', false],
    [409, '{"code":"other"}', 'unavailable', false],
    [410, 'not json', 'gone', false],
    [400, '{}', 'unavailable', false],
    [429, '', 'unavailable', true],
    [500, '<h1>oops</h1>', 'unavailable', true],
    [503, '', 'unavailable', true],
  ])('%i %s is %s, retryable: %s', async (status, body, error, retryable) => {
    respond(status, body);
    await expect(run('shop.buy', { sku: 'x' })).rejects.toMatchObject({ error, retryable });
  });

  test('a redirect is not followed', async () => {
    respond(302, '', { location: `${origin}/elsewhere` });
    await expect(run('shop.plain', { id: 'x' })).rejects.toMatchObject({ error: 'unavailable', retryable: false });
    expect(seen).toHaveLength(1);
  });

  test('an empty one is unset', async () => {
    respond(204, '');
    expect(await run('shop.plain', { id: 'x' })).toBeNull();
  });

  test.each([
    ['no JSON', '<html>'],
    ['a million nested lists', '['.repeat(500_000)],
    ['deep JSON', `${'['.repeat(40)}${']'.repeat(40)}`],
    ['more than 1 MiB', JSON.stringify('x'.repeat(1_100_000))],
  ])('%s is refused', async (_, body) => {
    respond(200, body);
    await expect(run('shop.plain', { id: 'x' })).rejects.toMatchObject({ error: 'invalid_result', retryable: false });
  });

  test('brackets within texts do not count as depth', async () => {
    respond(200, JSON.stringify(`\\"${'['.repeat(100)}`));
    expect(await run('shop.plain', { id: 'x' })).toBe(`\\"${'['.repeat(100)}`);
  });
});

describe('a line', () => {
  test('that is too slow is a timeout, and may be tried again', async () => {
    answer = () => undefined;
    await expect(run('shop.buy', { sku: 'x' }, AbortSignal.timeout(50))).rejects.toMatchObject({
      error: 'timeout',
      retryable: true,
    });
  });

  test('that stalls in the middle of an answer is a timeout too', async () => {
    answer = (_request, response) => response.write('{"half":');
    await expect(run('shop.buy', { sku: 'x' }, AbortSignal.timeout(100))).rejects.toMatchObject({
      error: 'timeout',
      retryable: true,
    });
  });

  test('that is stopped by a shutdown is unavailable', async () => {
    const stop = new AbortController();
    answer = () => stop.abort();
    await expect(run('shop.buy', { sku: 'x' }, stop.signal)).rejects.toMatchObject({
      error: 'unavailable',
      retryable: true,
    });
  });

  test.each([
    ['before an answer', (response: ServerResponse) => response.socket!.destroy()],
    [
      'within an answer',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': '100' }).write('{');
        setImmediate(() => response.socket!.destroy());
      },
    ],
  ])('that breaks %s may be tried again under the same key', async (_, cut) => {
    answer = (_request, response) => void cut(response);
    await expect(run('shop.buy', { sku: 'x' })).rejects.toMatchObject({ error: 'unavailable', retryable: true });
  });

  test('to nobody is unavailable', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(run('shop.plain', { id: 'x' })).rejects.toMatchObject({ error: 'unavailable', retryable: true });
  });
});

describe('httpActions', () => {
  test('names every variable that is missing', () => {
    const connectors = readConnectors(
      `connectors: {a: {base: "\${ONE}", headers: {x: "\${TWO}", y: "\${THREE:-3}"}, b: {effect: read, out: string, http: GET /x}}}`,
      'c.yaml',
    );
    expect(() => httpActions(connectors, {})).toThrow(
      expect.objectContaining({
        code: 'connector.missing_environment',
        message: expect.stringContaining('ONE, TWO from'),
      }),
    );
  });

  test('refuses an address from the environment that is none', () => {
    const connectors = readConnectors(
      `connectors: {a: {base: "\${ONE}", b: {effect: read, out: string, http: GET /x}}}`,
      'c.yaml',
    );
    expect(() => httpActions(connectors, { ONE: 'file:///etc' })).toThrow(
      expect.objectContaining({ code: 'connector.base' }),
    );
  });
});
