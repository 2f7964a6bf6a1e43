import { ParleyError, type Part, type SendContext } from '#channel';
import { chatOf } from './address.ts';
import { callApi } from './client.ts';
import type { TelegramSettings } from './settings.ts';

type Context = SendContext<TelegramSettings> & { readonly id: string };

/**
 * Puts a part in the place of what was sent (https://core.telegram.org/bots/api#updating-messages): words by words, a picture or a
 * file by another with its caption. What says the same already is left as it is.
 * @throws `telegram.cannot_change` for an album, and for words in the place of a picture, which Telegram refuses
 */
export async function edit(part: Part, context: Context): Promise<void> {
  const { method, change } = changeOf(part, context.id);
  try {
    await callApi(method, { chat_id: chatOf(context.address), message_id: Number(context.id), ...change }, context);
  } catch (error) {
    const description = descriptionOf(error);
    if (/message is not modified/i.test(description)) return;
    if (/no (text|media|caption) in the message to edit/i.test(description)) throw fixed(error);
    throw error;
  }
}

/** Within 48 hours; an album goes as a whole. */
export async function remove(context: Context): Promise<void> {
  const ids = context.id.split(',').map(Number);
  await callApi('deleteMessages', { chat_id: chatOf(context.address), message_ids: ids }, context);
}

function changeOf(part: Part, id: string): { readonly method: string; readonly change: object } {
  const { method, photo, document, caption, parse_mode, ...rest } = part;
  const captioned = caption === undefined ? {} : { caption, ...(parse_mode === undefined ? {} : { parse_mode }) };
  if (id.includes(',')) throw fixed();
  switch (method) {
    case 'sendMessage':
      return { method: 'editMessageText', change: { ...rest, ...(parse_mode === undefined ? {} : { parse_mode }) } };
    case 'sendPhoto':
      return { method: 'editMessageMedia', change: { ...rest, media: { type: 'photo', media: photo, ...captioned } } };
    case 'sendDocument':
      return {
        method: 'editMessageMedia',
        change: { ...rest, media: { type: 'document', media: document, ...captioned } },
      };
    default:
      throw fixed();
  }
}

function descriptionOf(error: unknown): string {
  const { response } = (error ?? {}) as { readonly response?: { readonly description?: unknown } };
  return String(response?.description ?? '');
}

function fixed(cause?: unknown): ParleyError {
  return new ParleyError('telegram.cannot_change', 'What stands there in Telegram cannot become this.', {
    hint: 'Take it back, and say it again.',
    cause,
  });
}
