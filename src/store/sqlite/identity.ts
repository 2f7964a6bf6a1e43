import type { Database } from 'better-sqlite3';
import type { Customer, StoredIdentity } from '../store.ts';
import type { Customers } from './customer.ts';

/**
 * Which addresses are proven to be whose. An address is one customer's at a time: the last proof counts. That two addresses look like
 * one person's (the same name, an e-mail that was typed) is no proof, and nothing here looks at such things.
 */
export interface Identities {
  /** The address of a conversation is this customer's. */
  prove(conversation: number, customer: number, proof: StoredIdentity['proof'], at: number): void;
  /**
   * Both addresses are one customer's, by a code that stood at the one and came from the other. `there` may have no conversation yet.
   * Conversations of before are hers now; one that is being turned is turned again.
   */
  join(here: number, there: { readonly account: string; readonly address: string }, at: number): Customer;
  /** See `Store.owner`. While nobody has proven anything, nothing need be looked up. */
  owner(account: string, address: string): Customer | undefined;
  /** See `Store.identities`. */
  of(customer: number): readonly StoredIdentity[];
  /** See `Store.unlink`. */
  unlink(place: { readonly account: string; readonly address: string }): boolean;
  /** What is at `from` is at `to`. */
  move(account: string, from: string, to: string): void;
}

export function identitiesOf(database: Database, customers: Customers): Identities {
  const sql = statements(database);
  let any = database.prepare<[], number>('SELECT 1 FROM identity LIMIT 1').pluck().get() !== undefined;

  return {
    prove(conversation, customer, proof, at) {
      any = true;
      sql.prove.run({ conversation, customer, proof, at });
    },
    join(here, there, at) {
      any = true;
      const conversation = sql.conversationAt.get(there);
      const known = conversation?.customer ?? sql.ownerOf.get(there) ?? undefined;
      const customer = customers.unite(sql.customerOf.get(here) ?? undefined, known);
      sql.prove.run({ conversation: here, customer: customer.key, proof: 'code', at });
      sql.proveAt.run({ ...there, customer: customer.key, proof: 'code', at });
      for (const id of [here, conversation?.id]) if (id !== undefined) sql.belong.run(customer.key, id, customer.key);
      return customer;
    },
    owner(account, address) {
      const customer = any ? sql.ownerOf.get({ account, address }) : undefined;
      return customer === undefined ? undefined : customers.byKey(customer);
    },
    of: (customer) => sql.of.all(customer),
    unlink(place) {
      const customer = sql.ownerOf.get(place);
      const conversation = sql.conversationAt.get(place);
      if (customer === undefined) return false;
      sql.drop.run(place);
      if (conversation?.customer === customer) sql.forget.run(conversation.id);
      return true;
    },
    move: (account, from, to) => void sql.move.run({ account, from, to }),
  };
}

function statements(database: Database) {
  return {
    prove: database.prepare(
      `INSERT OR REPLACE INTO identity (account, address, customer, proof, at)
       SELECT a.name, c.address, @customer, @proof, @at FROM conversation c JOIN account a ON a.id = c.account
       WHERE c.id = @conversation`,
    ),
    proveAt: database.prepare(
      `INSERT OR REPLACE INTO identity (account, address, customer, proof, at)
       VALUES (@account, @address, @customer, @proof, @at)`,
    ),
    customerOf: database.prepare<[number], number | null>('SELECT customer FROM conversation WHERE id = ?').pluck(),
    ownerOf: database
      .prepare<{ account: string; address: string }, number>(
        'SELECT customer FROM identity WHERE account = @account AND address = @address',
      )
      .pluck(),
    conversationAt: database.prepare<{ account: string; address: string }, { id: number; customer: number | null }>(
      `SELECT c.id, c.customer FROM conversation c JOIN account a ON a.id = c.account
       WHERE a.name = @account AND c.address = @address`,
    ),
    belong: database.prepare(
      'UPDATE conversation SET customer = ?, version = version + 1 WHERE id = ? AND customer IS NOT ?',
    ),
    of: database.prepare<[number], StoredIdentity>(
      'SELECT account, address, proof, at FROM identity WHERE customer = ? ORDER BY at DESC, account, address',
    ),
    drop: database.prepare('DELETE FROM identity WHERE account = @account AND address = @address'),
    forget: database.prepare('UPDATE conversation SET customer = NULL, version = version + 1 WHERE id = ?'),
    move: database.prepare('UPDATE OR REPLACE identity SET address = @to WHERE account = @account AND address = @from'),
  };
}
