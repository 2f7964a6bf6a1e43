import type { Entity } from './html.ts';

/** What the stand-in knows: chats with their messages, files, and one bot. The words are the Bot API's. */
export interface World {
  readonly bot: { readonly token: string; readonly id: number; readonly username: string };
  readonly chats: Map<number, Chat>;
  readonly files: Map<string, StoredFile>;
  /** Taps that wait for `answerCallbackQuery`: their buttons spin. */
  readonly spinning: Set<string>;
  readonly now: () => number;
  nextId(): number;
}

export interface Chat {
  readonly id: number;
  readonly type: 'private' | 'supergroup';
  readonly messages: SentMessage[];
  /** Bots may not write first. */
  started: boolean;
  blocked: boolean;
  /** What the bot is writing: gone once it has sent something. */
  draft?: { readonly id: number; readonly text: string; readonly entities: readonly Entity[] };
  /** How often the bot has shown that it types. */
  typing: number;
}

export interface StoredFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A message as it stands in a chat, and as it is told to the bot. */
export interface SentMessage {
  readonly message_id: number;
  readonly date: number;
  readonly chat: { readonly id: number; readonly type: string };
  readonly from: User;
  edit_date?: number;
  text?: string;
  entities?: readonly Entity[];
  caption?: string;
  caption_entities?: readonly Entity[];
  reply_markup?: { readonly inline_keyboard: readonly (readonly InlineButton[])[] };
  media_group_id?: string;
  /** An address the bot gave, or the file that a customer sent. */
  readonly photo?: readonly { readonly file_id: string; readonly file_size?: number }[];
  readonly document?: { readonly file_id: string; readonly file_name?: string };
  readonly [more: string]: unknown;
}

export interface User {
  readonly id: number;
  readonly is_bot: boolean;
  readonly first_name: string;
  readonly username?: string;
  readonly language_code?: string;
}

export interface InlineButton {
  readonly text: string;
  readonly callback_data?: string;
  readonly url?: string;
}

/** A refusal in the Bot API's words (https://core.telegram.org/bots/api#making-requests). */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly parameters: Readonly<Record<string, number>>;

  constructor(status: number, description: string, parameters: Readonly<Record<string, number>> = {}) {
    super(description);
    this.status = status;
    this.parameters = parameters;
  }
}

export function bad(description: string): Refused {
  return new Refused(400, `Bad Request: ${description}`);
}

export function botUser({ bot }: World): User {
  return { id: bot.id, is_bot: true, first_name: 'Parley', username: bot.username };
}

/** The chat, unless the bot may not write there. */
export function openChat(world: World, id: unknown): Chat {
  const chat = world.chats.get(Number(id));
  if (chat === undefined) throw bad('chat not found');
  if (chat.blocked) throw new Refused(403, 'Forbidden: bot was blocked by the user');
  if (!chat.started) throw new Refused(403, "Forbidden: bot can't initiate conversation with a user");
  return chat;
}
