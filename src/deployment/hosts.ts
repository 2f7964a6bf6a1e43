import type { Connectors } from '../connector/connectors.ts';
import { type Environment, fillIn } from '../connector/environment.ts';
import { hostsIn } from '../links.ts';
import type { Settings } from './settings.ts';
import type { Sources } from './sources.ts';

interface Written {
  readonly settings: Settings;
  readonly connectors: Connectors;
  readonly sources: Sources;
  readonly environment: Environment;
  /** Actions in TypeScript: nobody but their author knows where their results lead. */
  readonly coded: boolean;
}

/**
 * Hosts that customers may be sent to: those of the business's own systems, those that it has written into its flows and settings, and what
 * `links` adds. `undefined`: any. Where a conversation goes on in another app, its channel knows.
 */
export function hostsFor({
  settings,
  connectors,
  sources,
  environment,
  coded,
}: Written): readonly string[] | undefined {
  if (coded && settings.links === undefined) return undefined;
  const bases = [...connectors.bindings.values()].map(({ line }) => fillIn(line.base, environment, new Set()));
  const knowledge = Object.values(settings.knowledge).flatMap(({ base = '', urls = [], sitemap = '', hosts }) => [
    ...hostsIn([fillIn(base, environment, new Set()), sitemap, ...urls].join(' ')),
    ...hosts,
  ]);
  const written = sources.flows.flatMap(({ text }) => hostsIn(text));
  return [...new Set([...(settings.links ?? []), ...hostsIn(bases.join(' ')), ...knowledge, ...written])];
}
