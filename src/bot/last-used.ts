import type { Member, Store } from '../store/store.ts';

/** Is this the conversation in which she wrote last, of all that are hers? What she is told unasked, she is told there and nowhere else. */
export async function isLastUsed(store: Store, { key, customer }: Member): Promise<boolean> {
  if (customer === undefined) return true;
  const hers = await Promise.all(
    (await store.identities(customer)).map(({ account, address }) => store.load(account, address)),
  );
  const others = hers.filter((one) => one !== undefined && one.key !== key);
  if (others.length === 0) return true;
  const own = await lastHeard(store, key);
  const theirs = await Promise.all(others.map((one) => lastHeard(store, one?.key ?? 0)));
  // Of two at the same instant, the later one.
  return others.every((one, index) => {
    const at = theirs[index] ?? 0;
    return at < own || (at === own && (one?.key ?? 0) < key);
  });
}

async function lastHeard(store: Store, conversation: number): Promise<number> {
  return (await store.heard(conversation)) ?? 0;
}
