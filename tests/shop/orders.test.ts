import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PEOPLE } from '../../shop/seed/people.ts';
import { type OpenShop, openShop } from './open-shop.ts';

let shop: OpenShop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.remove());

describe('orders', () => {
  test('shows its owner an order with its lines and parcels', async () => {
    const { status, body } = await shop.get('/orders/CN200021?customer_id=C0007');
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: 'CN200021', status: 'shipped', eta: '2026-11-18', total: { currency: 'CNY' } });
    expect(body.shipments).toMatchObject([
      { status: 'delivered', skus: ['CHR-31'] },
      { status: 'shipped', skus: ['LMP-07'] },
    ]);
  });

  test("answers for every person's order to her alone, and to all others as if it did not exist", async () => {
    const missing = await shop.get('/orders/ZZ999999?customer_id=C0001');
    expect(missing.status).toBe(404);
    for (const person of PEOPLE) {
      for (const order of person.orders) {
        expect((await shop.get(`/orders/${order.id}?customer_id=${person.id}`)).status).toBe(200);
        const stranger = PEOPLE.find((other) => other.id !== person.id)!;
        expect(await shop.get(`/orders/${order.id}?customer_id=${stranger.id}`)).toEqual(missing);
      }
    }
  });

  test('lists the newest first, and only the open ones when asked', async () => {
    const all = await shop.get('/orders?customer_id=C0001');
    expect(all.body.map((order) => order.id)).toEqual(['AB123458', 'AB123457', 'AB123456']);
    const open = await shop.get('/orders?customer_id=C0001&open=true');
    expect(open.body.map((order) => order.id)).toEqual(['AB123458', 'AB123457']);
    expect((await shop.get('/orders?customer_id=C0008')).body).toEqual([]);
  });

  test('refuses a caller without the key, a malformed question, and an unknown field', async () => {
    expect(await shop.get('/orders?customer_id=C0001', { authorization: 'Bearer wrong-key-here' })).toMatchObject({
      status: 401,
      body: { code: 'unauthorized' },
    });
    expect(await shop.get("/orders/x'%20OR%201=1?customer_id=C0001")).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
    expect(await shop.get('/orders?customer_id=C0001&admin=1')).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
  });

  test('serves the parcel page that an order links to, and no other', async () => {
    const { body } = await shop.get('/orders/AB123457?customer_id=C0001');
    const page = await fetch(String(body.tracking_url));
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('shipped');
    expect((await shop.get('/track/PX000000000')).body.code).toBe('no_such_page');
  });
});
