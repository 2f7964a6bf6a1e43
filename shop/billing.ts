import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { Shop } from './counter.ts';
import { read, write } from './endpoint.ts';
import { Money, money } from './money.ts';
import { CustomerId } from './orders.ts';
import { notFound, Refusal } from './refusal.ts';

const Charge = z
  .strictObject({
    id: z.string(),
    label: z.string(),
    amount: Money,
    case_id: z.string().nullable().describe('Its dispute, if there is one.'),
  })
  .meta({ id: 'Charge' });

const Invoice = z
  .strictObject({
    id: z.string(),
    period: z.string().describe('The month it is for: 2026-10.'),
    due: z.iso.date(),
    total: Money,
    paid: z.boolean(),
    charges: z.array(Charge),
  })
  .meta({ id: 'Invoice' });

const Balance = z
  .strictObject({
    due: Money.describe('What is owed in all, disputed charges left out.'),
    overdue: Money.describe('The part of it whose day has passed.'),
    open_invoices: z.int(),
    next_due: z.iso.date().nullable(),
  })
  .meta({ id: 'Balance' });

const Dispute = z
  .strictObject({ case_id: z.string(), credit: Money.describe('Credited until it is decided.') })
  .meta({ id: 'Dispute' });

export const billing = [
  read('/invoices', {
    summary: "A customer's invoices, the newest first, six at most",
    takes: z.strictObject({ customer_id: CustomerId }),
    answer: z.array(Invoice),
    handle: (shop, { customer_id }) => invoicesOf(shop, customer_id).slice(0, 6),
  }),
  read('/balance', {
    summary: 'What a customer owes',
    takes: z.strictObject({ customer_id: CustomerId }),
    answer: Balance,
    refuses: ['not_found'],
    handle: balance,
  }),
  write('/disputes', {
    summary: 'Dispute a charge: it is credited until it is decided',
    takes: z.strictObject({
      customer_id: CustomerId,
      invoice_id: z.string().max(32),
      charge_id: z.string().max(32),
      reason: z.enum(['unknown', 'duplicate', 'wrong_amount', 'cancelled_service']),
      note: z.string().max(2000).nullable().optional(),
    }),
    answer: Dispute,
    refuses: ['not_found', 'already_disputed'],
    handle: dispute,
  }),
];

interface InvoiceRow {
  id: string;
  period: string;
  due: string;
  paid: number;
}

interface ChargeRow {
  id: string;
  label: string;
  amount: number;
  case_id: string | null;
}

function invoicesOf(shop: Shop, customer: string): z.infer<typeof Invoice>[] {
  const currency = currencyOf(shop, customer);
  if (currency === undefined) return [];
  const charges = shop.books.prepare<[string], ChargeRow>(
    'SELECT charge.*, dispute.id AS case_id FROM charge LEFT JOIN dispute ON dispute.charge = charge.id WHERE invoice = ? ORDER BY charge.id',
  );
  return shop.books
    .prepare<[string], InvoiceRow>('SELECT * FROM invoice WHERE customer = ? ORDER BY due DESC')
    .all(customer)
    .map(({ id, period, due, paid }) => {
      const rows = charges.all(id);
      return {
        id,
        period,
        due,
        total: money(
          rows.reduce((sum, row) => sum + row.amount, 0),
          currency,
        ),
        paid: paid === 1,
        charges: rows.map(({ id, label, amount, case_id }) => ({
          id,
          label,
          amount: money(amount, currency),
          case_id,
        })),
      };
    });
}

function balance(shop: Shop, { customer_id }: { customer_id: string }): z.infer<typeof Balance> {
  const currency = currencyOf(shop, customer_id);
  if (currency === undefined) throw notFound();
  const open = shop.books
    .prepare<[string], { due: string; owed: number }>(
      `SELECT invoice.due, coalesce(sum(charge.amount) FILTER (WHERE dispute.id IS NULL), 0) AS owed
       FROM invoice JOIN charge ON charge.invoice = invoice.id LEFT JOIN dispute ON dispute.charge = charge.id
       WHERE customer = ? AND NOT paid GROUP BY invoice.id ORDER BY invoice.due`,
    )
    .all(customer_id);
  const today = new Date(shop.now()).toISOString().slice(0, 10);
  const sum = (rows: typeof open) =>
    money(
      rows.reduce((total, row) => total + row.owed, 0),
      currency,
    );
  return {
    due: sum(open),
    overdue: sum(open.filter((row) => row.due < today)),
    open_invoices: open.length,
    next_due: open.find((row) => row.due >= today)?.due ?? null,
  };
}

interface Complaint {
  customer_id: string;
  invoice_id: string;
  charge_id: string;
  reason: string;
  note?: string | null | undefined;
}

function dispute(shop: Shop, { customer_id, invoice_id, charge_id, reason, note }: Complaint): z.infer<typeof Dispute> {
  const charge = shop.books
    .prepare<[string, string, string], { amount: number; currency: string; case_id: string | null }>(
      `SELECT charge.amount, customer.currency, dispute.id AS case_id
       FROM charge JOIN invoice ON invoice.id = charge.invoice JOIN customer ON customer.id = invoice.customer
       LEFT JOIN dispute ON dispute.charge = charge.id
       WHERE charge.id = ? AND invoice.id = ? AND invoice.customer = ?`,
    )
    .get(charge_id, invoice_id, customer_id);
  if (charge === undefined) throw notFound();
  if (charge.case_id !== null)
    throw new Refusal(409, 'already_disputed', `This charge is already disputed under ${charge.case_id}.`);
  const id = `D${randomInt(10_000_000, 100_000_000)}`;
  shop.books
    .prepare('INSERT INTO dispute VALUES (?, ?, ?, ?, ?, ?)')
    .run(id, charge_id, reason, note ?? '', charge.amount, shop.now());
  return { case_id: id, credit: money(charge.amount, charge.currency) };
}

function currencyOf(shop: Shop, customer: string): string | undefined {
  return shop.books.prepare<[string], { currency: string }>('SELECT currency FROM customer WHERE id = ?').get(customer)
    ?.currency;
}
