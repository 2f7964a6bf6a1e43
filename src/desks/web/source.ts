import type { Control, Line } from '../../handoff/control.ts';
import type { Head } from '../../handoff/desk.ts';
import { masked, noteIn, postOf } from '../../handoff/shown.ts';
import type { DeskTables, StoredStand } from '../../store/desk.ts';
import type { Store, StoredEntry } from '../../store/store.ts';
import type { Card, Item } from './protocol.ts';

/** What the page needs of the store. */
export type Readable = Pick<Store, 'transcript' | 'find'> & {
  readonly desk: Pick<DeskTables, 'stands' | 'stand' | 'ended' | 'asking' | 'history'>;
};

/** What is on disk of the desk: the page shows it, so a restart forgets nothing and a second process sees the same. */
export interface Source {
  /** Conversations with a human or on their way to one, and the last that were. */
  cards(): Promise<readonly Card[]>;
  card(conversation: string): Promise<Card | undefined>;
  /** The last `posts` lines of a conversation and what the desk did meanwhile, in no order. */
  items(conversation: string, posts: number): Promise<{ readonly items: readonly Item[]; readonly isCut: boolean }>;
}

const AT_THE_DESK = ['queued', 'offered', 'active', 'waiting_customer', 'on_hold', 'consult', 'wrap_up'];
/** Cards of a list; a page with more is no list any more. */
const MOST = 1_000;
const ENDED = 200;
const LINES = 500;
/** UTF-16 units of a preview. */
const PREVIEW = 160;

/** @param headOf the office's: what a card shows */
export function readFrom(store: Readable, headOf: (conversation: string) => Promise<Head | undefined>): Source {
  async function cardOf(stand: StoredStand): Promise<Card | undefined> {
    const head = await headOf(stand.conversation);
    if (head === undefined) return undefined;
    const { stretch, tasks = [] } = stand.control as unknown as Control;
    const { seq = 0 } = (await store.find(stand.conversation)) ?? {};
    const [entry] = seq === 0 ? [] : await store.transcript(stand.conversation, seq - 1, 1);
    return {
      ...head,
      ...(head.at === 'offered' && stretch?.offer !== undefined ? { until: stretch.offer } : {}),
      ...(tasks.length === 0
        ? {}
        : { tasks: tasks.map(({ listener: _, ...task }) => ({ ...task, attach: masked(task.attach) })) }),
      ...(entry === undefined ? {} : { last: lastOf(postOf(entry)) }),
    };
  }

  return {
    async cards() {
      const [now, ended, asking] = await Promise.all([
        store.desk.stands(AT_THE_DESK, MOST),
        store.desk.ended(ENDED),
        store.desk.asking(MOST),
      ]);
      const all = new Map([...now, ...ended, ...asking].map((stand) => [stand.conversation, stand]));
      const cards = await Promise.all([...all.values()].map(cardOf));
      return cards.filter((card) => card !== undefined);
    },
    async card(conversation) {
      const stand = await store.desk.stand(conversation);
      return stand && cardOf(stand);
    },
    async items(conversation, posts) {
      const { seq = 0 } = (await store.find(conversation)) ?? {};
      const from = Math.max(0, seq - posts);
      const entries = await store.transcript(conversation, from, posts);
      const since = from === 0 ? 0 : (entries[0]?.at ?? 0);
      const lines = (await store.desk.history(conversation, LINES)).filter(({ at }) => at >= since);
      return {
        items: [
          ...entries.map(itemOf),
          ...heldIn(await store.desk.stand(conversation)),
          ...lines.flatMap(({ id, at, line }) => itemsOf(String(id), at, line as unknown as Line)),
        ],
        isCut: from > 0,
      };
    },
  };
}

/** Nothing was ever kept: what is shown is all there is. */
export const EMPTY: Source = {
  cards: async () => [],
  card: async () => undefined,
  items: async () => ({ items: [], isCut: false }),
};

export function lastOf({ from, message, attachments, at, key }: (Item & { kind: 'post' }) | ReturnType<typeof postOf>) {
  const { text, image, file, card } = message;
  const said = text || card?.title || image?.alt || file?.name || attachments[0]?.name || '…';
  return { from, text: said.slice(0, PREVIEW).toWellFormed(), at, key };
}

function itemOf(entry: StoredEntry): Item {
  return { kind: 'post', ...postOf(entry), ...(entry.from === 'agent' ? { status: entry.status } : {}) };
}

/** What has been said and has not gone out yet. */
function heldIn(stand: StoredStand | undefined): readonly Item[] {
  const { kept = [] } = (stand?.control as unknown as Control | undefined)?.stretch ?? {};
  return kept.map(({ said, agent, text, attachments = [], at }) => ({
    ...{ kind: 'held', key: said, at, agent, text, attachments },
  }));
}

/** What agents read of a line of the log. */
function itemsOf(id: string, at: number, line: Line): readonly Item[] {
  const items: Item[] = [];
  const { on, by, agent, queue, verdict } = line;
  const outcome = line.outcome ?? verdict;
  const isDraft = on === 'filed' && (line.task as { readonly mode?: unknown } | undefined)?.mode === 'review';
  // What the bot would say stands there itself.
  if (TOLD.has(on) && !isDraft) {
    items.push({
      ...{ kind: 'event', key: `${id}.event`, at, on },
      ...(by === undefined ? {} : { by }),
      ...(typeof agent === 'string' ? { agent } : {}),
      ...(typeof queue === 'string' ? { queue } : {}),
      ...(typeof outcome === 'string' ? { outcome } : {}),
    });
  }
  const note = noteIn(id, line);
  if (note !== undefined) {
    const { kind, ...rest } = note;
    items.push({ kind: 'note', note: kind, ...rest, at });
  }
  return items;
}

/** What is said or written down stands there itself, and offers come and go. */
const TOLD: ReadonlySet<string> = new Set([
  'requested',
  'claimed',
  'assigned',
  'requeued',
  'consulted',
  'handed_over',
  'held',
  'hold_over',
  'resumed',
  'wrapped',
  'returned',
  'chosen',
  'left',
  'moved',
  'clock_over',
  'escalation_due',
  'deadline_over',
  'filed',
  'decided',
  'done',
  'reviewed',
]);
