import type { Program } from '../flow/program.ts';
import type { Understanding } from '../understanding/understanding.ts';

/** Everything a business has written, compiled: what every turn works with. */
export interface Bot {
  /** The current version of every flow, repair flows among them (`repair.cancel`). */
  readonly programs: ReadonlyMap<string, Program>;
  /** Every version that a running conversation may stand in, by its hash. */
  readonly versions: ReadonlyMap<string, Program>;
  readonly understanding: Understanding;
  /** Languages; the first is the default. */
  readonly locales: readonly string[];
  /** IANA zone of the business: `today` depends on it. */
  readonly timezone: string;
  /** Built-in texts by locale and name. */
  readonly texts: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Is a desk there, where humans take conversations over? */
  readonly desk: boolean;
  /** Milliseconds without an answer until the `inactivity` pattern runs; 0 for never. */
  readonly patience: number;
}
