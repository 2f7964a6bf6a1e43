import { openSimulator } from '../../../channels/directline/simulator.ts';
import { type Platform, reference } from '../platform.ts';

export const directline: Platform = {
  async open({ webhook, now, secret }) {
    const own = secret();
    return {
      simulator: openSimulator({ domain: `${webhook}/v3/directline`, secret: own, now }),
      account: { kind: 'directline', secret: reference('PLAYGROUND_DIRECTLINE_SECRET') },
      environment: { PLAYGROUND_DIRECTLINE_SECRET: own },
    };
  },
};
