import { z } from 'zod';
import { type Answered, neverLeft, ParleyError, request, type SendError, TooLarge } from '#channel';
import type { AccessTokens } from './access-token.ts';

/** One call of the REST API. */
export interface Call {
  /** `https://api.weixin.qq.com` */
  readonly root: string;
  /** `/cgi-bin/message/custom/send` */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON; absent: the call is a GET. A form carries files. */
  readonly body?: object | FormData;
  /** Bytes of the answer. */
  readonly most?: number;
}

/** The platform says no: in words of its own, nearly always under HTTP 200. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** https://developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html; 0 where it gave none. */
  readonly errcode: number;
  /** HTTP. */
  readonly status: number;

  constructor(errcode: number, errmsg: string, status: number) {
    super(`${errcode}: ${errmsg}`);
    this.errcode = errcode;
    this.status = status;
  }
}

const Answer = z.looseObject({ errcode: z.number().default(0), errmsg: z.string().default('') });
export type Answer = z.infer<typeof Answer>;

/** Of an answer in JSON. */
const MOST_BYTES = 1024 * 1024;

/** @throws {@link Refusal}; what `request` throws where the line broke */
export async function call(asked: Call, signal: AbortSignal): Promise<Answer> {
  return answerIn(await send(asked, signal));
}

/**
 * As {@link call}, under the account's access token. One that the platform takes no longer is replaced, and the call repeated once: it
 * was refused before anything was done.
 */
export async function callWithToken(asked: Call, tokens: AccessTokens, signal: AbortSignal): Promise<Answer> {
  return await withToken(tokens, signal, (token) => call(carrying(asked, token), signal));
}

/**
 * A file, or an answer in JSON where the platform says something else in place of it (WeChat: where a video is). `undefined`: it is
 * larger than `limit` bytes.
 * @throws {@link Refusal}
 */
export async function download(
  asked: Call,
  tokens: AccessTokens,
  limit: number,
  signal: AbortSignal,
): Promise<Uint8Array | Answer | undefined> {
  return await withToken(tokens, signal, async (token) => {
    const answer = await unlessTooLarge(send({ ...carrying(asked, token), most: limit }, signal));
    if (answer === undefined) return undefined;
    const isFile = answer.status === 200 && !/\bjson\b|text\/plain/.test(answer.header('content-type') ?? '');
    return isFile ? answer.bytes : answerIn(answer);
  });
}

/** `undefined`: its answer is larger than it may be. */
export async function unlessTooLarge(answer: Promise<Answered>): Promise<Answered | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

function carrying(asked: Call, token: string): Call {
  return { ...asked, query: { access_token: token, ...asked.query } };
}

async function withToken<T>(tokens: AccessTokens, signal: AbortSignal, ask: (token: string) => Promise<T>): Promise<T> {
  const token = await tokenOf(tokens, signal);
  try {
    return await ask(token);
  } catch (error) {
    if (!isTokenRefused(error)) throw error;
    tokens.refuse(token);
    return await ask(await tokenOf(tokens, signal));
  }
}

/** Where the line breaks while a token is asked for, nothing else has been: it may be tried again without any doubt. */
async function tokenOf(tokens: AccessTokens, signal: AbortSignal): Promise<string> {
  try {
    return await tokens.get(signal);
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    throw new ParleyError('tencent.token_unavailable', 'No access token can be had right now.', {
      retryable: true,
      cause,
    });
  }
}

/** Wrong, expired, of another account, missing. */
export function isTokenRefused(error: unknown): boolean {
  return error instanceof Refusal && [40001, 40014, 41001, 42001].includes(error.errcode);
}

function send(
  { root, path, query = {}, body, most: limit = MOST_BYTES }: Call,
  signal: AbortSignal,
): Promise<Answered> {
  const url = new URL(path, root);
  url.search = new URLSearchParams(query).toString();
  if (body === undefined) return request({ url, method: 'GET', signal, limit });
  if (body instanceof FormData) return request({ url, method: 'POST', body, signal, limit });
  const headers = { 'content-type': 'application/json' };
  return request({ url, method: 'POST', headers, body: JSON.stringify(body), signal, limit });
}

/** What is no JSON is a proxy's page, or an answer that was cut. */
function answerIn(answer: Answered): Answer {
  const { status } = answer;
  const read = Answer.safeParse(answer.json());
  if (!read.success) throw new Refusal(0, 'The answer is no JSON of the platform.', status);
  if (read.data.errcode !== 0 || status >= 400) throw new Refusal(read.data.errcode, read.data.errmsg, status);
  return read.data;
}

/** What an error that is no {@link Refusal} means: where no connection came about, nothing can have arrived; where one broke, it may. */
export function classifyLine(error: unknown): SendError {
  if (error instanceof ParleyError)
    return error.retryable ? { kind: 'retryable' } : { kind: 'invalid', reason: error.code };
  return neverLeft(error) ? { kind: 'retryable' } : { kind: 'unknown' };
}
