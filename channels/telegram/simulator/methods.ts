import { isWeb } from '#channel';
import type { Deliveries } from './deliveries.ts';
import { type Entity, parseHtml } from './html.ts';
import { bad, botUser, type Chat, type InlineButton, openChat, type SentMessage, type World } from './world.ts';

/** Parameters of a call, as JSON or a form brought them. */
export type Parameters = Readonly<Record<string, unknown>>;
type Method = (world: World, given: Parameters, deliveries: Deliveries) => unknown;

/** As much of https://core.telegram.org/bots/api#available-methods as a bot of ours or of telegraf's calls, with its refusals. */
export const METHODS: Readonly<Record<string, Method>> = {
  getMe: (world) => ({ ...botUser(world), can_join_groups: true, can_read_all_group_messages: false }),
  setWebhook(_, { url, secret_token: secret, drop_pending_updates: drop }, deliveries) {
    if (typeof url !== 'string') throw bad('bad webhook: An HTTPS URL must be provided for webhook');
    if (secret !== undefined && !/^[A-Za-z0-9_-]{1,256}$/.test(String(secret)))
      throw bad('secret token contains unallowed characters');
    deliveries.setWebhook(url === '' ? undefined : { url, secret: String(secret ?? '') }, isTrue(drop));
    return true;
  },
  deleteWebhook(_, { drop_pending_updates: drop }, deliveries) {
    deliveries.setWebhook(undefined, isTrue(drop));
    return true;
  },
  getWebhookInfo: (_, __, deliveries) => deliveries.info(),
  getUpdates: (_, { offset, timeout, limit }, deliveries) =>
    deliveries.poll(Number(offset ?? 0), Number(timeout ?? 0), Number(limit ?? 100)),
  sendMessage: (world, given) => say(world, given, formatted(given, 'text', 4096, 'message is too long')),
  sendPhoto: (world, given) =>
    say(world, given, { photo: [mediaOf(world, given.photo, /\.svg$/i)], ...captioned(given) }),
  sendDocument: (world, given) =>
    say(world, given, { document: mediaOf(world, given.document, /\.(?!pdf$|zip$|gif$)\w+$/i), ...captioned(given) }),
  sendMediaGroup(world, given) {
    const media = read(given.media) as readonly Parameters[];
    if (!Array.isArray(media) || media.length < 2 || media.length > 10) throw bad('group send failed: 2-10 items');
    const group = String(world.nextId());
    return media.map((each) =>
      say(world, given, { media_group_id: group, photo: [mediaOf(world, each.media, /\.svg$/i)], ...captioned(each) }),
    );
  },
  editMessageText(world, given) {
    if (find(openChat(world, given.chat_id), given.message_id).text === undefined)
      throw bad('there is no text in the message to edit');
    return change(world, given, formatted(given, 'text', 4096, 'message is too long'));
  },
  editMessageMedia(world, given) {
    const { type, media, ...about } = read(given.media) as Parameters;
    const own = find(openChat(world, given.chat_id), given.message_id);
    if (own.photo === undefined && own.document === undefined) throw bad('there is no media in the message to edit');
    const shown =
      type === 'photo'
        ? { photo: [mediaOf(world, media, /\.svg$/i)] }
        : { document: mediaOf(world, media, /\.(?!pdf$|zip$|gif$)\w+$/i) };
    return change(world, given, { ...shown, ...captioned(about) });
  },
  deleteMessages(world, given) {
    const chat = openChat(world, given.chat_id);
    for (const id of read(given.message_ids) as readonly number[]) {
      const at = chat.messages.findIndex(({ message_id: own }) => own === id);
      if (at >= 0) chat.messages.splice(at, 1);
    }
    return true;
  },
  sendMessageDraft(world, given) {
    const chat = openChat(world, given.chat_id);
    const id = Number(given.draft_id);
    if (chat.type !== 'private') throw bad('drafts are only for private chats');
    if (!Number.isInteger(id) || id === 0) throw bad('draft_id must be non-zero');
    const { text = '', entities = [] } = formatted(given, 'text', 4096, 'message is too long');
    chat.draft = { id, text, entities };
    return true;
  },
  editMessageReplyMarkup: (world, given) => change(world, given, {}),
  answerCallbackQuery(world, { callback_query_id: id }) {
    if (!world.spinning.delete(String(id)))
      throw bad('query is too old and response timeout expired or query ID is invalid');
    return true;
  },
  sendChatAction(world, given) {
    openChat(world, given.chat_id).typing += 1;
    return true;
  },
  getFile(world, { file_id: id }) {
    const file = world.files.get(String(id));
    if (file === undefined) throw bad('wrong file_id or the file is temporarily unavailable');
    if (file.bytes.byteLength > 20 * 1024 * 1024) throw bad('file is too big');
    return { file_id: id, file_unique_id: `u${String(id)}`, file_size: file.bytes.byteLength, file_path: file.path };
  },
};

type Content = Partial<SentMessage>;

function say(world: World, given: Parameters, content: Content): SentMessage {
  const chat = openChat(world, given.chat_id);
  const message: SentMessage = {
    message_id: world.nextId(),
    date: Math.floor(world.now() / 1000),
    chat: { id: chat.id, type: chat.type },
    from: botUser(world),
    ...content,
    ...keyboardOf(given),
  };
  chat.messages.push(message);
  delete chat.draft;
  return message;
}

/** An edit without a keyboard takes the keyboard away. */
function change(world: World, given: Parameters, content: Content): SentMessage {
  const message = find(openChat(world, given.chat_id), given.message_id);
  const { reply_markup: oldKeyboard, ...rest } = message;
  const old = { ...rest, reply_markup: oldKeyboard };
  const changed = { ...rest, ...content, reply_markup: keyboardOf(given).reply_markup };
  if (JSON.stringify(changed) === JSON.stringify(old))
    throw bad('message is not modified: specified new message content and reply markup are exactly the same');
  delete message.reply_markup;
  return Object.assign(message, content, keyboardOf(given), { edit_date: Math.floor(world.now() / 1000) });
}

function find(chat: Chat, id: unknown): SentMessage {
  const message = chat.messages.find(({ message_id: own }) => own === Number(id));
  if (message === undefined) throw bad('message to edit not found');
  if (!message.from.is_bot) throw bad("message can't be edited");
  return message;
}

function captioned(given: Parameters): Content {
  if (given.caption === undefined) return {};
  const { text, entities } = formatted({ ...given, text: given.caption }, 'text', 1024, 'message caption is too long');
  return {
    ...(text === undefined ? {} : { caption: text }),
    ...(entities === undefined ? {} : { caption_entities: entities }),
  };
}

function formatted(given: Parameters, field: string, limit: number, tooLong: string): Content {
  const raw = String(given[field] ?? '');
  const parsed =
    given.parse_mode === undefined ? { text: raw, entities: givenEntities(given) } : readMarkup(given, raw);
  if (parsed.text.trim() === '') throw bad('message text is empty');
  if (parsed.text.length > limit) throw bad(tooLong);
  return { text: parsed.text, ...(parsed.entities.length === 0 ? {} : { entities: parsed.entities }) };
}

function readMarkup(given: Parameters, raw: string) {
  if (given.parse_mode !== 'HTML') throw bad('unsupported parse_mode');
  const parsed = parseHtml(raw);
  if (parsed === undefined) throw bad("can't parse entities: unsupported or unclosed tag");
  return parsed;
}

function givenEntities({ entities }: Parameters): Entity[] {
  return (entities === undefined ? [] : read(entities)) as Entity[];
}

/** An uploaded file, or an address that Telegram itself would fetch. */
function mediaOf(world: World, given: unknown, refused: RegExp): { file_id: string } {
  if (given instanceof Blob) return { file_id: 'uploaded' };
  const reference = String(given ?? '');
  if (world.files.has(reference)) return { file_id: reference };
  if (!isReachable(reference)) throw bad('wrong file identifier/HTTP URL specified');
  if (refused.test(new URL(reference).pathname)) throw bad('wrong type of the web page content');
  return { file_id: reference };
}

function keyboardOf(given: Parameters): Pick<SentMessage, 'reply_markup'> {
  if (given.reply_markup === undefined) return {};
  const { inline_keyboard: rows } = read(given.reply_markup) as {
    inline_keyboard?: readonly (readonly InlineButton[])[];
  };
  if (rows === undefined || rows.flat().length === 0) return {};
  if (rows.flat().length > 100) throw bad('reply markup is too long');
  for (const { text, callback_data: data, url } of rows.flat()) {
    if (text === undefined || text === '') throw bad('text of inline keyboard button is empty');
    if (data !== undefined && (data === '' || Buffer.byteLength(data) > 64)) throw bad('BUTTON_DATA_INVALID');
    if (url !== undefined && !isReachable(url))
      throw bad(`inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`);
  }
  return { reply_markup: { inline_keyboard: rows } };
}

function isReachable(url: string): boolean {
  return isWeb(url) && new URL(url).hostname.includes('.');
}

/** Forms carry objects as JSON text. */
function read(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value;
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}
