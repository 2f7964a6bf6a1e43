import { openBooks } from '../../shop/books.ts';
import { CATALOGUE } from '../../shop/seed/catalogue.ts';

/** Somebody who has bought just what a person of the demo shop has. */
export interface Neighbour {
  readonly email: string;
  /** Under way. */
  readonly parcel: string;
  /** Can be sent back. */
  readonly delivered: string;
  /** Of her newest bill: `2026-10`. */
  readonly period: string;
}

interface Model {
  readonly id: string;
  readonly parcel: string;
  readonly delivered: string;
}

/** Two people of the demo shop (shop/seed/people.ts). */
const MODELS = {
  en: { id: 'C0001', parcel: 'AB123457', delivered: 'AB123456' },
  zh: { id: 'C0002', parcel: 'CN200001', delivered: 'CN200002' },
} as const;

/**
 * Lets people move in beside Anna Schmidt or 李伟: each with orders and bills of her own, because an article goes back only once.
 * @param data the folder of the shop's books
 */
export function moveIn(data: string, language: keyof typeof MODELS, count: number, from = 0): Neighbour[] {
  const model: Model = MODELS[language];
  const books = openBooks(data);
  try {
    const move = books.transaction((at: number) => copy(books, model, at));
    return Array.from({ length: count }, (_, index) => move(from + index));
  } finally {
    books.close();
  }
}

/** Puts one more article into an order, in the words and the money of its customer. */
export function addTo(data: string, order: string, sku: string): void {
  const article = CATALOGUE.find((one) => one.sku === sku);
  if (article === undefined) throw new Error(`The shop does not sell ${sku}.`);
  const books = openBooks(data);
  try {
    books
      .prepare(
        `INSERT INTO order_line SELECT o.id, @sku, iif(c.locale = 'zh', @zh, @en), 1, @price, 1, s.id FROM placed_order o
         JOIN customer c ON c.id = o.customer JOIN shipment s ON s.order_id = o.id WHERE o.id = @order LIMIT 1`,
      )
      .run({ sku, order, en: article.en, zh: article.zh, price: article.price });
  } finally {
    books.close();
  }
}

/** Names that a stranger has chosen: of a customer, and of every article that she has bought. */
export function rename(data: string, { email }: Neighbour, name: string, goods = name): void {
  const books = openBooks(data);
  try {
    books.prepare('UPDATE customer SET name = ? WHERE email = ?').run(name, email);
    books
      .prepare(
        `UPDATE order_line SET name = ? WHERE order_id IN
         (SELECT o.id FROM placed_order o JOIN customer c ON c.id = o.customer WHERE c.email = ?)`,
      )
      .run(goods, email);
  } finally {
    books.close();
  }
}

/** How many returns and disputes the shop has taken. */
export function written(data: string): number {
  const books = openBooks(data);
  try {
    return Number(books.prepare('SELECT (SELECT count(*) FROM rma) + (SELECT count(*) FROM dispute)').pluck().get());
  } finally {
    books.close();
  }
}

function copy(books: ReturnType<typeof openBooks>, { id, parcel, delivered }: Model, at: number): Neighbour {
  const number = String(at).padStart(3, '0');
  const names = { id, own: `C9${number}`, number, email: `neighbour${number}@example.com` };
  for (const sentence of COPY) books.prepare(sentence).run(names);
  const { period } = books
    .prepare<[string], { period: string }>('SELECT max(period) AS period FROM invoice WHERE customer = ?')
    .get(names.own) ?? { period: '' };
  const order = (of: string) => `${of.slice(0, 2)}8${number}${of.slice(-2)}`;
  return { email: names.email, parcel: order(parcel), delivered: order(delivered), period };
}

/** `AB123456` of the 7th neighbour is `AB800756`; what nobody reads keeps its name with a mark. */
const ORDER = (column: string) => `substr(${column}, 1, 2) || '8' || @number || substr(${column}, -2)`;
const MARKED = (column: string) => `${column} || '-' || @number`;
const HERS = '(SELECT id FROM placed_order WHERE customer = @id)';
const COPY = [
  'INSERT INTO customer SELECT @own, @email, name, locale, currency FROM customer WHERE id = @id',
  `INSERT INTO placed_order SELECT ${ORDER('id')}, @own, status, placed_at, delivered_at, eta, carrier, total, pay_method
    FROM placed_order WHERE customer = @id`,
  `INSERT INTO shipment SELECT ${MARKED('id')}, ${ORDER('order_id')}, status, carrier, ${MARKED('tracking_number')}, eta, delivered_at
    FROM shipment WHERE order_id IN ${HERS}`,
  `INSERT INTO order_line SELECT ${ORDER('order_id')}, sku, name, qty, price, returnable, ${MARKED('shipment')}
    FROM order_line WHERE order_id IN ${HERS}`,
  `INSERT INTO invoice SELECT ${MARKED('id')}, @own, period, due, paid FROM invoice WHERE customer = @id`,
  `INSERT INTO charge SELECT ${MARKED('id')}, ${MARKED('invoice')}, label, amount
    FROM charge WHERE invoice IN (SELECT id FROM invoice WHERE customer = @id)`,
];
