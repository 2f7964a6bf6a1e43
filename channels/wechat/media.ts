import { z } from 'zod';
import { type CallContext, type Media, ParleyError, request } from '#channel';
import { Refusal, unlessTooLarge } from '../tencent/api.ts';
import { getMedia, upload } from './client.ts';
import type { WechatSettings } from './settings.ts';

/** Bytes that a customer's file may have. WeChat's own limits (10 MB) are lower. */
const FILE_LIMIT = 20 * 1024 * 1024;
/** https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia: 10 MB. */
const PICTURE_LIMIT = 10 * 1024 * 1024;
/** Milliseconds that an uploaded picture is used again; WeChat keeps it for three days. */
const KEPT = 60 * 3_600_000;
/** Pictures of an account that are remembered. */
const MOST_KEPT = 500;

const Video = z.object({ video_url: z.string() });
const Uploaded = z.object({ media_id: z.string() });

/**
 * Gets a file that a customer sent, within the three days that WeChat keeps it. Of a video it only tells the address, which must be
 * Tencent's own.
 * @throws `wechat.file_unavailable` (retryable), `wechat.file_refused`, `wechat.file_too_large`
 */
export async function fetchMedia({ ref }: Media, context: CallContext<WechatSettings>): Promise<Uint8Array> {
  try {
    const got = await getMedia(ref, FILE_LIMIT, context);
    const bytes =
      got instanceof Uint8Array || got === undefined ? got : await fetchVideo(Video.parse(got).video_url, context);
    if (bytes === undefined) throw new ParleyError('wechat.file_too_large', 'A file is larger than 20 MB.');
    return bytes;
  } catch (error) {
    if (error instanceof ParleyError && error.code.startsWith('wechat.')) throw error;
    // Refused for good (expired, forbidden), the event is taken without its file rather than lost after three deliveries.
    const refused =
      error instanceof z.ZodError || (error instanceof Refusal && error.errcode !== -1 && error.status < 500);
    throw refused
      ? new ParleyError('wechat.file_refused', 'WeChat does not give this file.', { cause: error })
      : new ParleyError('wechat.file_unavailable', 'A file could not be fetched from WeChat right now.', {
          retryable: true,
          cause: error,
        });
  }
}

async function fetchVideo(address: string, { settings, signal }: CallContext<WechatSettings>) {
  const { protocol, hostname, origin } = new URL(address);
  const isTencents = /^https?:$/.test(protocol) && /(?:^|\.)(?:qq|qpic|wechat)\.(?:com|cn)$/.test(hostname);
  if (!isTencents && origin !== settings.apiRoot)
    throw new ParleyError('wechat.file_refused', 'A video is not fetched: it is not at Tencent.');
  const answer = await unlessTooLarge(request({ url: address, method: 'GET', signal, limit: FILE_LIMIT }));
  if (answer !== undefined && answer.status !== 200) throw new Refusal(0, 'The video is not there.', answer.status);
  return answer?.bytes;
}

/** What WeChat calls our pictures, by their addresses; and until when. */
const uploads = new WeakMap<WechatSettings, Map<string, { readonly id: string; readonly until: number }>>();

/**
 * A picture of our own, at WeChat: `undefined` where it takes no such picture.
 * @throws `wechat.picture_unavailable` (retryable); a `Refusal` of the account
 */
export async function uploadPicture(
  source: string,
  context: CallContext<WechatSettings>,
  now: number = Date.now(),
): Promise<string | undefined> {
  const kept = keptOf(context.settings);
  const known = kept.get(source);
  if (known !== undefined && known.until > now) return known.id;
  const form = await formWith(source, context);
  if (form === undefined) return undefined;
  try {
    const { media_id: id } = Uploaded.parse(await upload('image', form, context));
    kept.set(source, { id, until: now + KEPT });
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    return id;
  } catch (error) {
    if (error instanceof Refusal && NO_PICTURE.has(error.errcode)) return undefined;
    throw error instanceof Refusal ? error : unavailable(error);
  }
}

/** WeChat says that it has it no longer. */
export function forgetPicture(source: string, settings: WechatSettings): void {
  keptOf(settings).delete(source);
}

/** Wrong type, wrong size, empty. */
const NO_PICTURE = new Set([40004, 40005, 40006, 40009, 40113, 44001, 45001]);

function keptOf(settings: WechatSettings) {
  const known = uploads.get(settings);
  if (known !== undefined) return known;
  const made = new Map<string, { readonly id: string; readonly until: number }>();
  uploads.set(settings, made);
  return made;
}

/** `plan` lets only addresses of our own through. */
async function formWith(source: string, { signal }: CallContext<WechatSettings>): Promise<FormData | undefined> {
  try {
    const answer = await unlessTooLarge(request({ url: source, method: 'GET', signal, limit: PICTURE_LIMIT }));
    if (answer === undefined) return undefined;
    const { status, bytes } = answer;
    if (status >= 500) throw new Refusal(0, 'Our own server is out of order.', status);
    const extension = EXTENSIONS.get((answer.header('content-type') ?? '').split(';')[0] ?? '');
    if (status !== 200 || extension === undefined || bytes.byteLength === 0) return undefined;
    const form = new FormData();
    form.append('media', new Blob([new Uint8Array(bytes)]), `picture.${extension}`);
    return form;
  } catch (error) {
    throw unavailable(error);
  }
}

const EXTENSIONS = new Map([
  ['image/jpeg', 'jpg'],
  ['image/png', 'png'],
  ['image/gif', 'gif'],
  ['image/bmp', 'bmp'],
]);

function unavailable(cause: unknown): ParleyError {
  return new ParleyError('wechat.picture_unavailable', 'A picture could not be brought to WeChat right now.', {
    retryable: true,
    cause,
  });
}
