import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type OpenShop, openShop } from './open-shop.ts';

let shop: OpenShop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.remove());

describe('billing', () => {
  test('shows invoices newest first, their totals the sum of their charges', async () => {
    const { body } = await shop.get('/invoices?customer_id=C0001');
    expect(body).toMatchObject([
      { id: 'INV-100001', period: '2026-10', due: '2026-12-01', paid: false, total: { amount: 49.7, currency: 'EUR' } },
      { id: 'INV-100002', period: '2026-09', paid: true },
    ]);
  });

  test('counts what is owed, what is late, and leaves disputed charges out', async () => {
    expect((await shop.get('/balance?customer_id=C0005')).body).toEqual({
      due: { amount: 64.8, currency: 'EUR' },
      overdue: { amount: 34.9, currency: 'EUR' },
      open_invoices: 2,
      next_due: '2026-12-01',
    });
    expect((await shop.get('/balance?customer_id=C0009')).body).toMatchObject({ due: { amount: 29.9 } });
  });

  test('refuses to dispute a charge of somebody else, or under the wrong invoice', async () => {
    const foreign = { customer_id: 'C0002', invoice_id: 'INV-100001', charge_id: 'CH-500003', reason: 'unknown' };
    const missing = await shop.post('/disputes', { ...foreign, charge_id: 'CH-000000' });
    expect(missing.status).toBe(404);
    expect(await shop.post('/disputes', foreign)).toEqual(missing);
    expect(await shop.post('/disputes', { ...foreign, customer_id: 'C0001', invoice_id: 'INV-100002' })).toEqual(
      missing,
    );
  });

  test('shows the case on a disputed charge', async () => {
    const { body } = await shop.get('/invoices?customer_id=C0009');
    expect(body[0]!.charges).toMatchObject([
      { case_id: null },
      { label: 'Premium support', case_id: expect.stringMatching(/^D\d+$/) },
    ]);
  });

  test('finds a gift card by its number', async () => {
    expect((await shop.get('/gift-cards/GC-12345678')).body).toMatchObject({
      balance: { amount: 25.5, currency: 'EUR' },
    });
    expect((await shop.get('/gift-cards/GC-99999999')).status).toBe(404);
  });
});
