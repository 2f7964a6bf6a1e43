/** What was bought together, by the skus of each order. */
export type Basket = ReadonlySet<string>;

/** How near two articles are, 0 to 1, and how often each was bought. */
export interface Similarity {
  between(one: string, other: string): number;
  /** Orders that it is in. */
  popularity(sku: string): number;
}

/**
 * Item-item cosine over orders (Linden, Smith and York 2003): of two articles, the orders that have both, by the geometric mean of the
 * orders that have either. What everybody buys is so near to nothing in particular.
 */
export function similarityOf(baskets: Iterable<Basket>): Similarity {
  const orders = new Map<string, number>();
  const together = new Map<string, number>();
  const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const basket of baskets) {
    const skus = [...basket].toSorted();
    for (const [at, sku] of skus.entries()) {
      count(orders, sku);
      for (const other of skus.slice(at + 1)) count(together, pairOf(sku, other));
    }
  }
  const popularity = (sku: string) => orders.get(sku) ?? 0;
  return {
    popularity,
    between(one, other) {
      const both = together.get(pairOf(one, other)) ?? 0;
      return both === 0 ? 0 : both / Math.sqrt(popularity(one) * popularity(other));
    },
  };
}

function pairOf(one: string, other: string): string {
  return one < other ? `${one}\n${other}` : `${other}\n${one}`;
}
