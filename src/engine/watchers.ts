import type { News } from './engine.ts';

/** Who wants to know what happens in a conversation: sockets and long polls. */
export class Watchers {
  readonly #listeners = new Map<string, Set<(news: News) => void>>();

  watch(conversation: string, listener: (news: News) => void): () => void {
    const own = (news: News) => listener(news);
    const all = this.#listeners.get(conversation) ?? new Set();
    this.#listeners.set(conversation, all.add(own));
    return () => {
      all.delete(own);
      if (all.size === 0 && this.#listeners.get(conversation) === all) this.#listeners.delete(conversation);
    };
  }

  /** Is anybody looking? Saves the making of news that nobody hears. */
  has(conversation: string): boolean {
    return this.#listeners.has(conversation);
  }

  tell(conversation: string, news: News): void {
    for (const listener of this.#listeners.get(conversation) ?? []) listener(news);
  }
}
