import type { DeskEffect, DeskStand } from '../effect.ts';
import type { JsonObject } from '../type.ts';
import type { AuditTable } from './audit.ts';
import type { ReviewTable } from './review.ts';

/**
 * The desk's lists and its log, as the `desk` effects of turns have left them: written with the turn that caused them, so they never
 * tell what did not happen. What decides is the conversation's own state; these are for whoever looks at many at once.
 */
export interface DeskTables extends AuditTable, ReviewTable {
  /** Conversations at one of these stands, the longest waiting first. */
  stands(at: readonly string[], limit: number): Promise<readonly StoredStand[]>;
  /** Conversations whose humans' part has ended, the one begun last first. */
  ended(limit: number): Promise<readonly StoredStand[]>;
  /** By public id; `undefined`: it never had to do with a human. */
  stand(conversation: string): Promise<StoredStand | undefined>;
  /** Conversations in which flows have asked humans for something that is open, the longest waiting first. */
  asking(limit: number): Promise<readonly StoredStand[]>;
  /** Who has the conversation of this key now, by the count of those who have had it; 0: no human ever had. */
  epoch(conversation: number): Promise<number>;
  /** Lines of the log after this one, oldest first. */
  lines(after: number, limit: number): Promise<readonly DeskLine[]>;
  /** The last lines of one conversation, oldest first. */
  history(conversation: string, limit: number): Promise<readonly DeskLine[]>;
  /** What became of a command: the line that it has left. */
  answer(conversation: string, command: string): Promise<DeskLine | undefined>;
  /** The agents that anything is known of. */
  agents(): Promise<readonly StoredAgent[]>;
  /** She says how she is; offers she missed are forgotten. */
  setPresence(agent: string, presence: string, at: number): Promise<void>;
}

export interface StoredStand extends DeskStand {
  /** Public id. */
  readonly conversation: string;
}

export interface DeskLine {
  readonly id: number;
  readonly conversation: string;
  readonly at: number;
  readonly line: JsonObject;
}

export interface StoredAgent {
  readonly name: string;
  readonly presence: string;
  /** Epoch milliseconds. */
  readonly since: number;
  /** Offers let pass in a row. */
  readonly misses: number;
  /** When she was last offered or given a conversation. */
  readonly given: number;
}

/** What an agent who has let so many offers pass is taken to be. */
export const AWAY = 'away';

/** The line that tells how far an agent's words have come. */
export function receiptLine(seq: number, state: string, { at, epoch }: Pick<DeskStand, 'at' | 'epoch'>): JsonObject {
  return { on: 'receipt', from: at, to: at, epoch, seq, state };
}

/** The line that tells so. */
export function awayLine(agent: string, { at, epoch }: DeskEffect['stand']): JsonObject {
  return { on: AWAY, from: at, to: at, epoch, by: agent };
}
