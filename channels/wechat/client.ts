import { z } from 'zod';
import type { CallContext } from '#channel';
import { AccessTokens, type AskForToken } from '../tencent/access-token.ts';
import { type Answer, type Call, call, callWithToken, download } from '../tencent/api.ts';
import type { WechatSettings } from './settings.ts';

const Token = z.object({ access_token: z.string(), expires_in: z.number() });

/** One of an account's, shared by all that it sends. */
const tokens = new WeakMap<WechatSettings, AccessTokens>();

/** One call of the REST API; without a body, one that only asks. @throws `Refusal` */
export function callApi(path: string, body: object | undefined, context: CallContext<WechatSettings>): Promise<Answer> {
  const asked = to(path, context, body === undefined ? {} : { body });
  return callWithToken(asked, tokensOf(context.settings), context.signal);
}

/** An upload says in the address what it is of. */
export function upload(type: string, form: FormData, context: CallContext<WechatSettings>): Promise<Answer> {
  const asked = to('/cgi-bin/media/upload', context, { query: { type }, body: form });
  return callWithToken(asked, tokensOf(context.settings), context.signal);
}

/** A file of at most `limit` bytes that a customer sent; `undefined`: it is larger. */
export function getMedia(id: string, limit: number, context: CallContext<WechatSettings>) {
  const asked = to('/cgi-bin/media/get', context, { query: { media_id: id } });
  return download(asked, tokensOf(context.settings), limit, context.signal);
}

function to(path: string, { settings }: CallContext<WechatSettings>, more: Pick<Call, 'query' | 'body'>): Call {
  return { root: settings.apiRoot, path, ...more };
}

function tokensOf(settings: WechatSettings): AccessTokens {
  const known = tokens.get(settings);
  if (known !== undefined) return known;
  const made = new AccessTokens(askStably(settings));
  tokens.set(settings, made);
  return made;
}

/**
 * Of the two ways to a token, the one that gives every process of ours the same one until it ends
 * (https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken): the other would take it from the others.
 */
function askStably({ apiRoot, appId, appSecret }: WechatSettings): AskForToken {
  return async ({ force, signal }) => {
    const body = { grant_type: 'client_credential', appid: appId, secret: appSecret, force_refresh: force };
    const given = Token.parse(await call({ root: apiRoot, path: '/cgi-bin/stable_token', body }, signal));
    return { value: given.access_token, lasts: given.expires_in * 1000 };
  };
}
