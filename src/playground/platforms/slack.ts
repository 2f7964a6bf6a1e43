import { onScreen } from '../../../channels/slack/simulator/phone.ts';
import { openSimulator } from '../../../channels/slack/simulator.ts';
import { type Platform, reference } from '../platform.ts';

export const slack: Platform = {
  async open({ webhook, now, ids, secret }) {
    const [botToken, signingSecret] = [`xoxb-${secret()}`, secret()];
    const platform = await openSimulator({ now, ids, botToken, signingSecret });
    platform.deliveries.setWebhook(webhook);
    return {
      simulator: onScreen(platform),
      account: {
        kind: 'slack',
        bot_token: reference('PLAYGROUND_SLACK_TOKEN'),
        signing_secret: reference('PLAYGROUND_SLACK_SECRET'),
        api_root: platform.url,
      },
      environment: { PLAYGROUND_SLACK_TOKEN: botToken, PLAYGROUND_SLACK_SECRET: signingSecret },
    };
  },
};
