import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

export type Database = Sqlite.Database;

/** Opens the shop's books in a folder, made if it does not exist. Money is in minor units, times in epoch milliseconds, days are `YYYY-MM-DD`. */
export function openBooks(folder: string): Database {
  mkdirSync(folder, { recursive: true });
  const books = new Sqlite(join(folder, 'shop.sqlite'));
  books.pragma('journal_mode = WAL');
  books.pragma('synchronous = FULL');
  books.pragma('foreign_keys = ON');
  books.exec(TABLES);
  return books;
}

const TABLES = `
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS customer (
  id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, locale TEXT NOT NULL, currency TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS placed_order (
  id TEXT PRIMARY KEY, customer TEXT NOT NULL REFERENCES customer, status TEXT NOT NULL, placed_at INTEGER NOT NULL,
  delivered_at INTEGER, eta TEXT, carrier TEXT NOT NULL, total INTEGER NOT NULL, pay_method TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS order_of_customer ON placed_order (customer, placed_at);
CREATE TABLE IF NOT EXISTS shipment (
  id TEXT PRIMARY KEY, order_id TEXT NOT NULL REFERENCES placed_order, status TEXT NOT NULL, carrier TEXT NOT NULL,
  tracking_number TEXT NOT NULL, eta TEXT, delivered_at INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS shipment_of_order ON shipment (order_id);
CREATE TABLE IF NOT EXISTS order_line (
  order_id TEXT NOT NULL REFERENCES placed_order, sku TEXT NOT NULL, name TEXT NOT NULL, qty INTEGER NOT NULL,
  price INTEGER NOT NULL, returnable INTEGER NOT NULL, shipment TEXT REFERENCES shipment, PRIMARY KEY (order_id, sku)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS quote (
  id TEXT PRIMARY KEY, order_id TEXT NOT NULL REFERENCES placed_order, customer TEXT NOT NULL REFERENCES customer,
  reason TEXT NOT NULL, refund INTEGER NOT NULL, fee INTEGER NOT NULL, needs_review INTEGER NOT NULL, expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS quote_line (
  quote TEXT NOT NULL REFERENCES quote, sku TEXT NOT NULL, qty INTEGER NOT NULL, PRIMARY KEY (quote, sku)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rma (
  id TEXT PRIMARY KEY, quote TEXT NOT NULL UNIQUE REFERENCES quote, customer TEXT NOT NULL REFERENCES customer, order_id TEXT NOT NULL,
  method TEXT NOT NULL, label TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL, received_at INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS rma_of_customer ON rma (customer, created_at);
CREATE TABLE IF NOT EXISTS refund (
  id TEXT PRIMARY KEY, rma TEXT NOT NULL UNIQUE REFERENCES rma, amount INTEGER NOT NULL, destination TEXT NOT NULL,
  sent_at INTEGER NOT NULL, expected_by TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS invoice (
  id TEXT PRIMARY KEY, customer TEXT NOT NULL REFERENCES customer, period TEXT NOT NULL, due TEXT NOT NULL, paid INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS invoice_of_customer ON invoice (customer, due);
CREATE TABLE IF NOT EXISTS charge (
  id TEXT PRIMARY KEY, invoice TEXT NOT NULL REFERENCES invoice, label TEXT NOT NULL, amount INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS charge_of_invoice ON charge (invoice);
CREATE TABLE IF NOT EXISTS dispute (
  id TEXT PRIMARY KEY, charge TEXT NOT NULL UNIQUE REFERENCES charge, reason TEXT NOT NULL, note TEXT NOT NULL,
  credit INTEGER NOT NULL, opened_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS one_time_code (
  email TEXT PRIMARY KEY, salt BLOB NOT NULL, hash BLOB NOT NULL, expires_at INTEGER NOT NULL, tries_left INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mail (
  id INTEGER PRIMARY KEY, email TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, sent_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS mail_of_address ON mail (email, id);
CREATE TABLE IF NOT EXISTS gift_card (
  number TEXT PRIMARY KEY, balance INTEGER NOT NULL, currency TEXT NOT NULL, expires_on TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS answered (
  key TEXT PRIMARY KEY, request BLOB NOT NULL, status INTEGER NOT NULL, answer TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS announcement (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL, event TEXT NOT NULL, data TEXT NOT NULL, created_at INTEGER NOT NULL, delivered_at INTEGER
);
`;
