import { z } from 'zod';
import type { CallContext } from '#channel';
import { placeOf } from './address.ts';
import { callApi } from './client.ts';
import type { WecomSettings } from './settings.ts';

/**
 * Who serves a customer at WeCom itself. Only as long as nobody does (`new`) or a program does (`bot`) may a program write to her
 * (https://developer.work.weixin.qq.com/document/path/94669).
 */
export type SessionState = 'new' | 'bot' | 'waiting' | 'human' | 'ended';

export interface Session {
  readonly state: SessionState;
  /** The `userid` of the business's person who serves her. */
  readonly agent?: string;
}

type Context = CallContext<WecomSettings> & { readonly address: string };

const STATES: readonly SessionState[] = ['new', 'bot', 'waiting', 'human', 'ended'];

const State = z.object({
  service_state: z
    .int()
    .min(0)
    .max(STATES.length - 1),
  servicer_userid: z.string().optional(),
});

export async function sessionOf(context: Context): Promise<Session> {
  const answer = await callApi('kf/service_state/get', whose(context.address), context);
  const { service_state: number, servicer_userid: agent } = State.parse(answer);
  return { state: STATES[number] ?? 'ended', ...(agent ? { agent } : {}) };
}

/**
 * Only a new session can be taken: from people, WeCom gives none back to a program. And none is given to them from here: our own desk's
 * people write through this program, which WeCom would let say nothing any more.
 */
export async function takeSession(context: Context): Promise<void> {
  const change = { ...whose(context.address), service_state: STATES.indexOf('bot') };
  await callApi('kf/service_state/trans', change, context);
}

/** One text under a code (https://developer.work.weixin.qq.com/document/path/95122). `msgid`: as of `send_msg`. */
export async function sayOnEvent(code: string, message: object, msgid: string, context: CallContext<WecomSettings>) {
  await callApi('kf/send_msg_on_event', { code, msgid, ...message }, context);
}

function whose(address: string) {
  const { kf, customer } = placeOf(address);
  return { open_kfid: kf, external_userid: customer };
}
