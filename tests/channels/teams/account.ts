import { readSettings, type TeamsSettings } from '../../../channels/teams/settings.ts';
import type { Simulator } from '../../../channels/teams/simulator.ts';

export const APP_ID = '11111111-2222-4333-8444-555555555555';
export const PASSWORD = 'simulated-client-secret';
export const TENANT = '99999999-8888-4777-8666-555555555555';

/** An account as `parley.yaml` would have it. */
export function account(given: object = {}, environment: Record<string, string> = {}): TeamsSettings {
  const raw = { kind: 'teams', app_id: APP_ID, app_password: reference('TEAMS_APP_PASSWORD'), ...given };
  return readSettings(raw, { TEAMS_APP_PASSWORD: PASSWORD, ...environment });
}

/** The account of a bot that knows no Teams but the stand-in. */
export function accountAt(
  teams: Simulator,
  given: object = {},
  environment: Record<string, string> = {},
): TeamsSettings {
  return account({ ...teams.account, ...given }, environment);
}

/** `${NAME}` */
export function reference(name: string): string {
  return `\${${name}}`;
}
