import type { Chat, ChatState } from '../chat.ts';
import type { Words } from '../words.ts';

/** What every part of the view is drawn from: the view keeps nothing of its own, it is drawn anew after each change. */
export interface View {
  readonly chat: Chat;
  readonly state: ChatState;
  readonly words: Words;
  /** BCP 47. */
  readonly locale: string;
  /** What the assistant is called. */
  readonly assistant: string;
  readonly open: boolean;
  /** Said beside the launcher, where it is worth saying. */
  readonly greeting: string | null;
  toggle(open: boolean): void;
  /** From now on in this language, which calls itself so. */
  speak(locale: string, name: string): void;
  dismissGreeting(): void;
}
