import { z } from 'zod';
import { type CallContext, type Media, ParleyError, request, TooLarge } from '#channel';
import { callApi } from './client.ts';
import { FILE_LIMIT } from './content.ts';
import type { TelegramSettings } from './settings.ts';

const FilePath = z.object({ file_path: z.string().optional() });

/**
 * Gets a file in two steps (https://core.telegram.org/bots/api#getfile). The address is built from the account's own API root, so
 * nothing that a customer sends can point it elsewhere, and redirects are not followed.
 * @throws `telegram.file_unavailable` (retryable), `telegram.file_refused`, `telegram.file_too_large`
 */
export async function fetchMedia({ ref, size }: Media, context: CallContext<TelegramSettings>): Promise<Uint8Array> {
  if ((size ?? 0) > FILE_LIMIT) throw tooLarge();
  const { settings, signal } = context;
  try {
    const { file_path: path } = FilePath.parse(await callApi('getFile', { file_id: ref }, context));
    if (path === undefined) throw refused();
    const address = new URL(
      `/file/bot${settings.token}/${path.split('/').map(encodeURIComponent).join('/')}`,
      settings.apiRoot,
    );
    const { status, bytes } = await request({ url: address, method: 'GET', signal, limit: FILE_LIMIT });
    if (status !== 200) throw status >= 500 ? unavailable(undefined) : refused();
    return bytes;
  } catch (error) {
    if (error instanceof TooLarge) throw tooLarge();
    if (error instanceof ParleyError) throw error;
    throw isRefusal(error) ? refused(error) : unavailable(error);
  }
}

/** "file is too big", "wrong file_id": the same question will get the same answer. */
function isRefusal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 400;
}

function tooLarge(): ParleyError {
  return new ParleyError('telegram.file_too_large', 'Telegram gives bots files of at most 20 MB.');
}

function refused(cause?: unknown): ParleyError {
  return new ParleyError('telegram.file_refused', 'Telegram does not give this file.', { cause });
}

function unavailable(cause: unknown): ParleyError {
  return new ParleyError('telegram.file_unavailable', 'A file could not be fetched from Telegram right now.', {
    retryable: true,
    cause,
  });
}
