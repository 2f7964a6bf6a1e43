import type { Effect } from '../../effect.ts';
import type { Commitment, Customer, FinishedTurn, HeldEffect, Store } from '../store.ts';
import type { Allowances } from './allowance.ts';
import type { Arrivals } from './arrival.ts';
import type { MemoryDesk } from './desk.ts';
import type { identitiesIn } from './identity.ts';
import type { Listening } from './listening.ts';
import type { Rulings } from './ruling.ts';
import { copy, heldOf, type OpenEffect, type Row, type Tables } from './tables.ts';

interface Rooms {
  readonly arrivals: Arrivals;
  readonly allowances: Allowances;
  readonly listening: Listening;
  readonly identities: ReturnType<typeof identitiesIn<Row>>;
  readonly rulings: Rulings;
  readonly desk: MemoryDesk;
}

/** A turn's commit: all that it has changed, and all that it wants. */
export function turnsIn(tables: Tables, { arrivals, allowances, listening, identities, rulings, desk }: Rooms) {
  const { effects, handoffs, insights, nextId, begin, freeOf } = tables;

  function commit(asked: FinishedTurn): Commitment {
    // What cannot be copied is refused here, before anything has changed.
    const turn = { ...asked, effects: copy(asked.effects) };
    const { arrival } = turn;
    const known = arrivals.recordOf(arrival.to);
    const twin = arrivals.twinOf(known, arrival);
    if (twin !== undefined) return twin;
    if ((known?.version ?? 0) !== turn.version) return { outcome: 'stale' };
    if (!arrivals.take(known, arrival)) return { outcome: 'gone' };
    const record = known ?? begin(arrival.to);
    record.customer ??= turn.known?.customer;
    const seq = arrivals.show(record, arrival, shownIn(turn));
    if (turn.redacted !== undefined && turn.seq) {
      const { attachments: _, ...entry } = record.entries[turn.seq - 1]!;
      record.entries[turn.seq - 1] = { ...entry, message: { text: turn.redacted } };
    }
    const first = record.entries.length + 1;
    const unparked = allowances.open(record.key, arrival);
    const { held, freed, customer, woken } = write(record, turn);
    record.version = turn.version + 1;
    record.state = turn.state;
    const tail = record.entries.length;
    return { outcome: 'applied', key: record.key, seq, first, tail, held, freed, unparked, customer, ...woken };
  }

  function write(record: Row, turn: FinishedTurn) {
    const when = turn.arrival.at;
    const outgoing = outgoingOf(record, turn);
    let woken: { readonly woken: readonly number[] } | undefined;
    let customer: Customer | undefined;
    if (turn.identified !== undefined) customer = identities.identify(record, turn.identified, 'signed', when);
    for (const effect of turn.effects) {
      switch (effect.kind) {
        case 'send':
          outgoing.send(effect);
          break;
        case 'call':
          outgoing.enqueue(effect.notBefore ?? when, (effect.notBefore ?? when) <= when, effect);
          break;
        case 'timer':
          record.timers.set(effect.id, effect.at);
          break;
        case 'cancel_timer':
          record.timers.delete(effect.id);
          break;
        case 'listen':
          listening.listen(record, effect);
          break;
        case 'unlisten':
          listening.unlisten(record, effect.id);
          break;
        case 'handoff':
          handoffs.push({ id: nextId(), conversation: record.id, handoff: effect, status: 'open', at: when });
          break;
        case 'customer':
          customer = identities.remember(record, effect.set);
          break;
        case 'identify':
          customer = identities.identify(record, effect.customer, 'code', when);
          break;
        case 'hand_on': {
          const handed = identities.handOn(record, effect, when);
          customer = handed.customer ?? customer;
          woken = { woken: [...(woken?.woken ?? []), handed.to] };
          break;
        }
        case 'consent':
          rulings.keep(record, effect.ruling);
          break;
        case 'desk':
          desk.keep(record, effect, when);
          break;
        case 'record':
          insights.push({ id: nextId(), conversation: record.id, name: effect.name, data: effect.data, at: when });
          break;
        case 'draft':
          // Taken up by the desk; where there is none, nobody is there to judge it.
          break;
        default:
          effect satisfies never;
      }
    }
    return { held: outgoing.held, freed: outgoing.freed(), customer, woken };
  }

  /** What leaves with the turn: fetched from the transcript, held by who commits, or free behind what waits already. */
  function outgoingOf(record: Row, { arrival, delivery, begins, heldUntil }: FinishedTurn) {
    const when = arrival.at;
    const first = record.entries.length + 1;
    const held: HeldEffect[] = [];
    const inFront = freeOf(record.key).filter(({ work }) => work.kind === 'send');
    const isFree = delivery === 'free' || (delivery === 'held' && inFront.length > 0);
    let freed = false;

    function enqueue(due: number, isHeld: boolean, work: OpenEffect['work'], begun = false): void {
      const until = isHeld ? heldUntil : 0;
      const effect: OpenEffect = {
        id: nextId(),
        token: 1,
        conversation: record.key,
        tries: 0,
        due,
        until,
        begun,
        work,
      };
      effects.set(effect.id, effect);
      if (isHeld) held.push(begun ? { ...heldOf(effect), begun: 'now' } : heldOf(effect));
    }

    function send({ from, message }: Extract<Effect, { kind: 'send' }>): void {
      const seq = record.entries.length + 1;
      const passes = message.template !== undefined && allowances.isParked(record.key);
      const waits = passes ? delivery === 'free' : isFree;
      const isBegun = begins === true && delivery === 'held' && !waits && seq === first;
      const status = delivery === 'fetched' ? 'delivered' : isBegun ? 'sending' : 'queued';
      record.entries.push({ seq, id: `${record.id}.${seq}`, from, message, at: when, status });
      if (delivery === 'fetched') return;
      freed = waits;
      const due = waits && !passes ? Math.max(when, ...inFront.map((each) => each.due)) : when;
      enqueue(due, !waits, { kind: 'send', seq, turn: first, at: when, message, parts: 0 }, isBegun);
    }

    return { held, freed: () => freed, enqueue, send };
  }

  return { commit: async (turn) => commit(turn) } satisfies Partial<Store>;
}

/** What came from the inbox is in the transcript already. */
function shownIn({ arrival: { origin, shown }, redacted }: FinishedTurn) {
  if (origin.kind === 'inbox' || shown === undefined) return undefined;
  return redacted === undefined ? shown : { ...shown, message: { text: redacted } };
}
