import { z } from 'zod';
import { type CallContext, ParleyError, type Part, type Receipt, type SendContext, type SendError } from '#channel';
import { chatOf } from './address.ts';
import { callApi } from './client.ts';
import type { TelegramSettings } from './settings.ts';

/** What `plan` makes: the method of the Bot API beside its parameters. */
const METHODS = ['sendMessage', 'sendPhoto', 'sendDocument', 'sendMediaGroup'] as const;

const SentMessage = z.object({ message_id: z.number() });
const Sent = z.union([SentMessage, z.array(SentMessage)]);

/** One call of the Bot API. An album is several messages: its id names them all. */
export async function send(part: Part, context: SendContext<TelegramSettings>): Promise<Receipt> {
  const { method, ...payload } = part;
  if (!isMethod(method)) throw new ParleyError('telegram.unknown_method', `No part of a message is sent by ${method}.`);
  const sent = Sent.parse(await callApi(method, { chat_id: chatOf(context.address), ...payload }, context));
  const ids = [sent].flat().map(({ message_id: id }) => id);
  return ids.length === 0 ? {} : { id: ids.join(',') };
}

function isMethod(method: unknown): method is (typeof METHODS)[number] {
  return METHODS.some((known) => known === method);
}

export async function typing(context: CallContext<TelegramSettings> & { readonly address: string }): Promise<void> {
  await callApi('sendChatAction', { chat_id: chatOf(context.address), action: 'typing' }, context);
}

/** https://core.telegram.org/bots/api#making-requests, #responseparameters */
export function classify(error: unknown): SendError {
  const { code, response, type } = error as {
    code?: unknown;
    type?: unknown;
    response?: { description?: string; parameters?: { retry_after?: number; migrate_to_chat_id?: number } };
  };
  if (typeof code !== 'number') return classifyLine(code, type);
  switch (code) {
    case 429:
      // Flood control is of one chat far more often than of all: the others go on, and are told themselves if it is theirs too.
      return { kind: 'rate_limited', after: (response?.parameters?.retry_after ?? 1) * 1000, scope: 'conversation' };
    case 401:
    case 404:
      return { kind: 'auth', reason: 'telegram.token_refused' };
    case 403:
      return { kind: 'unreachable', reason: 'channel.unreachable' };
    default:
      if (code >= 500) return { kind: 'retryable' };
      return refusalOf(response?.description ?? '');
  }
}

/** 400: the chat is not there (any more), or we have sent what Telegram does not take. */
function refusalOf(description: string): SendError {
  return /chat not found|group chat was upgraded|user is deactivated|PEER_ID_INVALID/i.test(description)
    ? { kind: 'unreachable', reason: 'channel.unreachable' }
    : { kind: 'invalid', reason: 'channel.invalid_content' };
}

/** Where no connection came about, nothing can have arrived; where one broke, it may have. */
function classifyLine(code: unknown, type: unknown): SendError {
  const never = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'];
  return type === 'system' && never.includes(String(code)) ? { kind: 'retryable' } : { kind: 'unknown' };
}
