import { z } from 'zod';
import type { Shop } from './counter.ts';
import { read } from './endpoint.ts';
import { Money, money } from './money.ts';
import { CustomerId } from './orders.ts';
import { type Article, CATALOGUE, inCurrency, PURPOSES, RATES } from './seed/catalogue.ts';
import { type Similarity, similarityOf } from './similarity.ts';

const Recommendation = z
  .strictObject({
    sku: z.string(),
    name: z.string(),
    price: Money,
    url: z.url(),
    reason: z
      .enum(['bought_together', 'popular'])
      .describe('bought_together: by who bought `because` of hers. popular: bought most, of what she asked for.'),
    because: z.string().describe('Name of the article of hers that it goes with; empty for what is popular.'),
  })
  .meta({ id: 'Recommendation' });

const Wish = z.strictObject({
  customer_id: CustomerId.optional().describe('Whose earlier orders count; without her, what is popular comes first.'),
  purpose: z.enum(PURPOSES).optional(),
  budget: z.coerce.number().positive().max(1_000_000).optional().describe('What one article may cost at most.'),
  currency: z.string().length(3).optional().describe('Of the budget and of the prices; default: hers, else EUR.'),
  language: z.string().max(16).optional().describe('Of the names: zh, else English.'),
  limit: z.coerce.number().int().min(1).max(10).default(3),
});

export const recommendations = [
  read('/recommendations', {
    summary: 'Articles for this customer, the best first, by what others have bought together',
    takes: Wish,
    answer: z.array(Recommendation),
    handle: recommend,
  }),
];

/**
 * What goes with what she has, nearest first; then (and for who has bought nothing yet) what is bought most. Never what she has already,
 * what is dearer than her budget, or what is not sold alone.
 */
function recommend(shop: Shop, wish: z.output<typeof Wish>): z.infer<typeof Recommendation>[] {
  const { customer_id: customer, purpose, budget, language, limit } = wish;
  const known = wish.currency !== undefined && wish.currency in RATES ? wish.currency : undefined;
  // A budget in money that the shop does not take compares with no price.
  if (wish.currency !== undefined && known === undefined) return [];
  const currency = known ?? currencyOf(shop, customer);
  const similarity = similarityOf(basketsOf(shop));
  const hers = customer === undefined ? [] : boughtBy(shop, customer);
  return CATALOGUE.filter((article) => article.for.length > 0 && !hers.includes(article.sku))
    .filter((article) => purpose === undefined || article.for.includes(purpose))
    .filter((article) => budget === undefined || inCurrency(article.price, currency) <= budget * 100)
    .map((article) => ({ article, near: nearest(article, hers, similarity) }))
    .toSorted(
      (a, b) =>
        b.near.likeness - a.near.likeness ||
        similarity.popularity(b.article.sku) - similarity.popularity(a.article.sku),
    )
    .slice(0, limit)
    .map(({ article, near }) => ({
      sku: article.sku,
      name: nameOf(article, language),
      price: money(inCurrency(article.price, currency), currency),
      url: `${shop.url()}/articles/${language === 'zh' ? 'zh' : 'en'}/${article.sku}`,
      ...(near.to === undefined
        ? { reason: 'popular' as const, because: '' }
        : { reason: 'bought_together' as const, because: nameOf(near.to, language) }),
    }));
}

/** The article of hers that it goes with best; below `LEAST` they met by chance. */
function nearest(
  article: Article,
  hers: readonly string[],
  similarity: Similarity,
): { likeness: number; to?: Article } {
  const best = CATALOGUE.filter(({ sku }) => hers.includes(sku))
    .map((to) => ({ to, likeness: similarity.between(article.sku, to.sku) }))
    .toSorted((a, b) => b.likeness - a.likeness)[0];
  return best === undefined || best.likeness < LEAST ? { likeness: 0 } : best;
}

const LEAST = 0.1;

function basketsOf({ books }: Shop): Iterable<ReadonlySet<string>> {
  const lines = books
    .prepare<[], { order_id: string; sku: string }>(
      `SELECT order_id, sku FROM order_line JOIN placed_order ON placed_order.id = order_id WHERE status <> 'cancelled'`,
    )
    .all();
  return Map.groupBy(lines, ({ order_id }) => order_id)
    .values()
    .map((own) => new Set(own.map(({ sku }) => sku)));
}

function boughtBy({ books }: Shop, customer: string): string[] {
  return books
    .prepare<[string], { sku: string }>(
      `SELECT DISTINCT sku FROM order_line JOIN placed_order ON placed_order.id = order_id
       WHERE customer = ? AND status <> 'cancelled'`,
    )
    .all(customer)
    .map(({ sku }) => sku);
}

function currencyOf({ books }: Shop, customer: string | undefined): string {
  if (customer === undefined) return 'EUR';
  const row = books.prepare<[string], { currency: string }>('SELECT currency FROM customer WHERE id = ?').get(customer);
  return row?.currency ?? 'EUR';
}

function nameOf(article: Article, language: string | undefined): string {
  return language === 'zh' ? article.zh : article.en;
}
