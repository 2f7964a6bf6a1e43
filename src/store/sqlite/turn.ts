import type { Database } from 'better-sqlite3';
import type { Effect } from '../../effect.ts';
import { tokenOf } from '../listening.ts';
import type {
  Acceptance,
  Arrival,
  Commitment,
  Customer,
  FinishedTurn,
  HeldEffect,
  Shown,
  Whereabouts,
} from '../store.ts';
import type { Allowances } from './allowance.ts';
import { chain } from './chain.ts';
import { authorCode, statusCode } from './codes.ts';
import type { Customers } from './customer.ts';
import type { DeskRows } from './desk.ts';
import type { FreeSends } from './free-sends.ts';
import type { Handing } from './handing.ts';
import type { Identities } from './identity.ts';
import type { Keys } from './keys.ts';
import type { Rulings } from './ruling.ts';
import type { Unsent } from './unsent.ts';

/**
 * The two crash lines, inside a transaction that the group commit holds: `accept` puts an arrival into the inbox, `commit` writes
 * what a turn made of it. Both look before they write: a duplicate, a stale version or an arrival that is gone changes nothing.
 */
export interface Turns {
  accept(arrival: Arrival): Acceptance;
  /** Takes an arrival without an event for its conversation: what it brings is for another one. */
  arrive(arrival: Arrival): Acceptance;
  commit(turn: FinishedTurn): Commitment;
}

export interface TurnParts {
  readonly wipe: () => void;
  readonly free: FreeSends;
  readonly keys: Keys;
  readonly unsent: Unsent;
  readonly allowances: Allowances;
  readonly rulings: Rulings;
  readonly customers: Customers;
  readonly identities: Identities;
  readonly handing: Handing;
  readonly desk: DeskRows;
}

export function turnsOf(database: Database, parts: TurnParts): Turns {
  const { wipe, free, keys, allowances, rulings, customers, identities, handing, unsent, desk } = parts;
  const sql = statements(database);
  const entries = placesOf(database);

  function accept(arrival: Arrival): Acceptance {
    const accepted = arrive(arrival);
    if (accepted.outcome === 'accepted')
      sql.enqueue.run(accepted.key, accepted.seq, arrival.at, JSON.stringify(arrival.event));
    return accepted;
  }

  function arrive(arrival: Arrival): Acceptance {
    const at = whereIs(arrival.to);
    const row = at === undefined ? undefined : sql.row.get(at);
    const seq = arrival.shown === undefined ? 0 : (row?.seq ?? 0) + 1;
    const again = at === undefined ? undefined : duplicate(at, arrival);
    if (again !== undefined) return again;
    const key = at ?? begin(arrival.to);
    if (!take(key, arrival)) return { outcome: 'gone' };
    let tail = row?.tail ?? 0;
    if (arrival.shown !== undefined) {
      tail = show(key, seq, tail, arrival.shown, arrival.at);
      sql.setSeq.run(seq, tail, key);
    }
    if (arrival.origin.kind === 'door') sql.setKeys.run(keys.carried(key), key);
    const accepted = { outcome: 'accepted', key, id: row?.public ?? arrival.to.id, seq, tail } as const;
    return openedBy(key, arrival) ? { ...accepted, unparked: true } : accepted;
  }

  function commit(turn: FinishedTurn): Commitment {
    return commitAsKnown(turn) ?? commitAsFound(turn);
  }

  /**
   * The caller knows the conversation: its row is moved on where it still has that version and sequence, without being read first.
   * `undefined`, with nothing changed: it has not, or the turn needs more than that.
   */
  function commitAsKnown(turn: FinishedTurn): Commitment | undefined {
    const { arrival, known } = turn;
    const { origin, shown } = arrival;
    const key = arrival.to.key;
    if (known === undefined || key === 0 || origin.kind !== 'door' || turn.identified !== undefined) return undefined;
    const again = duplicate(key, arrival);
    if (again !== undefined) return again;
    const entry = shown === undefined ? 0 : known.seq + 1;
    const first = known.seq + (shown === undefined ? 1 : 2);
    const last = first - 1 + saidIn(turn);
    const tail = last === known.seq ? known.tail : entries.last() + last - known.seq;
    const carried = keys.carried(key, origin.key);
    const moved = sql.advance.run(last, tail, turn.version + 1, turn.state, carried, key, turn.version, known.seq);
    if (moved.changes === 0) return undefined;
    take(key, arrival);
    const before =
      shown === undefined ? known.tail : show(key, entry, known.tail, redact(shown, turn.redacted), arrival.at);
    if (shown === undefined && turn.redacted !== undefined) wipe();
    const unparked = openedBy(key, arrival);
    const { held, freed, customer, woken } = perform(key, first, before, turn, known.customer);
    if (customer !== undefined && customer.key !== known.customer) sql.setCustomer.run(customer.key, key);
    return { outcome: 'applied', key, seq: entry, first, tail, held, freed, unparked, customer, ...woken };
  }

  function commitAsFound(turn: FinishedTurn): Commitment {
    const { arrival } = turn;
    const origin = arrival.origin;
    const at = whereIs(arrival.to);
    const row = at === undefined ? undefined : sql.row.get(at);
    const last = row?.seq ?? 0;
    const shown = arrival.shown !== undefined && origin.kind !== 'inbox';
    const entry = shown ? last + 1 : 0;

    // A key seen before is a duplicate even if the conversation has moved on since.
    const again = at === undefined ? undefined : duplicate(at, arrival);
    if (again !== undefined) return again;
    if ((row?.version ?? 0) !== turn.version) return { outcome: 'stale' };
    const key = at ?? begin(arrival.to);
    if (!take(key, arrival)) return { outcome: 'gone' };

    let before = row?.tail ?? 0;
    if (shown) before = show(key, entry, before, redact(arrival.shown!, turn.redacted), arrival.at);
    else if (turn.redacted !== undefined) {
      if (turn.seq) sql.redact.run({ message: JSON.stringify({ text: turn.redacted }), tail: before, seq: turn.seq });
      wipe();
    }
    const first = shown ? last + 2 : last + 1;
    const unparked = openedBy(key, arrival);
    // One that has just begun may be at an address that is known to be somebody's.
    const whose = row?.customer ?? turn.known?.customer;
    const { held, freed, customer, woken, last: end, tail } = perform(key, first, before, turn, whose);
    sql.save.run(end, tail, turn.version + 1, turn.state, customer?.key ?? whose ?? null, keys.carried(key), key);
    return { outcome: 'applied', key, seq: entry, first, tail, held, freed, unparked, customer, ...woken };
  }

  /** `true`: what was parked can be sent now. */
  function openedBy(key: number, { window, at }: Arrival): boolean {
    return window !== undefined && allowances.open(key, window, at);
  }

  /** Writes every effect as what it is to the store. `before`: where the conversation's last entry is. */
  function perform(key: number, first: number, before: number, turn: FinishedTurn, customerKey: number | undefined) {
    let last = first - 1;
    let tail = before;
    let customer: Customer | undefined;
    if (turn.identified !== undefined) customer = named(key, customerKey, turn.identified, 'signed', turn.arrival.at);
    const held: HeldEffect[] = [];
    let freed = false;
    let woken: { readonly woken: readonly number[] } | undefined;
    for (const effect of turn.effects) {
      switch (effect.kind) {
        case 'send':
          last += 1;
          freed = say(key, last, tail, effect, turn, first, held) === 'freed';
          tail = entries.last();
          break;
        case 'call':
          call(key, effect, turn, held);
          break;
        case 'timer':
          sql.setTimer.run(key, effect.id, effect.at);
          break;
        case 'cancel_timer':
          sql.dropTimer.run(key, effect.id);
          break;
        case 'listen':
          sql.listen.run(key, effect.id, effect.event, JSON.stringify(effect.match), tokenOf(effect.match));
          break;
        case 'unlisten':
          sql.unlisten.run(key, effect.id);
          break;
        case 'handoff':
          sql.handoff.run(key, 'open', turn.arrival.at, JSON.stringify(effect));
          break;
        case 'customer':
          customer = customers.remember(customer?.key ?? customerKey, effect.set);
          break;
        case 'identify':
          customer = named(key, customer?.key ?? customerKey, effect.customer, 'code', turn.arrival.at);
          break;
        case 'hand_on': {
          const handed = handing.on(key, effect, turn.arrival.at);
          customer = handed.customer ?? customer;
          woken = { woken: [...(woken?.woken ?? []), handed.to] };
          break;
        }
        case 'consent':
          rulings.keep(key, effect.ruling);
          break;
        case 'desk':
          desk.keep(key, effect, turn.arrival.at);
          break;
        case 'record':
          sql.record.run(key, turn.arrival.at, effect.name, JSON.stringify(effect.data));
          break;
        case 'draft':
          // Taken up by the desk; where there is none, nobody is there to judge it.
          break;
        default:
          effect satisfies never;
      }
    }
    return { last, tail, held, freed, customer, woken };
  }

  /** Who a trusted door, or a code that was sent to her, says that she is: this address is hers. */
  function named(
    key: number,
    before: number | undefined,
    name: string,
    proof: 'signed' | 'code',
    at: number,
  ): Customer {
    const customer = customers.identify(before, name);
    identities.prove(key, customer.key, proof, at);
    return customer;
  }

  function say(
    key: number,
    seq: number,
    before: number,
    effect: Extract<Effect, { kind: 'send' }>,
    turn: FinishedTurn,
    first: number,
    held: HeldEffect[],
  ): 'fetched' | 'held' | 'freed' {
    const { message } = effect;
    const text = JSON.stringify(message);
    const at = turn.arrival.at;
    const entry = entries.next();
    const author = authorCode(effect.from);
    const isFetched = turn.delivery === 'fetched';
    const passes = message.template !== undefined && free.mayBe() && allowances.isParked(key);
    const lastDue = !isFetched && !passes && free.mayBe() ? (sql.lastDue.get(key) ?? undefined) : undefined;
    const isFree = turn.delivery === 'free' || lastDue !== undefined;
    const begins = turn.begins === true && !isFree && seq === first;
    // As it will be when it has left the outbox.
    const status = statusCode(isFetched ? 'delivered' : 'sent');
    sql.entry.run(entry, key, seq, before, author, status, at, null, text, null);
    if (isFetched) return 'fetched';
    unsent.is(entry, begins ? 'sending' : 'queued');
    // What waits is never due before what waits in front of it: so what is due is always the front of the line.
    const due = Math.max(at, lastDue ?? 0);
    const until = isFree ? 0 : turn.heldUntil;
    const id = Number(sql.effect.run(key, seq, entry, due, until, null, first, begins ? 1 : 0).lastInsertRowid);
    if (isFree) {
      free.became();
      return 'freed';
    }
    const work = { kind: 'send', seq, turn: first, at, message, parts: 0 } as const;
    const effectHeld = { id, token: 1, conversation: key, tries: 0, entry, work };
    held.push(begins ? { ...effectHeld, begun: 'now' } : effectHeld);
    return 'held';
  }

  function call(key: number, effect: Extract<Effect, { kind: 'call' }>, turn: FinishedTurn, held: HeldEffect[]): void {
    const due = effect.notBefore ?? turn.arrival.at;
    const until = due <= turn.arrival.at ? turn.heldUntil : 0;
    const id = Number(sql.effect.run(key, 0, null, due, until, JSON.stringify(effect), 0, 0).lastInsertRowid);
    if (until > 0) held.push({ id, token: 1, conversation: key, tries: 0, work: effect });
  }

  function whereIs(to: Whereabouts): number | undefined {
    return to.key !== 0 ? to.key : sql.address.get(accountOf(to.account), to.address);
  }

  function begin(to: Whereabouts): number {
    const key = Number(sql.begin.run(accountOf(to.account), to.address, to.id, to.locale).lastInsertRowid);
    keys.begin(key);
    return key;
  }

  /** Not remembered here: the transaction that added it may yet be rolled back. */
  function accountOf(name: string): number {
    return sql.account.get(name) ?? Number(sql.addAccount.run(name).lastInsertRowid);
  }

  /** Takes the arrival from where it waits, or keeps the key it came with, so that it happens once. */
  function take(key: number, { origin, shown, at }: Arrival): boolean {
    switch (origin.kind) {
      case 'inbox':
        return sql.dequeue.run(origin.id).changes === 1;
      case 'effect':
        return sql.settle.run(origin.id, origin.token).changes === 1;
      case 'timer':
        return sql.takeTimer.run(key, origin.id, origin.due).changes === 1;
      case 'door':
        keys.keep(key, origin.key, at, shown?.id !== origin.key);
        return true;
    }
  }

  /** Returns where the entry is. */
  function show(key: number, seq: number, before: number, shown: Shown, at: number): number {
    const attachments = shown.attachments === undefined ? null : JSON.stringify(shown.attachments);
    const message = JSON.stringify(shown.message);
    const entry = entries.next();
    sql.entry.run(
      entry,
      key,
      seq,
      before,
      authorCode(shown.from),
      statusCode('delivered'),
      at,
      shown.id,
      message,
      attachments,
    );
    return entry;
  }

  /** What came through a door, and has come before. */
  function duplicate(key: number, { origin }: Arrival): Extract<Commitment, { outcome: 'duplicate' }> | undefined {
    const seq = origin.kind === 'door' ? keys.find(key, origin.key) : undefined;
    return seq === undefined ? undefined : { outcome: 'duplicate', key, id: sql.publicId.get(key)!, seq };
  }

  return { accept, arrive, commit };
}

function saidIn({ effects }: FinishedTurn): number {
  let said = 0;
  for (const effect of effects) if (effect.kind === 'send') said += 1;
  return said;
}

/** Hands out the places of entries, one after the other. One that a rolled-back transaction had stays empty. */
function placesOf(database: Database) {
  let last = database.prepare<[], number | null>('SELECT max(id) FROM entry').pluck().get() ?? 0;
  return {
    last: () => last,
    next: () => {
      last += 1;
      return last;
    },
  };
}

function redact(shown: Shown, redacted: string | undefined): Shown {
  return redacted === undefined ? shown : { ...shown, message: { text: redacted } };
}

interface Row {
  public: string;
  seq: number;
  tail: number;
  version: number;
  customer: number | null;
}

function statements(database: Database) {
  return {
    account: database.prepare<[string], number>('SELECT id FROM account WHERE name = ?').pluck(),
    addAccount: database.prepare('INSERT INTO account (name) VALUES (?)'),
    address: database
      .prepare<[number, string], number>('SELECT id FROM conversation WHERE account = ? AND address = ?')
      .pluck(),
    row: database.prepare<[number], Row>('SELECT public, seq, tail, version, customer FROM conversation WHERE id = ?'),
    begin: database.prepare('INSERT INTO conversation (account, address, public, locale) VALUES (?, ?, ?, ?)'),
    save: database.prepare(
      'UPDATE conversation SET seq = ?, tail = ?, version = ?, state = ?, customer = ?, keys = ? WHERE id = ?',
    ),
    advance: database.prepare(
      'UPDATE conversation SET seq = ?, tail = ?, version = ?, state = ?, keys = ? WHERE id = ? AND version = ? AND seq = ?',
    ),
    setCustomer: database.prepare('UPDATE conversation SET customer = ? WHERE id = ?'),
    setSeq: database.prepare('UPDATE conversation SET seq = ?, tail = ? WHERE id = ?'),
    setKeys: database.prepare('UPDATE conversation SET keys = ? WHERE id = ?'),
    publicId: database.prepare<[number], string>('SELECT public FROM conversation WHERE id = ?').pluck(),
    entry: database.prepare(
      `INSERT INTO entry (id, conversation, seq, prev, author, status, at, key, message, attachments)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    redact: database.prepare(
      `UPDATE entry SET message = @message, attachments = NULL
       WHERE id = (${chain('WHERE e.id = @tail', 'true')} SELECT id FROM line WHERE seq = @seq)`,
    ),
    enqueue: database.prepare('INSERT INTO inbox (conversation, seq, at, event) VALUES (?, ?, ?, ?)'),
    dequeue: database.prepare('DELETE FROM inbox WHERE id = ?'),
    effect: database.prepare(
      'INSERT INTO effect (conversation, seq, entry, due, until, call, turn, begun) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    lastDue: database
      .prepare<[number], number | null>(
        'SELECT max(due) FROM effect WHERE conversation = ? AND until = 0 AND call IS NULL',
      )
      .pluck(),
    settle: database.prepare('DELETE FROM effect WHERE id = ? AND token = ?'),
    setTimer: database.prepare(
      'INSERT INTO timer (conversation, id, due) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET due = excluded.due',
    ),
    dropTimer: database.prepare('DELETE FROM timer WHERE conversation = ? AND id = ?'),
    takeTimer: database.prepare('DELETE FROM timer WHERE conversation = ? AND id = ? AND due = ?'),
    listen: database.prepare(
      `INSERT INTO listener (conversation, id, event, match, token) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET event = excluded.event, match = excluded.match, token = excluded.token`,
    ),
    unlisten: database.prepare('DELETE FROM listener WHERE conversation = ? AND id = ?'),
    handoff: database.prepare('INSERT INTO handoff (conversation, status, at, handoff) VALUES (?, ?, ?, ?)'),
    record: database.prepare('INSERT INTO insight (conversation, at, name, data) VALUES (?, ?, ?, ?)'),
  };
}
