import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Contestant } from '../contestant.ts';

export type Name = 'harness' | 'switch' | 'core' | 'floor' | 'parley' | 'botbuilder';

/** The contestant of that name. Only this one is loaded: another's modules would count as its own at the start. */
export async function contestantOf(name: Name): Promise<Contestant> {
  switch (name) {
    case 'harness':
      return (await import('./harness.ts')).harness;
    case 'switch':
      return (await import('./switch.ts')).handWritten;
    case 'core':
      return (await import('./core.ts')).core;
    case 'floor':
      return (await import('./floor.ts')).floor;
    case 'parley':
      return (await import('./parley.ts')).parley;
    case 'botbuilder':
      return (await import('./botbuilder.mjs')).botbuilder;
  }
}

/** Is `bench/package.json` installed? It is no part of the project's own install. */
export function hasBotbuilder(): boolean {
  return existsSync(join(import.meta.dirname, '..', 'node_modules', 'botbuilder-dialogs', 'package.json'));
}
