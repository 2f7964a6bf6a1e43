/** What the stand-in knows: people's conversations with one bot, and files. The words are the Bot Framework's. */
export interface World {
  readonly appId: string;
  readonly tenant: string;
  readonly conversations: Map<string, Conversation>;
  readonly files: Map<string, StoredFile>;
  /** Where bots may put a file, each once: the sizes that were announced. */
  readonly places: Map<string, { readonly name: string; readonly size: number }>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  nextId(): number;
  /** Something has changed on a screen. */
  changed(): void;
}

export interface Conversation {
  readonly id: string;
  readonly type: 'personal' | 'groupChat' | 'channel';
  readonly messages: Message[];
  /** Is the app there, so that the bot may write? */
  installed: boolean;
  /** When the bot last showed that it types. */
  typingAt: number;
  /** How often it did. */
  typed: number;
}

/** A message as it stands in a chat. */
export interface Message {
  readonly id: string;
  readonly from: { readonly id: string; readonly name: string };
  readonly at: number;
  text: string;
  textFormat: string;
  attachments: readonly Attachment[];
  attachmentLayout: string;
  edited: boolean;
}

export interface Attachment {
  readonly contentType: string;
  readonly content?: unknown;
  readonly contentUrl?: string;
  readonly name?: string;
}

export interface StoredFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly aadObjectId?: string;
}

export function botAccount({ appId }: World): Account {
  return { id: `28:${appId}`, name: 'Parley' };
}

/** A refusal in the connector's words. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly code: string;
  /** Seconds. */
  readonly retryAfter: number | undefined;

  constructor(status: number, code: string, message: string, retryAfter?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}
