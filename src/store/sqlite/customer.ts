import type { Database } from 'better-sqlite3';
import type { JsonObject } from '../../type.ts';
import type { Customer } from '../store.ts';

/** What is remembered about customers, beyond their conversations. */
export interface Customers {
  /** Adds to what is remembered; begins a nameless customer where there is none. */
  remember(key: number | undefined, set: JsonObject): Customer;
  /** The customer of that name; what the nameless one before her told is hers, unless more is known already. */
  identify(key: number | undefined, name: string): Customer;
  byKey(key: number): Customer | undefined;
  byName(name: string): Customer | undefined;
}

export function customersOf(database: Database): Customers {
  const byKey = database.prepare<[number], Row>('SELECT id, name, attributes FROM customer WHERE id = ?');
  const byName = database.prepare<[string], Row>('SELECT id, name, attributes FROM customer WHERE name = ?');
  const add = database.prepare('INSERT INTO customer (name, attributes) VALUES (?, ?)');
  const save = database.prepare('UPDATE customer SET attributes = ? WHERE id = ?');
  const drop = database.prepare('DELETE FROM customer WHERE id = ?');

  function begin(name: string | null, attributes: JsonObject): Customer {
    const key = Number(add.run(name, JSON.stringify(attributes)).lastInsertRowid);
    return { key, ...(name === null ? {} : { name }), attributes };
  }

  function update(customer: Customer, attributes: JsonObject): Customer {
    save.run(JSON.stringify(attributes), customer.key);
    return { ...customer, attributes };
  }

  return {
    remember(key, set) {
      const known = key === undefined ? undefined : customerOf(byKey.get(key));
      return known === undefined ? begin(null, set) : update(known, { ...known.attributes, ...set });
    },
    identify(key, name) {
      const before = key === undefined ? undefined : customerOf(byKey.get(key));
      const known = customerOf(byName.get(name));
      if (before?.name !== undefined) return known ?? begin(name, {});
      if (before !== undefined) drop.run(before.key);
      if (known === undefined) return begin(name, before?.attributes ?? {});
      return before === undefined ? known : update(known, { ...before.attributes, ...known.attributes });
    },
    byKey: (key) => customerOf(byKey.get(key)),
    byName: (name) => customerOf(byName.get(name)),
  };
}

interface Row {
  id: number;
  name: string | null;
  attributes: string;
}

function customerOf(row: Row | undefined): Customer | undefined {
  if (row === undefined) return undefined;
  const attributes = JSON.parse(row.attributes) as JsonObject;
  return row.name === null ? { key: row.id, attributes } : { key: row.id, name: row.name, attributes };
}
