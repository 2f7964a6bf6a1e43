import type { Form } from './form.ts';

/**
 * What the bot says: one small tree that every channel renders natively or degrades.
 * Text carries a markdown subset (`**bold**`, `*italic*`, `` `code` ``, links, lists); never HTML.
 */
export interface Message {
  readonly text: string;
  /** Offered answers; at most one set is open in a conversation at a time. */
  readonly choices?: readonly Choice[];
  /** May several of `choices` be picked at once? */
  readonly multiple?: boolean;
  /** Buttons that open an address. */
  readonly links?: readonly Link[];
  readonly card?: Card;
  readonly carousel?: readonly Card[];
  readonly image?: Image;
  readonly file?: FileReference;
  /** Template to use outside a channel's window (WhatsApp, WeChat): its name at the platform. */
  readonly template?: string;
  /** The human who says it, as customers may know her. */
  readonly agent?: string;
  /** Of an agent's words: the command by which she said them, to be changed by. */
  readonly said?: string;
  /** Who had the conversation when it was said, by the count of those who have had it: said only as long as nobody else has it. */
  readonly epoch?: number;
  /** Owed by law, such as the word that she has opted out: said even to who has. */
  readonly owed?: true;
  /** She has not asked for it. Where it cannot reach her it is told elsewhere, but not by these accounts, which have tried. */
  readonly unasked?: readonly string[];
  /** Where a crash or a lost answer leaves open whether it arrived: rather said twice than not at all. */
  readonly repeatable?: true;
  /** This question and the ones after it, to be answered at once where the app has forms; any other app leaves it out. */
  readonly form?: Form;
  /** What kind of answer would help a channel offer the right keyboard. */
  readonly input?: 'text' | 'number' | 'email' | 'phone' | 'date' | 'code' | 'file';
}

export interface Choice {
  /** Opaque, ≤ 22 characters: comes back when the choice is tapped. */
  readonly token: string;
  readonly label: string;
}

export interface Link {
  readonly title: string;
  readonly url: string;
}

export interface Card {
  readonly title: string;
  readonly text?: string;
  readonly image?: Image;
  readonly fields?: readonly { readonly name: string; readonly value: string }[];
  readonly links?: readonly Link[];
}

export interface Image {
  readonly url: string;
  readonly alt: string;
}

export interface FileReference {
  readonly url: string;
  readonly name: string;
}

/** A file the customer sent, in our own store: never a platform's private address. */
export interface Attachment {
  readonly id: string;
  readonly name: string;
  /** MIME type, as sniffed, not as claimed. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  readonly url: string;
}
