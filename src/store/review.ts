import type { JsonObject } from '../type.ts';

/**
 * What was made of the bot's drafts, and what was done about it. Rows are only ever added; what holds at a time is found by reading them in
 * order. Only a customer's erasure removes those of her conversations.
 */
export interface ReviewTable {
  /** Adds it; under a key that is there already nothing changes. On disk when it resolves. */
  reviewed(entry: ReviewEntry): Promise<void>;
  /** Rows after this one, oldest first. */
  reviews(after: number, limit: number): Promise<readonly ReviewRow[]>;
}

export interface ReviewEntry {
  /** Its own: whatever comes again has the same. */
  readonly key: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** `judged`, `proposed`, `approved`, `declined`, `promoted`, `demoted`, `exported`. */
  readonly what: string;
  /** Public id; absent: of none. */
  readonly conversation?: string;
  readonly data: JsonObject;
}

export interface ReviewRow extends ReviewEntry {
  /** Rises. */
  readonly id: number;
}
