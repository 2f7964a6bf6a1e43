import type { Statement } from 'better-sqlite3';
import type { Database } from '../books.ts';
import {
  CARRIERS,
  CATALOGUE,
  CHARGES,
  FIRST_NAMES,
  inCurrency,
  LAST_NAMES,
  PAY_METHODS,
  ZH_GIVEN,
  ZH_SURNAMES,
} from './catalogue.ts';
import { Chance } from './chance.ts';
import { PEOPLE, type PersonalInvoice, type PersonalOrder } from './people.ts';

const DAY = 24 * 60 * 60_000;
const CUSTOMERS = 500;
const ORDERS = 2_000;
const INVOICES = 1_500;

/**
 * Fills empty books with the demo's world, the same on every machine but for its dates, which lie around `today` (`YYYY-MM-DD`).
 * Books of an earlier day are moved to today instead, or every return window would close while the shop was shut.
 */
export function seed(books: Database, today: string): void {
  const seededOn = books.prepare<[], { value: string }>("SELECT value FROM fact WHERE name = 'today'").get()?.value;
  if (seededOn === today) return;
  books.transaction(() => {
    if (seededOn === undefined) new Seeding(books, today).run();
    else moveDates(books, (startOf(today) - startOf(seededOn)) / DAY);
    books.prepare("INSERT OR REPLACE INTO fact VALUES ('today', ?)").run(today);
  })();
}

/** Only what the seed made: returns, disputes and codes happened when they happened. */
function moveDates(books: Database, days: number): void {
  const shift = `${days} days`;
  books
    .prepare(
      'UPDATE placed_order SET placed_at = placed_at + @ms, delivered_at = delivered_at + @ms, eta = date(eta, @shift)',
    )
    .run({ ms: days * DAY, shift });
  books
    .prepare('UPDATE shipment SET delivered_at = delivered_at + @ms, eta = date(eta, @shift)')
    .run({ ms: days * DAY, shift });
  books.prepare('UPDATE invoice SET due = date(due, @shift)').run({ shift });
}

interface Customer {
  readonly id: string;
  readonly locale: 'en' | 'zh';
  readonly currency: string;
  readonly payMethod: string;
}

class Seeding {
  readonly #chance = new Chance(20_261_121);
  readonly #today: number;
  readonly #put: Readonly<
    Record<
      'customer' | 'order' | 'shipment' | 'line' | 'invoice' | 'charge' | 'dispute' | 'giftCard',
      Statement<unknown[]>
    >
  >;
  readonly #usedOrders = new Set<string>();
  #parcels = 0;
  #charges = 0;

  constructor(books: Database, today: string) {
    this.#today = startOf(today);
    this.#put = {
      customer: books.prepare('INSERT INTO customer VALUES (?, ?, ?, ?, ?)'),
      order: books.prepare('INSERT INTO placed_order VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)'),
      shipment: books.prepare('INSERT INTO shipment VALUES (?, ?, ?, ?, ?, ?, ?)'),
      line: books.prepare('INSERT INTO order_line VALUES (?, ?, ?, ?, ?, ?, ?)'),
      invoice: books.prepare('INSERT INTO invoice VALUES (?, ?, ?, ?, ?)'),
      charge: books.prepare('INSERT INTO charge VALUES (?, ?, ?, ?)'),
      dispute: books.prepare('INSERT INTO dispute VALUES (?, ?, ?, ?, ?, ?)'),
      giftCard: books.prepare('INSERT INTO gift_card VALUES (?, ?, ?, ?)'),
    };
  }

  run(): void {
    const customers: Customer[] = [];
    let orders = 0;
    let invoices = 0;
    for (const person of PEOPLE) {
      this.#put.customer.run(person.id, person.email, person.name, person.locale, person.currency);
      for (const order of person.orders) this.#addOrder(person, order);
      for (const invoice of person.invoices) this.#addInvoice(person, invoice);
      orders += person.orders.length;
      invoices += person.invoices.length;
    }
    for (let at = PEOPLE.length + 1; at <= CUSTOMERS; at++) customers.push(this.#addStranger(at));
    for (let at = orders; at < ORDERS; at++) this.#addOrder(this.#chance.pick(customers), this.#someOrder());
    for (let at = invoices; at < INVOICES; at++) {
      const customer = customers[at % customers.length]!;
      this.#addInvoice(customer, this.#someInvoice(customer, at, Math.floor((at - invoices) / customers.length) + 1));
    }
    this.#addGiftCards();
  }

  #addStranger(at: number): Customer {
    const chance = this.#chance;
    const locale = chance.weighted({ en: 6, zh: 4 });
    const currency = locale === 'zh' ? 'CNY' : chance.weighted({ EUR: 5, USD: 3, GBP: 2, CHF: 1 });
    const payMethod = chance.pick(PAY_METHODS[currency]!);
    const id = `C${String(at).padStart(4, '0')}`;
    const [name, address] = locale === 'zh' ? this.#zhName() : this.#enName();
    this.#put.customer.run(id, `${address}.${at}@example.com`, name, locale, currency);
    return { id, locale, currency, payMethod };
  }

  #enName(): [name: string, address: string] {
    const [first, last] = [this.#chance.pick(FIRST_NAMES), this.#chance.pick(LAST_NAMES)];
    return [`${first} ${last}`, `${first}.${last}`.toLowerCase()];
  }

  #zhName(): [name: string, address: string] {
    const [surname, given] = [this.#chance.pick(ZH_SURNAMES), this.#chance.pick(ZH_GIVEN)];
    return [surname[0] + given[0], `${surname[1]}.${given[1]}`];
  }

  #someOrder(): PersonalOrder {
    const chance = this.#chance;
    const status = chance.weighted({
      processing: 8,
      packed: 6,
      shipped: 18,
      out_for_delivery: 6,
      delivered: 54,
      lost: 3,
      cancelled: 5,
    });
    const day = {
      processing: () => chance.between(4, 9),
      packed: () => chance.between(2, 6),
      // One in six is late.
      shipped: () => (chance.between(1, 6) === 1 ? -chance.between(3, 9) : chance.between(1, 5)),
      out_for_delivery: () => 0,
      delivered: () => -chance.between(1, 240),
      lost: () => -chance.between(10, 40),
      cancelled: () => -chance.between(1, 60),
    }[status]();
    const skus = this.#someBasket(chance.between(1, 4));
    return {
      id: this.#newOrderId(),
      status,
      day,
      carrier: '',
      lines: [...skus].map((sku) => ({ sku, qty: chance.between(1, 3) })),
    };
  }

  /** One thing, then mostly what goes with it: without that, no purchase would tell anything of another. */
  #someBasket(size: number): ReadonlySet<string> {
    const chance = this.#chance;
    const first = chance.pick(CATALOGUE);
    const others = Array.from({ length: size - 1 }, () =>
      chance.between(1, 10) <= 7 ? chance.pick(first.beside) : chance.pick(CATALOGUE).sku,
    );
    return new Set([first.sku, ...others]);
  }

  #newOrderId(): string {
    const letter = () => String.fromCharCode(65 + this.#chance.between(0, 25));
    for (;;) {
      const id = `${letter()}${letter()}${this.#chance.between(100_000, 999_999)}`;
      if (!this.#usedOrders.has(id)) return id;
    }
  }

  #addOrder(customer: Customer, order: PersonalOrder): void {
    this.#usedOrders.add(order.id);
    const { id, status } = order;
    const carrier = order.carrier || this.#chance.pick(CARRIERS[customer.currency]!);
    const at = this.#today + order.day * DAY + this.#chance.between(9, 17) * 3_600_000;
    const deliveredAt = status === 'delivered' ? at : null;
    const eta = status === 'cancelled' ? null : dayOf(at);
    // Promised for today and ordered before it: four to six days lie between.
    const placedAt = Math.min(at, this.#today) - this.#chance.between(4, 6) * DAY;
    const lines = order.lines.map(({ sku, qty, parcel = 1 }) => {
      const article = CATALOGUE.find((candidate) => candidate.sku === sku)!;
      return { ...article, qty, parcel, price: inCurrency(article.price, customer.currency) };
    });
    const total = lines.reduce((sum, line) => sum + line.price * line.qty, 0);
    this.#put.order.run(id, customer.id, status, placedAt, deliveredAt, eta, carrier, total, customer.payMethod);
    const parcels = Math.max(...lines.map((line) => line.parcel));
    for (let parcel = 1; parcel <= parcels; parcel++) {
      // Of an order in several parcels, all but the last have arrived.
      const arrived = parcel < parcels;
      const tracking = `PX${String(700_000_000 + ++this.#parcels * 7_919)}`;
      this.#put.shipment.run(
        `${id}-${parcel}`,
        id,
        arrived ? 'delivered' : status,
        carrier,
        tracking,
        eta,
        arrived ? at - 2 * DAY : deliveredAt,
      );
    }
    for (const line of lines)
      this.#put.line.run(
        id,
        line.sku,
        line[customer.locale],
        line.qty,
        line.price,
        line.returnable ? 1 : 0,
        `${id}-${line.parcel}`,
      );
  }

  #someInvoice(customer: Customer, at: number, monthsAgo: number): PersonalInvoice {
    const chance = this.#chance;
    const name = (of: readonly [string, string, number]) => (customer.locale === 'zh' ? of[1] : of[0]);
    const charges: { label: string; amount: number }[] = [
      { label: customer.locale === 'zh' ? '家居会员' : 'Home Plus plan', amount: inCurrency(2990, customer.currency) },
    ];
    for (let count = chance.between(0, 2); count > 0; count--) {
      const charge = chance.pick(CHARGES);
      charges.push({ label: name(charge), amount: inCurrency(charge[2], customer.currency) });
    }
    const last = charges.at(-1)!;
    if (chance.between(1, 8) === 1)
      charges.push({ ...last, label: last.label + (customer.locale === 'zh' ? '（第 2 笔）' : ' (2nd booking)') });
    if (chance.between(1, 12) === 1)
      charges.push({
        label: customer.locale === 'zh' ? '增值服务 X9' : 'Value service X9',
        amount: inCurrency(870, customer.currency),
      });
    return { id: `INV-${200_000 + at}`, monthsAgo, paid: monthsAgo > 1 && chance.between(1, 10) > 1, charges };
  }

  #addInvoice(customer: Customer, { id, monthsAgo, paid, charges }: PersonalInvoice): void {
    const month = new Date(this.#today);
    const period = dayOf(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() - monthsAgo, 1)).slice(0, 7);
    // Last month's is due in ten days, older ones a month earlier each.
    const due = dayOf(this.#today + (10 - (monthsAgo - 1) * 30) * DAY);
    this.#put.invoice.run(id, customer.id, period, due, paid ? 1 : 0);
    for (const { label, amount, disputed } of charges) {
      const charge = `CH-${500_000 + ++this.#charges}`;
      this.#put.charge.run(charge, id, label, amount);
      if (disputed)
        this.#put.dispute.run(`D${charge.slice(3)}00`, charge, 'unknown', '', amount, this.#today - 4 * DAY);
    }
  }

  #addGiftCards(): void {
    this.#put.giftCard.run('GC-12345678', 2550, 'EUR', dayOf(this.#today + 400 * DAY));
    this.#put.giftCard.run('GC-00000001', 0, 'USD', dayOf(this.#today + 30 * DAY));
    this.#put.giftCard.run('GC-88888888', 20000, 'CNY', dayOf(this.#today + 700 * DAY));
  }
}

function startOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
