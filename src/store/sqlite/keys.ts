import type { Database } from 'better-sqlite3';
import { chain } from './chain.ts';

/**
 * The keys that a conversation's arrivals came with: what is delivered again is known by its key. Most stand in the transcript, beside
 * the words that came with them; so only what is not shown, and what has outlived its line, needs a row in `arrival`. (A row for every
 * key made half of the pages that a group of turns writes.)
 *
 * What was looked up stays in memory as hashes, for as many conversations as are busy: a hash that is not there is a new key, and one
 * that is there is looked up for certain. A conversation's row carries its hashes along while they are few, so that one which comes
 * back after a while is not read line by line.
 */
export interface Keys {
  /** Sequence number of the arrival that came with this key (0 if it is not shown); `undefined`: none has. */
  find(conversation: number, key: string): number | undefined;
  /** An arrival has come with this key. `tell`: nothing in the transcript tells it. */
  keep(conversation: number, key: string, at: number, tell: boolean): void;
  /** What the conversation's row is to carry once `key` has come as well; null: they are too many. */
  carried(conversation: number, key?: string): Uint8Array | null;
  /** The conversation has just begun: nothing has come yet. */
  begin(conversation: number): void;
  /** What was kept since the transaction began is not on disk: everything is to be looked up again. */
  forget(): void;
  /** Keys of before are not looked for any more. */
  since(at: number): void;
}

/** `since`: epoch milliseconds. */
export function keysOf(database: Database, since: number): Keys {
  const sql = statements(database);
  const hashes = new Map<number, Set<number>>();
  let horizon = since;
  let size = 0;

  function hashesOf(conversation: number): Set<number> {
    const known = hashes.get(conversation);
    if (known !== undefined) return known;
    const carried = sql.carried.get(conversation);
    return remember(conversation, carried == null ? hashesOnDisk(conversation) : unpack(carried));
  }

  function hashesOnDisk(conversation: number): Set<number> {
    const found = new Set<number>();
    for (const key of sql.shown.all({ conversation, horizon })) found.add(hash(key));
    for (const key of sql.unshown.all(conversation)) found.add(hash(key));
    return found;
  }

  function remember(conversation: number, found: Set<number>): Set<number> {
    hashes.set(conversation, found);
    size += found.size;
    for (const [oldest, { size: less }] of hashes) {
      if (hashes.size <= MOST_CONVERSATIONS && size <= MOST_KEYS) break;
      if (oldest === conversation) break;
      hashes.delete(oldest);
      size -= less;
    }
    return found;
  }

  return {
    find(conversation, key) {
      if (!hashesOf(conversation).has(hash(key))) return undefined;
      return sql.seqOfShown.get({ conversation, key, horizon }) ?? sql.seqOfUnshown.get(conversation, key);
    },
    keep(conversation, key, at, tell) {
      if (tell) sql.tell.run(conversation, key, at);
      const known = hashesOf(conversation);
      const before = known.size;
      known.add(hash(key));
      size += known.size - before;
    },
    carried(conversation, key) {
      const known = hashesOf(conversation);
      if (known.size >= MOST_CARRIED) return null;
      return pack(key === undefined ? known : [...known, hash(key)]);
    },
    begin: (conversation) => void remember(conversation, new Set()),
    forget() {
      hashes.clear();
      size = 0;
    },
    since(at) {
      if (at <= horizon) return;
      horizon = at;
      this.forget();
    },
  };
}

/** As many conversations as the engine keeps at hand, and a handful of megabytes. */
const MOST_CONVERSATIONS = 4_096;
const MOST_KEYS = 500_000;
/** Of four bytes each, in every row: as many as most conversations ever have. */
const MOST_CARRIED = 32;

/** 30 bits, so that the engine keeps it as a small number (FNV-1a). */
function hash(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return hash >>> 2;
}

function pack(hashes: Iterable<number>): Uint8Array {
  return new Uint8Array(Int32Array.from(hashes).buffer);
}

function unpack(bytes: Uint8Array): Set<number> {
  return new Set(new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)));
}

function statements(database: Database) {
  const lines = chain('JOIN conversation c ON c.tail = e.id WHERE c.id = @conversation', 'e.at >= @horizon');
  return {
    shown: database
      .prepare<{ conversation: number; horizon: number }, string>(
        `${lines} SELECT e.key FROM line l JOIN entry e ON e.id = l.id WHERE e.key IS NOT NULL AND e.at >= @horizon`,
      )
      .pluck(),
    seqOfShown: database
      .prepare<{ conversation: number; key: string; horizon: number }, number>(
        `${lines} SELECT e.seq FROM line l JOIN entry e ON e.id = l.id WHERE e.key = @key AND e.at >= @horizon`,
      )
      .pluck(),
    carried: database.prepare<[number], Uint8Array | null>('SELECT keys FROM conversation WHERE id = ?').pluck(),
    unshown: database.prepare<[number], string>('SELECT key FROM arrival WHERE conversation = ?').pluck(),
    seqOfUnshown: database
      .prepare<[number, string], number>('SELECT seq FROM arrival WHERE conversation = ? AND key = ?')
      .pluck(),
    tell: database.prepare(
      'INSERT INTO arrival (conversation, key, seq, at) VALUES (?, ?, 0, ?) ON CONFLICT DO NOTHING',
    ),
  };
}
