import { z } from 'zod';
import type { Entrance } from '#channel';
import { callApi } from './client.ts';
import type { WechatSettings } from './settings.ts';

const Ticket = z.object({ ticket: z.string().min(1) });
/** Seconds that a picture leads here; the code in it ends no later. */
const LIFE = 600;

/**
 * A QR code for her phone, which brings the code along when she scans it, and makes her a follower if she is none
 * (https://developers.weixin.qq.com/doc/service/api/qrcode/qrcodes/api_createqrcode). What an account may not have, or WeChat does not
 * give right now, is left out: the code can be typed as well.
 */
export async function entrance(settings: WechatSettings, code: string, signal: AbortSignal): Promise<Entrance> {
  const asked = { expire_seconds: LIFE, action_name: 'QR_STR_SCENE', action_info: { scene: { scene_str: code } } };
  const answer = await callApi('/cgi-bin/qrcode/create', asked, { settings, signal }).catch(() => undefined);
  const read = Ticket.safeParse(answer);
  if (!read.success) return {};
  const url = new URL('/cgi-bin/showqrcode', settings.qrRoot);
  url.searchParams.set('ticket', read.data.ticket);
  return { url: url.href };
}

export function leadsTo({ qrRoot }: WechatSettings): readonly string[] {
  return [new URL(qrRoot).hostname];
}
