import type { Channel } from '../channel.ts';
import type { Whither } from '../event.ts';
import type { Store, StoredIdentity } from '../store/store.ts';
import type { JsonObject } from '../type.ts';

export interface ReachParts {
  readonly store: Pick<Store, 'customer' | 'identities' | 'load' | 'heard' | 'arrived' | 'ruling' | 'allowance'>;
  readonly channels: ReadonlyMap<string, { readonly channel: Channel }>;
  /** May who has ruled so be written to? */
  readonly mayTell: (ruling: JsonObject | undefined) => boolean;
  readonly clock: { now(): number };
}

/** An address of a customer, and whether she may be told something there. */
export interface Way {
  readonly account: string;
  readonly address: string;
  /** Not where she has opted out or blocked us: then it is only where a human finds her. */
  readonly mayTell: boolean;
}

/** What a customer has said about where she likes to hear from us: the name of an account, or a kind of channel. */
const PREFERENCE = 'preferred_channel';

/**
 * Where a customer is told something that she has not just asked for: first where she has said that she prefers it, then where she last
 * wrote; of these only where she may be written to, and rather where the platform's window is open than where it would have to wait.
 * What is told again goes where it went before, whatever has changed since. `undefined`: nobody of that name is known by any address.
 */
export async function wayTo(name: string, key: string | undefined, parts: ReachParts): Promise<Way | undefined> {
  const customer = await parts.store.customer(name);
  if (customer === undefined) return undefined;
  const identities = (await parts.store.identities(customer.key)).filter(({ account }) => parts.channels.has(account));
  const wanted = customer.attributes[PREFERENCE];
  const looked = await Promise.all(identities.map((identity) => look(identity, { wanted, key }, parts)));
  const [best] = looked.toSorted(
    (a, b) =>
      Number(b.isTold) - Number(a.isTold) ||
      Number(b.mayTell) - Number(a.mayTell) ||
      Number(b.isOpen) - Number(a.isOpen) ||
      Number(b.isWanted) - Number(a.isWanted) ||
      b.heard - a.heard,
  );
  if (best === undefined) return undefined;
  const { account, address, mayTell } = best;
  return { account, address, mayTell };
}

/**
 * Where else she is told what did not reach her in a conversation: by the next of her ways that is open, but by none of the accounts
 * that have tried. `undefined`: there is none, or nobody knows who she is.
 */
export async function otherWay(
  conversation: number,
  tried: readonly string[],
  parts: ReachParts & { readonly store: Pick<Store, 'find'> },
): Promise<Whither | undefined> {
  const { customer } = (await parts.store.find(conversation)) ?? {};
  if (customer === undefined) return undefined;
  const identities = (await parts.store.identities(customer.key)).filter(({ account }) => !tried.includes(account));
  const wanted = customer.attributes[PREFERENCE];
  const looked = await Promise.all(identities.map((identity) => look(identity, { wanted, key: undefined }, parts)));
  const [best] = looked
    .filter(({ mayTell, isOpen, channel }) => mayTell && isOpen && channel !== undefined)
    .toSorted((a, b) => Number(b.isWanted) - Number(a.isWanted) || b.heard - a.heard);
  if (best?.channel === undefined) return undefined;
  const { account, address, channel } = best;
  return { account, address, channel };
}

async function look(
  identity: StoredIdentity,
  { wanted, key }: { readonly wanted: unknown; readonly key: string | undefined },
  { store, channels, mayTell, clock }: ReachParts,
) {
  const { account, address, at } = identity;
  const channel = channels.get(account)?.channel;
  const conversation = await store.load(account, address);
  const ruling = await store.ruling(account, address);
  return {
    account,
    address,
    channel: channel?.kind,
    isTold: conversation !== undefined && key !== undefined && (await store.arrived(conversation.key, key)),
    mayTell: mayTell(ruling),
    isOpen: channel?.can.window === undefined || (await isOpen(conversation?.key, store, clock.now())),
    isWanted: wanted === account || wanted === channel?.kind,
    heard: (conversation && (await store.heard(conversation.key))) ?? at,
  };
}

async function isOpen(conversation: number | undefined, store: ReachParts['store'], now: number): Promise<boolean> {
  const allowance = conversation === undefined ? undefined : await store.allowance(conversation);
  return allowance !== undefined && allowance.until > now && allowance.messages !== 0;
}
