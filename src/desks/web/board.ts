import type { Head, Note, Offer, Post, Receipt, TaskCard } from '../../handoff/desk.ts';
import type { Card, Item, Thread } from './protocol.ts';
import { lastOf, type Source } from './source.ts';

/** What was shown since this process began, of one conversation. */
interface Shown {
  card: Card;
  readonly items: Map<string, Item>;
  readonly receipts: Map<string, Receipt['state']>;
  readonly tasks: Map<string, TaskCard>;
}

/** Conversations kept at hand, and lines of each: what is older is read from the store when somebody looks. */
const CONVERSATIONS = 500;
const ITEMS = 300;

/**
 * Every conversation at the desk, as the house has shown it over as the store tells it. Both use the same keys, so that what was shown
 * twice, or is on disk as well, stands there once.
 */
export class Board {
  readonly #source: () => Source;
  readonly #shown = new Map<string, Shown>();

  constructor(source: () => Source) {
    this.#source = source;
  }

  /** @returns the card as it was and as it is */
  put(head: Head, offer?: Offer): { readonly before: Card | undefined; readonly card: Card } {
    const before = this.#shown.get(head.conversation);
    const { last, until, tasks } = before?.card ?? {};
    const stands = offer?.until ?? (head.version === before?.card.version ? until : undefined);
    const card: Card = {
      ...head,
      ...(last === undefined ? {} : { last }),
      ...(tasks === undefined ? {} : { tasks }),
      ...(stands === undefined || head.at !== 'offered' ? {} : { until: stands }),
    };
    const { items = new Map(), receipts = new Map(), tasks: done = new Map() } = before ?? {};
    this.#keep(head.conversation, { card, items, receipts, tasks: done });
    return { before: before?.card, card };
  }

  offer(conversation: string, offer: Offer): Card | undefined {
    const shown = this.#shown.get(conversation);
    return shown && this.put({ ...shown.card, version: Math.max(offer.version, shown.card.version) }, offer).card;
  }

  post(conversation: string, post: Post): Card | undefined {
    const shown = this.#shown.get(conversation);
    if (shown === undefined) return undefined;
    add(shown.items, { kind: 'post', ...post });
    const { last } = shown.card;
    if (last === undefined || last.at <= post.at) shown.card = { ...shown.card, last: lastOf(post) };
    return shown.card;
  }

  note(conversation: string, { kind, ...note }: Note, at: number): Card | undefined {
    const shown = this.#shown.get(conversation);
    if (shown !== undefined) add(shown.items, { kind: 'note', note: kind, ...note, at });
    return shown?.card;
  }

  receipt(conversation: string, { said, state }: Receipt): Card | undefined {
    const shown = this.#shown.get(conversation);
    shown?.receipts.set(said, state);
    return shown?.card;
  }

  task(conversation: string, task: TaskCard): void {
    const shown = this.#shown.get(conversation);
    if (shown === undefined) return;
    shown.tasks.set(task.id, task);
    const open = (shown.card.tasks ?? []).filter(({ id }) => id !== task.id);
    shown.card = { ...shown.card, tasks: task.ended === undefined ? [...open, task] : open };
  }

  async cards(): Promise<readonly Card[]> {
    const cards = new Map((await this.#source().cards()).map((card) => [card.conversation, card]));
    for (const [conversation, { card }] of this.#shown) cards.set(conversation, newer(card, cards.get(conversation)));
    return [...cards.values()];
  }

  async card(conversation: string): Promise<Card | undefined> {
    const shown = this.#shown.get(conversation)?.card;
    const kept = await this.#source().card(conversation);
    return shown === undefined ? kept : newer(shown, kept);
  }

  async thread(conversation: string, posts: number): Promise<Thread | undefined> {
    const card = await this.card(conversation);
    if (card === undefined) return undefined;
    const { items: kept, isCut } = await this.#source().items(conversation, posts);
    const items = new Map(kept.map((item) => [keyOf(item), item]));
    const since = isCut ? Math.min(...kept.map(({ at }) => at)) : 0;
    for (const [key, item] of this.#shown.get(conversation)?.items ?? [])
      if (items.has(key)) items.set(key, translated(items.get(key), item));
      else if (item.at >= since) items.set(key, item);
    const shown = this.#shown.get(conversation);
    const tasks = new Map([...(card.tasks ?? []).map((task) => [task.id, task] as const), ...(shown?.tasks ?? [])]);
    const receipts = Object.fromEntries(shown?.receipts ?? []);
    return { card, items: [...items.values()].toSorted(byTime), tasks: [...tasks.values()], receipts, isCut };
  }

  #keep(conversation: string, shown: Shown): void {
    this.#shown.delete(conversation);
    this.#shown.set(conversation, shown);
    if (this.#shown.size <= CONVERSATIONS) return;
    for (const oldest of this.#shown.keys()) return void this.#shown.delete(oldest);
  }
}

function add(items: Map<string, Item>, item: Item): void {
  items.set(keyOf(item), item);
  if (items.size > ITEMS) for (const oldest of items.keys()) return void items.delete(oldest);
}

/** What is on disk counts, with the translation that was shown of just these words. */
function translated(kept: Item | undefined, shown: Item): Item {
  if (kept?.kind !== 'post' || shown.kind !== 'post' || shown.translation === undefined) return kept ?? shown;
  return kept.message.text === shown.message.text ? { ...kept, translation: shown.translation } : kept;
}

/** Lines of the conversation and lines of the log are counted apart. */
function keyOf({ kind, key }: Item): string {
  return `${kind}:${key}`;
}

/** What was shown may be a moment behind what is on disk, or ahead of what was read. */
function newer(shown: Card, kept: Card | undefined): Card {
  if (kept === undefined || shown.version > kept.version) return shown;
  return shown.version === kept.version ? { ...shown, ...kept } : kept;
}

function byTime(one: Item, other: Item): number {
  if (one.at !== other.at) return one.at - other.at;
  return one.kind === 'post' && other.kind === 'post' ? Number(one.key) - Number(other.key) : 0;
}
