import type { Way } from '../identity/reach.ts';
import type { Member, Store } from '../store/store.ts';

/**
 * Is this the conversation, of all that are hers, in which she is told what she has not asked for? There and nowhere else: where she
 * is best told by her own word ({@link Way}), or else where she wrote last.
 */
export async function isHerPlace(
  member: Member,
  store: Store,
  wayTo: (customer: string) => Promise<Way | undefined>,
): Promise<boolean> {
  if (member.customer === undefined) return true;
  const { name } = (await store.find(member.key))?.customer ?? {};
  const way = name === undefined ? undefined : await wayTo(name);
  // Nothing begins by itself at an address from which she has never written.
  if (way === undefined || (await store.load(way.account, way.address)) === undefined)
    return isLastUsed(store, member.key, member.customer);
  return way.account === member.account && way.address === member.address;
}

async function isLastUsed(store: Store, key: number, customer: number): Promise<boolean> {
  const identities = await store.identities(customer);
  const hers = await Promise.all(identities.map(({ account, address }) => store.load(account, address)));
  const others = hers.filter((one) => one !== undefined && one.key !== key);
  const own = (await store.heard(key)) ?? 0;
  const later = await Promise.all(
    others.map(async (one) => {
      const at = (await store.heard(one?.key ?? 0)) ?? 0;
      // Of two at the same instant, the younger one.
      return at > own || (at === own && (one?.key ?? 0) > key);
    }),
  );
  return !later.includes(true);
}
