import type { Callbacks } from './callbacks.ts';
import { type Chat, chatOf, DAY, type Entry, newId, record, type Shown, type World } from './world.ts';

/** Somebody in WeChat who writes to a customer service account. What she does reaches the bot as WeCom would tell it. */
export class Customer {
  readonly id: string;
  readonly kf: string;
  readonly #world: World;
  readonly #callbacks: Callbacks;

  constructor(world: World, callbacks: Callbacks, kf: string, id = newId('wm', 21)) {
    this.id = id;
    this.kf = kf;
    this.#world = world;
    this.#callbacks = callbacks;
    chatOf(world, kf, id);
  }

  get chat(): Chat {
    return chatOf(this.#world, this.kf, this.id);
  }

  get screen(): readonly Shown[] {
    return this.chat.shown;
  }

  /** The bot's words, in order. */
  get heard(): readonly string[] {
    return this.screen.filter(({ from }) => from === 'bot').map(({ message }) => wordsIn(message));
  }

  /** What she can tap on, the oldest first. */
  get items(): readonly Item[] {
    return this.screen.flatMap(({ message }) => itemsIn(message));
  }

  /** She opens the chat, by a link that carried something. Who has not written in 48 hours gets a welcome. */
  enter(param?: string): Entry {
    const { now, codes } = this.#world;
    const isNew = now() - this.chat.welcomed > 2 * DAY && (this.chat.window?.until ?? 0) < now();
    const code = newId('WELCOME');
    if (isNew) {
      codes.set(code, { chat: this.chat, until: now() + 20_000 });
      this.chat.welcomed = now();
    }
    return this.#happens('enter_session', {
      scene: 'oob',
      ...(param === undefined ? {} : { scene_param: param }),
      ...(isNew ? { welcome_code: code } : {}),
    });
  }

  say(text: string): Entry {
    return this.#send({ msgtype: 'text', text: { content: text } });
  }

  /** Taps the newest item with this label: its words are sent in her name, with its id. */
  tap(label: string): Entry {
    const item = this.items.findLast((each) => each.label === label && each.id !== undefined);
    if (item?.id === undefined) throw new Error(`No menu says "${label}".`);
    return this.tapOn(item.id, label);
  }

  /** With any id: of a menu that has scrolled away by now. */
  tapOn(id: string, label: string): Entry {
    return this.#send({ msgtype: 'text', text: { content: label, menu_id: id } });
  }

  photo(bytes: Uint8Array): Entry {
    return this.#send({ msgtype: 'image', image: { media_id: this.#keep(bytes, 'image/jpeg', 'photo.jpg') } });
  }

  voice(bytes: Uint8Array): Entry {
    return this.#send({ msgtype: 'voice', voice: { media_id: this.#keep(bytes, 'audio/amr', 'voice.amr') } });
  }

  file(name: string, bytes: Uint8Array, type = 'application/octet-stream'): Entry {
    return this.#send({ msgtype: 'file', file: { media_id: this.#keep(bytes, type, name) } });
  }

  /** Any other message, in WeCom's words. */
  share(message: { readonly msgtype: string; readonly [field: string]: unknown }): Entry {
    return this.#send(message);
  }

  recall({ msgid }: Entry): Entry {
    return this.#happens('user_recall_msg', { recall_msgid: msgid });
  }

  /** She takes no messages of the account's any more; WeCom tells so when one is sent. */
  refuse(): void {
    this.chat.refuses = true;
  }

  /** One of the business's people takes her, in the WeCom app. */
  taken(agent: string): Entry {
    Object.assign(this.chat, { state: 3, agent });
    return this.#happens('session_status_change', { change_type: 1, new_servicer_userid: agent });
  }

  /** … writes to her … */
  answered(text: string): Entry {
    const entry = record(this.#world, this.kf, {
      open_kfid: this.kf,
      external_userid: this.id,
      servicer_userid: this.chat.agent,
      origin: 5,
      msgtype: 'text',
      text: { content: text },
    });
    this.#show('agent', entry, { msgtype: 'text', text: { content: text } });
    return entry;
  }

  /** … and is done. */
  released(): Entry {
    const old = this.chat.agent;
    Object.assign(this.chat, { state: 4, agent: undefined, window: undefined });
    return this.#happens('session_status_change', { change_type: 3, old_servicer_userid: old });
  }

  #send(message: { readonly msgtype: string; readonly [field: string]: unknown }): Entry {
    const { chat } = this;
    chat.refuses = false;
    if (chat.state === 4) chat.state = 0;
    chat.window = { until: this.#world.now() + 2 * DAY, left: 5 };
    const entry = record(this.#world, this.kf, {
      open_kfid: this.kf,
      external_userid: this.id,
      origin: 3,
      ...message,
    });
    this.#show('me', entry, message);
    return entry;
  }

  #show(from: Shown['from'], { msgid }: Entry, message: Shown['message']): void {
    this.chat.shown.push({ id: msgid, from, message, at: this.#world.now() });
    this.#world.changed();
    this.#callbacks.announce(this.kf);
  }

  #happens(event_type: string, more: object): Entry {
    const event = { event_type, open_kfid: this.kf, external_userid: this.id, ...more };
    const entry = record(this.#world, this.kf, { origin: 4, msgtype: 'event', event });
    this.#callbacks.announce(this.kf);
    return entry;
  }

  #keep(bytes: Uint8Array, type: string, name: string): string {
    const id = newId('1G6', 20);
    this.#world.media.set(id, { bytes, type, name, at: this.#world.now() });
    return id;
  }
}

/** What she can tap on: what sends words in her name has an id, what opens a page has an address. */
export interface Item {
  readonly label: string;
  readonly id?: string;
  readonly url?: string;
}

type Fields = Readonly<Record<string, unknown>>;

export function itemsIn(message: Shown['message']): readonly Item[] {
  const { list = [] } = (message.msgmenu ?? {}) as { readonly list?: readonly Fields[] };
  return list.map((item) => {
    const { content, id, url } = item[String(item.type)] as { content: string; id?: string; url?: string };
    return { label: content, ...(id === undefined ? {} : { id }), ...(url === undefined ? {} : { url }) };
  });
}

export function wordsIn(message: Shown['message']): string {
  const { text, msgmenu, link } = message as Readonly<Record<string, Readonly<Record<string, string>> | undefined>>;
  if (msgmenu !== undefined) return msgmenu.head_content ?? '';
  return text?.content ?? (link && `${link.title}\n${link.desc}`) ?? `[${message.msgtype}]`;
}
