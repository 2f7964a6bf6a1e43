import type { CallContext, Part } from '#channel';
import { callApi } from './client.ts';
import { TEXT_LIMIT } from './plan.ts';
import type { TapReceipt } from './receive.ts';
import type { TelegramSettings } from './settings.ts';

/**
 * Ends the spinner of the tapped button, and writes what was picked under the message instead of its buttons: a tap leaves no words
 * of its own in the chat. In a group the buttons stay, since they may be somebody else's.
 */
export async function acknowledge(receipt: Part, context: CallContext<TelegramSettings>): Promise<void> {
  const { query, picked, message } = receipt as Partial<TapReceipt>;
  const marked = message === undefined || isOutOfReach(message) ? undefined : mark(message, picked);
  await Promise.all([
    callApi('answerCallbackQuery', { callback_query_id: query ?? '' }, context),
    marked === undefined ? undefined : unlessSame(callApi(...marked, context)),
  ]);
}

type Tapped = NonNullable<TapReceipt['message']>;

/** Too old to be shown to us, which Telegram says by a date of 0; or in a group. */
function isOutOfReach({ date, chat }: Tapped): boolean {
  return date === 0 || chat.type !== 'private';
}

function mark(message: Tapped, picked: string | undefined): [method: string, change: object] {
  const { text, entities, caption } = message;
  const place = { chat_id: message.chat.id, message_id: message.message_id, ...linksOnly(message) };
  const signed = picked === undefined || text === undefined ? undefined : `${text}\n\n▸ ${picked}`;
  if (signed === undefined || signed.length > TEXT_LIMIT || caption !== undefined)
    return ['editMessageReplyMarkup', place];
  const change = { ...place, text: signed, entities, link_preview_options: { is_disabled: true } };
  return ['editMessageText', change];
}

function linksOnly({ reply_markup: markup }: Tapped) {
  const rows = (markup?.inline_keyboard ?? []).map((row) => row.filter(({ url }) => url !== undefined));
  return { reply_markup: { inline_keyboard: rows.filter((row) => row.length > 0) } };
}

/** Delivered twice, the second edit finds everything done. */
async function unlessSame(edit: Promise<unknown>): Promise<void> {
  try {
    await edit;
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('message is not modified'))) throw error;
  }
}
