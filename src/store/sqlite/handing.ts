import type { Database } from 'better-sqlite3';
import type { Effect } from '../../effect.ts';
import type { Event } from '../../event.ts';
import { eventFor } from '../handed.ts';
import type { Customer } from '../store.ts';
import type { Identities } from './identity.ts';

type HandOn = Extract<Effect, { kind: 'hand_on' }>;

/**
 * Gives an event to another conversation, inside the transaction of the turn that wants it. Where the whole conversation goes, so does
 * what the world has for it: who it listens as, events that wait behind this turn and are not the customer's own words, and the
 * humans who were asked about it. What was said stays where it was said, with all that is still to be sent of it.
 */
export interface Handing {
  on(key: number, effect: HandOn, at: number): { readonly to: number; readonly customer: Customer | undefined };
}

export function handingOf(database: Database, identities: Identities): Handing {
  const sql = statements(database);

  function go(from: number, to: number, { listeners, calls }: NonNullable<HandOn['goes']>): void {
    for (const [here, there] of Object.entries(listeners)) sql.listen.run(to, there, from, here);
    for (const { id, at, event } of sql.waiting.all(from)) {
      const moved = eventFor(JSON.parse(event) as Event, calls);
      if (moved === undefined) continue;
      // Under a new id: who has taken it up already finds that it is gone.
      sql.dequeue.run(id);
      sql.enqueue.run(to, at, JSON.stringify(moved));
    }
    sql.handoffs.run(to, from);
  }

  return {
    on(key, { to: { account, address }, event, goes }, at) {
      const to =
        sql.conversationAt.get(account, address) ?? Number(sql.begin.run({ account, address }).lastInsertRowid);
      sql.enqueue.run(to, at, JSON.stringify(event));
      if (goes === undefined) return { to, customer: undefined };
      go(key, to, goes);
      return { to, customer: identities.join(key, { account, address }, at) };
    },
  };
}

function statements(database: Database) {
  return {
    conversationAt: database
      .prepare<[string, string], number>(
        'SELECT c.id FROM conversation c JOIN account a ON a.id = c.account WHERE a.name = ? AND c.address = ?',
      )
      .pluck(),
    begin: database.prepare(
      `INSERT INTO conversation (account, address, public, locale)
       SELECT id, @address, lower(hex(randomblob(12))), '' FROM account WHERE name = @account`,
    ),
    enqueue: database.prepare('INSERT INTO inbox (conversation, seq, at, event) VALUES (?, 0, ?, ?)'),
    waiting: database.prepare<[number], { id: number; at: number; event: string }>(
      'SELECT id, at, event FROM inbox WHERE conversation = ? ORDER BY id',
    ),
    dequeue: database.prepare('DELETE FROM inbox WHERE id = ?'),
    listen: database.prepare(
      'UPDATE OR REPLACE listener SET conversation = ?, id = ? WHERE conversation = ? AND id = ?',
    ),
    // What waits for the window of the old app is still to be said there.
    handoffs: database.prepare(
      `UPDATE handoff SET conversation = ? WHERE conversation = ? AND status = 'open'
       AND handoff ->> '$.id' <> 'channel.window_closed'`,
    ),
  };
}
