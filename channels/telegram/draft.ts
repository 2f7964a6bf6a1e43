import { type CallContext, piecesOf, runsOf, sliceOf, wordsOf } from '#channel';
import { chatOf, isPrivate } from './address.ts';
import { callApi } from './client.ts';
import { toHtml } from './markup.ts';
import { TEXT_LIMIT } from './plan.ts';
import type { TelegramSettings } from './settings.ts';

/**
 * Writes an answer before her eyes while it comes about (https://core.telegram.org/bots/api#sendmessagedraft): what has the same number
 * grows, and goes when the answer is sent, or after half a minute. Only in a private chat; of a long one, its end.
 */
export async function draft(
  text: string,
  context: CallContext<TelegramSettings> & { readonly address: string; readonly draft: number },
): Promise<void> {
  const { address, draft: draft_id } = context;
  const runs = runsOf(text);
  const last = piecesOf(wordsOf(runs), () => TEXT_LIMIT).at(-1);
  if (last === undefined || !isPrivate(address)) return;
  const written = { draft_id, text: toHtml(sliceOf(runs, ...last)), parse_mode: 'HTML' };
  await callApi('sendMessageDraft', { chat_id: chatOf(address), ...written }, context);
}
