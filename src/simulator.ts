import type { Run } from './markdown.ts';

export type { Run } from './markdown.ts';

/**
 * A platform's stand-in as the playground uses it: phones of people who write to the bot, and what can go wrong between. What stands
 * on a phone's screen is made from what really went over the wire, never from what the bot meant.
 */
export interface Simulator {
  /** Where the account's API is. */
  readonly url: string;
  phone(person: Person): Phone;
  /** What can be made to go wrong, by name (`flood`, `drop`, …): the next call, or the next delivery, suffers it. */
  readonly faults: readonly string[];
  fail(fault: string): void;
  close(): Promise<void>;
}

export interface Person {
  readonly name: string;
  /** BCP 47. */
  readonly locale: string;
  /** E.164. */
  readonly number: string;
}

/** One person's app, with the bot's conversation open. */
export interface Phone {
  /** What the bot calls her: the conversation's address. */
  readonly address: string;
  /** What stands on the screen, oldest first. */
  readonly screen: readonly Bubble[];
  /** The bot is writing. */
  readonly typing: boolean;
  /** She opens the conversation (follows the account, presses Start), where the app has such a thing. */
  open?(): Promise<void>;
  write(text: string): Promise<void>;
  /** She taps a button of a bubble; `chosen` are the values of a list or form. */
  tap(bubble: string, button: string, chosen?: Readonly<Record<string, string>>): Promise<void>;
  attach?(file: { readonly name: string; readonly type: string; readonly bytes: Uint8Array }): Promise<void>;
  /** Told whenever the screen has changed. Returns what ends it. */
  watch(listener: () => void): () => void;
}

export interface Bubble {
  readonly id: string;
  readonly from: 'customer' | 'bot' | 'system';
  /** As the app shows it: markup read, nothing of it left in the text. */
  readonly text: readonly Run[];
  readonly image?: { readonly url: string; readonly alt: string };
  readonly file?: { readonly url: string; readonly name: string };
  readonly cards?: readonly ScreenCard[];
  /** Rows of buttons. */
  readonly buttons?: readonly (readonly Button[])[];
  /** How far it has come, where the app shows that. */
  readonly status?: 'sending' | 'sent' | 'delivered' | 'read' | 'failed';
  readonly edited?: boolean;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface ScreenCard {
  readonly title: readonly Run[];
  readonly text?: readonly Run[];
  readonly image?: { readonly url: string; readonly alt: string };
  readonly facts?: readonly { readonly name: string; readonly value: string }[];
  readonly buttons?: readonly Button[];
}

export interface Button {
  readonly id: string;
  readonly label: string;
  /** Opens an address instead of telling the bot. */
  readonly url?: string;
  /** She picks one of these, or fills these in, and then taps. */
  readonly fields?: readonly {
    readonly name: string;
    readonly label: string;
    readonly kind: 'text' | 'date' | 'choice' | 'choices';
    readonly options?: readonly { readonly value: string; readonly label: string }[];
    readonly optional?: boolean;
  }[];
}
