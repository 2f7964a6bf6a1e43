import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type OpenShop, openShop } from './open-shop.ts';

let shop: OpenShop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.remove());

const quote = (order: string, customer: string, reason: string, lines: unknown) =>
  shop.post('/returns/quotes', { order_id: order, customer_id: customer, reason, lines });

describe('quotes', () => {
  test('gives the whole price back for what is damaged, less a fee for a change of mind', async () => {
    const lines = [{ sku: 'MUG-04', qty: 2 }];
    expect((await quote('AB123456', 'C0001', 'damaged', lines)).body).toMatchObject({
      refund: { amount: 25, currency: 'EUR' },
      fee: { amount: 0 },
      needs_review: false,
    });
    expect((await quote('AB123456', 'C0001', 'changed_mind', lines)).body).toMatchObject({
      refund: { amount: 20.05 },
      fee: { amount: 4.95 },
    });
  });

  test('lets a human look at a dear one', async () => {
    expect((await quote('GB600001', 'C0006', 'damaged', [{ sku: 'SOF-01', qty: 1 }])).body).toMatchObject({
      needs_review: true,
    });
  });

  test.each([
    ['before delivery', 'AB123457', 'C0001', 'damaged', { sku: 'LMP-07', qty: 1 }, 'not_delivered'],
    ['a change of mind after 30 days', 'IT500001', 'C0005', 'changed_mind', { sku: 'PAN-28', qty: 1 }, 'window_closed'],
    ['damage after 180 days', 'IT500002', 'C0005', 'damaged', { sku: 'MUG-04', qty: 1 }, 'window_closed'],
    ['what cannot be sent back', 'AB123456', 'C0001', 'damaged', { sku: 'TEA-11', qty: 1 }, 'not_returnable'],
    ['more than was bought', 'AB123456', 'C0001', 'damaged', { sku: 'MUG-04', qty: 5 }, 'too_many'],
    ['what was not bought', 'AB123456', 'C0001', 'damaged', { sku: 'SOF-01', qty: 1 }, 'not_in_order'],
  ])('refuses %s', async (_, order, customer, reason, line, code) => {
    expect(await quote(order, customer, reason, [line])).toMatchObject({ status: 409, body: { code } });
  });

  test('takes damage within the longer window', async () => {
    expect((await quote('IT500001', 'C0005', 'damaged', [{ sku: 'PAN-28', qty: 1 }])).status).toBe(200);
  });

  test('knows no order of somebody else', async () => {
    expect((await quote('AB123456', 'C0002', 'damaged', [{ sku: 'MUG-04', qty: 1 }])).status).toBe(404);
  });
});

describe('returns', () => {
  const accept = (quoteId: unknown, key?: string) =>
    shop.post('/returns', { quote_id: quoteId, customer_id: 'C0001', method: 'original' }, key);

  test('opens one per quote, and refuses the same articles twice', async () => {
    const lines = [{ sku: 'MUG-04', qty: 3 }];
    const [first, second] = [
      await quote('AB123456', 'C0001', 'damaged', lines),
      await quote('AB123456', 'C0001', 'damaged', lines),
    ];
    expect((await accept(first.body.id)).body).toMatchObject({
      status: 'created',
      destination: 'Visa ending 4242',
      expected_by: null,
    });
    expect(await accept(first.body.id)).toMatchObject({ status: 409, body: { code: 'quote_used' } });
    expect(await accept(second.body.id)).toMatchObject({ status: 409, body: { code: 'too_many' } });
    expect((await shop.get('/returns?customer_id=C0001')).body).toHaveLength(1);
  });

  test('takes a quote from nobody but its customer', async () => {
    const { body } = await quote('AB123456', 'C0001', 'damaged', [{ sku: 'MUG-04', qty: 1 }]);
    expect((await shop.post('/returns', { quote_id: body.id, customer_id: 'C0002', method: 'original' })).status).toBe(
      404,
    );
  });

  test('sends the refund when the parcel is back, once', async () => {
    const { body } = await quote('AB123456', 'C0001', 'damaged', [{ sku: 'MUG-04', qty: 1 }]);
    const { rma, label_url } = (await accept(body.id)).body;
    expect(await (await fetch(String(label_url))).text()).toContain(rma);
    const received = await shop.post(`/returns/${rma}/receive`, '');
    expect(received.body).toMatchObject({ status: 'refunded', refund: { amount: 12.5 }, expected_by: '2026-11-26' });
    expect((await shop.post(`/returns/${rma}/receive`, '')).body).toEqual(received.body);
    expect((await shop.get(`/returns/${rma}?customer_id=C0002`)).status).toBe(404);
  });
});
