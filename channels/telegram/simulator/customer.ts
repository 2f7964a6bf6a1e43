import type { Deliveries, Update } from './deliveries.ts';
import { bad, type Chat, type InlineButton, type SentMessage, type User, type World } from './world.ts';

/** Somebody with Telegram in her hand. What she does reaches the bot as Telegram would tell it. */
export class Customer {
  readonly user: User;
  readonly #world: World;
  readonly #deliveries: Deliveries;
  readonly #changed: () => void;

  /** @param changed told when her own words stand in a chat */
  constructor(world: World, deliveries: Deliveries, user: User, changed: () => void = () => undefined) {
    this.user = user;
    this.#changed = changed;
    this.#world = world;
    this.#deliveries = deliveries;
    this.chatIn();
  }

  /** Her private chat with the bot; with a number, a group that both are in. */
  chatIn(group?: number): Chat {
    const id = group ?? this.user.id;
    const known = this.#world.chats.get(id);
    if (known !== undefined) return known;
    const type = group === undefined ? 'private' : 'supergroup';
    const chat: Chat = { id, type, messages: [], started: type !== 'private', blocked: false, typing: 0 };
    this.#world.chats.set(id, chat);
    return chat;
  }

  /** All that stands in the chat. */
  get messages(): readonly SentMessage[] {
    return this.chatIn().messages;
  }

  /** The bot's words, in order. */
  get heard(): readonly string[] {
    return this.messages.filter(({ from }) => from.is_bot).map(({ text, caption }) => text ?? caption ?? '');
  }

  /** Buttons that can be tapped now, the oldest first. */
  get buttons(): readonly InlineButton[] {
    return this.messages.flatMap(({ reply_markup: markup }) => markup?.inline_keyboard.flat() ?? []);
  }

  start(payload?: string): Update {
    return this.say(payload === undefined ? '/start' : `/start ${payload}`);
  }

  say(text: string, group?: number): Update {
    return this.#send({ text, ...entitiesOf(text) }, group);
  }

  /** Answers the bot's last message in a group. */
  reply(text: string, group: number): Update {
    const reply_to_message = this.chatIn(group).messages.findLast(({ from }) => from.is_bot);
    return this.#send({ text, reply_to_message }, group);
  }

  /** Corrects what she wrote last. */
  edit(text: string): Update {
    const last = this.messages.findLast(({ from }) => !from.is_bot);
    if (last === undefined) throw bad('she has written nothing yet');
    Object.assign(last, { text, edit_date: this.#date() });
    return this.#deliveries.add('edited_message', last);
  }

  /** Taps the newest button with this label. */
  tap(label: string, group?: number): Update {
    const shows = (button: InlineButton) => button.text === label && button.callback_data !== undefined;
    const message = this.chatIn(group).messages.findLast(({ reply_markup: markup }) =>
      markup?.inline_keyboard.flat().some(shows),
    );
    const data = message?.reply_markup?.inline_keyboard.flat().find(shows)?.callback_data;
    if (message === undefined || data === undefined) throw bad(`no button says "${label}"`);
    return this.tapOn(message, data);
  }

  /** Taps with any data: a button that is gone from her screen by now, or never was there. */
  tapOn(message: SentMessage, data: string): Update {
    const id = String(this.#world.nextId());
    this.#world.spinning.add(id);
    const query = { id, from: this.user, chat_instance: '1', message, data };
    return this.#deliveries.add('callback_query', structuredClone(query));
  }

  /** Several sizes, as Telegram makes them; the last is the picture itself. */
  photo(bytes: Uint8Array, caption?: string): Update {
    const small = this.#keep(bytes.slice(0, 64), 'photos/small.jpg');
    const large = this.#keep(bytes, 'photos/file.jpg');
    const photo = [
      { ...small, width: 90, height: 90 },
      { ...large, width: 1280, height: 1280 },
    ];
    return this.#send({ photo, ...(caption === undefined ? {} : { caption }) });
  }

  document(name: string, bytes: Uint8Array, type = 'application/octet-stream'): Update {
    const document = { ...this.#keep(bytes, `documents/${name}`), file_name: name, mime_type: type };
    return this.#send({ document });
  }

  voice(bytes: Uint8Array): Update {
    return this.#send({ voice: { ...this.#keep(bytes, 'voice/file.oga'), duration: 2, mime_type: 'audio/ogg' } });
  }

  sticker(emoji: string): Update {
    const sticker = { file_id: 's', file_unique_id: 's', type: 'regular', width: 512, height: 512, emoji };
    return this.#send({ sticker: { ...sticker, is_animated: false, is_video: false } });
  }

  location(latitude: number, longitude: number): Update {
    return this.#send({ location: { latitude, longitude } });
  }

  block(): Update {
    this.chatIn().blocked = true;
    return this.#membership('member', 'kicked');
  }

  unblock(): Update {
    this.chatIn().blocked = false;
    return this.#membership('kicked', 'member');
  }

  #send(content: object, group?: number): Update {
    const chat = this.chatIn(group);
    chat.started = true;
    const message: SentMessage = {
      message_id: this.#world.nextId(),
      date: this.#date(),
      chat: { id: chat.id, type: chat.type },
      from: this.user,
      ...content,
    };
    chat.messages.push(message);
    this.#changed();
    return this.#deliveries.add('message', structuredClone(message));
  }

  #membership(before: string, after: string): Update {
    const user = { id: this.#world.bot.id, is_bot: true, first_name: 'Parley', username: this.#world.bot.username };
    return this.#deliveries.add('my_chat_member', {
      chat: { id: this.user.id, type: 'private' },
      from: this.user,
      date: this.#date(),
      old_chat_member: { user, status: before },
      new_chat_member: { user, status: after },
    });
  }

  #keep(bytes: Uint8Array, path: string): { file_id: string; file_unique_id: string; file_size: number } {
    const id = `file${this.#world.nextId()}`;
    this.#world.files.set(id, { path: path.replace('/', `/${id}_`), bytes });
    return { file_id: id, file_unique_id: `u${id}`, file_size: bytes.byteLength };
  }

  #date(): number {
    return Math.floor(this.#world.now() / 1000);
  }
}

/** Telegram finds commands and names in the text. */
function entitiesOf(text: string): { entities?: readonly object[] } {
  const entities = [...text.matchAll(/(?<=^|\s)(?:\/\w+(?:@\w+)?|@\w{5,32})/g)].map(({ 0: found, index }) => ({
    type: found.startsWith('/') ? 'bot_command' : 'mention',
    offset: index,
    length: found.length,
  }));
  return entities.length === 0 ? {} : { entities };
}
