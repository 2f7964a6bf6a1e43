import type { Channel } from '../channel.ts';

/** Every kind of channel, by its name in `parley.yaml`: a new one is a folder and a line here. Loaded when an account needs it. */
export const CHANNELS: Readonly<Record<string, () => Promise<Channel>>> = {
  web: async () => (await import('../../channels/web/web.ts')).default,
  sms: async () => (await import('../../channels/sms/sms.ts')).default,
  wechat: async () => (await import('../../channels/wechat/wechat.ts')).default,
  telegram: async () => (await import('../../channels/telegram/telegram.ts')).default,
  teams: async () => (await import('../../channels/teams/teams.ts')).default,
  slack: async () => (await import('../../channels/slack/slack.ts')).default,
  directline: async () => (await import('../../channels/directline/directline.ts')).default,
  wecom: async () => (await import('../../channels/wecom/wecom.ts')).default,
};
