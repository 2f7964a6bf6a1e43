import type { Program } from '../flow/program.ts';
import type { SlotView, Understanding } from '../understanding/understanding.ts';

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

/** The flows that free words may start, as understanding needs them. */
export function catalogueOf(programs: ReadonlyMap<string, Program>): readonly {
  readonly name: string;
  readonly description: string;
  readonly examples: Readonly<Record<string, readonly string[]>>;
  readonly slots: readonly SlotView[];
}[] {
  return [...programs.values()]
    .filter(({ header }) => !header.callableOnly)
    .map(({ flow, header, slots }) => ({
      name: flow,
      description: header.description,
      examples: header.examples,
      slots: Object.values(slots)
        .filter(({ prefill, sensitive }) => prefill && sensitive !== 'secret')
        .map(({ name, type, source, description }) => ({
          name,
          type,
          ...(source !== undefined && { pattern: source }),
          ...(description !== undefined && { description }),
        })),
    }));
}
