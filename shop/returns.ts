import { randomBytes, randomInt } from 'node:crypto';
import { z } from 'zod';
import type { Shop } from './counter.ts';
import { demo, read, write } from './endpoint.ts';
import { Money, money } from './money.ts';
import { CustomerId, findOrder, OrderId } from './orders.ts';
import { notFound, Refusal } from './refusal.ts';

const DAY = 24 * 60 * 60_000;
/** Days after delivery: a change of mind, and anything that is the shop's own fault. */
const WINDOW = 30;
const DEFECT_WINDOW = 180;
const QUOTE_LIFE = 7 * DAY;
/** Days a refund takes after the parcel has come back. */
const REFUND_DAYS = 5;
/** What sending back costs a customer who changed her mind, in minor units. */
const FEE = 495;
/** Refunds above this many minor units are looked at by a human. */
const REVIEW_ABOVE = 50_000;

const Reason = z.enum(['damaged', 'wrong_item', 'not_as_described', 'changed_mind']);
const Method = z.enum(['original', 'store_credit']);
const Rma = z.string().regex(/^R[0-9]{8}$/);

const Quote = z
  .strictObject({ id: z.string(), refund: Money, fee: Money, needs_review: z.boolean(), expires_at: z.iso.datetime() })
  .meta({ id: 'Quote' });

const Return = z
  .strictObject({
    rma: Rma,
    order_id: OrderId,
    status: z.enum(['created', 'refunded']),
    method: Method,
    refund: Money,
    label_url: z.url(),
    created_at: z.iso.datetime(),
    received_at: z.iso.datetime().nullable(),
    destination: z.string().describe('Where the money goes: the original payment, or store credit.'),
    expected_by: z.iso.date().nullable().describe('The day the money should be there, once the parcel is back.'),
  })
  .meta({ id: 'Return' });

export const returns = [
  write('/returns/quotes', {
    summary: 'What sending these articles back would give',
    takes: z.strictObject({
      order_id: OrderId,
      customer_id: CustomerId,
      reason: Reason,
      lines: z
        .array(z.object({ sku: z.string().max(32), qty: z.int().min(1).max(999) }))
        .min(1)
        .max(50),
    }),
    answer: Quote,
    refuses: ['not_found', 'not_delivered', 'window_closed', 'not_in_order', 'not_returnable', 'too_many'],
    handle: quote,
  }),
  write('/returns', {
    summary: 'Take a quote: opens a return with its label',
    takes: z.strictObject({ quote_id: z.string().max(32), customer_id: CustomerId, method: Method }),
    answer: Return,
    refuses: ['not_found', 'quote_expired', 'quote_used', 'too_many'],
    handle: create,
  }),
  read('/returns', {
    summary: "A customer's returns, the newest first, ten at most",
    takes: z.strictObject({ customer_id: CustomerId }),
    answer: z.array(Return),
    handle: (shop, { customer_id }) =>
      shop.books
        .prepare<[string], ReturnRow>(`${RETURNS} WHERE rma.customer = ? ORDER BY rma.created_at DESC LIMIT 10`)
        .all(customer_id)
        .map((row) => describe(shop, row)),
  }),
  read('/returns/{rma}', {
    summary: 'A return of this customer',
    takes: z.strictObject({ rma: Rma, customer_id: CustomerId }),
    answer: Return,
    refuses: ['not_found'],
    handle: (shop, { rma, customer_id }) => findReturn(shop, rma, customer_id),
  }),
  demo('POST /returns/{rma}/receive', {
    summary: 'The parcel has come back to the warehouse: the refund leaves, and whoever waits is told',
    write: true,
    takes: z.strictObject({ rma: Rma }),
    answer: Return,
    refuses: ['not_found'],
    handle: (shop, { rma }) => receive(shop, rma),
  }),
];

interface Request {
  order_id: string;
  customer_id: string;
  reason: z.infer<typeof Reason>;
  lines: readonly { sku: string; qty: number }[];
}

function quote(shop: Shop, { order_id, customer_id, reason, lines }: Request): z.infer<typeof Quote> {
  const order = findOrder(shop, order_id, customer_id);
  if (order.status !== 'delivered' || order.delivered_at === null)
    throw new Refusal(409, 'not_delivered', 'The order has not been delivered, so nothing of it can be sent back.');
  const days = reason === 'changed_mind' ? WINDOW : DEFECT_WINDOW;
  if (shop.now() - Date.parse(order.delivered_at) > days * DAY)
    throw new Refusal(409, 'window_closed', `The ${days} days for sending it back are over.`);
  const wanted = new Map<string, number>();
  for (const { sku, qty } of lines) wanted.set(sku, (wanted.get(sku) ?? 0) + qty);
  let goods = 0;
  for (const [sku, qty] of wanted) {
    const line = order.lines.find((candidate) => candidate.sku === sku);
    if (line === undefined) throw new Refusal(409, 'not_in_order', `${sku} is not in this order.`);
    if (!line.returnable) throw new Refusal(409, 'not_returnable', `${line.name} cannot be sent back.`);
    if (qty > line.qty - alreadyReturned(shop, order_id, sku))
      throw new Refusal(409, 'too_many', `There are not ${qty} × ${line.name} left to send back.`);
    goods += Math.round(line.price.amount * 100) * qty;
  }
  const fee = reason === 'changed_mind' ? Math.min(FEE, goods) : 0;
  const made = {
    id: `Q${randomBytes(9).toString('base64url')}`,
    refund: goods - fee,
    fee,
    needs_review: goods - fee > REVIEW_ABOVE,
    expires_at: shop.now() + QUOTE_LIFE,
  };
  shop.books
    .prepare('INSERT INTO quote VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
    .run(made.id, order_id, customer_id, reason, made.refund, fee, made.needs_review ? 1 : 0, made.expires_at);
  const addLine = shop.books.prepare('INSERT INTO quote_line VALUES (?, ?, ?)');
  for (const [sku, qty] of wanted) addLine.run(made.id, sku, qty);
  const { currency } = order.total;
  return {
    id: made.id,
    refund: money(made.refund, currency),
    fee: money(fee, currency),
    needs_review: made.needs_review,
    expires_at: new Date(made.expires_at).toISOString(),
  };
}

interface Acceptance {
  quote_id: string;
  customer_id: string;
  method: z.infer<typeof Method>;
}

function create(shop: Shop, { quote_id, customer_id, method }: Acceptance): z.infer<typeof Return> {
  const quoted = shop.books
    .prepare<[string, string], { order_id: string; expires_at: number }>(
      'SELECT order_id, expires_at FROM quote WHERE id = ? AND customer = ?',
    )
    .get(quote_id, customer_id);
  if (quoted === undefined) throw notFound();
  if (shop.books.prepare('SELECT 1 FROM rma WHERE quote = ?').get(quote_id) !== undefined)
    throw new Refusal(409, 'quote_used', 'A return was already opened with this quote.');
  if (shop.now() > quoted.expires_at)
    throw new Refusal(409, 'quote_expired', 'The quote has expired; ask for a new one.');
  refuseSecondReturn(shop, quote_id, quoted.order_id);
  const rma = `R${randomInt(10_000_000, 100_000_000)}`;
  shop.books
    .prepare('INSERT INTO rma VALUES (?, ?, ?, ?, ?, ?, ?, NULL)')
    .run(rma, quote_id, customer_id, quoted.order_id, method, randomBytes(18).toString('base64url'), shop.now());
  return findReturn(shop, rma, customer_id);
}

/** Two quotes over the same article may be open at once; only one of them can become a return. */
function refuseSecondReturn(shop: Shop, quote: string, order: string): void {
  const lines = shop.books
    .prepare<[string, string], { sku: string; qty: number; bought: number }>(
      'SELECT q.sku, q.qty, l.qty AS bought FROM quote_line q JOIN order_line l ON l.order_id = ? AND l.sku = q.sku WHERE q.quote = ?',
    )
    .all(order, quote);
  for (const { sku, qty, bought } of lines) {
    if (qty > bought - alreadyReturned(shop, order, sku))
      throw new Refusal(409, 'too_many', 'These articles are already being sent back.');
  }
}

function alreadyReturned(shop: Shop, order: string, sku: string): number {
  return shop.books
    .prepare<[string, string], { qty: number }>(
      'SELECT coalesce(sum(l.qty), 0) AS qty FROM rma JOIN quote_line l ON l.quote = rma.quote WHERE rma.order_id = ? AND l.sku = ?',
    )
    .get(order, sku)!.qty;
}

function receive(shop: Shop, rma: string): z.infer<typeof Return> {
  const row = shop.books.prepare<[string], ReturnRow>(`${RETURNS} WHERE rma.id = ?`).get(rma);
  if (row === undefined) throw notFound();
  if (row.received_at !== null) return describe(shop, row);
  const now = shop.now();
  shop.books.prepare('UPDATE rma SET received_at = ? WHERE id = ?').run(now, rma);
  shop.books
    .prepare('INSERT INTO refund VALUES (?, ?, ?, ?, ?, ?)')
    .run(`F${rma.slice(1)}`, rma, row.refund, destinationOf(row), now, dayOf(now + REFUND_DAYS * DAY));
  shop.announce('returns.received', { rma, order_id: row.order_id });
  return findReturn(shop, rma, row.customer);
}

const RETURNS = `
SELECT rma.*, quote.refund, placed_order.pay_method, customer.currency, refund.expected_by
FROM rma JOIN quote ON quote.id = rma.quote JOIN placed_order ON placed_order.id = rma.order_id
JOIN customer ON customer.id = rma.customer LEFT JOIN refund ON refund.rma = rma.id`;

interface ReturnRow {
  id: string;
  customer: string;
  order_id: string;
  method: z.infer<typeof Method>;
  label: string;
  created_at: number;
  received_at: number | null;
  refund: number;
  pay_method: string;
  currency: string;
  expected_by: string | null;
}

function findReturn(shop: Shop, rma: string, customer: string): z.infer<typeof Return> {
  const row = shop.books
    .prepare<[string, string], ReturnRow>(`${RETURNS} WHERE rma.id = ? AND rma.customer = ?`)
    .get(rma, customer);
  if (row === undefined) throw notFound();
  return describe(shop, row);
}

function describe(shop: Shop, row: ReturnRow): z.infer<typeof Return> {
  return {
    rma: row.id,
    order_id: row.order_id,
    status: row.received_at === null ? 'created' : 'refunded',
    method: row.method,
    refund: money(row.refund, row.currency),
    label_url: `${shop.url()}/labels/${row.label}`,
    created_at: new Date(row.created_at).toISOString(),
    received_at: row.received_at === null ? null : new Date(row.received_at).toISOString(),
    destination: destinationOf(row),
    expected_by: row.expected_by,
  };
}

function destinationOf(row: ReturnRow): string {
  return row.method === 'original' ? row.pay_method : 'store credit';
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
