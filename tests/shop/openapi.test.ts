import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { type OpenShop, openShop } from './open-shop.ts';

type Schema = Parameters<typeof z.fromJSONSchema>[0];
interface Operation {
  parameters: { name: string; in: string; required: boolean }[];
  security: unknown[];
  requestBody?: { content: { 'application/json': { schema: object } } };
  responses: { 200: { content: { 'application/json': { schema: object } } } };
}
interface Api {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: object };
}

let shop: OpenShop;
let api: Api;
beforeAll(async () => {
  shop = await openShop();
  api = (await shop.get('/openapi.json')).body as unknown as Api;
});
afterAll(() => shop.remove());

/** The description's own schema of an answer, its references resolved. */
function answerSchema(method: string, path: string): z.ZodType {
  const { schema } = api.paths[path]![method]!.responses[200].content['application/json'];
  const moved = JSON.stringify({ ...schema, $defs: api.components.schemas }).replaceAll(
    '#/components/schemas/',
    '#/$defs/',
  );
  return z.fromJSONSchema(JSON.parse(moved) as Schema);
}

test('describes every route, and every described route is there', async () => {
  expect(api.openapi).toBe('3.1.0');
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(operations).toHaveLength(19);
  for (const operation of operations) {
    const [method, path] = operation.split(' ') as [string, string];
    const { status, body } = await shop.ask(
      method,
      path.replaceAll(/\{\w+\}/g, '~'),
      method === 'POST' ? {} : undefined,
    );
    expect([operation, body.code]).not.toEqual([operation, 'no_such_route']);
    expect(status).toBeLessThan(500);
  }
});

test('says of every write that it needs a key, and of every part of the world around that it needs none', () => {
  for (const [path, methods] of Object.entries(api.paths)) {
    const demo = /^\/(faults|mailbox|demo)|receive$/.test(path);
    for (const [method, operation] of Object.entries(methods)) {
      expect([path, operation.security.length]).toEqual([path, demo ? 0 : 1]);
      const keyed = operation.parameters.some(({ name }) => name === 'Idempotency-Key');
      expect([path, keyed]).toEqual([path, method === 'post' && path !== '/faults']);
    }
  }
});

test.each([
  ['/orders/{order_id}', '/orders/AB123456?customer_id=C0001'],
  ['/orders', '/orders?customer_id=C0007'],
  ['/invoices', '/invoices?customer_id=C0009'],
  ['/balance', '/balance?customer_id=C0005'],
  ['/gift-cards/{number}', '/gift-cards/GC-12345678'],
  ['/customers/{customer_id}', '/customers/C0002'],
  ['/recommendations', '/recommendations?customer_id=C0001&budget=50'],
  ['/demo/people', '/demo/people'],
])('GET %s answers as described', async (path, address) => {
  const { status, body } = await shop.get(address);
  expect(status).toBe(200);
  expect(answerSchema('get', path).safeParse(body)).toMatchObject({ success: true });
});

test('POST /returns/quotes, /returns and the receipt answer as described', async () => {
  const quote = await shop.post('/returns/quotes', {
    order_id: 'AB123456',
    customer_id: 'C0001',
    reason: 'damaged',
    lines: [{ sku: 'MUG-04', qty: 1 }],
  });
  expect(answerSchema('post', '/returns/quotes').safeParse(quote.body)).toMatchObject({ success: true });
  const opened = await shop.post('/returns', { quote_id: quote.body.id, customer_id: 'C0001', method: 'store_credit' });
  expect(answerSchema('post', '/returns').safeParse(opened.body)).toMatchObject({ success: true });
  const received = await shop.post(`/returns/${opened.body.rma}/receive`, '');
  expect(answerSchema('post', '/returns/{rma}/receive').safeParse(received.body)).toMatchObject({ success: true });
});

test('people to try are what they are said to be', async () => {
  const { body: people } = await shop.get('/demo/people');
  expect(people.length).toBeGreaterThanOrEqual(8);
  for (const { shows_zh } of people as unknown as { shows_zh: string }[]) expect(shows_zh).toMatch(/\p{Script=Han}/u);
  for (const person of people as unknown as {
    customer_id: string;
    foreign_order: string;
    orders: { id: string; status: string }[];
  }[]) {
    for (const order of person.orders)
      expect((await shop.get(`/orders/${order.id}?customer_id=${person.customer_id}`)).body.status).toBe(order.status);
    expect((await shop.get(`/orders/${person.foreign_order}?customer_id=${person.customer_id}`)).status).toBe(404);
  }
});
