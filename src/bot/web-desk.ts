import { join } from 'node:path';
import type { Environment } from '../deployment/deployment.ts';
import { deskPolicyOf } from '../deployment/desk.ts';
import type { Settings } from '../deployment/settings.ts';
import { openWebDesk, type WebDesk } from '../desks/web/web-desk.ts';
import type { Log } from '../log.ts';

export interface WebDeskParts {
  /** As they are now: a reload changes agents and queues. */
  readonly settings: () => Settings;
  /** Folder of the deployment's data. */
  readonly data: string;
  readonly environment: Environment;
  readonly clock: { now(): number };
  readonly log: Log;
}

/** The page for agents, which every deployment with a desk has; `undefined`: `parley.yaml` describes none. */
export function webDeskOf({ settings, data, environment, clock, log }: WebDeskParts): WebDesk | undefined {
  if (settings().desk === undefined) return undefined;
  const { PARLEY_DESK_SECRET: secret } = environment;
  return openWebDesk({
    business: () => settings().name,
    policy: () => deskPolicyOf(settings().desk ?? {}, settings().timezone),
    sessions: join(data, 'desk-sessions.json'),
    ...(secret === undefined || secret === '' ? {} : { secret }),
    ...{ clock, log },
  });
}
