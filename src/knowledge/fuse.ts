/**
 * Several orders made one by reciprocal ranks: what more than one knows well comes first, and none needs to know what another's scores mean.
 * Cormack, Clarke and Büttcher, “Reciprocal Rank Fusion”, SIGIR 2009, with their constant.
 */
export function fuse<T>(...orders: readonly (readonly T[])[]): readonly T[] {
  const scores = new Map<T, number>();
  for (const order of orders)
    for (const [rank, item] of order.entries()) scores.set(item, (scores.get(item) ?? 0) + 1 / (FLAT + rank + 1));
  return [...scores].toSorted(([, a], [, b]) => b - a).map(([item]) => item);
}

/** How little the first places count for more than those after them. */
const FLAT = 60;
