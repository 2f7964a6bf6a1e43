import { createHash } from 'node:crypto';
import type { JsonObject } from '../type.ts';

/**
 * Who did what to a customer's conversation, for somebody who must be able to trust it later. Rows are only ever added, each with the
 * hash of its content and of the row before it: whoever changes, swaps or removes one in the middle breaks the chain from there on.
 * Who cuts off its end leaves a whole chain: keep the last hash elsewhere to see that.
 *
 * It holds no words of anybody, only what was done, by whom, and in which conversation.
 */
export interface AuditTable {
  /** Rows after this one, oldest first. */
  audit(after: number, limit: number): Promise<readonly AuditRow[]>;
  /** Something was done outside of a turn; on disk when it resolves. */
  audited(entry: AuditEntry): Promise<void>;
}

export interface AuditEntry {
  /** Epoch milliseconds. */
  readonly at: number;
  /** `claimed`, `revealed`. */
  readonly what: string;
  /** The agent or operator; absent: the house. */
  readonly by?: string;
  /** Public id. */
  readonly conversation?: string;
  readonly data: JsonObject;
}

export interface AuditRow extends AuditEntry {
  /** Rises by one. */
  readonly id: number;
  /** Hex. */
  readonly previous: string;
  readonly hash: string;
}

/** What the first row has before it. */
export const GENESIS = '0'.repeat(64);

export function chained(before: Pick<AuditRow, 'id' | 'hash'> | undefined, entry: AuditEntry): AuditRow {
  const { at, what, by, conversation, data } = entry;
  const row = {
    ...{ id: (before?.id ?? 0) + 1, at, what, data },
    ...(by === undefined ? {} : { by }),
    ...(conversation === undefined ? {} : { conversation }),
    previous: before?.hash ?? GENESIS,
  };
  return { ...row, hash: hashOf(row) };
}

/** SHA-256 over every field, in a fixed order. */
export function hashOf({ id, at, what, by, conversation, data, previous }: Omit<AuditRow, 'hash'>): string {
  const content = JSON.stringify([previous, id, at, what, by ?? null, conversation ?? null, data]);
  return createHash('sha256').update(content).digest('hex');
}

/** Of what was about to be said when somebody else took the conversation. */
export const STALE = 'desk.stale';

export function droppedEntry(conversation: string, seq: number, at: number): AuditEntry {
  return { at, what: 'dropped', conversation, data: { seq, code: STALE } };
}

/** What in the desk's log somebody may be asked about later. */
const ACTS = new Set([
  ...['claimed', 'assigned', 'requeued', 'consulted', 'handed_over', 'returned', 'left', 'held', 'wrapped', 'finished'],
  ...['said', 'edited', 'deleted', 'decided', 'done', 'reviewed', 'muted'],
]);
/** What is told of it: never words. */
const TOLD = ['from', 'to', 'epoch', 'agent', 'queue', 'outcome', 'command', 'said', 'late', 'verdict', 'reason'];

/** The entry that a line of the desk's log leaves; `undefined`: none. */
export function entryIn(line: JsonObject, conversation: string, at: number): AuditEntry | undefined {
  const { on, by, task } = line;
  if (typeof on !== 'string' || !ACTS.has(on)) return undefined;
  const data: Record<string, JsonObject[string]> = {};
  for (const name of TOLD) if (line[name] !== undefined) data[name] = line[name];
  if (typeof task === 'object' && task !== null && 'id' in task) data.task = String(task.id);
  return { at, what: on, conversation, data, ...(typeof by === 'string' ? { by } : {}) };
}
