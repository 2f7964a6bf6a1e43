import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startShop } from '../../shop/shop.ts';
import type { ActionContext } from '../../src/action.ts';
import { readConnectors } from '../../src/connector/connectors.ts';
import { type HttpActions, httpActions } from '../../src/connector/http.ts';
import { conform } from '../../src/flow/value/value.ts';
import type { Json, JsonObject } from '../../src/type.ts';

/** The demo's connectors.yaml against the demo's shop: real requests, real trouble. */
const file = join(import.meta.dirname, '../../flows/connectors.yaml');
const connectors = readConnectors(readFileSync(file, 'utf8'), file);

let folder: string;
let shop: Awaited<ReturnType<typeof startShop>>;
let actions: HttpActions;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shop-'));
  shop = await startShop({ data: folder, today: '2026-11-21' });
  actions = httpActions(connectors, { SHOP_URL: shop.url });
});
afterEach(async () => {
  await actions.close();
  await shop.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As the engine does it: the result is held against the declared shape. */
async function run(name: string, args: JsonObject, context: Partial<ActionContext> = {}): Promise<Json> {
  const action = actions.get(name)!;
  const value = await action.run(args, {
    key: `${name} ${JSON.stringify(args)}`.replaceAll(' ', '_'),
    signal: AbortSignal.timeout(5_000),
    conversation: 'c',
    attempt: 1,
    ...context,
  });
  const result = conform(value, action.out);
  if (!result.ok) throw new Error(`${name}: ${result.path} does not conform (${result.reason})`);
  return result.value;
}
const trouble = (fault: object) =>
  fetch(`${shop.url}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });
const customer_id = 'C0001';
const mug = {
  sku: 'MUG-04',
  name: 'Stoneware mug',
  qty: 1,
  price: { amount: 12.5, currency: 'EUR' },
  returnable: true,
};
const quote = async () =>
  (await run(
    'returns.quote',
    { order_id: 'AB123456', customer_id, lines: [mug], reason: 'damaged' },
    { key: 'quote' },
  )) as { id: string };

describe('every action of the demo', () => {
  test('gives what it declares', async () => {
    expect(await run('orders.find', { order_id: 'AB123456', customer_id })).toMatchObject({ status: 'delivered' });
    expect(await run('orders.find', { order_id: 'CN200001', customer_id })).toBeNull();
    expect(await run('orders.recent', { customer_id })).toHaveLength(3);
    const { id } = await quote();
    expect(await run('returns.create', { quote_id: id, customer_id, method: 'original' })).toMatchObject({
      rma: expect.stringMatching(/^R/),
    });
    expect(await run('returns.recent', { customer_id })).toHaveLength(1);
    expect(await run('billing.invoices', { customer_id })).toHaveLength(2);
    expect(await run('billing.balance', { customer_id })).toMatchObject({ open_invoices: 1 });
    expect(
      await run('billing.dispute', {
        customer_id,
        invoice_id: 'INV-100001',
        charge_id: 'CH-500003',
        reason: 'duplicate',
        note: null,
      }),
    ).toMatchObject({ credit: { amount: 9.9 } });
    expect(await run('giftcards.find', { number: 'GC-12345678' })).toMatchObject({ balance: { amount: 25.5 } });
    expect(await run('giftcards.find', { number: 'GC-99999999' })).toBeNull();
  });

  test('proves who the customer is by the code that was mailed', async () => {
    const email = 'anna.schmidt@example.com';
    await run('identity.send_code', { email, channel: 'web' });
    const [mail] = (await (await fetch(`${shop.url}/mailbox/${email}`)).json()) as { code: string }[];
    expect(await run('identity.verify_code', { email, code: '0' })).toEqual({ ok: false, customer_id: '' });
    expect(await run('identity.verify_code', { email, code: mail!.code })).toEqual({ ok: true, customer_id: 'C0001' });
  });

  test("tells the shop's refusals apart", async () => {
    const args = {
      order_id: 'IT500001',
      customer_id: 'C0005',
      lines: [{ ...mug, sku: 'PAN-28' }],
      reason: 'changed_mind',
    };
    await expect(run('returns.quote', args)).rejects.toMatchObject({ error: 'window_closed', retryable: false });
    const disputed = { customer_id, invoice_id: 'INV-100001', charge_id: 'CH-500003', reason: 'duplicate', note: null };
    await run('billing.dispute', disputed, { key: 'one' });
    await expect(run('billing.dispute', disputed, { key: 'two' })).rejects.toMatchObject({ error: 'already_disputed' });
  });
});

describe('trouble at the shop', () => {
  test('a return done by a shop that could not say so is done once', async () => {
    const { id } = await quote();
    const args = { quote_id: id, customer_id, method: 'original' };
    await trouble({ match: 'POST /returns', drop_after_success: true, times: 1 });
    await expect(run('returns.create', args, { key: 'write-1' })).rejects.toMatchObject({
      error: 'unavailable',
      retryable: true,
    });
    const retried = await run('returns.create', args, { key: 'write-1', attempt: 2 });
    expect(await run('returns.recent', { customer_id })).toEqual([
      expect.objectContaining({ rma: (retried as { rma: string }).rma }),
    ]);
  });

  test('a return that was answered too late is done once', async () => {
    const { id } = await quote();
    const args = { quote_id: id, customer_id, method: 'original' };
    await trouble({ match: 'POST /returns', latency_ms: 300, times: 1 });
    await expect(
      run('returns.create', args, { key: 'write-1', signal: AbortSignal.timeout(50) }),
    ).rejects.toMatchObject({ error: 'timeout', retryable: true });
    const retried = await run('returns.create', args, { key: 'write-1', attempt: 2 });
    expect(await run('returns.create', args, { key: 'write-1', attempt: 3 })).toEqual(retried);
    expect(await run('returns.recent', { customer_id })).toHaveLength(1);
  });

  test('a 500 may be tried again, and passes when the shop is well', async () => {
    await trouble({ status: 500, times: 1 });
    await expect(run('orders.recent', { customer_id })).rejects.toMatchObject({
      error: 'unavailable',
      retryable: true,
    });
    expect(await run('orders.recent', { customer_id })).toHaveLength(3);
  });
});
