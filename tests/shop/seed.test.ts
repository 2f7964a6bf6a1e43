import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Database, openBooks } from '../../shop/books.ts';
import { seed } from '../../shop/seed/seed.ts';

let folder: string;
let books: Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shop-'));
  books = openBooks(folder);
});
afterEach(() => {
  books.close();
  rmSync(folder, { recursive: true, force: true });
});

const all = (of: Database, table: string) => of.prepare(`SELECT * FROM ${table}`).all();
const count = (table: string) => all(books, table).length;

test('fills the books with 500 customers, 2,000 orders in every status and 1,500 invoices', () => {
  seed(books, '2026-11-21');
  expect([count('customer'), count('placed_order'), count('invoice')]).toEqual([500, 2_000, 1_500]);
  const statuses = books.prepare('SELECT DISTINCT status FROM placed_order ORDER BY status').pluck().all();
  expect(statuses).toEqual(['cancelled', 'delivered', 'lost', 'out_for_delivery', 'packed', 'processing', 'shipped']);
  expect(books.prepare('SELECT count(DISTINCT currency) FROM customer').pluck().get()).toBe(5);
  expect(
    books
      .prepare("SELECT count(*) FROM placed_order WHERE id NOT GLOB '[A-Z][A-Z][0-9][0-9][0-9][0-9][0-9][0-9]'")
      .pluck()
      .get(),
  ).toBe(0);
  expect(
    books.prepare("SELECT count(*) FROM placed_order WHERE status = 'shipped' AND eta < '2026-11-19'").pluck().get(),
  ).toBeGreaterThan(10);
});

test('makes the same world on every machine', () => {
  seed(books, '2026-11-21');
  const elsewhere = mkdtempSync(join(tmpdir(), 'shop-'));
  const others = openBooks(elsewhere);
  try {
    seed(others, '2026-11-21');
    for (const table of ['customer', 'placed_order', 'order_line', 'shipment', 'invoice', 'charge'])
      expect(all(others, table)).toEqual(all(books, table));
  } finally {
    others.close();
    rmSync(elsewhere, { recursive: true, force: true });
  }
});

test('is not done twice: what happened since stays', () => {
  seed(books, '2026-11-21');
  books.prepare("UPDATE customer SET name = 'Anna Weber' WHERE id = 'C0001'").run();
  seed(books, '2026-11-21');
  expect(books.prepare("SELECT name FROM customer WHERE id = 'C0001'").pluck().get()).toBe('Anna Weber');
  expect(count('placed_order')).toBe(2_000);
});

test('moves its dates along when the shop is opened on a later day', () => {
  seed(books, '2026-11-21');
  seed(books, '2027-03-01');
  const order = books.prepare("SELECT eta, delivered_at FROM placed_order WHERE id = 'AB123456'").get() as {
    eta: string;
    delivered_at: number;
  };
  expect(order.eta).toBe('2027-02-20');
  expect(new Date(order.delivered_at).toISOString().slice(0, 10)).toBe('2027-02-20');
  expect(books.prepare("SELECT due FROM invoice WHERE id = 'INV-100001'").pluck().get()).toBe('2027-03-11');
});
