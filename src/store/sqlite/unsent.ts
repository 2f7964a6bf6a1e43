import type { Database } from 'better-sqlite3';

/**
 * What has been said and is not sent yet. On disk that is told by its row in `effect` alone: its entry says from the beginning what it
 * will be when that row has gone, so that a send which goes as nearly all do writes its entry once. In memory, because whoever reads a
 * transcript wants to see it.
 */
export interface Unsent {
  status(entry: number): 'queued' | 'sending' | undefined;
  is(entry: number, status: 'queued' | 'sending'): void;
  /** Sent, or given up. */
  gone(entry: number): void;
}

export function unsentOf(database: Database): Unsent {
  const open = database.prepare<[], { entry: number; begun: number }>(
    'SELECT entry, begun FROM effect WHERE entry IS NOT NULL',
  );
  const statuses = new Map<number, 'queued' | 'sending'>();
  for (const { entry, begun } of open.all()) statuses.set(entry, begun === 1 ? 'sending' : 'queued');
  return {
    status: (entry) => statuses.get(entry),
    is: (entry, status) => void statuses.set(entry, status),
    gone: (entry) => void statuses.delete(entry),
  };
}
