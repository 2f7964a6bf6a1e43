import type { Channel } from '#channel';

/** The words of the wire between the widget and `/chat/*`: what `src/message.ts` says, plus who said it and where it stands. */

/** What the bot says, as channels receive it. */
export type Message = Parameters<Channel['plan']>[0][number];
export type Card = NonNullable<Message['card']>;
export type Link = NonNullable<Message['links']>[number];

/** One line of the conversation, as the server keeps it. */
export interface ChatMessage extends Partial<Message> {
  /** Place in the conversation: grows, never repeats. */
  readonly seq: number;
  /** The sender's own id; for what this widget sent, the id it chose. */
  readonly id?: string;
  readonly from: 'customer' | 'bot' | 'agent' | 'system';
  /** Who is speaking, where a person is. */
  readonly name?: string;
  readonly text: string;
  readonly attachments?: readonly StoredFile[];
  /** Epoch milliseconds, or ISO 8601. */
  readonly at?: number | string;
  /** `sent`, `delivered`, `read` or `failed`. */
  readonly status?: string;
}

/** A file in the conversation's store. */
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  /** MIME type. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  readonly url: string;
}

/** Proof of being one end of one conversation. Never in an address: it would end up in logs and Referer headers. */
export interface Session {
  readonly token: string;
}

/** What the server says on the socket, or as one `data:` line of the event stream. */
export type Frame =
  | { readonly type: 'ready'; readonly last: number }
  | { readonly type: 'message'; readonly message: ChatMessage }
  | { readonly type: 'typing'; readonly on: boolean }
  | { readonly type: 'status'; readonly seq: number; readonly status: string }
  | { readonly type: 'ack'; readonly id: string; readonly seq: number }
  | { readonly type: 'error'; readonly code: string; readonly message: string; readonly hint?: string };

/** What the widget says on the socket besides its messages. */
export type Signal =
  | { readonly type: 'typing'; readonly on: boolean }
  | { readonly type: 'read'; readonly seq: number };
