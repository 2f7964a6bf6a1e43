import type { Call, Effect as Wanted } from '../effect.ts';
import { ParleyError } from '../errors.ts';
import type { JsonObject } from '../type.ts';
import { joined } from './allowance.ts';
import { further, ofAll } from './delivery.ts';
import { eventFor } from './handed.ts';
import { matches, tokenOf, tokensOf } from './listening.ts';
import { deskInMemory } from './memory-desk.ts';
import { identitiesIn } from './memory-identity.ts';
import type {
  Acceptance,
  Allowance,
  Arrival,
  Commitment,
  Conversation,
  Customer,
  DeadLetter,
  DeliveryStatus,
  FinishedTurn,
  HeldEffect,
  Hold,
  Insight,
  KeptDocument,
  KeptFlow,
  OpenEvent,
  Progressed,
  QuarantinedEvent,
  Shown,
  Store,
  StoredEntry,
  StoredHandoff,
  Whereabouts,
} from './store.ts';

/**
 * The store without a disk: for tests and for conversations that nobody needs to keep. The same contract, except that everything is
 * gone with the process.
 */
export function openMemory(): Store {
  const conversations = new Map<number, Record>();
  const customers = new Map<number, Customer>();
  const inbox = new Map<number, OpenEvent & { conversation: number }>();
  const quarantine = new Map<number, QuarantinedEvent & { open: OpenEvent & { conversation: number } }>();
  const effects = new Map<number, Effect>();
  const dead = new Map<number, DeadLetter & { effect: Effect }>();
  /** Who listens, by event and token. */
  const listening = new Map<string, Set<Listener>>();
  const handoffs: StoredHandoff[] = [];
  const desk = deskInMemory();
  const insights: Insight[] = [];
  const flows = new Map<string, KeptFlow>();
  /** By conversation; `handoff`: a human was told that something is parked. */
  const allowances = new Map<number, Allowance & { readonly handoff?: number }>();
  /** Of parts, by entry; see the SQLite store's `delivery.ts`. */
  const reports = new Map<StoredEntry['id'], Map<number, { status: DeliveryStatus; code: string | undefined }>>();
  /** What was sent as one message with what was said first: by that one's entry. */
  const merged = new Map<StoredEntry['id'], readonly number[]>();
  /** By public id and sequence number, by part. */
  const receipts = new Map<string, (string | undefined)[]>();
  const rulings = new Map<string, JsonObject>();
  const cursors = new Map<string, string>();
  /** Of knowledge, by set and id. */
  const documents = new Map<string, KeptDocument & { readonly key: number }>();
  let lastId = 0;
  const nextId = () => {
    lastId += 1;
    return lastId;
  };

  const at = (account: string, address: string) =>
    conversations.values().find((record) => record.account === account && record.address === address);
  const byId = (id: string) => conversations.values().find((record) => record.id === id);
  const recordOf = (to: Whereabouts) => conversations.get(to.key) ?? at(to.account, to.address);
  const openOf = (key: number) =>
    [...inbox.values()].filter((open) => open.conversation === key).sort((a, b) => a.id - b.id);
  const freeOf = (key: number) =>
    [...effects.values()]
      .filter((effect) => effect.conversation === key && effect.until === 0)
      .sort((a, b) => a.id - b.id);

  function begin({ id, account, address, locale }: Whereabouts): Record {
    const record: Record = {
      key: nextId(),
      id,
      account,
      address,
      locale,
      version: 0,
      state: undefined,
      customer: undefined,
      seen: 0,
      entries: [],
      keys: new Map(),
      timers: new Map(),
      listeners: new Map(),
    };
    conversations.set(record.key, record);
    return record;
  }

  function conversationOf(record: Record | undefined): Conversation | undefined {
    if (record === undefined) return undefined;
    const { key, id, account, address, locale, version, state } = record;
    const seq = record.entries.length;
    const customer = record.customer === undefined ? undefined : customers.get(record.customer);
    return {
      key,
      id,
      account,
      address,
      locale,
      version,
      seq,
      tail: seq,
      state,
      customer,
      open: openOf(key).length > 0,
    };
  }

  /** Takes the arrival from where it waits; `false`: it is gone. */
  function take(record: Record | undefined, { origin }: Arrival): boolean {
    switch (origin.kind) {
      case 'door':
        return true;
      case 'inbox':
        return inbox.delete(origin.id);
      case 'effect':
        return effects.get(origin.id)?.token === origin.token && effects.delete(origin.id);
      case 'timer':
        return record?.timers.get(origin.id) === origin.due && record.timers.delete(origin.id);
    }
  }

  function show(record: Record, shown: Shown, when: number, redacted?: string): number {
    const message = redacted === undefined ? shown.message : { text: redacted };
    const seq = record.entries.length + 1;
    record.entries.push({ ...shown, message, seq, at: when, status: 'delivered' });
    return seq;
  }

  function accept(arrival: Arrival): Acceptance {
    const accepted = arrive(arrival);
    if (accepted.outcome === 'accepted') enqueue(accepted.key, copy(arrival.event), arrival.at, accepted.seq);
    return accepted;
  }

  function enqueue(conversation: number, event: OpenEvent['event'], when: number, seq = 0): void {
    const id = nextId();
    inbox.set(id, { id, conversation, event, seq, at: when, tries: 0 });
  }

  function arrive(arrival: Arrival): Acceptance {
    const known = recordOf(arrival.to);
    const { origin } = arrival;
    const before = origin.kind === 'door' ? known?.keys.get(origin.key) : undefined;
    if (known !== undefined && before !== undefined)
      return { outcome: 'duplicate', key: known.key, id: known.id, seq: before.seq };
    if (!take(known, arrival)) return { outcome: 'gone' };
    const record = known ?? begin(arrival.to);
    const seq = arrival.shown === undefined ? 0 : show(record, arrival.shown, arrival.at);
    if (origin.kind === 'door') record.keys.set(origin.key, { seq, at: arrival.at });
    const accepted = { outcome: 'accepted', key: record.key, id: record.id, seq, tail: record.entries.length } as const;
    return openedBy(record.key, arrival) ? { ...accepted, unparked: true } : accepted;
  }

  function commit(asked: FinishedTurn): Commitment {
    // What cannot be copied is refused here, before anything has changed.
    const turn = { ...asked, effects: copy(asked.effects) };
    const { arrival } = turn;
    const { origin } = arrival;
    const known = recordOf(arrival.to);
    const before = origin.kind === 'door' ? known?.keys.get(origin.key) : undefined;
    if (known !== undefined && before !== undefined)
      return { outcome: 'duplicate', key: known.key, id: known.id, seq: before.seq };
    if ((known?.version ?? 0) !== turn.version) return { outcome: 'stale' };
    if (!take(known, arrival)) return { outcome: 'gone' };
    const record = known ?? begin(arrival.to);
    record.customer ??= turn.known?.customer;
    const shown = origin.kind === 'inbox' ? undefined : arrival.shown;
    const seq = shown === undefined ? 0 : show(record, shown, arrival.at, turn.redacted);
    if (origin.kind === 'door') record.keys.set(origin.key, { seq, at: arrival.at });
    if (turn.redacted !== undefined && turn.seq) {
      const { attachments: _, ...entry } = record.entries[turn.seq - 1]!;
      record.entries[turn.seq - 1] = { ...entry, message: { text: turn.redacted } };
    }
    const first = record.entries.length + 1;
    const unparked = openedBy(record.key, arrival);
    const { held, freed, customer, woken } = write(record, turn);
    record.version = turn.version + 1;
    record.state = turn.state;
    const tail = record.entries.length;
    return { outcome: 'applied', key: record.key, seq, first, tail, held, freed, unparked, customer, ...woken };
  }

  function openedBy(key: number, { window, at: when }: Arrival): boolean {
    if (window === undefined) return false;
    const before = allowances.get(key);
    const handoff = before?.handoff;
    allowances.set(key, joined(before, window));
    if (handoff === undefined) return false;
    const index = handoffs.findIndex(({ id }) => id === handoff);
    handoffs[index] = { ...handoffs[index]!, status: 'closed' };
    for (const effect of freeOf(key)) if (effect.work.kind === 'send') effect.due = Math.min(effect.due, when);
    return true;
  }

  function write(record: Record, turn: FinishedTurn) {
    const when = turn.arrival.at;
    const first = record.entries.length + 1;
    const held: HeldEffect[] = [];
    const inFront = freeOf(record.key).filter(({ work }) => work.kind === 'send');
    const isFree = turn.delivery === 'free' || (turn.delivery === 'held' && inFront.length > 0);
    let freed = false;
    let woken: { readonly woken: readonly number[] } | undefined;
    let customer = turn.identified === undefined ? undefined : hers.identify(record, turn.identified, 'signed', when);
    const enqueue = (due: number, isHeld: boolean, work: Effect['work'], begun = false) => {
      const until = isHeld ? turn.heldUntil : 0;
      const effect: Effect = { id: nextId(), token: 1, conversation: record.key, tries: 0, due, until, begun, work };
      effects.set(effect.id, effect);
      if (isHeld) held.push(begun ? { ...heldOf(effect), begun: 'now' } : heldOf(effect));
    };
    for (const effect of turn.effects) {
      switch (effect.kind) {
        case 'send': {
          const seq = record.entries.length + 1;
          const passes = effect.message.template !== undefined && allowances.get(record.key)?.handoff !== undefined;
          const waits = passes ? turn.delivery === 'free' : isFree;
          const begins = turn.begins === true && turn.delivery === 'held' && !waits && seq === first;
          const status = turn.delivery === 'fetched' ? 'delivered' : begins ? 'sending' : 'queued';
          record.entries.push({
            seq,
            id: `${record.id}.${seq}`,
            from: effect.from,
            message: effect.message,
            at: when,
            status,
          });
          if (turn.delivery === 'fetched') break;
          freed = waits;
          const due = waits && !passes ? Math.max(when, ...inFront.map((each) => each.due)) : when;
          const { message } = effect;
          enqueue(due, !waits, { kind: 'send', seq, turn: first, at: when, message, parts: 0 }, begins);
          break;
        }
        case 'call':
          enqueue(effect.notBefore ?? when, (effect.notBefore ?? when) <= when, effect);
          break;
        case 'timer':
          record.timers.set(effect.id, effect.at);
          break;
        case 'cancel_timer':
          record.timers.delete(effect.id);
          break;
        case 'listen':
          unlisten(record, effect.id);
          listen(record, effect);
          break;
        case 'unlisten':
          unlisten(record, effect.id);
          break;
        case 'handoff':
          handoffs.push({ id: nextId(), conversation: record.id, handoff: effect, status: 'open', at: when });
          break;
        case 'customer':
          customer = hers.remember(record, effect.set);
          break;
        case 'identify':
          customer = hers.identify(record, effect.customer, 'code', when);
          break;
        case 'hand_on': {
          const handed = hers.handOn(record, effect, when);
          customer = handed.customer ?? customer;
          woken = { woken: [...(woken?.woken ?? []), handed.to] };
          break;
        }
        case 'consent':
          if (effect.ruling === null) rulings.delete(placeOf(record.account, record.address));
          else rulings.set(placeOf(record.account, record.address), effect.ruling);
          break;
        case 'desk':
          desk.keep(record, effect, when);
          break;
        case 'record':
          insights.push({ id: nextId(), conversation: record.id, name: effect.name, data: effect.data, at: when });
          break;
        default:
          effect satisfies never;
      }
    }
    return { held, freed, customer, woken };
  }

  const hers = identitiesIn<Record>({
    customers,
    conversations,
    ...{ at, nextId, arrive, enqueue },
    begin: (account, address) => begin({ key: 0, id: crypto.randomUUID(), account, address, locale: '' }),
    take(from, to, { listeners, calls }) {
      for (const [here, there] of Object.entries(listeners)) {
        const listener = from.listeners.get(here);
        if (listener === undefined) continue;
        unlisten(from, here);
        listen(to, { kind: 'listen', id: there, event: listener.file.split('\n')[0]!, match: listener.match });
      }
      for (const open of openOf(from.key)) {
        const moved = eventFor(open.event, calls);
        if (moved === undefined) continue;
        inbox.delete(open.id);
        enqueue(to.key, moved, open.at);
      }
      handoffs.forEach((each, index) => {
        if (each.conversation === from.id && each.status === 'open' && each.handoff.id !== 'channel.window_closed')
          handoffs[index] = { ...each, conversation: to.id };
      });
    },
  });

  const placeOf = (account: string, address: string) => `${account}\n${address}`;

  const fileOf = (event: string, token: string) => `${event}\n${token}`;

  function listen(record: Record, { id, event, match }: Listen): void {
    const file = fileOf(event, tokenOf(match));
    const listener: Listener = { record, match, file };
    record.listeners.set(id, listener);
    listening.set(file, (listening.get(file) ?? new Set()).add(listener));
  }

  function unlisten(record: Record, id: string): void {
    const listener = record.listeners.get(id);
    if (listener === undefined) return;
    record.listeners.delete(id);
    listening.get(listener.file)?.delete(listener);
  }

  function claim({ now, until, limit, sending = nobody }: Parameters<Store['claim']>[0]): HeldEffect[] {
    for (const effect of effects.values()) if (effect.until > 0 && effect.until <= now) effect.until = 0;
    const stays = ({ conversation, work }: Effect) => work.kind === 'send' && sending(conversation);
    const due = [...effects.values()].filter((effect) => effect.until === 0 && effect.due <= now && !stays(effect));
    const keys = new Set(due.sort((a, b) => a.due - b.due || a.id - b.id).map(({ conversation }) => conversation));
    return [...keys].slice(0, limit).flatMap((key) => {
      const free = freeOf(key).filter((effect) => !stays(effect));
      const sendsDue = free.some(({ work, due: at }) => work.kind === 'send' && at <= now);
      const claimed = free.filter((effect) => (effect.work.kind === 'send' ? sendsDue : effect.due <= now));
      return claimed.map((effect) => {
        effect.until = until;
        effect.token += 1;
        return effect.begun ? { ...heldOf(effect), begun: 'before' } : heldOf(effect);
      });
    });
  }

  function settle({ others = [], receipts: ids = [], spent, next, ...first }: Parameters<Store['settle']>[0]): boolean {
    const { end } = first;
    const lead = effects.get(first.id);
    if (!endOne(first, end)) return false;
    for (const other of others) endOne(other, end.kind === 'dead' ? end : { ...end, parts: 0 });
    if (end.kind === 'done' && lead?.work.kind === 'send') {
      const { seq } = lead.work;
      const members = others.map((_, index) => seq + index + 1);
      if (members.length > 0) merged.set(entryId(lead.conversation, seq), members);
    }
    if (lead?.work.kind === 'send' && ids.length > 0) {
      const name = `${conversations.get(lead.conversation)!.id}.${lead.work.seq}`;
      const known = receipts.get(name) ?? [];
      for (const { part, id } of ids) known[part] = id;
      receipts.set(name, known);
    }
    const allowance = spent === undefined ? undefined : allowances.get(spent.conversation);
    if (spent !== undefined && allowance?.messages !== undefined) {
      const messages = Math.max(0, allowance.messages - spent.calls);
      allowances.set(spent.conversation, { ...allowance, messages });
    }
    if (next !== undefined) startOn(next, next.part);
    return true;
  }

  const entryId = (conversation: number, seq: number) => `${conversation}.${seq}`;
  const entryOf = (conversation: number, seq: number) => conversations.get(conversation)!.entries[seq - 1]!;

  function mark(conversation: number, seq: number, status: DeliveryStatus): void {
    const { entries } = conversations.get(conversation)!;
    entries[seq - 1] = { ...entries[seq - 1]!, status };
  }

  function endOne({ id, token }: Hold, end: Parameters<Store['settle']>[0]['end']): boolean {
    const effect = effects.get(id);
    if (effect === undefined || effect.token !== token || effect.until === 0) return false;
    const { work, conversation } = effect;
    if (end.kind === 'retry' || end.kind === 'park') {
      const closed = end.kind === 'park' ? close(conversation, end) : true;
      const { unsure: _, ...send } = work.kind === 'send' ? work : { ...work, unsure: undefined };
      const again = work.kind === 'send' ? { ...send, parts: end.parts, ...(end.unsure && { unsure: true }) } : work;
      const tries = end.kind === 'retry' ? end.tries : effect.tries;
      const due = closed ? end.due : (end as { at: number }).at;
      effects.set(id, { ...effect, until: 0, begun: false, due, tries, work: again as Effect['work'] });
      if (work.kind === 'send') requeue(conversation, work.seq);
      return true;
    }
    effects.delete(id);
    if (work.kind !== 'send') return true;
    if (end.kind === 'done') sent(conversation, work.seq, end.status, end.parts ?? 1, end.at);
    else {
      const { seq, message } = work;
      mark(conversation, seq, 'failed');
      const letter = {
        id,
        conversation: conversations.get(conversation)!.id,
        seq,
        message,
        code: end.code,
        at: end.at,
      };
      dead.set(id, { ...letter, effect: { ...effect, begun: false, work: { ...work, turn: seq } } });
    }
    return true;
  }

  function requeue(conversation: number, seq: number): void {
    if (entryOf(conversation, seq).status === 'sending') mark(conversation, seq, 'queued');
  }

  function startOn({ id, token }: Hold, part: number | undefined): boolean {
    const effect = effects.get(id);
    if (effect === undefined || effect.token !== token || effect.until === 0 || effect.work.kind !== 'send')
      return false;
    const { work, conversation } = effect;
    effects.set(id, { ...effect, begun: part !== undefined, work: { ...work, parts: part ?? work.parts } });
    if (part === undefined) requeue(conversation, work.seq);
    else mark(conversation, work.seq, 'sending');
    return true;
  }

  function close(conversation: number, park: { seen: number; at: number; handoff: StoredHandoff['handoff'] }): boolean {
    const before = allowances.get(conversation);
    if (before !== undefined && before.until !== park.seen) return false;
    const handoff = before?.handoff ?? nextId();
    allowances.set(conversation, { until: before?.until ?? 0, messages: 0, handoff });
    const { id } = conversations.get(conversation)!;
    if (before?.handoff === undefined)
      handoffs.push({ id: handoff, conversation: id, handoff: park.handoff, status: 'open', at: park.at });
    return true;
  }

  function sent(conversation: number, seq: number, status: 'sent' | 'unknown', parts: number, when: number): void {
    const id = entryId(conversation, seq);
    const early = reports.get(id) ?? new Map();
    for (let part = 0; part < parts; part += 1) if (!early.has(part)) early.set(part, { status, code: undefined });
    const known = ofAll([...early.values()].map((each) => further(status, each.status)));
    if (parts > 1) reports.set(id, early);
    else reports.delete(id);
    mark(conversation, seq, parts === 0 ? status : known);
    const failure = [...early.values()].find((each) => each.status === 'failed');
    if (failure !== undefined) bury(conversation, seq, failure.code, when);
  }

  function progress(told: Parameters<Store['progress']>[0]): Progressed[] {
    const record = byId(told.conversation);
    const entry = record?.entries[told.seq - 1];
    if (record === undefined || record.account !== told.account || entry === undefined || entry.from === 'customer')
      return [];
    const id = entryId(record.key, told.seq);
    const isOpen = entry.status === 'queued' || entry.status === 'sending';
    const parts = reports.get(id) ?? new Map();
    const own = parts.get(told.part);
    if (!isOpen && own === undefined && (parts.size > 0 || told.part > 0)) return [];
    if (isOpen || own !== undefined) {
      const status = further(own?.status ?? 'queued', told.status);
      parts.set(told.part, { status, code: told.code ?? own?.code });
      reports.set(id, parts);
      if (isOpen) return [];
    }
    const now =
      own === undefined ? further(entry.status, told.status) : ofAll([...parts.values()].map((p) => p.status));
    if (now === entry.status) return [];
    return [told.seq, ...(merged.get(id) ?? [])].map((seq) => {
      mark(record.key, seq, now);
      if (now === 'failed') bury(record.key, seq, told.code, told.at);
      return { seq, status: now };
    });
  }

  function bury(conversation: number, seq: number, code = 'channel.failed', when: number): void {
    const id = nextId();
    const { message, at: said } = entryOf(conversation, seq);
    const work = { kind: 'send', seq, turn: seq, at: said, message, parts: 0 } as const;
    const effect: Effect = { id, token: 1, conversation, tries: 0, due: when, until: 0, begun: false, work };
    dead.set(id, { id, conversation: conversations.get(conversation)!.id, seq, message, code, at: when, effect });
  }

  function fail(event: number, { code, at: when, quarantine: set }: Parameters<Store['fail']>[1]): void {
    const open = inbox.get(event);
    if (open === undefined) return;
    if (!set) return void inbox.set(event, { ...open, tries: open.tries + 1 });
    inbox.delete(event);
    const conversation = conversations.get(open.conversation)!.id;
    quarantine.set(event, { id: event, conversation, event: open.event, code, at: when, open });
  }

  const ordered = <T extends { id: number }>(rows: Iterable<T>, limit: number): T[] =>
    [...rows].sort((a, b) => a.id - b.id).slice(0, limit);

  const keysOf = (open: Iterable<OpenEvent & { conversation: number }>) => [
    ...new Set(ordered(open, Number.POSITIVE_INFINITY).map(({ conversation }) => conversation)),
  ];

  return {
    load: async (account, address) => conversationOf(at(account, address)),
    find: async (which) => conversationOf(typeof which === 'number' ? conversations.get(which) : byId(which)),
    accept: async (arrival) => accept(arrival),
    take: async (key, limit) =>
      openOf(key)
        .slice(0, limit)
        .map(({ conversation: _, ...open }) => open),
    backlog: async (limit) => keysOf(inbox.values()).slice(0, limit),
    tried: async (limit) => keysOf(inbox.values().filter(({ tries }) => tries > 0)).slice(0, limit),
    commit: async (turn) => commit(turn),
    fail: async (event, failure) => fail(event, failure),
    async signal({ name, data, key, at: when }) {
      const woken: number[] = [];
      const once = `signal:${name}:${key}`;
      const filed = tokensOf(data).flatMap((token) => [...(listening.get(fileOf(name, token)) ?? [])]);
      for (const { record, match } of filed) {
        if (record.keys.has(once) || !matches(match, data)) continue;
        record.keys.set(once, { seq: 0, at: when });
        const id = nextId();
        inbox.set(id, {
          id,
          conversation: record.key,
          event: { kind: 'signal', name, data },
          seq: 0,
          at: when,
          tries: 0,
        });
        woken.push(record.key);
      }
      return woken;
    },
    claim: async (which) => claim(which),
    settle: async (settlement) => settle(settlement),
    async release(held, due) {
      for (const { id, token, begun } of held) {
        if (begun === 'now') startOn({ id, token }, undefined);
        const effect = effects.get(id);
        if (effect?.token === token) Object.assign(effect, { until: 0, due });
      }
    },
    begin: async (effect, part) => startOn(effect, part),
    progress: async (told) => progress(told),
    receipts: async (conversation, seq) => receipts.get(`${conversation}.${seq}`) ?? [],
    async revise(conversation, seq, message) {
      const record = byId(conversation);
      const entry = record?.entries[seq - 1];
      if (entry !== undefined && entry.from !== 'customer') record!.entries[seq - 1] = { ...entry, message };
    },
    async allowance(conversation) {
      const kept = allowances.get(conversation);
      if (kept === undefined) return undefined;
      const { handoff: _, ...allowance } = kept;
      return allowance;
    },
    nextEffect: async () => lowest([...effects.values()].filter(({ until }) => until === 0).map(({ due }) => due)),
    waiting: async () => [
      ...new Set(
        [...effects.values()]
          .filter(({ until, work }) => until === 0 && work.kind === 'send')
          .map(({ conversation }) => conversation),
      ),
    ],
    due: async (now, limit) =>
      [...conversations.values()]
        .flatMap((record) => [...record.timers].map(([id, due]) => ({ conversation: record.key, id, due })))
        .filter(({ due }) => due <= now)
        .sort((a, b) => a.due - b.due)
        .slice(0, limit),
    nextTimer: async () => lowest([...conversations.values()].flatMap(({ timers }) => [...timers.values()])),
    async transcript(conversation, after, limit) {
      const record = byId(conversation);
      const kept = (record?.entries ?? []).filter((entry) => entry !== undefined);
      const entries = kept.filter(({ seq }) => seq > after).slice(0, limit);
      const isRead = (entry: StoredEntry) => entry.from !== 'customer' && entry.seq <= record!.seen;
      return entries.map((entry) => (isRead(entry) ? { ...entry, status: 'read' } : entry));
    },
    offered: async (key) =>
      conversations
        .get(key)
        ?.entries.findLast(
          (entry) => entry?.from !== 'customer' && (entry?.message.choices ?? entry?.message.form) !== undefined,
        )?.message,
    async seen(conversation, seq) {
      const record = byId(conversation);
      if (record === undefined || seq <= record.seen) return [];
      const before = record.seen;
      record.seen = Math.min(seq, record.entries.length);
      return record.entries
        .filter((entry) => entry !== undefined)
        .filter((entry) => entry.from !== 'customer' && entry.seq > before && entry.seq <= record.seen)
        .map((entry) => entry.seq);
    },
    async readdress(account, from, to) {
      const here = at(account, from);
      if (here === undefined) return;
      if (at(account, to) !== undefined) {
        throw new ParleyError('store.address_taken', 'Another conversation is at the new address already.', {
          hint: 'Move a conversation only to an address that nobody has written from.',
        });
      }
      here.address = to;
      hers.move(account, from, to);
      const ruling = rulings.get(placeOf(account, from));
      if (ruling !== undefined && rulings.delete(placeOf(account, from))) rulings.set(placeOf(account, to), ruling);
    },
    customer: async (name) => customers.values().find((customer) => customer.name === name),
    ...hers.store,
    arrived: async (conversation, key) => conversations.get(conversation)?.keys.has(key) === true,
    heard: async (key) => conversations.get(key)?.entries.findLast((entry) => entry?.from === 'customer')?.at,
    audience: async (after, limit) =>
      [...conversations.values()]
        .filter(({ key, state }) => key > after && state !== undefined)
        .slice(0, limit)
        .map(({ key, account, address, customer }) => ({
          ...{ key, account, address },
          ...(customer === undefined ? {} : { customer }),
        })),
    ruling: async (account, address) => rulings.get(placeOf(account, address)),
    async keepDocument(document) {
      documents.set(`${document.set}\n${document.id}`, { ...document, key: nextId() });
    },
    dropDocument: async (set, id) => documents.delete(`${set}\n${id}`),
    documents: async (after, limit) =>
      [...documents.values()]
        .filter(({ key }) => key > after)
        .toSorted((a, b) => a.key - b.key)
        .slice(0, limit),

    cursor: async (account) => cursors.get(account),
    async keepCursor(account, cursor) {
      cursors.set(account, cursor);
    },
    quarantined: async (limit) => ordered(quarantine.values(), limit).map(({ open: _, ...event }) => event),
    dead: async (limit) => ordered(dead.values(), limit).map(({ effect: _, ...letter }) => letter),
    async replayEvent(event) {
      const set = quarantine.get(event);
      if (set === undefined) return undefined;
      quarantine.delete(event);
      inbox.set(event, { ...set.open, tries: 0 });
      return set.open.conversation;
    },
    async replayLetter(letter, now) {
      const buried = dead.get(letter);
      if (buried === undefined) return false;
      dead.delete(letter);
      effects.set(letter, { ...buried.effect, token: buried.effect.token + 1, tries: 0, until: 0, due: now });
      const { entries } = conversations.get(buried.effect.conversation)!;
      entries[buried.seq - 1] = { ...entries[buried.seq - 1]!, status: 'queued' };
      return true;
    },
    counts: async () => ({
      quarantined: quarantine.size,
      dead: dead.size,
      oldestEffect: lowest([...effects.values()].map(({ due }) => due)),
    }),
    handoffs: async (limit) => handoffs.slice(0, limit),
    desk,
    insights: async (after, limit) => insights.filter(({ id }) => id > after).slice(0, limit),
    async keepFlow(flow) {
      if (!flows.has(flow.hash)) flows.set(flow.hash, flow);
    },
    keptFlows: async () => [...flows.values()].sort((a, b) => (a.hash < b.hash ? -1 : 1)),
    async dropFlow(hash) {
      flows.delete(hash);
    },
    states: async (after, limit) =>
      [...conversations.values()]
        .flatMap(({ key, id, state }) => (key > after && state !== undefined ? [{ key, id, state }] : []))
        .slice(0, limit),
    async prune({ keys = 0, insights: facts = 0, entries = 0, after, limit }) {
      let pruned = 0;
      const page = [...conversations.values()].filter(({ key }) => key > after).slice(0, limit);
      for (const record of page) {
        for (const [key, { at: when }] of record.keys) if (when < keys) record.keys.delete(key);
        const needed = new Set([
          ...[...effects.values()].map(({ conversation, work }) => (conversation === record.key ? seqOf(work) : 0)),
          ...[...dead.values()].map(({ conversation, seq }) => (conversation === record.id ? seq : 0)),
        ]);
        record.entries.forEach((entry, index) => {
          if (entry === undefined || entry.at >= entries || needed.has(entry.seq)) return;
          record.entries[index] = undefined;
          pruned += 1;
        });
      }
      const kept = insights.findIndex(({ at: when }) => when >= facts);
      const old = insights.splice(0, Math.min(limit, kept === -1 ? Math.max(0, insights.length - 1) : kept));
      const next = page.at(-1)?.key ?? (old.length === limit ? after : undefined);
      return { pruned: pruned + old.length, next };
    },
    interrupted: false,
    health: () => 'ok',
    onFatal: () => undefined,
    close: async () => undefined,
  };
}

interface Record extends Whereabouts {
  address: string;
  version: number;
  state: string | undefined;
  customer: number | undefined;
  seen: number;
  /** By sequence number, from 1; a hole where one was pruned. */
  entries: (StoredEntry | undefined)[];
  keys: Map<string, { readonly seq: number; readonly at: number }>;
  timers: Map<string, number>;
  listeners: Map<string, Listener>;
}

type Listen = Extract<Wanted, { kind: 'listen' }>;

interface Listener {
  readonly record: Record;
  readonly match: JsonObject;
  /** Where it is filed. */
  readonly file: string;
}

interface Effect {
  readonly id: number;
  token: number;
  readonly conversation: number;
  readonly tries: number;
  due: number;
  until: number;
  /** Its part may have been sent. */
  begun: boolean;
  readonly work: HeldEffect['work'] | Call;
}

function nobody(): boolean {
  return false;
}

function heldOf({ id, token, conversation, tries, work }: Effect): HeldEffect {
  return { id, token, conversation, tries, work };
}

function seqOf(work: Effect['work']): number {
  return work.kind === 'send' ? work.seq : 0;
}

function lowest(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : Math.min(...numbers);
}

/** What is stored does not change when its giver changes it. */
function copy<T>(value: T): T {
  return structuredClone(value);
}
