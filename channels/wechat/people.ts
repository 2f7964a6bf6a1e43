import type { Inbound, RawResponse } from '#channel';
import type { XmlFields } from '../tencent/xml.ts';
import { wordsIn } from './content.ts';
import { reply } from './passive.ts';
import type { WechatSettings } from './settings.ts';

/**
 * The business's people in WeChat's own customer service (客服功能). Who asks for them by one of the account's `people` words, or by
 * an entry of its menu, is given to them by the answer to that very call; as long as they serve her, WeChat brings what she says to
 * them and not to us, and tells when that begins and ends
 * (https://developers.weixin.qq.com/doc/service/guide/product/kf/Forwarding_of_messages_to_service_center.html).
 */
export function wantsPeople(message: XmlFields, { people }: WechatSettings): boolean {
  const isClick = wordsIn(message.Event) === 'CLICK';
  const said = (isClick ? wordsIn(message.EventKey) : wordsIn(message.Content)).trim().toLowerCase();
  return said !== '' && people.has(said);
}

/** Gives her to them: what stands for an answer. */
export function transferred(message: XmlFields, settings: WechatSettings): RawResponse {
  const now = Number(wordsIn(message.CreateTime)) * 1000;
  return reply({ MsgType: 'transfer_customer_service' }, wordsIn(message.FromUserName), settings, now);
}

/** `undefined`: it is nothing of theirs. */
export function servedBy(message: XmlFields): Inbound['event'] | undefined {
  const agent = wordsIn(message.KfAccount) || wordsIn(message.ToKfAccount);
  switch (wordsIn(message.Event)) {
    case 'kf_create_session':
    case 'kf_switch_session':
      return { kind: 'signal', name: 'channel.session', data: { state: 'human', agent } };
    case 'kf_close_session':
      return { kind: 'signal', name: 'channel.session', data: { state: 'ended', agent } };
    default:
      return undefined;
  }
}
