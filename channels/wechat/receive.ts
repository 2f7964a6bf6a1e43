import {
  type Inbound,
  ParleyError,
  type RawRequest,
  type RawResponse,
  type Report,
  type SendError,
  type Window,
} from '#channel';
import { openEnvelope, verifyEnvelope, verifySignature } from '../tencent/envelope.ts';
import { readXml, type XmlFields } from '../tencent/xml.ts';
import { contentOf, wordsIn } from './content.ts';
import { tokenIn } from './menu.ts';
import { servedBy, transferred, wantsPeople } from './people.ts';
import type { WechatSettings } from './settings.ts';

/**
 * Only in the safe mode is a message's body signed (`msg_signature`, over its ciphertext); `signature` covers no more than the
 * address, and is enough for the handshake alone, unless the operator has taken it on himself.
 */
export function verify(request: RawRequest, settings: WechatSettings, now: number): void {
  const { secrets } = settings;
  if (request.method === 'GET') return verifySignature(request, 'signature', secrets.tokens, now);
  if (isPlain(request, settings)) return verifySignature(request, 'signature', secrets.tokens, now);
  verifyEnvelope(request, secrets, now);
}

/** In 兼容模式 both come: then what is signed counts. */
function isPlain({ url }: RawRequest, { plaintext }: WechatSettings): boolean {
  return plaintext && url.searchParams.get('encrypt_type') !== 'aes';
}

/** Saved settings at the platform are tried out: it wants its own words back. */
export function challenge({ method, url }: RawRequest): RawResponse | undefined {
  const words = url.searchParams.get('echostr');
  if (method !== 'GET' || words === null) return undefined;
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: words };
}

/**
 * Without a word of our own, the platform must hear `success`, or it tells the customer that we are out of order. Who asks for people
 * is given to them.
 */
export function respond(request: RawRequest, settings: WechatSettings): RawResponse {
  const message = messageIn(request, settings);
  if (wantsPeople(message, settings)) return transferred(message, settings);
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'success' };
}

/**
 * A message or an event. `MsgId` is what WeChat repeats when it delivers again; of events, who did it and when.
 * @throws `wechat.invalid_webhook`
 */
export function parse(request: RawRequest, settings: WechatSettings): readonly Inbound[] {
  const message = messageIn(request, settings);
  const parsed = wordsIn(message.MsgType) === 'event' ? happened(message, settings) : said(message, settings);
  if (parsed === undefined) return [];
  // `/channels/<account>` names the account.
  const account = decodeURIComponent(request.url.pathname.split('/')[2] ?? '');
  const sentAt = Number(wordsIn(message.CreateTime)) * 1000;
  return [{ account, address: wordsIn(message.FromUserName), ...(sentAt > 0 ? { sentAt } : {}), ...parsed }];
}

/** What became of a template message (https://developers.weixin.qq.com/doc/service/guide/product/template_message/). */
export function reports(request: RawRequest, settings: WechatSettings): readonly Report[] {
  const message = messageIn(request, settings);
  if (wordsIn(message.Event) !== 'TEMPLATESENDJOBFINISH') return [];
  const [address, id, status] = [message.FromUserName, message.MsgID, message.Status].map(wordsIn);
  if (!address || !id || !status) return [];
  return [{ address, id, ...(status === 'success' ? { status: 'delivered' } : { status: 'failed', code: status }) }];
}

/** She takes none of our messages any more; `failed: system failed` is of one. */
export function failure(code: string): SendError | undefined {
  return /user\s*block/i.test(code) ? { kind: 'unreachable', reason: 'channel.unreachable' } : undefined;
}

/** What stands in a request is read once, for its events and its reports. */
const read = new WeakMap<RawRequest, XmlFields>();

function messageIn(request: RawRequest, settings: WechatSettings): XmlFields {
  const known = read.get(request);
  if (known !== undefined) return known;
  const message = isPlain(request, settings) ? readXml(request.body) : openEnvelope(request, settings.secrets);
  const isOurs = wordsIn(message.ToUserName) === settings.originalId;
  if (!isOurs || wordsIn(message.FromUserName) === '' || wordsIn(message.MsgType) === '')
    throw new ParleyError('wechat.invalid_webhook', 'This is no message to this Official Account.', {
      hint: 'Compare `original_id` in parley.yaml with 原始ID at mp.weixin.qq.com, 设置与开发 → 账号设置.',
    });
  read.set(request, message);
  return message;
}

type Parsed = Omit<Inbound, 'account' | 'address' | 'sentAt'>;

/** https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage: what each act lets us send. */
const WROTE: Window = { lasts: 48 * 3_600_000, messages: 5 };
/** Menu, follow, scan; a tap in a message counts as a tap on the menu. After a payment: 48 hours, unlimited. */
const ACTED: Window = { lasts: 60_000, messages: 3 };

function said(message: XmlFields, settings: WechatSettings): Parsed {
  const id = wordsIn(message.MsgId);
  if (id === '') throw new ParleyError('wechat.invalid_webhook', 'The message has no MsgId.');
  const { text, media } = contentOf(message);
  if (wantsPeople(message, settings)) return { key: id, event: saidToPeople(text), window: WROTE };
  const token = tokenIn(wordsIn(message.bizmsgmenuid));
  return {
    key: id,
    // Her own words: the title of a page that she forwards is somebody else's.
    locale: localeOf(wordsIn(message.Content) || wordsIn(message.Recognition), settings),
    event: token === undefined ? { kind: 'message', text } : { kind: 'choice', token, label: text },
    ...(media.length === 0 ? {} : { media }),
    window: wordsIn(message.bizmsgmenuid) === '' ? WROTE : ACTED,
  };
}

/** It is answered by them, and not by a flow. */
function saidToPeople(text: string): Inbound['event'] {
  return { kind: 'signal', name: 'channel.said_to_agent', data: { text } };
}

/** `undefined` for what needs no answer: a menu opened a page, a place was told in the background. */
function happened(message: XmlFields, settings: WechatSettings): Parsed | undefined {
  const [name, payload] = [wordsIn(message.Event), wordsIn(message.EventKey)];
  const acted = { key: keyOf(message), window: ACTED };
  if (wantsPeople(message, settings)) return { ...acted, event: saidToPeople(payload) };
  const served = servedBy(message);
  if (served !== undefined) return { key: keyOf(message), event: served };
  switch (name) {
    case 'subscribe':
      // Who followed by a code with a scene in it gets there at once; no SCAN comes after it.
      return { ...acted, locale: settings.locale, event: opened(payload.replace(/^qrscene_/, '')) };
    case 'SCAN':
      return { ...acted, locale: settings.locale, event: opened(payload) };
    case 'unsubscribe':
      return { key: keyOf(message), event: { kind: 'signal', name: 'channel.blocked', data: {} } };
    case 'CLICK': {
      const text = settings.menu[payload] ?? payload.replaceAll('_', ' ');
      return { ...acted, locale: localeOf(text, settings), event: { kind: 'message', text } };
    }
    case 'scancode_waitmsg': {
      const scanned = message.ScanCodeInfo;
      const text = isFields(scanned) ? wordsIn(scanned.ScanResult) : '';
      return { ...acted, locale: settings.locale, event: { kind: 'message', text } };
    }
    default:
      return undefined;
  }
}

function opened(payload: string): Inbound['event'] {
  return payload === '' ? { kind: 'opened' } : { kind: 'opened', payload };
}

/** Two taps of one second on two entries of the menu are two. */
function keyOf({ FromUserName, CreateTime, Event, EventKey }: XmlFields): string {
  return [FromUserName, CreateTime, Event, EventKey].map(wordsIn).join(':');
}

function isFields(value: XmlFields[string] | undefined): value is XmlFields {
  return typeof value === 'object' && !Array.isArray(value);
}

/** WeChat tells no language: letters do. A number or a picture is the account's own. */
function localeOf(text: string, { locale }: WechatSettings): string {
  if (/\p{sc=Han}/u.test(text)) return 'zh';
  return /\p{sc=Latin}{3}/u.test(text) ? 'en' : locale;
}
