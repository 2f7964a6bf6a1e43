import { join } from 'node:path';
import { DATABASE } from '../bot/database.ts';
import { throughOperatorDoor } from '../bot/operator-door.ts';
import { type Records, recordsOf } from '../bot/records.ts';
import { type Hands, handsOn } from '../bot/stuck.ts';
import { codeOf } from '../errors.ts';
import { openSqlite } from '../store/sqlite.ts';

/** Straight on the database when nobody has it open; through the running deployment otherwise. */
export async function withHands<T>(data: string, work: (hands: Hands & Records) => Promise<T>): Promise<T> {
  let store: ReturnType<typeof openSqlite>;
  try {
    store = openSqlite(join(data, DATABASE));
  } catch (error) {
    if (codeOf(error) !== 'store.locked') throw error;
    return work(throughOperatorDoor(data));
  }
  try {
    return await work({ ...handsOn(store), ...recordsOf(store) });
  } finally {
    await store.close();
  }
}
