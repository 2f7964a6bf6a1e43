import type { Platform } from './platform.ts';

/** Every platform with a stand-in, in the order of the page: a new one is a file and a line here. */
export const PLATFORMS: Readonly<Record<string, () => Promise<Platform>>> = {
  sms: async () => (await import('./platforms/sms.ts')).sms,
  telegram: async () => (await import('./platforms/telegram.ts')).telegram,
  wechat: async () => (await import('./platforms/wechat.ts')).wechat,
  wecom: async () => (await import('./platforms/wecom.ts')).wecom,
  slack: async () => (await import('./platforms/slack.ts')).slack,
  teams: async () => (await import('./platforms/teams.ts')).teams,
  directline: async () => (await import('./platforms/directline.ts')).directline,
};
