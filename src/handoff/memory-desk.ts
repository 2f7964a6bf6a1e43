import type { Desk, Head, Note, Notice, Offer, Post, Receipt, TaskCard } from './desk.ts';

/** What stands at one place. */
export interface Thread {
  head: Head;
  readonly recent: readonly Post[];
  readonly posts: Map<string, Post>;
  readonly notes: Map<string, Note>;
  readonly offers: Map<string, Offer>;
  readonly notices: Map<string, Notice>;
  /** By the command that said it. */
  readonly receipts: Map<string, Receipt>;
  readonly tasks: Map<string, TaskCard>;
  isOpen: boolean;
}

/** A desk that keeps what it was shown: for tests and trials. */
export interface MemoryDesk extends Desk {
  readonly threads: ReadonlyMap<string, Thread>;
}

export function openMemoryDesk(kind = 'memory'): MemoryDesk {
  const threads = new Map<string, Thread>();

  function at(place: string): Thread {
    const thread = threads.get(place);
    if (thread === undefined) throw new Error(`Nothing was ever opened at ${place}.`);
    return thread;
  }

  return {
    kind,
    threads,
    async open(head, recent) {
      const { conversation } = head;
      const known = threads.get(conversation);
      if (known === undefined) {
        const begun = { posts: new Map(), notes: new Map(), offers: new Map(), notices: new Map() };
        const more = { receipts: new Map(), tasks: new Map() };
        threads.set(conversation, { head, recent, ...begun, ...more, isOpen: true });
      } else Object.assign(known, { head, isOpen: true });
      return conversation;
    },
    async update(place, head) {
      at(place).head = head;
    },
    async post(place, post) {
      at(place).posts.set(post.key, post);
    },
    async note(place, note) {
      at(place).notes.set(note.key, note);
    },
    async offer(place, offer) {
      at(place).offers.set(offer.key, offer);
    },
    async receipt(place, receipt) {
      at(place).receipts.set(receipt.said, receipt);
    },
    async task(place, task) {
      at(place).tasks.set(task.id, task);
    },
    async tell(place, notice) {
      at(place).notices.set(notice.key, notice);
    },
    async close(place, head) {
      Object.assign(at(place), { head, isOpen: false });
    },
  };
}
