import { type Inbound, ParleyError, type Report } from '#channel';
import { addressOf } from './address.ts';
import { contentOf } from './content.ts';
import { keyOf } from './msgid.ts';
import { AnyEvent, Happened, Said } from './sync.ts';

/** What one entry of `sync_msg` brings: an event of a conversation, news of a message of ours, both or neither. */
export interface Brought {
  readonly inbound?: Inbound;
  readonly report?: Report;
  /** Lets one message through before she has written anything; to be used within 20 seconds of the event. */
  readonly welcome?: { readonly address: string; readonly code: string };
}

/** After a message of hers: five of ours within 48 hours (https://developer.work.weixin.qq.com/document/path/94677). */
export const WINDOW = { lasts: 48 * 3_600_000, messages: 5 };
/** After she has entered, where WeCom gives a welcome code (https://developer.work.weixin.qq.com/document/path/95122). */
export const WELCOME = { lasts: 20_000, messages: 1 };

/** Pure. `msgid` is what WeCom repeats when it gives an entry again. Throws `wecom.invalid_message`. */
export function broughtBy(raw: unknown, where: Where): Brought {
  return AnyEvent.safeParse(raw).success ? happened(raw, where) : said(raw, where);
}

/** The account of `parley.yaml`, and the language of its customers. */
export interface Where {
  readonly account: string;
  readonly locale: string;
}

function said(raw: unknown, { account, locale }: Where): Brought {
  const read = Said.safeParse(raw);
  if (!read.success) throw invalid(read.error);
  const { msgid: key, open_kfid: kf, external_userid: customer, send_time: seconds } = read.data;
  const { origin, servicer_userid: agent = '', text } = read.data;
  if (kf === undefined || customer === undefined) return {};
  const from = { account, address: addressOf({ kf, customer }), key, sentAt: seconds * 1000 };
  const { text: words, media } = contentOf(read.data);
  const hers = { ...from, locale: languageOf(words) ?? locale, window: WINDOW };
  // One of the business's people writes to her in the WeCom app: she has read it already, so nobody is to send it.
  if (origin === FROM_AGENT) return { inbound: { ...from, ...signal('channel.agent_wrote', { agent, text: words }) } };
  if (origin !== FROM_CUSTOMER) return {};
  const token = text?.menu_id ?? '';
  if (token !== '') return { inbound: { ...hers, event: { kind: 'choice', token, label: words } } };
  const files = media.length === 0 ? {} : { media };
  return { inbound: { ...hers, event: { kind: 'message', text: words }, ...files } };
}

/** WeCom tells no language: letters do. A number or a picture tells nothing. */
function languageOf(text: string): string | undefined {
  if (/\p{sc=Han}/u.test(text)) return 'zh';
  return /\p{sc=Latin}{3}/u.test(text) ? 'en' : undefined;
}

const FROM_CUSTOMER = 3;
const FROM_AGENT = 5;

function happened(raw: unknown, { account, locale }: Where): Brought {
  const read = Happened.safeParse(raw);
  // Of other kinds (an agent goes on a break, a message of hers is taken back) nothing follows for a bot.
  if (!read.success) {
    if (KNOWN.has(AnyEvent.parse(raw).event.event_type)) throw invalid(read.error);
    return {};
  }
  const { msgid: key, send_time: seconds, event } = read.data;
  const address = addressOf({ kf: event.open_kfid, customer: event.external_userid });
  const from = { account, address, key, sentAt: seconds * 1000 };
  switch (event.event_type) {
    case 'enter_session': {
      const { scene_param: param, scene, welcome_code: code } = event;
      const payload = param || scene;
      const opened = { ...from, locale, event: { kind: 'opened', locale, ...(payload ? { payload } : {}) } } as const;
      return code ? { inbound: { ...opened, window: WELCOME }, welcome: { address, code } } : { inbound: opened };
    }
    case 'msg_send_fail': {
      const sent = keyOf(event.fail_msgid);
      const refuses = event.fail_type === REFUSED_BY_HER;
      return {
        ...(sent === undefined
          ? {}
          : { report: { key: sent, status: 'failed', code: `wecom.fail_${event.fail_type}` } }),
        ...(refuses ? { inbound: { ...from, ...signal('channel.blocked', {}) } } : {}),
      };
    }
    case 'session_status_change': {
      const state = event.change_type === ENDED ? 'ended' : 'human';
      const { new_servicer_userid: agent = '' } = event;
      return { inbound: { ...from, ...signal('channel.session', { state, agent }) } };
    }
    case 'user_recall_msg':
      return { inbound: { ...from, ...signal('channel.recalled', { message: event.recall_msgid }) } };
    case 'reject_customer_msg_switch_change': {
      const name = event.reject_switch === 1 ? 'channel.shut_out' : 'channel.let_in';
      return { inbound: { ...from, ...signal(name, { agent: event.servicer_userid ?? '' }) } };
    }
  }
}

/** 用户拒收 */
const REFUSED_BY_HER = 10;
const ENDED = 3;
const KNOWN: ReadonlySet<string> = new Set(Happened.shape.event.options.map((option) => option.shape.event_type.value));

function signal(name: string, data: Readonly<Record<string, string>>) {
  return { event: { kind: 'signal', name, data } } as const;
}

function invalid(cause: unknown): ParleyError {
  return new ParleyError('wecom.invalid_message', 'WeCom gave a message that cannot be read.', { cause });
}
