import type { StoredFile } from './protocol.ts';
import type { Memory } from './storage.ts';

/** The token of an offered choice, or several; or a form, filled in. */
export type Answer =
  | { readonly choice: string | readonly string[] }
  | { readonly form: { readonly token: string; readonly values: Readonly<Record<string, string>> } };

/** A message on its way: kept until the server has said that it has it. */
export interface Outgoing {
  /** Chosen here, once: the server takes a repeated id as the same message. */
  readonly id: string;
  /** What the customer reads in her own bubble. */
  readonly text: string;
  /** What it is besides words, as the server wants it: taps, or a form. */
  readonly answer?: Answer;
  readonly files?: readonly StoredFile[];
  /** Epoch milliseconds. */
  readonly at: number;
  /** Why the server refused it; it waits for the customer to retry or discard. */
  readonly refused?: string;
}

const NAME = 'outbox';
const MOST = 50;
const LONGEST = 200_000;

/**
 * Messages that are not yet the server's, oldest first, in storage shared by all tabs: they survive a reload and a dead battery.
 * Every change reads first, because another tab may have changed it. Two tabs may send the same message: its id makes that harmless.
 */
export interface Outbox {
  list(): readonly Outgoing[];
  /** The oldest that may be sent. */
  next(): Outgoing | undefined;
  /** False, and nothing kept, when 50 messages or 200,000 characters are waiting already. */
  add(message: Outgoing): boolean;
  remove(id: string): void;
  /** With a reason: not sent again until `undefined` takes the reason back. */
  refuse(id: string, reason: string | undefined): void;
  clear(): void;
}

export function openOutbox(memory: Memory): Outbox {
  const list = () => parse(memory.get(NAME));
  const write = (list: readonly Outgoing[]) => memory.set(NAME, list[0] && JSON.stringify(list));
  return {
    list,
    next: () => list().find(({ refused }) => refused === undefined),
    add(message) {
      const all = [...list(), message];
      const fits = all.length <= MOST && JSON.stringify(all).length <= LONGEST;
      if (fits) write(all);
      return fits;
    },
    remove: (id) => write(list().filter((message) => message.id !== id)),
    // JSON leaves an undefined reason out.
    refuse: (id, refused) =>
      write(list().map((message) => (message.id === id ? ({ ...message, refused } as Outgoing) : message))),
    clear: () => write([]),
  };
}

/** What is not an outbox (an older version's, another script's) counts as empty: the chat must open anyway. */
function parse(text = '[]'): readonly Outgoing[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter((item) => item?.id && typeof item.text === 'string') : [];
  } catch {
    return [];
  }
}
