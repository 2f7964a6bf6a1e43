import { z } from 'zod';
import { type CallContext, type Media, ParleyError } from '#channel';
import { classifyLine, Refusal } from '../tencent/api.ts';
import { callApi, downloadMedia } from './client.ts';
import { classify } from './refusal.ts';
import type { WecomSettings } from './settings.ts';

type Context = CallContext<WecomSettings>;

/** Bytes that customers' files have at most (https://developer.work.weixin.qq.com/document/path/94670). */
const FILE_LIMIT = 20 * 1024 * 1024;
/** Bytes that may be uploaded (https://developer.work.weixin.qq.com/document/path/90253). */
export const UPLOAD_LIMITS = { image: 10 * 1024 * 1024, file: 20 * 1024 * 1024 };
/** All must have more. */
const SMALLEST = 5;

/**
 * Gets a file that a customer sent; WeCom keeps it for three days.
 * @throws `wecom.file_unavailable` (retryable), `wecom.file_refused`, `wecom.file_too_large`
 */
export async function fetchMedia({ ref }: Media, context: Context): Promise<Uint8Array> {
  try {
    const bytes = await downloadMedia(ref, FILE_LIMIT, context);
    if (bytes === undefined) throw new ParleyError('wecom.file_too_large', 'WeCom gave a file of more than 20 MB.');
    return bytes;
  } catch (error) {
    if (error instanceof ParleyError) throw error;
    const { kind } = error instanceof Refusal ? classify(error) : classifyLine(error);
    if (kind === 'invalid' || kind === 'permanent')
      throw new ParleyError('wecom.file_refused', 'WeCom does not give this file.', { cause: error });
    throw new ParleyError('wecom.file_unavailable', 'A file could not be fetched from WeCom right now.', {
      retryable: true,
      cause: error,
    });
  }
}

export interface Upload {
  readonly type: 'image' | 'file';
  readonly name: string;
  readonly bytes: Uint8Array;
}

const Uploaded = z.object({ media_id: z.string().min(1) });

/**
 * Gives WeCom a file. Returns its `media_id`, good for three days. Throws `wecom.file_refused` for what it would not take, before it
 * is asked.
 */
export async function uploadMedia({ type, name, bytes }: Upload, context: Context): Promise<string> {
  const mime = type === 'image' ? pictureType(bytes) : 'application/octet-stream';
  if (mime === undefined || bytes.byteLength <= SMALLEST)
    throw new ParleyError(
      'wecom.file_refused',
      `WeCom takes pictures as JPEG and PNG, and no file of ${SMALLEST} bytes.`,
    );
  const form = new FormData();
  form.set('media', new Blob([new Uint8Array(bytes)], { type: mime }), nameOf(type, name, mime));
  return Uploaded.parse(await callApi('media/upload', form, context, { type })).media_id;
}

function nameOf(type: Upload['type'], name: string, mime: string): string {
  if (type === 'file') return name;
  return mime === 'image/png' ? 'picture.png' : 'picture.jpg';
}

/** By its first bytes, whatever its address says. */
function pictureType(bytes: Uint8Array): string | undefined {
  const starts = (...expected: readonly number[]) => expected.every((byte, index) => bytes[index] === byte);
  if (starts(0x89, 0x50, 0x4e, 0x47)) return 'image/png';
  return starts(0xff, 0xd8, 0xff) ? 'image/jpeg' : undefined;
}
