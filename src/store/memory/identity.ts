import type { Effect } from '../../effect.ts';
import type { Event } from '../../event.ts';
import type { JsonObject } from '../../type.ts';
import type {
  Acceptance,
  Arrival,
  Challenge,
  Customer,
  Invitation,
  Redemption,
  Store,
  StoredIdentity,
} from '../store.ts';

/** What a conversation of the memory store shows of itself here. */
export interface Member {
  readonly key: number;
  readonly account: string;
  readonly address: string;
  version: number;
  customer: number | undefined;
}

interface House<Record extends Member> {
  readonly customers: Map<number, Customer>;
  readonly conversations: ReadonlyMap<number, Record>;
  at(account: string, address: string): Record | undefined;
  begin(account: string, address: string): Record;
  nextId(): number;
  arrive(arrival: Arrival): Acceptance;
  enqueue(conversation: number, event: Event, at: number): void;
  /** Takes what waits of the world's, and who listens, from one conversation to another. */
  take(from: Record, to: Record, goes: NonNullable<HandOn['goes']>): void;
}

type HandOn = Extract<Effect, { kind: 'hand_on' }>;

/** Customers and their addresses, for the store without a disk: see the SQLite store's `customer.ts`, `identity.ts` and `invitation.ts`. */
export function identitiesIn<Record extends Member>(house: House<Record>) {
  const { customers, conversations, at, nextId } = house;
  const identities = new Map<string, StoredIdentity & { readonly customer: number }>();
  const invitations = new Map<string, Invitation>();
  const challenges: (Challenge & { tries: number; spent: boolean })[] = [];
  const placeOf = (account: string, address: string) => `${account}\n${address}`;

  function keep(record: Record, customer: Customer): Customer {
    customers.set(customer.key, customer);
    record.customer = customer.key;
    return customer;
  }

  function absorb(kept: Customer, nameless: Customer): Customer {
    for (const [place, identity] of identities) {
      if (identity.customer !== nameless.key) continue;
      identities.set(place, { ...identity, customer: kept.key });
      const record = at(identity.account, identity.address);
      if (record?.customer === nameless.key) belong(record, kept.key);
    }
    customers.delete(nameless.key);
    return { ...kept, attributes: { ...nameless.attributes, ...kept.attributes } };
  }

  function belong(record: Record, customer: number): void {
    if (record.customer === customer) return;
    record.customer = customer;
    record.version += 1;
  }

  function unite(one: Customer | undefined, other: Customer | undefined): Customer {
    if (one === undefined || other === undefined) return one ?? other ?? { key: nextId(), attributes: {} };
    if (one.key === other.key || (one.name !== undefined && other.name !== undefined)) return one;
    return one.name === undefined && other.name !== undefined ? absorb(other, one) : absorb(one, other);
  }

  function join(here: Record, account: string, address: string, when: number): Customer {
    const there = at(account, address);
    const owner = identities.get(placeOf(account, address))?.customer;
    const known = there?.customer ?? owner;
    const customer: Customer = {
      ...unite(
        here.customer === undefined ? undefined : customers.get(here.customer),
        known === undefined ? undefined : customers.get(known),
      ),
      linked: true,
    };
    customers.set(customer.key, customer);
    for (const place of [here, { account, address }])
      identities.set(placeOf(place.account, place.address), {
        account: place.account,
        address: place.address,
        customer: customer.key,
        proof: 'code',
        at: when,
      });
    for (const record of [here, there]) if (record !== undefined) belong(record, customer.key);
    return customer;
  }

  function identify(record: Record, name: string, proof: StoredIdentity['proof'], when: number): Customer {
    const before = record.customer === undefined ? undefined : customers.get(record.customer);
    const known = customers.values().find((customer) => customer.name === name);
    const named = known ?? { key: nextId(), name, attributes: {} };
    const customer = keep(record, before === undefined || before.name !== undefined ? named : absorb(named, before));
    const { account, address } = record;
    identities.set(placeOf(account, address), { account, address, customer: customer.key, proof, at: when });
    return customer;
  }

  function remember(record: Record, set: JsonObject): Customer {
    const known = record.customer === undefined ? { key: nextId(), attributes: {} } : customers.get(record.customer)!;
    return keep(record, { ...known, attributes: { ...known.attributes, ...set } });
  }

  function handOn(record: Record, { to, event, goes }: HandOn, when: number) {
    const there = at(to.account, to.address) ?? house.begin(to.account, to.address);
    house.enqueue(there.key, event, when);
    if (goes === undefined) return { to: there.key, customer: undefined };
    house.take(record, there, goes);
    return { to: there.key, customer: join(record, to.account, to.address, when) };
  }

  async function redeem(code: string, arrival: Arrival, channel: string): Promise<Redemption> {
    const invitation = invitations.get(code);
    if (invitation === undefined || invitation.until <= arrival.at) return { outcome: 'unknown' };
    const from = conversations.get(invitation.conversation)!;
    const { account, address } = arrival.to;
    if (from.account === account && from.address === address) return { outcome: 'here' };
    const arrived = house.arrive(arrival);
    if (arrived.outcome !== 'accepted') return arrived.outcome === 'gone' ? { outcome: 'unknown' } : arrived;
    invitations.delete(code);
    house.enqueue(
      from.key,
      { kind: 'leaving', to: { account, address, channel }, invitation: invitation.id },
      arrival.at,
    );
    const { key, id, seq, tail, unparked = false } = arrived;
    return { outcome: 'left', from: from.key, key, id, seq, tail, unparked };
  }

  const store = {
    async invite(invitation) {
      for (const [code, { conversation }] of invitations)
        if (conversation === invitation.conversation) invitations.delete(code);
      invitations.set(invitation.code, invitation);
    },
    async withdraw(conversation, id) {
      for (const [code, each] of invitations)
        if (each.conversation === conversation && each.id === id) invitations.delete(code);
    },
    redeem,
    async challenge(challenge) {
      const recent = challenges.filter(({ at: sent }) => sent > challenge.at - HOUR);
      const sent = (fits: (one: Challenge) => boolean) => recent.filter(fits).length;
      const { conversation, account, address } = challenge;
      if (sent((one) => one.conversation === conversation) >= SENT) return false;
      if (sent((one) => one.account === account) >= SENT_BY_ACCOUNT) return false;
      if (sent((one) => one.account === account && one.address === address) >= SENT) return false;
      for (const one of challenges) if (one.conversation === conversation) one.spent = true;
      challenges.push({ ...challenge, tries: 0, spent: false });
      return true;
    },
    async answer({ conversation, code, at: when }) {
      const open = challenges.find(
        (one) => one.conversation === conversation && !one.spent && one.until > when && one.tries < TRIES,
      );
      if (open === undefined) return false;
      open.tries += 1;
      if (open.code !== code) return false;
      open.spent = true;
      join(conversations.get(conversation)!, open.account, open.address, when);
      return true;
    },
    async owner(account, address) {
      const identity = identities.get(placeOf(account, address));
      return identity && customers.get(identity.customer);
    },
    identities: async (customer) =>
      [...identities.values()]
        .filter((identity) => identity.customer === customer)
        .map(({ customer: _, ...identity }) => identity)
        .toSorted((a, b) => b.at - a.at || (placeOf(a.account, a.address) < placeOf(b.account, b.address) ? -1 : 1)),
    async unlink(account, address) {
      const identity = identities.get(placeOf(account, address));
      if (identity === undefined) return false;
      identities.delete(placeOf(account, address));
      const record = at(account, address);
      if (record?.customer === identity.customer) {
        record.customer = undefined;
        record.version += 1;
      }
      return true;
    },
  } satisfies Partial<Store>;

  return {
    identify,
    remember,
    handOn,
    store,
    move(account: string, from: string, to: string): void {
      const identity = identities.get(placeOf(account, from));
      if (identity !== undefined && identities.delete(placeOf(account, from)))
        identities.set(placeOf(account, to), { ...identity, address: to });
    },
  };
}

/** As in the SQLite store. */
const TRIES = 5;
const SENT = 3;
const SENT_BY_ACCOUNT = 200;
const HOUR = 3_600_000;
