import type { Database } from 'better-sqlite3';
import type { Call } from '../../effect.ts';
import type { Message } from '../../message.ts';
import { droppedEntry, STALE } from '../audit.ts';
import type { DeadLetter, HeldEffect, Hold, Send, Settlement, Store } from '../store.ts';
import type { Allowances } from './allowance.ts';
import type { Audit } from './audit.ts';
import type { Deliveries } from './delivery.ts';
import type { FreeSends } from './free-sends.ts';
import type { Unsent } from './unsent.ts';

export interface OutboxParts {
  readonly free: FreeSends;
  readonly deliveries: Deliveries;
  readonly allowances: Allowances;
  readonly unsent: Unsent;
  readonly audit: Audit;
}

/** Effects that wait, are held, or are dead. Runs inside the group's transaction. */
export function outboxOf(database: Database, { free, deliveries, allowances, unsent, audit }: OutboxParts) {
  const sql = statements(database);
  let swept = Number.NEGATIVE_INFINITY;

  /** Of one effect. The quick way of nearly all: what has been sent in one part needs no look at its row. */
  function endOne(
    { id, token, entry }: Hold & { readonly entry?: number },
    end: Settlement['end'],
    place: 'alone' | 'first' | 'behind',
  ): boolean {
    if (end.kind === 'done' && entry !== undefined) {
      if (sql.finish.run(id, token).changes === 0) return false;
      deliveries.sent(entry, end.status, end.parts ?? 1, end.at);
      return true;
    }
    const row = sql.held.get(id, token);
    if (row === undefined) return false;
    switch (end.kind) {
      case 'done':
        sql.drop.run(id);
        deliveries.sent(row.entry!, end.status, end.parts ?? 1, end.at);
        break;
      case 'retry':
        putBack(id, row, end, end.due);
        break;
      case 'park': {
        const closed = allowances.close(row.conversation, end.seen, end.at, end.handoff);
        putBack(id, row, { ...end, tries: row.tries }, closed ? end.due : end.at);
        break;
      }
      case 'dead':
        sql.drop.run(id);
        sql.bury.run(id, row.conversation, row.seq, row.entry, place === 'alone' ? row.parts : 0, end.code, end.at);
        deliveries.failed(row.entry!, end.at);
        if (end.code === STALE) audit.append(droppedEntry(sql.public.get(row.conversation)!, row.seq, end.at));
        break;
      case 'elsewhere':
        sql.drop.run(id);
        deliveries.failed(row.entry!, end.at);
        // What was sent together is told of together.
        if (place !== 'behind') sql.enqueue.run(row.conversation, end.at, JSON.stringify(end.event));
        break;
    }
    return true;
  }

  function putBack(
    id: number,
    row: Place,
    again: { parts: number; tries: number; unsure?: boolean },
    due: number,
  ): void {
    sql.retry.run(due, again.parts, again.tries, again.unsure === true ? 1 : 0, id);
    if (row.entry !== null) unsent.is(row.entry, 'queued');
    free.became();
  }

  function begin({ id, token }: Hold, part: number | undefined): boolean {
    const row = sql.held.get(id, token);
    if (row === undefined) return false;
    sql.begin.run(part === undefined ? 0 : 1, part ?? row.parts, id);
    if (row.entry !== null) unsent.is(row.entry, part === undefined ? 'queued' : 'sending');
    return true;
  }

  return {
    claim({ now, until, limit, sending = nobody }: Parameters<Store['claim']>[0]): readonly HeldEffect[] {
      if (now - swept >= SWEEP_EVERY) {
        swept = now;
        if (sql.expire.run(now).changes > 0) free.became();
      }
      const claimed: HeldEffect[] = [];
      let conversations = 0;
      for (const conversation of sql.dueConversations.all(now)) {
        const stay = sending(conversation);
        const rows = sql.free.all({ conversation, now }).filter(({ call }) => call !== null || !stay);
        for (const row of rows) {
          sql.hold.run(until, row.id);
          const { id, tries } = row;
          const held = { id, token: row.token + 1, conversation, tries, work: workOf(row) };
          const placed = row.entry === null ? held : { ...held, entry: row.entry };
          claimed.push(row.begun === 1 ? { ...placed, begun: 'before' } : placed);
        }
        if (rows.length > 0) conversations += 1;
        if (conversations === limit) break;
      }
      return claimed;
    },

    begin({ effect, part }: { effect: Hold; part: number | undefined }): boolean {
      return begin(effect, part);
    },

    settle(settlement: Settlement): boolean {
      const { end, others = NOBODY_ELSE, receipts, spent, next } = settlement;
      if (!endOne(settlement, end, others.length === 0 ? 'alone' : 'first')) return false;
      // How far the message came is kept with the first of what it is made of.
      for (const other of others) endOne(other, hasParts(end) ? { ...end, parts: 0 } : end, 'behind');
      if (end.kind === 'done' && others.length > 0) {
        deliveries.merged(
          settlement.entry!,
          others.flatMap(({ entry }) => entry ?? []),
        );
      }
      if (receipts !== undefined && settlement.entry !== undefined) deliveries.received(settlement.entry, receipts);
      if (spent !== undefined) allowances.spend(spent.conversation, spent.calls);
      if (next !== undefined) begin(next, next.part);
      return true;
    },

    release({ effects, due }: { effects: readonly (Hold & Pick<HeldEffect, 'begun'>)[]; due: number }): void {
      for (const { id, token, begun } of effects) {
        if (begun === 'now') begin({ id, token }, undefined);
        sql.release.run(due, id, token);
      }
      free.became();
    },

    nextEffect: (): number | undefined => sql.next.get() ?? undefined,
    /** No holder outlives the process: the file is locked by it. */
    freeAll: (): void => void sql.freeAll.run(),

    dead: (limit: number): readonly DeadLetter[] =>
      sql.dead.all(limit).map(({ message, ...row }) => ({ ...row, message: JSON.parse(message) as Message })),

    replay({ effect, now }: { effect: number; now: number }): boolean {
      const row = sql.letter.get(effect);
      if (row === undefined) return false;
      sql.revive.run(effect, row.conversation, row.seq, row.entry, now, row.parts);
      free.became();
      deliveries.revived(row.entry!);
      sql.unbury.run(effect);
      return true;
    },
  };
}

function hasParts(end: Settlement['end']): end is Exclude<Settlement['end'], { kind: 'dead' | 'elsewhere' }> {
  return end.kind !== 'dead' && end.kind !== 'elsewhere';
}

function nobody(): boolean {
  return false;
}

/** Milliseconds between looking for effects whose holder never came back: a scan of all that is open. */
const SWEEP_EVERY = 1_000;

function workOf(row: Row): HeldEffect['work'] {
  if (row.call !== null) return JSON.parse(row.call) as Call;
  const { seq, turn, parts } = row;
  const message = JSON.parse(row.message!) as Message;
  const work: Send = { kind: 'send', seq, turn: turn === 0 ? seq : turn, at: row.at!, message, parts };
  return row.unsure === 1 ? { ...work, unsure: true } : work;
}

interface Row {
  id: number;
  token: number;
  tries: number;
  seq: number;
  parts: number;
  turn: number;
  begun: number;
  unsure: number;
  at: number | null;
  call: string | null;
  message: string | null;
  entry: number | null;
}
interface Place {
  conversation: number;
  seq: number;
  entry: number | null;
  parts: number;
  tries: number;
}

const NOBODY_ELSE: NonNullable<Settlement['others']> = [];

function statements(database: Database) {
  return {
    public: database.prepare<[number], string>('SELECT public FROM conversation WHERE id = ?').pluck(),
    expire: database.prepare('UPDATE effect SET until = 0 WHERE until > 0 AND until <= ?'),
    dueConversations: database
      .prepare<[number], number>(
        'SELECT conversation FROM effect WHERE until = 0 AND due <= ? GROUP BY conversation ORDER BY min(due), min(id)',
      )
      .pluck(),
    free: database.prepare<{ conversation: number; now: number }, Row>(
      `SELECT f.id, f.token, f.tries, f.seq, f.parts, f.turn, f.begun, f.unsure, f.call, e.message, e.at, e.id AS entry
       FROM effect f LEFT JOIN entry e ON e.id = f.entry
       WHERE f.conversation = @conversation AND f.until = 0
         AND CASE WHEN f.call IS NULL THEN @now >= (
           SELECT min(due) FROM effect WHERE conversation = @conversation AND until = 0 AND call IS NULL
         ) ELSE f.due <= @now END
       ORDER BY f.id`,
    ),
    hold: database.prepare('UPDATE effect SET until = ?, token = token + 1 WHERE id = ?'),
    held: database.prepare<[number, number], Place>(
      'SELECT conversation, seq, entry, parts, tries FROM effect WHERE id = ? AND token = ? AND until > 0',
    ),
    finish: database.prepare('DELETE FROM effect WHERE id = ? AND token = ? AND until > 0'),
    drop: database.prepare('DELETE FROM effect WHERE id = ?'),
    enqueue: database.prepare('INSERT INTO inbox (conversation, seq, at, event) VALUES (?, 0, ?, ?)'),
    begin: database.prepare('UPDATE effect SET begun = ?, parts = ? WHERE id = ?'),
    retry: database.prepare(
      'UPDATE effect SET until = 0, begun = 0, due = ?, parts = ?, tries = ?, unsure = ? WHERE id = ?',
    ),
    release: database.prepare('UPDATE effect SET until = 0, due = ? WHERE id = ? AND token = ?'),
    next: database.prepare<[], number>('SELECT due FROM effect WHERE until = 0 ORDER BY due LIMIT 1').pluck(),
    // A call that was held may have been made.
    freeAll: database.prepare('UPDATE effect SET until = 0, tries = tries + (call IS NOT NULL) WHERE until > 0'),
    bury: database.prepare(
      'INSERT INTO dead (id, conversation, seq, entry, parts, code, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    unbury: database.prepare('DELETE FROM dead WHERE id = ?'),
    letter: database.prepare<[number], Place>(
      'SELECT conversation, seq, entry, parts, 0 AS tries FROM dead WHERE id = ?',
    ),
    revive: database.prepare(
      'INSERT INTO effect (id, conversation, seq, entry, due, until, parts) VALUES (?, ?, ?, ?, ?, 0, ?)',
    ),
    dead: database.prepare<[number], Omit<DeadLetter, 'message'> & { message: string }>(
      `SELECT d.id, c.public AS conversation, d.seq, e.message, d.code, d.at FROM dead d
       JOIN conversation c ON c.id = d.conversation JOIN entry e ON e.id = d.entry
       ORDER BY d.id LIMIT ?`,
    ),
  };
}
