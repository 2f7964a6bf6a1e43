import { z } from 'zod';
import type { Shop } from './counter.ts';
import { read } from './endpoint.ts';
import { Money, money } from './money.ts';
import { notFound } from './refusal.ts';

export const OrderId = z.string().regex(/^[A-Z]{2}[0-9]{6}$/);
export const CustomerId = z.string().regex(/^C[0-9]{4}$/);
const Time = z.iso.datetime();
const Day = z.iso.date();

const STATUSES = ['processing', 'packed', 'shipped', 'out_for_delivery', 'delivered', 'lost', 'cancelled'] as const;
export const Status = z.enum(STATUSES).meta({ id: 'Status' });

const Line = z
  .strictObject({ sku: z.string(), name: z.string(), qty: z.int(), price: Money, returnable: z.boolean() })
  .meta({ id: 'Line' });

const Shipment = z
  .strictObject({
    id: z.string(),
    status: Status,
    carrier: z.string(),
    tracking_number: z.string(),
    tracking_url: z.url(),
    eta: Day.nullable(),
    delivered_at: Time.nullable(),
    skus: z.array(z.string()),
  })
  .meta({ id: 'Shipment' });

export const Order = z
  .strictObject({
    id: OrderId,
    status: Status,
    placed_at: Time,
    delivered_at: Time.nullable(),
    eta: Day.nullable(),
    carrier: z.string(),
    tracking_url: z.url(),
    total: Money,
    pay_method: z.string(),
    lines: z.array(Line),
    shipments: z.array(Shipment).describe('One parcel after another; more than one when the order was split.'),
  })
  .meta({ id: 'Order' });

export const orders = [
  read('/orders/{order_id}', {
    summary: 'An order of this customer',
    takes: z.strictObject({ order_id: OrderId, customer_id: CustomerId }),
    answer: Order,
    refuses: ['not_found'],
    handle: (shop, { order_id, customer_id }) => findOrder(shop, order_id, customer_id),
  }),
  read('/orders', {
    summary: "A customer's orders, the newest first, ten at most",
    takes: z.strictObject({
      customer_id: CustomerId,
      open: z.enum(['true', 'false']).optional().describe('true: only those that are still on their way.'),
    }),
    answer: z.array(Order),
    handle: (shop, { customer_id, open }) =>
      shop.books
        .prepare<[string], OrderRow>(
          `SELECT * FROM placed_order WHERE customer = ? ${open === 'true' ? OPEN : ''} ORDER BY placed_at DESC LIMIT 10`,
        )
        .all(customer_id)
        .map((row) => describe(shop, row)),
  }),
];

const OPEN = `AND status IN ('processing', 'packed', 'shipped', 'out_for_delivery')`;

/** Owner and number are looked up in one question, so a foreign order costs and says the same as one that does not exist. */
export function findOrder(shop: Shop, id: string, customer: string): z.infer<typeof Order> {
  const row = shop.books
    .prepare<[string, string], OrderRow>('SELECT * FROM placed_order WHERE id = ? AND customer = ?')
    .get(id, customer);
  if (row === undefined) throw notFound();
  return describe(shop, row);
}

interface OrderRow {
  id: string;
  status: (typeof STATUSES)[number];
  placed_at: number;
  delivered_at: number | null;
  eta: string | null;
  carrier: string;
  total: number;
  pay_method: string;
  customer: string;
}

interface LineRow {
  sku: string;
  name: string;
  qty: number;
  price: number;
  returnable: number;
  shipment: string | null;
}

interface ShipmentRow {
  id: string;
  status: (typeof STATUSES)[number];
  carrier: string;
  tracking_number: string;
  eta: string | null;
  delivered_at: number | null;
}

function describe(shop: Shop, row: OrderRow): z.infer<typeof Order> {
  const { currency } = shop.books
    .prepare<[string], { currency: string }>('SELECT currency FROM customer WHERE id = ?')
    .get(row.customer)!;
  const lines = shop.books
    .prepare<[string], LineRow>('SELECT * FROM order_line WHERE order_id = ? ORDER BY sku')
    .all(row.id);
  const shipments = shop.books
    .prepare<[string], ShipmentRow>('SELECT * FROM shipment WHERE order_id = ? ORDER BY id')
    .all(row.id);
  return {
    id: row.id,
    status: row.status,
    placed_at: time(row.placed_at),
    delivered_at: row.delivered_at === null ? null : time(row.delivered_at),
    eta: row.eta,
    carrier: row.carrier,
    tracking_url: tracking(shop, shipments[0]?.tracking_number ?? ''),
    total: money(row.total, currency),
    pay_method: row.pay_method,
    lines: lines.map(({ sku, name, qty, price, returnable }) => ({
      sku,
      name,
      qty,
      price: money(price, currency),
      returnable: returnable === 1,
    })),
    shipments: shipments.map(({ delivered_at, ...shipment }) => ({
      ...pick(shipment),
      tracking_url: tracking(shop, shipment.tracking_number),
      delivered_at: delivered_at === null ? null : time(delivered_at),
      skus: lines.filter((line) => line.shipment === shipment.id).map((line) => line.sku),
    })),
  };
}

function tracking(shop: Shop, number: string): string {
  return `${shop.url()}/track/${number}`;
}

function pick({ id, status, carrier, tracking_number, eta }: Omit<ShipmentRow, 'delivered_at'>) {
  return { id, status, carrier, tracking_number, eta };
}

function time(at: number): string {
  return new Date(at).toISOString();
}
