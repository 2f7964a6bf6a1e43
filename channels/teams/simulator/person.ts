import { checkAttachments } from './check-card.ts';
import type { Activity, Deliveries } from './deliveries.ts';
import { openPlace, requestIn } from './drive.ts';
import {
  type Account,
  type Attachment,
  botAccount,
  type Conversation,
  type Message,
  Refused,
  type World,
} from './world.ts';

export interface Place {
  readonly world: World;
  readonly deliveries: Deliveries;
  /** The connector's address, with a slash at its end. */
  readonly serviceUrl: () => string;
}

/** Inputs of a card as the client collects them, and what the tapped button carries. */
interface CardContent {
  readonly body?: readonly { readonly [key: string]: unknown }[];
  readonly actions?: readonly {
    readonly type: string;
    readonly title?: string;
    readonly data?: object & { readonly msteams?: { readonly type?: string } };
  }[];
}

/** What stands over the chat. */
export interface Dialog {
  readonly title: string;
  readonly card: CardContent;
}

type CardAction = NonNullable<CardContent['actions']>[number];

/** Somebody with Teams before her. What she does reaches the bot as Teams would tell it. */
export class Person {
  readonly account: Account;
  readonly locale: string;
  readonly chat: Conversation;
  /** What the bot has opened over the chat. */
  dialog: Dialog | undefined;
  readonly #place: Place;

  constructor(place: Place, name: string, locale: string) {
    const { world } = place;
    this.#place = place;
    this.locale = locale;
    this.account = {
      id: `29:1${world.nextId()}-person`,
      name,
      aadObjectId: `00000000-0000-4000-8000-${String(world.nextId()).padStart(12, '0')}`,
    };
    this.chat = openChat(world, `a:1${world.nextId()}-personal`, 'personal');
  }

  /** The bot's words in her chat, in order: the text of messages and cards alike. */
  get heard(): readonly string[] {
    return this.chat.messages.filter(isBots).map(wordsIn);
  }

  /** Titles of what she can tap. */
  get buttons(): readonly string[] {
    return this.chat.messages
      .flatMap((message) => cardsOf(message).flatMap(({ actions = [] }) => actions))
      .map(titleOf);
  }

  /** She adds the app: two events, as Teams sends them. */
  install(): void {
    const isNew = this.chat.messages.length === 0;
    this.chat.installed = true;
    this.#tell('installationUpdate', { action: 'add' });
    if (isNew) this.#tell('conversationUpdate', { membersAdded: [this.account, botAccount(this.#place.world)] });
  }

  uninstall(): void {
    this.chat.installed = false;
    this.#tell('installationUpdate', { action: 'remove' });
  }

  say(text: string, group?: string): Activity {
    const chat = group === undefined ? this.chat : openChat(this.#place.world, group, 'groupChat');
    chat.installed = true;
    const message = this.#write(chat, text, []);
    const mention = `<at>${botAccount(this.#place.world).name}</at>`;
    const named = text.includes('@Parley');
    const entities = named ? [{ type: 'mention', text: mention, mentioned: botAccount(this.#place.world) }] : [];
    return this.#tell(
      'message',
      { ...message, text: htmlOf(text).replace('@Parley', mention), textFormat: 'plain', entities },
      chat,
    );
  }

  /** Corrects what she wrote last. */
  correct(text: string): Activity {
    const last = this.chat.messages.findLast((message) => !isBots(message));
    if (last === undefined) throw new Refused(404, 'Nothing', 'She has written nothing yet.');
    Object.assign(last, { text, edited: true });
    const channelData = { eventType: 'editMessage' };
    return this.#tell('messageUpdate', { id: last.id, text: htmlOf(text), textFormat: 'plain', channelData });
  }

  /** Taps the newest button with this title; `chosen` is what she has filled in before. */
  tap(title: string, chosen: Readonly<Record<string, string>> = {}): Activity {
    const shows = (message: Message) =>
      cardsOf(message).some(({ actions = [] }) => actions.some((action) => titleOf(action) === title));
    const message = this.chat.messages.findLast(shows);
    if (message === undefined) throw new Refused(404, 'Nothing', `No button says "${title}".`);
    return this.tapOn(message, title, chosen);
  }

  tapOn(message: Message, title: string, chosen: Readonly<Record<string, string>> = {}): Activity {
    const action = cardsOf(message)
      .flatMap(({ actions = [] }) => actions)
      .find((each) => titleOf(each) === title && each.type === 'Action.Submit');
    if (action === undefined) throw new Refused(404, 'Nothing', `No button says "${title}".`);
    return this.press(message.id, { ...action.data, ...chosen });
  }

  /** A button that is for a dialog asks the bot for it; any other says something. */
  press(replyToId: string, data: NonNullable<CardAction['data']>): Activity {
    if (data.msteams?.type !== 'task/fetch') return this.submit(replyToId, data);
    return this.#ask('task/fetch', data, replyToId);
  }

  /** Sends the dialog before her, with what she has filled in. */
  send(chosen: Readonly<Record<string, string>>): Activity {
    const [button] = this.dialog?.card.actions ?? [];
    if (button === undefined) throw new Refused(404, 'Nothing', 'There is no dialog.');
    return this.#ask('task/submit', { ...button.data, ...chosen });
  }

  dismiss(): void {
    this.dialog = undefined;
    this.#place.world.changed();
  }

  /** https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/task-modules/invoking-task-modules */
  #ask(name: string, data: object, replyToId?: string): Activity {
    const value = { data, context: { theme: 'default' }, tabEntityId: null };
    return this.#tell(
      'invoke',
      { name, value, ...(replyToId === undefined ? {} : { replyToId }) },
      this.chat,
      (body) => {
        const { task } = (body ?? {}) as { task?: { type: string; value?: { title: string; card: Attachment } } };
        const shown = task?.type === 'continue' ? task.value : undefined;
        if (shown !== undefined) checkAttachments([shown.card]);
        this.dialog = shown && { title: shown.title, card: shown.card.content as CardContent };
        this.#place.world.changed();
      },
    );
  }

  /** What a client sends for a card's button: no words, and the button's data with the inputs in it. */
  submit(replyToId: string, value: object): Activity {
    const legacy = { legacy: { replyToId } };
    return this.#tell('message', {
      id: `f:${this.#place.world.nextId()}`,
      text: '',
      value,
      replyToId,
      channelData: legacy,
    });
  }

  invoke(name: string, value: object, replyToId?: string): Activity {
    return this.#tell('invoke', { name, value, ...(replyToId === undefined ? {} : { replyToId }) });
  }

  /** Answers a bot that wants to give her a file. */
  consent(message: Message, action: 'accept' | 'decline'): Activity {
    const request = requestIn(message);
    if (request === undefined) throw new Refused(404, 'Nothing', 'This asks for nothing.');
    const { world, serviceUrl } = this.#place;
    const value =
      action === 'accept'
        ? { context: request.acceptContext, uploadInfo: openPlace(world, request, serviceUrl()) }
        : { context: request.declineContext };
    return this.invoke('fileConsent/invoke', { type: 'fileUpload', action, ...value }, message.id);
  }

  react(message: Message, type: string): Activity {
    return this.#tell('messageReaction', { replyToId: message.id, reactionsAdded: [{ type }] });
  }

  /** A picture stands in the message; another file lies in her OneDrive. */
  attach(name: string, type: string, bytes: Uint8Array, text = ''): Activity {
    const { world, serviceUrl } = this.#place;
    const id = `file-${world.nextId()}`;
    world.files.set(id, { name, type, bytes });
    const attachment = type.startsWith('image/')
      ? { contentType: type, contentUrl: `${serviceUrl()}v3/attachments/${id}/views/original`, name }
      : {
          contentType: 'application/vnd.microsoft.teams.file.download.info',
          contentUrl: `https://contoso-my.sharepoint.example/${encodeURIComponent(name)}`,
          name,
          content: { downloadUrl: `${serviceUrl()}files/${id}`, uniqueId: id, fileType: name.split('.').at(-1) },
        };
    const message = this.#write(this.chat, text, [attachment]);
    const html = { contentType: 'text/html', content: `<p>${htmlOf(text)}</p>` };
    return this.#tell('message', { ...message, text: htmlOf(text), attachments: [attachment, html] });
  }

  #write(chat: Conversation, text: string, attachments: Message['attachments']): { id: string } {
    const { world } = this.#place;
    const id = String(1_700_000_000_000 + world.nextId());
    const { account: from } = this;
    chat.messages.push({
      id,
      from,
      at: world.now(),
      text,
      textFormat: 'plain',
      attachments,
      attachmentLayout: 'list',
      edited: false,
    });
    world.changed();
    return { id };
  }

  #tell(
    type: string,
    more: { channelData?: object; [key: string]: unknown },
    chat = this.chat,
    heard?: (body: unknown) => void,
  ): Activity {
    const { world, deliveries, serviceUrl } = this.#place;
    const activity = {
      type,
      id: `f:${world.nextId()}`,
      timestamp: new Date(world.now()).toISOString(),
      serviceUrl: serviceUrl(),
      channelId: 'msteams',
      from: this.account,
      recipient: botAccount(world),
      conversation: {
        id: chat.id,
        conversationType: chat.type,
        tenantId: world.tenant,
        ...(chat.type === 'personal' ? {} : { isGroup: true }),
      },
      locale: this.locale,
      ...more,
      channelData: { ...more.channelData, tenant: { id: world.tenant } },
    };
    return deliveries.add(activity, heard);
  }
}

function openChat(world: World, id: string, type: Conversation['type']): Conversation {
  const known = world.conversations.get(id);
  if (known !== undefined) return known;
  const chat: Conversation = { id, type, messages: [], installed: false, typingAt: 0, typed: 0 };
  world.conversations.set(id, chat);
  return chat;
}

/** Teams escapes what was typed. */
function htmlOf(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function isBots({ from }: Message): boolean {
  return from.id.startsWith('28:');
}

export function cardsOf({ attachments }: Message): readonly CardContent[] {
  return attachments.flatMap(({ content }) => (content === undefined ? [] : [content as CardContent]));
}

function titleOf({ title = '' }: { readonly title?: string }): string {
  return title;
}

/** Everything that can be read, markup taken as it is written. */
function wordsIn(message: Message): string {
  const blocks = cardsOf(message).flatMap(({ body = [] }) =>
    body.flatMap(({ text, facts = [] }) => [
      ...(text === undefined ? [] : [String(text)]),
      ...(facts as readonly { title: string; value: string }[]).map(({ title, value }) => `${title}: ${value}`),
    ]),
  );
  return [...(message.text === '' ? [] : [message.text]), ...blocks].join('\n');
}
