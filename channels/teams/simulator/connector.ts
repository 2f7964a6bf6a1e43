import { checkAttachments } from './check-card.ts';
import { type Attachment, botAccount, type Conversation, type Message, Refused, type World } from './world.ts';

/** Bytes of one message. */
const LARGEST = 100 * 1024;
/** Calls in so many milliseconds, in one conversation (https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit). */
const RATES = [
  [7, 1_000],
  [8, 2_000],
  [60, 30_000],
  [1_800, 3_600_000],
] as const;

export interface Call {
  readonly method: string;
  readonly conversation: string;
  readonly activity: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The connector's conversations. What it does for a call is its answer; what it refuses it throws. */
export class Connector {
  readonly #world: World;
  /** When each conversation was called within the last hour. */
  readonly #calls = new Map<string, number[]>();

  constructor(world: World) {
    this.#world = world;
  }

  take({ method, conversation, activity, body }: Call): { status: number; body: object } {
    if (JSON.stringify(body).length * 2 > LARGEST)
      throw new Refused(413, 'MessageSizeTooBig', 'Message size too large.');
    const chat = this.#world.conversations.get(conversation);
    if (chat === undefined) throw new Refused(404, 'ConversationNotFound', 'Conversation not found.');
    if (!chat.installed)
      throw new Refused(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.');
    this.#limit(conversation);
    switch (method) {
      case 'POST':
        return body.type === 'typing' ? this.#type(chat) : this.#say(chat, body);
      case 'PUT':
        return this.#change(ours(chat, activity), body);
      case 'DELETE':
        chat.messages.splice(chat.messages.indexOf(ours(chat, activity)), 1);
        this.#world.changed();
        return { status: 200, body: {} };
      default:
        throw new Refused(405, 'MethodNotAllowed', 'Method not allowed.');
    }
  }

  #limit(conversation: string): void {
    const now = this.#world.now();
    const before = (this.#calls.get(conversation) ?? []).filter((at) => at > now - 3_600_000);
    for (const [most, per] of RATES) {
      const within = before.filter((at) => at > now - per);
      if (within.length < most) continue;
      const after = Math.ceil(((within[0] ?? now) + per - now) / 1000);
      throw new Refused(429, 'TooManyRequests', 'API calls quota exceeded.', Math.max(1, after));
    }
    this.#calls.set(conversation, [...before, now]);
  }

  #type(chat: Conversation): { status: number; body: object } {
    chat.typingAt = this.#world.now();
    chat.typed += 1;
    this.#world.changed();
    return { status: 202, body: { id: String(this.#world.nextId()) } };
  }

  #say(chat: Conversation, body: Call['body']): { status: number; body: object } {
    if (body.type !== 'message') throw new Refused(400, 'BadArgument', `Unknown activity type ${String(body.type)}`);
    const { text, attachments, ...look } = contentOf(body);
    const message: Message = {
      id: String(1_700_000_000_000 + this.#world.nextId()),
      from: botAccount(this.#world),
      at: this.#world.now(),
      text,
      attachments,
      ...look,
      edited: false,
    };
    chat.messages.push(message);
    chat.typingAt = 0;
    this.#world.changed();
    return { status: 201, body: { id: message.id } };
  }

  #change(message: Message, body: Call['body']): { status: number; body: object } {
    Object.assign(message, contentOf(body), { edited: true });
    this.#world.changed();
    return { status: 200, body: { id: message.id } };
  }
}

function contentOf(body: Call['body']): Pick<Message, 'text' | 'textFormat' | 'attachments' | 'attachmentLayout'> {
  const { text = '', textFormat = 'markdown', attachmentLayout = 'list' } = body;
  const attachments = (body.attachments ?? []) as readonly Attachment[];
  if (String(text).trim() === '' && attachments.length === 0)
    throw new Refused(400, 'BadSyntax', 'Activity must have text or attachments.');
  checkAttachments(attachments);
  return {
    text: String(text),
    textFormat: String(textFormat),
    attachments,
    attachmentLayout: String(attachmentLayout),
  };
}

function ours(chat: Conversation, id: string | undefined): Message {
  const message = chat.messages.find((each) => each.id === id);
  if (message === undefined)
    throw new Refused(404, 'ActivityNotFoundInConversation', 'The message is not found in the conversation.');
  if (!message.from.id.startsWith('28:')) throw new Refused(403, 'Forbidden', 'It is not the bot’s own message.');
  return message;
}
