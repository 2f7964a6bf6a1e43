import { createHash } from 'node:crypto';
import type { Head, Notice, Offer, TaskCard } from '../../handoff/desk.ts';

/** Where the desk keeps its book: a text under a name, in the store of the conversations. */
export interface Keep {
  cursor(name: string): Promise<string | undefined>;
  keepCursor(name: string, text: string): Promise<void>;
}

/** Something that Slack has not been shown yet. Its words are forgotten once it has. */
export type Job =
  | Line
  /** What a line says now, which Slack shows as it was. */
  | (Omit<Line, 'do'> & { readonly do: 'change' })
  | { readonly do: 'offer'; readonly key: string; readonly offer: Offer }
  /** `said`: what did not come, and may be sent again. */
  | { readonly do: 'tell'; readonly key: string; readonly notice: Notice; readonly said?: string }
  /** A mark on what an agent has written; an earlier mark goes. */
  | { readonly do: 'react'; readonly key: string; readonly ts: string; readonly name: string }
  | { readonly do: 'task'; readonly key: string; readonly task: TaskCard }
  /** Where the card stood before says where it stands now. */
  | { readonly do: 'leave'; readonly key: string; readonly card: Standing };

/** Where a message stands. */
export interface Standing {
  readonly channel: string;
  readonly ts: string;
}

/** A few sections of one message: several lines may share it. */
export interface Line {
  readonly do: 'line';
  readonly key: string;
  readonly kind: 'before' | 'post' | 'note';
  /** As everybody reads it; untrusted. */
  readonly who: string;
  /** Untrusted, and short enough for one message. */
  readonly text: string;
}

/** All that is known of one conversation in Slack. Slack itself is never asked for what was said. */
export interface Entry {
  readonly conversation: string;
  /** As it is to be shown. */
  head: Head;
  isOpen: boolean;
  /** The head card, whose thread holds the rest. */
  card?: Standing;
  /** The card by whose `ts` it is found. */
  found?: string;
  /** Where it stood before. */
  left?: Standing;
  /** As the card shows it; another one is out of date. */
  shown?: string;
  /** Where it stands and whose it is, as the card shows it. */
  stood?: string;
  /** Slack will not have its card as it should be. */
  plain?: boolean;
  /** In order. */
  jobs: readonly Job[];
  /** Since when the first of the words that wait has waited (epoch milliseconds). */
  since?: number;
  /** By key, the message that shows it, and a fingerprint of what it shows. */
  readonly at: Record<string, { readonly ts: string; readonly face: string }>;
  /** A message with the first of the jobs is on its way, under this mark: if nobody hears what became of it, it is looked for. */
  doing?: { readonly mark: string; readonly jobs: number; readonly channel: string };
  /** Marks given so far. */
  marks: number;
}

const PREFIX = 'desk:slack:';
/** Conversations of which something must be done or may still happen. */
const LIVE = `${PREFIX}live`;

/** The book of what stands where in Slack. Every change is on disk when it resolves. */
export class Ledger {
  readonly #keep: Keep;
  readonly #entries = new Map<string, Entry>();
  readonly #live = new Set<string>();
  #loaded: Promise<void> | undefined;

  constructor(keep: Keep) {
    this.#keep = keep;
  }

  /** With what an earlier process left. */
  async live(): Promise<readonly Entry[]> {
    await this.#load();
    const entries = await Promise.all([...this.#live].map((conversation) => this.find(conversation)));
    return entries.filter((entry) => entry !== undefined);
  }

  async find(conversation: string): Promise<Entry | undefined> {
    await this.#load();
    const known = this.#entries.get(conversation);
    if (known !== undefined) return known;
    const text = await this.#keep.cursor(`${PREFIX}c:${conversation}`);
    // Whoever was quicker has the one that all change.
    const meanwhile = this.#entries.get(conversation);
    if (text === undefined || meanwhile !== undefined) return meanwhile;
    const entry: Entry = JSON.parse(text);
    this.#entries.set(conversation, entry);
    return entry;
  }

  /** The conversation whose head card, or whose thread, stands there. */
  async under(channel: string, ts: string): Promise<Entry | undefined> {
    const conversation = await this.#keep.cursor(`${PREFIX}t:${channel}:${ts}`);
    return conversation === undefined ? undefined : this.find(conversation);
  }

  /** What is in memory: all that is live, and what was just looked at. */
  get known(): Iterable<Entry> {
    return this.#entries.values();
  }

  begin(head: Head): Entry {
    const entry: Entry = {
      ...{ conversation: head.conversation, head, isOpen: true },
      jobs: [],
      at: {},
      marks: 0,
    };
    this.#entries.set(head.conversation, entry);
    return entry;
  }

  async save(entry: Entry): Promise<void> {
    const { conversation, card, at } = entry;
    const keys = Object.keys(at);
    for (const old of keys.slice(0, Math.max(0, keys.length - MOST_KEYS))) delete at[old];
    await this.#list(entry);
    if (card !== undefined && entry.found !== card.ts) {
      await this.#keep.keepCursor(`${PREFIX}t:${card.channel}:${card.ts}`, conversation);
      entry.found = card.ts;
    }
    const isLive = this.#live.has(conversation);
    await this.#keep.keepCursor(`${PREFIX}c:${conversation}`, JSON.stringify(isLive ? entry : withoutHer(entry)));
    if (isLive) this.#entries.set(conversation, entry);
    else this.#entries.delete(conversation);
  }

  async #list(entry: Entry): Promise<void> {
    const { conversation, isOpen, doing } = entry;
    const isLive = isOpen || doing !== undefined || hasWork(entry);
    if (isLive === this.#live.has(conversation)) return;
    if (isLive) this.#live.add(conversation);
    else this.#live.delete(conversation);
    await this.#keep.keepCursor(LIVE, JSON.stringify([...this.#live]));
  }

  #load(): Promise<void> {
    this.#loaded ??= this.#keep.cursor(LIVE).then((text) => {
      const names: readonly string[] = text === undefined ? [] : JSON.parse(text);
      for (const name of names) this.#live.add(name);
    });
    return this.#loaded;
  }
}

/** What shows the same has the same face: of a head, of a line's words. */
export function faceOf(shown: Head | string): string {
  return createHash('sha256').update(JSON.stringify(shown)).digest('base64url').slice(0, 12);
}

/** Is there anything that Slack does not show yet? */
export function hasWork({ jobs, card, shown, head }: Entry): boolean {
  return jobs.length > 0 || card === undefined || shown !== faceOf(head);
}

export function standOf({ at, agent = '' }: Head): string {
  return `${at} ${agent}`;
}

/** What is over needs nothing of what is known of the customer. */
function withoutHer(entry: Entry): Entry {
  const { customer } = entry.head;
  const { locale, account, channel } = customer;
  const head: Head = { ...entry.head, customer: { attributes: {}, locale, account, channel }, attach: {}, summary: [] };
  return { ...entry, head, shown: faceOf(head) };
}

const MOST_KEYS = 400;
