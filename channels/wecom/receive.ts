import { ParleyError, type Part, type RawRequest, type RawResponse } from '#channel';
import { openCiphertext, openEnvelope, verifyCiphertext, verifyEnvelope } from '../tencent/envelope.ts';
import type { WecomSettings } from './settings.ts';

/** What a callback says: that there is something to be asked for, and the ticket to ask with. */
export interface Nudge {
  /** `open_kfid`: what is new at one account says nothing of another. */
  readonly topic: string;
  /** Lets `sync_msg` through without its strict limits, for ten minutes. */
  readonly token: string;
  /** Epoch milliseconds at WeCom. */
  readonly at: number;
}

/** Throws `channel.unverified`. https://developer.work.weixin.qq.com/document/path/90930 */
export function verify(request: RawRequest, { callback }: WecomSettings, now: number): void {
  if (request.method === 'GET') verifyCiphertext(request, echoIn(request), callback, now);
  else verifyEnvelope(request, callback, now);
}

/** When the address is saved in the console, WeCom wants back what it has encrypted. */
export function challenge(request: RawRequest, { callback }: WecomSettings): RawResponse | undefined {
  if (request.method !== 'GET') return undefined;
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return { status: 200, headers, body: openCiphertext(echoIn(request), callback) };
}

function echoIn({ url }: RawRequest): string {
  const given = url.searchParams.getAll('echostr');
  // A + that was not escaped has been read as a space by now; base64 has none.
  const [echo, ...more] = given.map((text) => text.replaceAll(' ', '+'));
  if (echo === undefined || more.length > 0) throw new ParleyError('channel.unverified', 'There is no echostr.');
  return echo;
}

/** `undefined` for callbacks of other kinds (the app's own messages, accounts that come and go), and of accounts that others serve. */
export function nudge(request: RawRequest, { callback, serves }: WecomSettings): Part | undefined {
  const { Event: event, Token: token, OpenKfId: kf, CreateTime: seconds } = openEnvelope(request, callback);
  if (event !== 'kf_msg_or_event' || typeof token !== 'string' || typeof kf !== 'string') return undefined;
  if (serves.length > 0 && !serves.includes(kf)) return undefined;
  const nudged: Nudge = { topic: kf, token, at: Number(seconds) * 1000 };
  return { ...nudged };
}
