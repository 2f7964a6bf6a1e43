import type { StoredFile } from './protocol.ts';
import type { Memory } from './storage.ts';

/** A message on its way: kept until the server has said that it has it. */
export interface Outgoing {
  /** Chosen here, once: the server takes a repeated id as the same message. */
  readonly id: string;
  /** What the customer reads in her own bubble. */
  readonly text: string;
  readonly choice?: string | readonly string[];
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
export class Outbox {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  list(): readonly Outgoing[] {
    return parse(this.#memory.get(NAME));
  }

  /** The oldest that may be sent. */
  next(): Outgoing | undefined {
    return this.list().find((message) => message.refused === undefined);
  }

  /** False, and nothing kept, when 50 messages or 200,000 characters are waiting already. */
  add(message: Outgoing): boolean {
    const list = [...this.list(), message];
    if (list.length > MOST || JSON.stringify(list).length > LONGEST) return false;
    this.#write(list);
    return true;
  }

  remove(id: string): void {
    this.#write(this.list().filter((message) => message.id !== id));
  }

  refuse(id: string, reason: string): void {
    this.#write(this.list().map((message) => (message.id === id ? { ...message, refused: reason } : message)));
  }

  retry(id: string): void {
    this.#write(
      this.list().map(({ refused, ...message }) => (message.id === id || !refused ? message : { ...message, refused })),
    );
  }

  clear(): void {
    this.#memory.set(NAME, undefined);
  }

  #write(list: readonly Outgoing[]): void {
    this.#memory.set(NAME, list.length > 0 ? JSON.stringify(list) : undefined);
  }
}

/** What is not an outbox (an older version's, another script's) counts as empty: the chat must open anyway. */
function parse(text: string | undefined): readonly Outgoing[] {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  return Array.isArray(value)
    ? value.filter((item) => typeof item?.id === 'string' && typeof item.text === 'string')
    : [];
}
