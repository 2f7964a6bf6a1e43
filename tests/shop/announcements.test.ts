import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openShop } from './open-shop.ts';

interface Taken {
  path: string | undefined;
  timestamp: string;
  signature: string;
  body: string;
}

const SECRET = 'a secret of the two';
let server: Server;
let url: string;
let statuses: number[];
let taken: Taken[];
let arrived: () => void;

beforeEach(async () => {
  statuses = [];
  taken = [];
  arrived = () => undefined;
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { 'x-parley-timestamp': timestamp, 'x-parley-signature': signature } = request.headers;
    taken.push({ path: request.url, timestamp: String(timestamp), signature: String(signature), body });
    response.writeHead(statuses.shift() ?? 202).end();
    arrived();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
});
afterEach(() => {
  server.closeAllConnections();
  return new Promise<void>((resolve) => void server.close(() => resolve()));
});

/** Waits for the count, or fails: a shop that has nothing more to tell would keep the test waiting for ever. */
async function until(count: number): Promise<void> {
  const late = AbortSignal.timeout(10_000);
  while (taken.length < count) {
    await new Promise<void>((resolve, reject) => {
      arrived = resolve;
      late.onabort = () => reject(new Error(`Only ${taken.length} of ${count} announcements came.`));
    });
  }
}

async function receiveReturn(shop: Awaited<ReturnType<typeof openShop>>): Promise<unknown> {
  const quote = await shop.post('/returns/quotes', {
    order_id: 'AB123456',
    customer_id: 'C0001',
    reason: 'damaged',
    lines: [{ sku: 'MUG-04', qty: 1 }],
  });
  const { body } = await shop.post('/returns', { quote_id: quote.body.id, customer_id: 'C0001', method: 'original' });
  await shop.post(`/returns/${body.rma}/receive`, '');
  return body.rma;
}

test('tells of a received return, signed, until it is taken, under the same id', async () => {
  statuses = [503];
  const shop = await openShop({ webhook: { url, secret: SECRET } });
  try {
    const rma = await receiveReturn(shop);
    await until(2);
    const [first, second] = taken as [Taken, Taken];
    expect(first.path).toBe('/events/returns.received');
    expect(first.signature).toBe(
      `sha256=${createHmac('sha256', SECRET).update(`${first.timestamp}.${first.body}`).digest('hex')}`,
    );
    expect(JSON.parse(first.body)).toEqual({ id: expect.any(String), data: { rma, order_id: 'AB123456' } });
    expect(second.body).toBe(first.body);
  } finally {
    await shop.remove();
  }
});

test('tells after a restart what it could not tell before', async () => {
  const before = await openShop();
  const rma = await receiveReturn(before);
  await before.close();
  const after = await openShop({ data: before.data, webhook: { url, secret: SECRET } });
  try {
    await until(1);
    expect(JSON.parse(taken[0]!.body).data.rma).toBe(rma);
  } finally {
    await after.remove();
  }
});
