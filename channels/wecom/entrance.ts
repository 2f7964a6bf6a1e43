import type { Entrance } from '#channel';
import type { WecomSettings } from './settings.ts';

/**
 * The customer service's own link with the code behind it: what she opens it with comes as the `scene_param` of her `enter_session`
 * (https://developer.work.weixin.qq.com/document/path/94665). WeCom passes it on only where the link itself has a `scene`.
 */
export function entrance({ link }: WecomSettings, code: string): Entrance {
  if (link === undefined) return {};
  const url = new URL(link);
  url.searchParams.set('scene_param', code);
  return { url: url.href };
}

export function leadsTo({ link }: WecomSettings): readonly string[] {
  return link === undefined ? [] : [new URL(link).hostname];
}
