import type { Database } from 'better-sqlite3';
import { ParleyError } from '../../errors.ts';
import type { Attachment, Message } from '../../message.ts';
import type { JsonObject } from '../../type.ts';
import { OFFERED_WITHIN } from '../offered.ts';
import type { Conversation, Counts, Insight, Member, StoredEntry, StoredHandoff, Whereabouts } from '../store.ts';
import { chain } from './chain.ts';
import { authorCode, authorOf, statusOf } from './codes.ts';
import type { Customers } from './customer.ts';
import type { Came } from './delivery.ts';
import type { Identities } from './identity.ts';
import type { Rulings } from './ruling.ts';
import type { Unsent } from './unsent.ts';

export interface ReadingParts {
  readonly customers: Customers;
  readonly isOpen: (conversation: number) => boolean;
  readonly rulings: Rulings;
  readonly identities: Identities;
  readonly unsent: Unsent;
  readonly came: Came;
}

/** Conversations and what was said in them. */
export function readingOf(database: Database, { customers, isOpen, rulings, identities, unsent, came }: ReadingParts) {
  const sql = statements(database);

  function conversationOf(row: ConversationRow | undefined): Conversation | undefined {
    if (row === undefined) return undefined;
    return {
      key: row.key,
      id: row.id,
      account: row.account,
      address: row.address,
      locale: row.locale,
      version: row.version,
      seq: row.seq,
      tail: row.tail,
      state: row.state ?? undefined,
      customer: row.customer === null ? undefined : customers.byKey(row.customer),
      open: isOpen(row.key),
    };
  }

  return {
    load: (account: string, address: string): Conversation | undefined =>
      conversationOf(sql.byAddress.get(account, address)),
    find: (conversation: number | string): Conversation | undefined =>
      conversationOf(typeof conversation === 'number' ? sql.byKey.get(conversation) : sql.byId.get(conversation)),

    transcript: (conversation: string, after: number, limit: number): readonly StoredEntry[] =>
      sql.entries
        .all({ conversation, after, limit })
        .map((row) => entryOf(row, conversation, unsent.status(row.entry))),

    offered(conversation: number): Message | undefined {
      let at = sql.tail.get(conversation);
      let after: number | undefined;
      // One step at a time, without `chain`: it is nearly always the last thing that was said.
      for (let steps = 0; at !== undefined && steps < OFFERED_WITHIN; steps += 1) {
        const entry = sql.line.get(at, conversation);
        if (entry === undefined || (after !== undefined && entry.seq !== after - 1)) return undefined;
        if (entry.author !== CUSTOMER && OFFERING.test(entry.message)) {
          const message = JSON.parse(entry.message) as Message;
          if (message.choices !== undefined || message.form !== undefined) return message;
        }
        at = entry.prev;
        after = entry.seq;
      }
      return undefined;
    },

    seen({ conversation, seq }: { conversation: string; seq: number }): readonly number[] {
      const row = sql.seen.get(conversation);
      if (row === undefined || seq <= row.seen) return [];
      const upTo = Math.min(seq, row.seq);
      sql.see.run(upTo, row.key);
      const seen = sql.newlySeen.all({ key: row.key, seen: row.seen, upTo });
      // When she read it nobody tells; not before it was said.
      for (const { entry, at } of seen) came(entry, 'read', at);
      return seen.map((each) => each.seq);
    },

    readdress({ account, from, to }: { account: string; from: string; to: string }): void {
      const there = sql.byAddress.get(account, to);
      const here = sql.byAddress.get(account, from);
      if (here === undefined) return;
      if (there !== undefined) {
        throw new ParleyError('store.address_taken', 'Another conversation is at the new address already.', {
          hint: 'Move a conversation only to an address that nobody has written from.',
        });
      }
      sql.move.run(to, here.key);
      rulings.move(account, from, to);
      identities.move(account, from, to);
    },

    heard: (conversation: number): number | undefined => sql.heard.get(conversation) ?? undefined,

    audience: (after: number, limit: number): readonly Member[] =>
      sql.audience
        .all(after, limit)
        .map(({ customer, ...member }) => (customer === null ? member : { ...member, customer })),
    states: (after: number, limit: number) => sql.states.all(after, limit),
    handoffs: (limit: number): readonly StoredHandoff[] =>
      sql.handoffs.all(limit).map((row) => ({ ...row, handoff: JSON.parse(row.handoff) as StoredHandoff['handoff'] })),
    insights: (after: number, limit: number): readonly Insight[] =>
      sql.insights.all(after, limit).map((row) => ({ ...row, data: JSON.parse(row.data) as JsonObject })),
    keepFlow: ({ hash, source }: { hash: string; source: string }): void => void sql.keepFlow.run(hash, source),
    keptFlows: () => sql.keptFlows.all(),
    dropFlow: (hash: string): void => void sql.dropFlow.run(hash),

    counts(): Counts {
      const oldestEffect = sql.oldestEffect.get() ?? undefined;
      const waiting = sql.waiting.get()!;
      return { quarantined: sql.quarantined.get()!, dead: sql.dead.get()!, oldestEffect, waiting };
    },
  };
}

function entryOf(row: EntryRow, conversation: string, unsent: StoredEntry['status'] | undefined): StoredEntry {
  const from = authorOf(row.author);
  const read = from !== 'customer' && row.seq <= row.seen;
  const entry = {
    seq: row.seq,
    id: row.id ?? `${conversation}.${row.seq}`,
    from,
    message: JSON.parse(row.message) as Message,
    at: row.at,
    status: read ? ('read' as const) : (unsent ?? statusOf(row.status)),
  };
  return row.attachments === null ? entry : { ...entry, attachments: JSON.parse(row.attachments) as Attachment[] };
}

interface ConversationRow extends Whereabouts {
  readonly version: number;
  readonly seq: number;
  readonly tail: number;
  readonly state: string | null;
  readonly customer: number | null;
}
interface EntryRow {
  entry: number;
  seq: number;
  id: string | null;
  author: number;
  message: string;
  attachments: string | null;
  at: number;
  status: number;
  seen: number;
}

const OFFERING = /"(?:choices|form)":/;
const CUSTOMER = authorCode('customer');

const CONVERSATION = `SELECT c.id AS key, c.public AS id, a.name AS account, c.address, c.locale, c.version, c.seq, c.tail, c.state, c.customer
  FROM conversation c JOIN account a ON a.id = c.account`;

function statements(database: Database) {
  return {
    byAddress: database.prepare<[string, string], ConversationRow>(
      `${CONVERSATION} WHERE a.name = ? AND c.address = ?`,
    ),
    byKey: database.prepare<[number], ConversationRow>(`${CONVERSATION} WHERE c.id = ?`),
    byId: database.prepare<[string], ConversationRow>(`${CONVERSATION} WHERE c.public = ?`),
    entries: database.prepare<{ conversation: string; after: number; limit: number }, EntryRow>(
      `${chain(`JOIN conversation c ON c.tail = e.id WHERE c.public = @conversation AND e.seq > @after`, 'e.seq > @after')}
       SELECT e.id AS entry, e.seq, e.key AS id, e.author, e.message, e.attachments, e.at, e.status, c.seen
       FROM line l JOIN entry e ON e.id = l.id JOIN conversation c ON c.id = e.conversation
       ORDER BY l.seq LIMIT @limit`,
    ),
    tail: database.prepare<[number], number>('SELECT tail FROM conversation WHERE id = ?').pluck(),
    line: database.prepare<[number, number], { seq: number; prev: number; author: number; message: string }>(
      'SELECT seq, prev, author, message FROM entry WHERE id = ? AND conversation = ?',
    ),
    heard: database
      .prepare<[number], number | null>(
        `${chain('JOIN conversation c ON c.tail = e.id WHERE c.id = ?', 'true')}
         SELECT max(e.at) FROM (SELECT id FROM line LIMIT 50) l JOIN entry e ON e.id = l.id WHERE e.author = 0`,
      )
      .pluck(),
    seen: database.prepare<[string], { key: number; seen: number; seq: number }>(
      'SELECT id AS key, seen, seq FROM conversation WHERE public = ?',
    ),
    see: database.prepare('UPDATE conversation SET seen = ? WHERE id = ?'),
    newlySeen: database.prepare<
      { key: number; seen: number; upTo: number },
      { entry: number; seq: number; at: number }
    >(
      `${chain('JOIN conversation c ON c.tail = e.id WHERE c.id = @key AND e.seq > @seen', 'e.seq > @seen')}
         SELECT e.id AS entry, e.seq, e.at FROM line l JOIN entry e ON e.id = l.id
         WHERE e.seq <= @upTo AND e.author <> 0 ORDER BY e.seq`,
    ),
    move: database.prepare('UPDATE conversation SET address = ? WHERE id = ?'),
    states: database.prepare<[number, number], { key: number; id: string; state: string }>(
      'SELECT id AS key, public AS id, state FROM conversation WHERE id > ? AND state IS NOT NULL ORDER BY id LIMIT ?',
    ),
    audience: database.prepare<[number, number], Omit<Member, 'customer'> & { customer: number | null }>(
      `SELECT c.id AS key, a.name AS account, c.address, c.customer FROM conversation c JOIN account a ON a.id = c.account
       WHERE c.id > ? AND c.state IS NOT NULL ORDER BY c.id LIMIT ?`,
    ),
    handoffs: database.prepare<[number], Omit<StoredHandoff, 'handoff'> & { handoff: string }>(
      `SELECT h.id, c.public AS conversation, h.handoff, h.status, h.at
       FROM handoff h JOIN conversation c ON c.id = h.conversation ORDER BY h.id LIMIT ?`,
    ),
    insights: database.prepare<[number, number], Omit<Insight, 'data'> & { data: string }>(
      `SELECT i.id, c.public AS conversation, i.name, i.data, i.at
       FROM insight i JOIN conversation c ON c.id = i.conversation WHERE i.id > ? ORDER BY i.id LIMIT ?`,
    ),
    keepFlow: database.prepare('INSERT INTO flow (hash, source) VALUES (?, ?) ON CONFLICT DO NOTHING'),
    keptFlows: database.prepare<[], { hash: string; source: string }>('SELECT hash, source FROM flow ORDER BY hash'),
    dropFlow: database.prepare('DELETE FROM flow WHERE hash = ?'),
    quarantined: database.prepare<[], number>('SELECT count(*) FROM quarantine').pluck(),
    dead: database.prepare<[], number>('SELECT count(*) FROM dead').pluck(),
    waiting: database
      .prepare<[], number>('SELECT count(DISTINCT conversation) FROM effect WHERE until = 0 AND call IS NULL')
      .pluck(),
    oldestEffect: database.prepare<[], number | null>('SELECT min(due) FROM effect').pluck(),
  };
}
