import { readSettings, type SlackSettings } from '../../../channels/slack/settings.ts';

export const BOT_TOKEN = 'xoxb-simulated-token-of-no-bot';
export const APP_TOKEN = 'xapp-simulated-token-of-no-app';
/** Of Slack's own documentation. */
export const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';

/** An account as `parley.yaml` would have it. */
export function account(given: object = {}, environment: Record<string, string> = {}): SlackSettings {
  const raw = {
    kind: 'slack',
    bot_token: reference('SLACK_BOT_TOKEN'),
    signing_secret: reference('SLACK_SIGNING_SECRET'),
    app_token: reference('SLACK_APP_TOKEN'),
    ...given,
  };
  return readSettings(raw, {
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_APP_TOKEN: APP_TOKEN,
    ...environment,
  });
}

/** `${NAME}` */
export function reference(name: string): string {
  return `\${${name}}`;
}
