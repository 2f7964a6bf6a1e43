import type { z } from 'zod';
import type { Compiler } from './compiling/compiler.ts';

/** A kind of step: the word that names it, the shape of its YAML, and how it is checked and compiled. */
export interface StepKind<S = unknown> {
  readonly word: string;
  readonly schema: z.ZodType<S>;
  /** Its keys that are also words of other steps. */
  readonly keys: ReadonlySet<string>;
  /** What a step is called when its author does not say: the slot it asks for, the action it calls. */
  idOf(step: S): string | undefined;
  /** Checks it and emits its operations. */
  compile(step: S, c: Compiler): void;
}

export function defineStep<S>(
  kind: Omit<StepKind<S>, 'keys' | 'idOf'> & { keys?: readonly string[]; idOf?: (step: S) => string | undefined },
): StepKind<S> {
  return { idOf: () => undefined, ...kind, keys: new Set(kind.keys) };
}
