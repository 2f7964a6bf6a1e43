import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { codeOf, ParleyError } from '../errors.ts';
import { allowancesOf } from './sqlite/allowance.ts';
import { auditOf } from './sqlite/audit.ts';
import { cursorsOf } from './sqlite/cursor.ts';
import { customersOf } from './sqlite/customer.ts';
import { deliveriesOf } from './sqlite/delivery.ts';
import { deskOf } from './sqlite/desk.ts';
import { freeSendsOf } from './sqlite/free-sends.ts';
import { asStoreError, GroupCommit } from './sqlite/group-commit.ts';
import { handingOf } from './sqlite/handing.ts';
import { identitiesOf } from './sqlite/identity.ts';
import { inboxOf } from './sqlite/inbox.ts';
import { invitationsOf } from './sqlite/invitation.ts';
import { keysOf } from './sqlite/keys.ts';
import { knowledgeOf } from './sqlite/knowledge.ts';
import { outboxOf } from './sqlite/outbox.ts';
import { pruningOf } from './sqlite/pruning.ts';
import { readingOf } from './sqlite/reading.ts';
import { redemptionOf } from './sqlite/redemption.ts';
import { reviewsOf } from './sqlite/review.ts';
import { rulingsOf, teachPlaces } from './sqlite/ruling.ts';
import { migrate } from './sqlite/schema.ts';
import { turnsOf } from './sqlite/turn.ts';
import { unsentOf } from './sqlite/unsent.ts';
import { vectorsOf } from './sqlite/vector.ts';
import type { DueTimer, Store } from './store.ts';

/**
 * The store in one SQLite file, for one process: what is written in the same moment shares one sync (`group-commit.ts`), what is
 * read comes straight from the page cache. The file is locked while it is open.
 *
 * @throws ParleyError `store.locked` when another process has it, `store.newer` when a later version of Parley wrote it, `store.full` and
 * `store.unavailable` when the disk has no room for it or fails.
 */
export function openSqlite(path: string, options: SqliteOptions = {}): SqliteStore {
  // SQLite takes its log away when the file is closed: it is here because nobody came to that.
  const interrupted = existsSync(`${path}-wal`);
  const database = open(path);
  const limit = (pages: number) => void database.pragma(`max_page_count = ${pages}`);
  if (options.pages !== undefined) limit(options.pages);
  const group = new GroupCommit(database);
  const wipe = () => {
    group.wipe = true;
  };
  const free = freeSendsOf(database, () => group.transactions);
  const keys = keysOf(database, options.keysSince ?? 0);
  group.onRollback(() => keys.forget());
  const allowances = allowancesOf(database, free);
  const unsent = unsentOf(database);
  const audit = auditOf(database);
  const desk = deskOf(database, audit);
  const reviews = reviewsOf(database);
  const deliveries = deliveriesOf(database, unsent, desk.came);
  const rulings = rulingsOf(database);
  const customers = customersOf(database);
  const identities = identitiesOf(database, customers);
  const handing = handingOf(database, identities);
  const turns = turnsOf(database, {
    wipe,
    free,
    keys,
    allowances,
    rulings,
    customers,
    identities,
    handing,
    unsent,
    desk,
  });
  const invitations = invitationsOf(database);
  const redeem = redemptionOf(database, { turns, invitations });
  const inbox = inboxOf(database);
  const outbox = outboxOf(database, { free, deliveries, allowances, unsent, audit });
  const reading = readingOf(database, {
    customers,
    isOpen: inbox.isOpen,
    rulings,
    identities,
    unsent,
    came: desk.came,
  });
  const pruning = pruningOf(database, wipe, keys);
  const cursors = cursorsOf(database);
  const knowledge = knowledgeOf(database);
  const vectors = vectorsOf(database);
  const timer = {
    due: database.prepare<[number, number], DueTimer>(
      'SELECT conversation, id, due FROM timer WHERE due <= ? ORDER BY due LIMIT ?',
    ),
    next: database.prepare<[], number>('SELECT due FROM timer ORDER BY due LIMIT 1').pluck(),
  };
  outbox.freeAll();

  return {
    load: async (account, address) => reading.load(account, address),
    find: async (conversation) => reading.find(conversation),

    accept: (arrival) => group.join(turns.accept, arrival),
    take: async (conversation, limit) => inbox.take(conversation, limit),
    backlog: async (limit) => inbox.backlog(limit),
    tried: async (limit) => inbox.tried(limit),
    commit: (turn) => group.join(turns.commit, turn),
    fail: (event, failure) => group.join(inbox.fail, { event, ...failure }),
    signal: (signal) => group.join(inbox.signal, signal),

    claim: (claim) => group.join(outbox.claim, claim),
    settle: (settlement) => group.join(outbox.settle, settlement),
    begin: (effect, part) => group.join(outbox.begin, { effect, part }),
    release: (effects, due) => group.join(outbox.release, { effects, due }),
    progress: (progress) => group.join(deliveries.progress, progress),
    receipts: async (conversation, seq) => deliveries.receipts(conversation, seq),
    revise: (conversation, seq, message) => group.join(deliveries.revise, { conversation, seq, message }),
    allowance: async (conversation) => allowances.find(conversation),
    nextEffect: async () => outbox.nextEffect(),

    due: async (now, limit) => timer.due.all(now, limit),
    nextTimer: async () => timer.next.get(),

    transcript: async (conversation, after, limit) => reading.transcript(conversation, after, limit),
    offered: async (conversation) => reading.offered(conversation),
    seen: (conversation, seq) => group.join(reading.seen, { conversation, seq }),
    readdress: (account, from, to) => group.join(reading.readdress, { account, from, to }),
    customer: async (name) => customers.byName(name),

    invite: (invitation) => group.join(invitations.invite, invitation),
    withdraw: (conversation, id) => group.join(() => invitations.withdraw(conversation, id), undefined),
    redeem: (code, arrival, channel) => group.join(redeem, { code, arrival, channel }),
    challenge: (challenge) => group.join(invitations.challenge, challenge),
    answer: (answer) =>
      group.join(() => {
        const proven = invitations.answer(answer);
        if (proven !== undefined) identities.join(answer.conversation, proven, answer.at);
        return proven !== undefined;
      }, undefined),
    owner: async (account, address) => identities.owner(account, address),
    identities: async (customer) => identities.of(customer),
    unlink: (account, address) => group.join(identities.unlink, { account, address }),
    arrived: async (conversation, key) => keys.find(conversation, key) !== undefined,
    heard: async (conversation) => reading.heard(conversation),

    audience: async (after, limit) => reading.audience(after, limit),
    ruling: async (account, address) => rulings.find(account, address),

    cursor: async (account) => cursors.find(account),
    keepCursor: (account, cursor) => group.join(cursors.keep, { account, cursor }),

    quarantined: async (limit) => inbox.quarantined(limit),
    dead: async (limit) => outbox.dead(limit),
    replayEvent: (event) => group.join(inbox.replay, event),
    replayLetter: (effect, now) => group.join(outbox.replay, { effect, now }),
    counts: async () => reading.counts(),
    handoffs: async (limit) => reading.handoffs(limit),
    desk: {
      stands: async (at, limit) => desk.stands(at, limit),
      ended: async (limit) => desk.ended(limit),
      stand: async (conversation) => desk.stand(conversation),
      asking: async (limit) => desk.asking(limit),
      epoch: async (conversation) => desk.epoch(conversation),
      lines: async (after, limit) => desk.lines(after, limit),
      history: async (conversation, limit) => desk.history(conversation, limit),
      answer: async (conversation, command) => desk.answer(conversation, command),
      agents: async () => desk.agents(),
      setPresence: (agent, presence, at) => group.join(desk.setPresence, { agent, presence, at }),
      audit: async (after, limit) => desk.audit(after, limit),
      audited: (entry) => group.join(desk.audited, entry),
      reviewed: (entry) => group.join(reviews.add, entry),
      reviews: async (after, limit) => reviews.rows(after, limit),
    },
    insights: async (after, limit) => reading.insights(after, limit),

    keepDocument: (document) => group.join(knowledge.keep, document),
    dropDocument: (set, id) => group.join(knowledge.drop, { set, id }),
    documents: async (after, limit) => knowledge.page(after, limit),
    keepVectors: (kept) => group.join(vectors.keep, kept),
    vectors: async (maker, after, limit) => vectors.page(maker, after, limit),
    dropVectors: (maker, texts) => group.join(vectors.drop, { maker, texts }),

    keepFlow: (flow) => group.join(reading.keepFlow, flow),
    keptFlows: async () => reading.keptFlows(),
    dropFlow: (hash) => group.join(reading.dropFlow, hash),
    states: async (after, limit) => reading.states(after, limit),

    prune: (page) => group.join(pruning.prune, page),
    limit,
    interrupted,
    health: () => group.condition,
    onFatal: (listener) => group.onFatal(listener),
    close: async () => {
      group.close();
      database.close();
    },
  };
}

export interface SqliteOptions {
  readonly pages?: number;
  /** Epoch milliseconds: what came in before is not known by its key any more. Default: everything is. */
  readonly keysSince?: number;
}

/** A file that may be kept from growing beyond so many pages of 8 KiB; then it says `store.full`. */
export interface SqliteStore extends Store {
  limit(pages: number): void;
}

/**
 * WAL with `synchronous=FULL`: a commit is on disk when it returns (NORMAL would acknowledge what is not). `locking_mode=EXCLUSIVE`
 * keeps the wal index in this process' memory and every other process out. `secure_delete` overwrites what is deleted: a secret
 * that was redacted is not left in a free corner of the file.
 */
function open(path: string): Database.Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const database = new Database(path, { timeout: 0 });
  try {
    database.pragma('page_size = 8192');
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('secure_delete = FAST');
    database.pragma('cache_size = -65536');
    database.pragma('wal_autocheckpoint = 4000');
    database.exec('BEGIN IMMEDIATE; COMMIT');
    teachPlaces(database);
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    if (!codeOf(error).startsWith('SQLITE_BUSY')) throw asStoreError(error);
    throw new ParleyError('store.locked', `Another process has ${path} open.`, {
      hint: 'Stop the other Parley first, or give this one a file of its own.',
      cause: error,
    });
  }
}
