import type { Mutant } from './mutants.ts';

/** A mutant and the file it is in, relative to the repository. */
export interface PlacedMutant extends Mutant {
  readonly file: string;
}

const NAME = 'PARLEY_MUTANT';

/** How a process of jest is told which mutant it runs, if any. */
export function environmentOf(mutant: PlacedMutant | undefined): NodeJS.ProcessEnv {
  return mutant === undefined ? process.env : { ...process.env, [NAME]: JSON.stringify(mutant) };
}

export function placedIn(environment: NodeJS.ProcessEnv): PlacedMutant | undefined {
  const written = environment[NAME];
  return written === undefined ? undefined : JSON.parse(written);
}
