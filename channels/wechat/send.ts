import { z } from 'zod';
import type { CallContext, Part, Receipt, SendContext } from '#channel';
import { Refusal } from '../tencent/api.ts';
import { callApi } from './client.ts';
import { forgetPicture, uploadPicture } from './media.ts';
import { inText } from './menu.ts';
import { type MenuPart, type Ready, ServicePart, TemplatePart, type TextPart } from './part.ts';
import { passiveReply } from './passive.ts';
import type { WechatSettings } from './settings.ts';
import { link } from './words.ts';

type Context = SendContext<WechatSettings>;

/** One message: as the answer to the webhook that waits, which costs nothing of her window, or as a customer-service message. */
export async function send(part: Part, context: Context): Promise<Receipt> {
  if ('template_id' in part) return await sendTemplate(TemplatePart.parse(part), context);
  const service = ServicePart.parse(part);
  const message = await readied(service, context);
  if (context.passive !== undefined) {
    await context.passive(passiveReply(message, context.address, context.settings, Date.now()));
    return {};
  }
  try {
    await sendService(message, context);
    return {};
  } catch (error) {
    if (service.msgtype === 'image' && isRefused(error, 40007)) forgetPicture(service.image.source, context.settings);
    throw error;
  }
}

/** A picture that WeChat does not take is a link to it. */
async function readied(message: ServicePart, context: Context): Promise<Ready> {
  if (message.msgtype !== 'image') return message;
  const { source, alt } = message.image;
  const id = await uploadPicture(source, context);
  if (id !== undefined) return { msgtype: 'image', image: { media_id: id } };
  return { msgtype: 'text', text: { content: link(alt === '' ? source : alt, source) } };
}

/** Accounts that have been told that menus are not for them (40200): only certified ones may send them. */
const withoutMenus = new WeakSet<WechatSettings>();

async function sendService(message: Ready, context: Context): Promise<void> {
  const { settings, address: touser } = context;
  const isMenu = message.msgtype === 'msgmenu';
  const body = isMenu && withoutMenus.has(settings) ? asText(message) : message;
  try {
    await callApi('/cgi-bin/message/custom/send', { touser, ...body }, context);
  } catch (error) {
    if (!isMenu || body !== message || !isRefused(error, 40200)) throw error;
    // Refused for what it is, so nothing was sent: the same choices as links in a text.
    withoutMenus.add(settings);
    await callApi('/cgi-bin/message/custom/send', { touser, ...asText(message) }, context);
  }
}

function asText({ msgmenu }: MenuPart): TextPart {
  return { msgtype: 'text', text: { content: inText(msgmenu) } };
}

const Sent = z.object({ msgid: z.union([z.number(), z.string()]) });

/** https://developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage */
async function sendTemplate(part: TemplatePart, context: Context): Promise<Receipt> {
  const answer = await callApi('/cgi-bin/message/template/send', { touser: context.address, ...part }, context);
  return { id: String(Sent.parse(answer).msgid), reported: true };
}

/** Shows "对方正在输入" for a while (https://developers.weixin.qq.com/doc/service/api/customer/message/api_typing). */
export async function typing(context: CallContext<WechatSettings> & { readonly address: string }): Promise<void> {
  await callApi('/cgi-bin/message/custom/typing', { touser: context.address, command: 'Typing' }, context);
}

function isRefused(error: unknown, errcode: number): boolean {
  return error instanceof Refusal && error.errcode === errcode;
}
