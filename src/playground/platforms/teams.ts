import { onScreen } from '../../../channels/teams/simulator/phone.ts';
import { openSimulator } from '../../../channels/teams/simulator.ts';
import { type Platform, reference } from '../platform.ts';

export const teams: Platform = {
  async open({ webhook, now, ids, secret }) {
    const password = secret();
    const platform = await openSimulator({ now, ids, password });
    platform.deliveries.webhook = webhook;
    return {
      simulator: onScreen(platform),
      account: {
        kind: 'teams',
        app_id: platform.appId,
        app_password: reference('PLAYGROUND_TEAMS_PASSWORD'),
        ...platform.account,
      },
      environment: { PLAYGROUND_TEAMS_PASSWORD: password },
    };
  },
};
