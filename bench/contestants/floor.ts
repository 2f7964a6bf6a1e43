import { join } from 'node:path';
import Database from 'better-sqlite3';
import { payloadOf, readBody } from '../channel.ts';
import type { Contestant } from '../contestant.ts';
import { answer, type Memory, type Reply, render } from './by-hand.ts';

/**
 * The durable floor: the hand-written bot over the same SQLite as Parley's store (WAL, `synchronous=FULL`), with the same group
 * commit. A dedupe row, the state and the replies to send are one transaction; replies leave after its commit, and what has left is
 * struck off with the next group. What is physically possible, not a product: no transcript, no order between turns that wait, no
 * retries, nothing but this one bot.
 */
export const floor: Contestant = {
  name: 'floor',
  durable: true,
  async open({ sink, folder }) {
    const database = new Database(join(folder, 'floor.db'));
    for (const pragma of PRAGMAS) database.pragma(pragma);
    database.exec(SCHEMA);
    const find = database.prepare<[string], Row>('SELECT id, state FROM conversation WHERE address = ?');
    const begin = database.prepare('INSERT INTO conversation (address, state) VALUES (?, ?)');
    const save = database.prepare('UPDATE conversation SET state = ? WHERE id = ?');
    const arrive = database.prepare('INSERT INTO arrival (conversation, key) VALUES (?, ?) ON CONFLICT DO NOTHING');
    const post = database.prepare('INSERT INTO outbox (conversation, replies) VALUES (?, ?)');
    const strike = database.prepare('DELETE FROM outbox WHERE id <= ?');
    let waiting: Buffer[] = [];
    let struck = 0;

    const take = (body: Buffer): { address: string; replies: Reply[] } => {
      const { address, id: key, text } = readBody(body);
      const row = find.get(address);
      const id = row?.id ?? Number(begin.run(address, '{"step":"idle"}').lastInsertRowid);
      if (arrive.run(id, key).changes === 0) return { address, replies: [] };
      const memory: Memory = JSON.parse(row?.state ?? '{"step":"idle"}');
      const replies = answer(memory, text);
      save.run(JSON.stringify(memory), id);
      struck = Number(post.run(id, JSON.stringify(replies)).lastInsertRowid);
      return { address, replies };
    };
    const group = database.transaction((bodies: readonly Buffer[]) => {
      strike.run(struck);
      return bodies.map(take);
    });
    const flush = () => {
      const bodies = waiting;
      waiting = [];
      for (const { address, replies } of group.immediate(bodies))
        for (const reply of replies) sink(address, payloadOf(address, render(reply)));
    };

    return {
      receive(body) {
        waiting.push(body);
        if (waiting.length === 1) setImmediate(flush);
      },
      close: async () => {
        database.close();
      },
    };
  },
};

interface Row {
  id: number;
  state: string;
}

/** As in `src/store/sqlite.ts`. */
const PRAGMAS = [
  'page_size = 8192',
  'locking_mode = EXCLUSIVE',
  'journal_mode = WAL',
  'synchronous = FULL',
  'secure_delete = FAST',
  'cache_size = -65536',
  'wal_autocheckpoint = 4000',
];

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS conversation (id INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE, state TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS arrival (conversation INTEGER NOT NULL, key TEXT NOT NULL, PRIMARY KEY (conversation, key)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, replies TEXT NOT NULL);
`;
