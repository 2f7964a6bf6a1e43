/** What a script may rely on. */
export const EXIT = {
  ok: 0,
  /** The command ran and found something to mend: a mistake in a flow, a failed test. */
  problems: 1,
  /** The command was not understood. */
  usage: 2,
  /** The command could not run: a file, a port or the network was in the way. */
  failed: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
