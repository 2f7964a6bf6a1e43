import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type OpenShop, openShop } from './open-shop.ts';

let shop: OpenShop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.remove());

const complaint = { customer_id: 'C0001', invoice_id: 'INV-100001', charge_id: 'CH-500003', reason: 'duplicate' };

test('the same key gets the same answer and no second effect, after a restart too', async () => {
  const first = await shop.post('/disputes', complaint, 'key-1');
  expect(first).toMatchObject({ status: 200, body: { credit: { amount: 9.9, currency: 'EUR' } } });
  expect(await shop.post('/disputes', complaint, 'key-1')).toEqual(first);
  await shop.close();
  shop = await openShop({ data: shop.data });
  expect(await shop.post('/disputes', complaint, 'key-1')).toEqual(first);
  expect(await shop.post('/disputes', complaint, 'key-2')).toMatchObject({
    status: 409,
    body: { code: 'already_disputed' },
  });
});

test('the same key with another body is a conflict, and changes nothing', async () => {
  await shop.post('/disputes', complaint, 'key-1');
  const other = { ...complaint, charge_id: 'CH-500002' };
  expect(await shop.post('/disputes', other, 'key-1')).toMatchObject({ status: 409, body: { code: 'key_reused' } });
  expect((await shop.post('/disputes', other, 'key-2')).status).toBe(200);
});

test('a write without a key is refused', async () => {
  expect(await shop.ask('POST', '/disputes', complaint)).toMatchObject({ status: 400, body: { code: 'key_missing' } });
});

test('a refusal is remembered as well', async () => {
  const early = { ...complaint, charge_id: 'CH-999999' };
  const refused = await shop.post('/disputes', early, 'key-1');
  expect(refused.status).toBe(404);
  expect(await shop.post('/disputes', early, 'key-1')).toEqual(refused);
});

test('two tries at once are one write', async () => {
  const [one, two] = await Promise.all([
    shop.post('/disputes', complaint, 'key-1'),
    shop.post('/disputes', complaint, 'key-1'),
  ]);
  expect(one).toEqual(two);
});

test('a body that is no JSON object is refused before anything happens', async () => {
  expect((await shop.post('/disputes', '{"a":')).body.code).toBe('malformed_json');
  expect((await shop.post('/disputes', '[]')).body.code).toBe('invalid_request');
  expect((await shop.post('/disputes', '{"__proto__": {"admin": true}}')).body.code).toBe('invalid_request');
  expect((await shop.post('/disputes', { ...complaint, note: 'x'.repeat(300_000) })).body.code).toBe('too_large');
});
