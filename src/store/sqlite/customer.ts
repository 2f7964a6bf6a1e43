import type { Database } from 'better-sqlite3';
import type { JsonObject } from '../../type.ts';
import type { Customer } from '../store.ts';

/** What is remembered about customers, beyond their conversations. */
export interface Customers {
  /** Adds to what is remembered; begins a nameless customer where there is none. */
  remember(key: number | undefined, set: JsonObject): Customer;
  /** The customer of that name; what the nameless one before her told is hers, unless more is known already. */
  identify(key: number | undefined, name: string): Customer;
  /**
   * One customer of two: who has no name is the other one. Two who have one stay two, and it is the first. She may have several
   * addresses from now on.
   */
  unite(one: number | undefined, other: number | undefined): Customer;
  byKey(key: number): Customer | undefined;
  byName(name: string): Customer | undefined;
}

export function customersOf(database: Database): Customers {
  const sql = statements(database);

  function begin(name: string | null, attributes: JsonObject): Customer {
    const key = Number(sql.add.run(name, JSON.stringify(attributes)).lastInsertRowid);
    return { key, ...(name === null ? {} : { name }), attributes };
  }

  function update(customer: Customer, attributes: JsonObject): Customer {
    sql.save.run(JSON.stringify(attributes), customer.key);
    return { ...customer, attributes };
  }

  /** What is known of her already weighs more than what the nameless one has told. */
  function absorb(kept: Customer, nameless: Customer): Customer {
    // A conversation that is being turned just now finds that it has moved on, and is turned again with what is known now.
    sql.follow.run({ kept: kept.key, nameless: nameless.key });
    sql.followAddresses.run(kept.key, nameless.key);
    sql.drop.run(nameless.key);
    return update(kept, { ...nameless.attributes, ...kept.attributes });
  }

  function find(key: number | undefined): Customer | undefined {
    return key === undefined ? undefined : customerOf(sql.byKey.get(key));
  }

  function link(customer: Customer): Customer {
    if (customer.linked) return customer;
    sql.link.run(customer.key);
    return { ...customer, linked: true };
  }

  return {
    remember(key, set) {
      const known = find(key);
      return known === undefined ? begin(null, set) : update(known, { ...known.attributes, ...set });
    },
    identify(key, name) {
      const before = find(key);
      const known = customerOf(sql.byName.get(name));
      if (before === undefined || before.name !== undefined) return known ?? begin(name, {});
      return absorb(known ?? begin(name, {}), before);
    },
    unite(one, other) {
      const [a, b] = [find(one), find(other)];
      if (a === undefined || b === undefined) return link(a ?? b ?? begin(null, {}));
      if (a.key === b.key || (a.name !== undefined && b.name !== undefined)) return link(a);
      return link(a.name === undefined && b.name !== undefined ? absorb(b, a) : absorb(a, b));
    },
    byKey: find,
    byName: (name) => customerOf(sql.byName.get(name)),
  };
}

interface Row {
  id: number;
  name: string | null;
  attributes: string;
  linked: number;
}

function customerOf(row: Row | undefined): Customer | undefined {
  if (row === undefined) return undefined;
  const attributes = JSON.parse(row.attributes) as JsonObject;
  const customer = row.name === null ? { key: row.id, attributes } : { key: row.id, name: row.name, attributes };
  return row.linked === 1 ? { ...customer, linked: true } : customer;
}

function statements(database: Database) {
  return {
    byKey: database.prepare<[number], Row>('SELECT id, name, attributes, linked FROM customer WHERE id = ?'),
    byName: database.prepare<[string], Row>('SELECT id, name, attributes, linked FROM customer WHERE name = ?'),
    add: database.prepare('INSERT INTO customer (name, attributes) VALUES (?, ?)'),
    save: database.prepare('UPDATE customer SET attributes = ? WHERE id = ?'),
    link: database.prepare('UPDATE customer SET linked = 1 WHERE id = ?'),
    drop: database.prepare('DELETE FROM customer WHERE id = ?'),
    // Who has no name has one conversation, or those at the addresses that are hers.
    follow: database.prepare(
      `UPDATE conversation SET customer = @kept, version = version + 1
       WHERE customer = @nameless AND id IN (
         SELECT c.id FROM identity i JOIN account a ON a.name = i.account
         JOIN conversation c ON c.account = a.id AND c.address = i.address WHERE i.customer = @nameless
       )`,
    ),
    followAddresses: database.prepare('UPDATE identity SET customer = ? WHERE customer = ?'),
  };
}
