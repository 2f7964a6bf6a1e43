import { mistakeIn, wordsAllowed } from './messages.ts';
import { type Chat, chatOf, DAY, type Entry, MINUTE, newId, Refused, type State, type World } from './world.ts';

export type Given = Readonly<Record<string, unknown>>;
type Method = (world: World, given: Given, tell: (kf: string, event: object) => void) => object;

/** The customer service's API, by its path under `/cgi-bin/kf/`. */
export const METHODS: Readonly<Record<string, Method>> = {
  'account/list': ({ logs }) => ({
    account_list: [...logs.keys()].map((kf) => ({ open_kfid: kf, name: '售后', avatar: '', manage_privilege: true })),
  }),
  sync_msg: sync,
  send_msg: sendMessage,
  send_msg_on_event: sendOnEvent,
  'service_state/get': (world, given) => {
    const { state, agent } = chatIn(world, given, 'external_userid');
    return { service_state: state, ...(agent === undefined ? {} : { servicer_userid: agent }) };
  },
  'service_state/trans': transfer,
};

/** https://developer.work.weixin.qq.com/document/path/94670 */
function sync(world: World, { cursor = '', token, limit = 1_000, open_kfid: kf }: Given): object {
  const log = world.logs.get(String(kf));
  if (log === undefined) throw new Refused(95_004, 'open_kfid not exist');
  if (token === undefined) beSlow(world, String(kf));
  else if ((world.tickets.get(String(token)) ?? 0) < world.now()) throw new Refused(95_007, 'invalid msg token');
  if (Number(limit) > 1_000) throw new Refused(40_035, 'invalid parameter: limit');
  const from = cursor === '' ? firstOf(log, world) : placeIn(String(cursor));
  const page = log.slice(from, from + Math.min(Number(limit), world.page));
  const to = from + page.length;
  return { next_cursor: `4gw7Mep${to.toString(36)}`, has_more: to < log.length ? 1 : 0, msg_list: page };
}

/** Calls a minute without the token of a callback; WeCom calls its limit strict, and does not tell it. */
const UNTICKETED = 20;

function beSlow(world: World, kf: string): void {
  const recent = (world.unticketed.get(kf) ?? []).filter((at) => at > world.now() - MINUTE);
  world.unticketed.set(kf, [...recent, world.now()]);
  if (recent.length >= UNTICKETED) throw new Refused(45_009, 'api freq out of limit');
}

function firstOf(log: readonly Entry[], world: World): number {
  const oldest = (world.now() - 3 * DAY) / 1000;
  const at = log.findIndex(({ send_time: sent }) => sent >= oldest);
  return at < 0 ? log.length : at;
}

function placeIn(cursor: string): number {
  const at = Number.parseInt(/^4gw7Mep([0-9a-z]+)$/.exec(cursor)?.[1] ?? '', 36);
  if (Number.isNaN(at)) throw new Refused(40_035, 'invalid parameter: cursor');
  return at;
}

/** https://developer.work.weixin.qq.com/document/path/94677 */
function sendMessage(world: World, given: Given, tell: (kf: string, event: object) => void): object {
  const chat = chatIn(world, given, 'touser');
  const msgid = msgidIn(given);
  const wrong = mistakeIn(given, world);
  if (wrong !== undefined) throw new Refused(wrong.errcode, wrong.errmsg);
  if (world.msgids.has(`${chat.kf}/${msgid}`)) throw new Refused(40_035, `invalid parameter: msgid ${msgid} exists`);
  if (chat.state > 1) throw new Refused(95_018, 'send msg session status invalid');
  const { window } = chat;
  if (window === undefined || window.until < world.now()) throw new Refused(95_002, 'send msg out of time limit');
  if (window.left === 0) throw new Refused(95_001, 'send msg count limit');
  window.left -= 1;
  show(world, chat, msgid, given);
  const { kf: open_kfid, customer: external_userid } = chat;
  if (chat.refuses)
    tell(open_kfid, { event_type: 'msg_send_fail', open_kfid, external_userid, fail_msgid: msgid, fail_type: 10 });
  return { msgid };
}

/** https://developer.work.weixin.qq.com/document/path/95122 */
function sendOnEvent(world: World, given: Given): object {
  const code = world.codes.get(String(given.code));
  if (code === undefined || code.until < world.now()) throw new Refused(95_007, 'invalid code');
  const { chat, state } = code;
  if (state !== undefined && chat.state !== state) throw new Refused(95_018, 'send msg session status invalid');
  if (!wordsAllowed(given)) throw new Refused(40_008, 'invalid message type');
  const wrong = mistakeIn(given, world);
  if (wrong !== undefined) throw new Refused(wrong.errcode, wrong.errmsg);
  const msgid = msgidIn(given);
  if (world.msgids.has(`${chat.kf}/${msgid}`)) throw new Refused(40_035, `invalid parameter: msgid ${msgid} exists`);
  world.codes.delete(String(given.code));
  show(world, chat, msgid, given);
  return { msgid };
}

function show(world: World, chat: Chat, msgid: string, given: Given): void {
  world.msgids.add(`${chat.kf}/${msgid}`);
  const { touser: _to, open_kfid: _kf, msgid: _id, code: _code, msgtype, ...content } = given;
  if (!chat.refuses)
    chat.shown.push({ id: msgid, from: 'bot', message: { msgtype: String(msgtype), ...content }, at: world.now() });
}

/** From, and where to (https://developer.work.weixin.qq.com/document/path/94669). */
const CHANGES: Readonly<Record<State, readonly State[]>> = { 0: [1, 2, 3], 1: [2, 3, 4], 2: [3, 4], 3: [3, 4], 4: [] };

function transfer(world: World, given: Given): object {
  const chat = chatIn(world, given, 'external_userid');
  const to = Number(given.service_state) as State;
  if (!CHANGES[chat.state].includes(to)) throw new Refused(95_016, 'not allow to change to this state');
  if (to === 3 && typeof given.servicer_userid !== 'string') throw new Refused(95_014, 'user is not servicer');
  chat.state = to;
  chat.agent = to === 3 ? String(given.servicer_userid) : undefined;
  if (to === 1) return {};
  const code = newId('CODE');
  world.codes.set(code, { chat, until: world.now() + (to === 4 ? 20_000 : 2 * DAY), state: to });
  return { msg_code: code };
}

function chatIn(world: World, given: Given, who: 'touser' | 'external_userid'): Chat {
  const kf = String(given.open_kfid);
  if (!world.logs.has(kf)) throw new Refused(95_000, 'invalid open_kfid');
  if (!world.chats.has(`${kf}/${given[who]}`)) throw new Refused(40_096, 'invalid external userid');
  return chatOf(world, kf, String(given[who]));
}

function msgidIn({ msgid = newId('') }: Given): string {
  if (!/^[0-9a-zA-Z_-]{1,32}$/.test(String(msgid))) throw new Refused(40_058, 'invalid format');
  return String(msgid);
}
