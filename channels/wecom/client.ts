import { z } from 'zod';
import type { CallContext } from '#channel';
import { AccessTokens } from '../tencent/access-token.ts';
import { type Answer, call, callWithToken, download, Refusal } from '../tencent/api.ts';
import type { WecomSettings } from './settings.ts';

type Context = CallContext<WecomSettings>;

/** Of an answer: `sync_msg` gives a thousand messages at once. */
const MOST_BYTES = 16 * 1024 * 1024;

/** A call under `/cgi-bin/`, its body as JSON or a form. Throws a Refusal for every `errcode` but 0. */
export function callApi(
  path: string,
  body: object | FormData,
  { settings, signal }: Context,
  query: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const asked = { root: settings.apiRoot, path: `/cgi-bin/${path}`, body, query, most: MOST_BYTES };
  return callWithToken(asked, tokensOf(settings), signal);
}

/** A file at WeCom; `undefined`: it is larger than `limit` bytes. Throws a Refusal where there is none. */
export async function downloadMedia(
  mediaId: string,
  limit: number,
  { settings, signal }: Context,
): Promise<Uint8Array | undefined> {
  const asked = { root: settings.apiRoot, path: '/cgi-bin/media/get', query: { media_id: mediaId } };
  const file = await download(asked, tokensOf(settings), limit, signal);
  if (file === undefined || file instanceof Uint8Array) return file;
  throw new Refusal(0, 'The answer is no file.', 400);
}

const Token = z.object({ access_token: z.string().min(1), expires_in: z.number() });

const known = new WeakMap<WecomSettings, AccessTokens>();

/**
 * WeCom gives everybody who asks the same token until it ends, and cannot be told to make another
 * (https://developer.work.weixin.qq.com/document/path/91039).
 */
function tokensOf(settings: WecomSettings): AccessTokens {
  const open = known.get(settings);
  if (open !== undefined) return open;
  const { apiRoot: root, corpId: corpid, secret: corpsecret } = settings;
  const tokens = new AccessTokens(async ({ signal }) => {
    const answer = await call({ root, path: '/cgi-bin/gettoken', query: { corpid, corpsecret } }, signal);
    const { access_token: value, expires_in: seconds } = Token.parse(answer);
    return { value, lasts: seconds * 1000 };
  });
  known.set(settings, tokens);
  return tokens;
}
