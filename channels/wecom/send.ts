import { type CallContext, fetchOutside, ParleyError, type Part, type Receipt, type SendContext } from '#channel';
import { Refusal } from '../tencent/api.ts';
import { placeOf } from './address.ts';
import { callApi } from './client.ts';
import { UPLOAD_LIMITS, uploadMedia } from './media.ts';
import { msgidOf } from './msgid.ts';
import type { Outside } from './pieces.ts';
import type { WecomPart } from './plan.ts';
import { classify, isDuplicate, isOutOfTurn } from './refusal.ts';
import { sayOnEvent, sessionOf, takeSession } from './session.ts';
import type { WecomSettings } from './settings.ts';
import { dropWelcome, welcomeFor } from './welcome.ts';

type Context = SendContext<WecomSettings>;

/**
 * Sends a part under an id of its own, so that it may be sent again whatever became of it before. Who has just come in and written
 * nothing is greeted under her welcome code.
 */
export async function send(part: Part, context: Context): Promise<Receipt> {
  const msgid = msgidOf(context.key);
  const message = await messageOf(part as WecomPart, context);
  if (!(await greeted(message, msgid, context))) await tell(message, msgid, context);
  return { id: msgid };
}

/** What `send_msg` takes; files are uploaded. */
async function messageOf(part: WecomPart, context: Context): Promise<{ readonly msgtype: string }> {
  switch (part.msgtype) {
    case 'text':
    case 'msgmenu':
      return part;
    case 'image':
    case 'file': {
      const media_id = await uploaded(part.outside, part.msgtype, context);
      return media_id === undefined ? wordsOf(part.outside) : { msgtype: part.msgtype, [part.msgtype]: { media_id } };
    }
    case 'link': {
      const thumb_media_id = await uploaded(part.outside, 'image', context);
      if (thumb_media_id === undefined) return wordsOf(part.outside);
      return { msgtype: 'link', link: { ...part.link, thumb_media_id } } as { msgtype: string };
    }
    default:
      throw new ParleyError('wecom.unknown_part', `No part of a message is sent as ${(part as Part).msgtype}.`);
  }
}

/** `undefined`: it cannot be had, or is nothing that WeCom takes. Her answer must not fail over a picture. */
async function uploaded(outside: Outside, type: 'image' | 'file', context: Context): Promise<string | undefined> {
  const { settings, signal } = context;
  const hosts = outside.own ? [...settings.fileHosts, new URL(outside.url).host] : settings.fileHosts;
  try {
    const bytes = await fetchOutside(outside.url, { most: UPLOAD_LIMITS[type], hosts, signal });
    return await uploadMedia({ type, name: outside.name, bytes }, context);
  } catch (error) {
    if (error instanceof ParleyError || classify(error).kind === 'invalid') return undefined;
    throw error;
  }
}

function wordsOf({ words }: Outside) {
  return { msgtype: 'text', text: { content: words } };
}

/** Before she has written, only this gets through: one text or menu, once. */
async function greeted(message: { readonly msgtype: string }, msgid: string, context: Context): Promise<boolean> {
  const { settings, address } = context;
  const code = welcomeFor(settings, address);
  if (code === undefined || !['text', 'msgmenu'].includes(message.msgtype)) return false;
  try {
    await sayOnEvent(code, message, msgid, context);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // Used, too late, or she has written meanwhile: then the usual way is open, and WeCom knows the id if this one was there already.
    dropWelcome(settings, address);
    return isDuplicate(error);
  }
  dropWelcome(settings, address);
  return true;
}

async function tell(message: object, msgid: string, context: Context): Promise<void> {
  const { kf, customer } = placeOf(context.address);
  const call = () => callApi('kf/send_msg', { touser: customer, open_kfid: kf, msgid, ...message }, context);
  try {
    await call();
  } catch (error) {
    if (isDuplicate(error)) return;
    if (!isOutOfTurn(error) || !(await taken(context))) throw error;
    await call();
  }
}

/** A session that nobody serves yet is ours to take; one that people serve, or that has ended, is not. */
async function taken(context: CallContext<WecomSettings> & { readonly address: string }): Promise<boolean> {
  const { state } = await sessionOf(context);
  if (state !== 'new') return false;
  await takeSession(context);
  return true;
}
