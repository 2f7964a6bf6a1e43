import { createHash, timingSafeEqual } from 'node:crypto';
import { type Inbound, ParleyError, type RawRequest } from '#channel';
import { contentOf } from './content.ts';
import type { TelegramSettings } from './settings.ts';
import { type CallbackQuery, type Message, Update } from './update.ts';

/** What {@link acknowledge} needs to end a button's spinner and to mark what was picked. */
export interface TapReceipt {
  readonly query: string;
  readonly picked?: string;
  readonly message?: CallbackQuery['message'];
}

/**
 * Telegram repeats the secret that `setWebhook` was given in a header; it signs nothing
 * (https://core.telegram.org/bots/api#setwebhook). Compared in constant time, and every secret each time.
 */
export function verify(request: RawRequest, { secrets }: TelegramSettings): void {
  const given = digest(request.headers['x-telegram-bot-api-secret-token'] ?? '');
  const matches = secrets.map((secret) => timingSafeEqual(given, digest(secret)));
  if (!matches.includes(true)) throw new ParleyError('channel.unverified', 'The secret token is not right.');
}

/** Of equal length whatever was sent, so that not even that can be measured. */
function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}

/** The events of one webhook call. `POST /channels/<account>` names the account. */
export function parse(request: RawRequest, settings: TelegramSettings): readonly Inbound[] {
  const account = decodeURIComponent(request.url.pathname.split('/').at(-1) ?? '');
  return eventsOf(readJson(request.body), account, settings);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch (cause) {
    throw new ParleyError('telegram.invalid_update', 'The body is no JSON in UTF-8.', { cause });
  }
}

/** One update is one event, or none: what is not meant for the bot. `update_id` is what Telegram repeats when it delivers again. */
export function eventsOf(raw: unknown, account: string, settings: TelegramSettings): readonly Inbound[] {
  const read = Update.safeParse(raw);
  if (!read.success)
    throw new ParleyError('telegram.invalid_update', 'This is no update of the Bot API.', { cause: read.error });
  const { update_id: id, message, edited_message: edited, callback_query: tap, my_chat_member: member } = read.data;
  const event =
    (message && said(message, settings)) ??
    // A correction is said again: "12" made "13" answers the question anew.
    (edited && said(edited, settings)) ??
    (tap && tapped(tap)) ??
    (member && lifecycle(member));
  return event === undefined ? [] : [{ account, key: String(id), ...event }];
}

type Parsed = Omit<Inbound, 'account' | 'key'>;
type User = NonNullable<Message['from']>;

function said(message: Message, settings: TelegramSettings): Parsed | undefined {
  const { chat, from } = message;
  const content = contentOf(message);
  const address = from && addressOf(chat, from);
  if (address === undefined || from?.is_bot || content === undefined || !isMeant(message, settings)) return undefined;
  const { media } = content;
  const text = withoutMention(content.text, settings);
  const [, start, payload] = /^\/(start)(?:@\w+)?(?:\s+([\w-]{1,64}))?$/.exec(text) ?? [];
  return {
    address,
    sentAt: (message.edit_date ?? message.date) * 1000,
    ...localeOf(from),
    event:
      start === undefined
        ? { kind: 'message', text: withoutSlash(text), ...albumOf(message) }
        : { kind: 'opened', pressed: true, ...localeOf(from), ...(payload === undefined ? {} : { payload }) },
    ...(media.length === 0 ? {} : { media }),
  };
}

/** Pictures sent at once are a message each. */
function albumOf({ media_group_id: album }: Message): { album?: string } {
  return album === undefined ? {} : { album };
}

/** A tapped button: its data is the token of a choice. Those of others (a game, a message sent inline) mean nothing to us. */
function tapped({ id, from, data, message }: CallbackQuery): Parsed | undefined {
  if (message === undefined || data === undefined) return undefined;
  const address = addressOf(message.chat, from);
  if (address === undefined) return undefined;
  const label = labelOf(message, data);
  const receipt: TapReceipt = { query: id, message, ...(label === undefined ? {} : { picked: label }) };
  return {
    address,
    ...localeOf(from),
    event: { kind: 'choice', token: data, ...(label === undefined ? {} : { label }) },
    receipt: { ...receipt },
  };
}

/** A button that only shows a number stands for the line of that number in the text. */
function labelOf({ text = '', reply_markup: markup }: NonNullable<CallbackQuery['message']>, data: string) {
  const shown = markup?.inline_keyboard?.flat().find((button) => button.callback_data === data)?.text;
  if (shown === undefined || !/^\d{1,3}$/.test(shown)) return shown;
  const line = text.split('\n').find((each) => each.startsWith(`${shown}. `));
  return line?.slice(shown.length + 2) ?? shown;
}

/** She has blocked the bot, or let it in again: a signal that a flow may wait for. */
function lifecycle({
  chat,
  from,
  date,
  new_chat_member: member,
}: NonNullable<Update['my_chat_member']>): Parsed | undefined {
  if (chat.type !== 'private') return undefined;
  const name = member.status === 'kicked' ? 'channel.blocked' : 'channel.unblocked';
  return {
    address: String(chat.id),
    sentAt: date * 1000,
    ...localeOf(from),
    event: { kind: 'signal', name, data: {} },
  };
}

/**
 * A private chat is a conversation. In a group everybody has her own with the bot, and what it answers there is read by all.
 * `undefined`: a channel, where nobody talks to anybody.
 */
function addressOf(chat: Message['chat'], from: User): string | undefined {
  if (chat.type === 'private') return String(chat.id);
  return GROUPS.has(chat.type) ? `${chat.id}/${from.id}` : undefined;
}

const GROUPS = new Set(['group', 'supergroup']);

/** In a group, people talk to each other: the bot listens only to who names it, answers it, or commands it. */
function isMeant(message: Message, { botId, username }: TelegramSettings): boolean {
  if (message.chat.type === 'private' || message.reply_to_message?.from?.id === botId) return true;
  const text = message.text ?? message.caption ?? '';
  const named = username?.toLowerCase();
  return (message.entities ?? message.caption_entities ?? []).some(({ type, offset, length, user }) => {
    const words = text.slice(offset, offset + length).toLowerCase();
    if (type === 'mention') return words === `@${named}`;
    return type === 'text_mention' ? user?.id === botId : type === 'bot_command' && words.endsWith(`@${named}`);
  });
}

/** "@my_shop_bot where is my order?" asks where an order is. */
function withoutMention(text: string, { username }: TelegramSettings): string {
  return (username === undefined ? text : text.replaceAll(new RegExp(`@${username}\\b`, 'gi'), '')).trim();
}

/** "/track_order" says "track order". */
function withoutSlash(text: string): string {
  return text.replace(/^\/(\w{1,32})(?:@\w+)?/, (_, command: string) => command.replaceAll('_', ' '));
}

function localeOf(user: User | undefined): { locale?: string } {
  return user?.language_code === undefined ? {} : { locale: user.language_code };
}
