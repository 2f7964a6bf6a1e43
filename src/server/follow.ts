import type { Engine, Entry, News } from '../engine/engine.ts';

/** Where a conversation's lines go. */
export interface Sink {
  /**
   * Each entry once, by rising sequence number, without a gap. The past comes page by page, each after {@link Sink.drained};
   * what is new comes when it comes, and a reader that cannot keep up with it is to be let go.
   */
  entries(entries: readonly Entry[], age: 'past' | 'new'): void;
  /** Everything there was has been handed over; news follow. Called once. */
  ready(last: number): void;
  typing(on: boolean): void;
  /** Only of entries that were handed over, or that the client had already. */
  status(seq: number, status: Entry['status']): void;
  /** Resolves when the reader can take the next page of the past; rejects when there is no reader any more. */
  drained(): Promise<void>;
  failed(error: unknown): void;
}

/** Entries held in memory for one slow reader of the past. */
const PAGE = 50;
/** How far back a resuming client is told of statuses again: they may have changed while it was away. */
const STATUS_MEMORY = 50;

/**
 * Follows a conversation from a sequence number on. It watches *before* it reads the transcript, so nothing can fall between the
 * two; what arrives while it reads only says "read once more", so nothing needs to be kept aside, nothing is doubled, and a
 * client that was away long costs one page of memory at a time. Returns what ends it.
 */
export function follow(engine: Engine, conversation: string, after: number, sink: Sink): () => void {
  let last = after;
  let reading = true;
  let stale = false;
  let ended = false;
  const changed = new Map<number, Entry['status']>();

  const end = () => {
    ended = true;
    unwatch();
  };
  const unwatch = engine.watch(conversation, (news) => {
    if (ended) return;
    switch (news.kind) {
      case 'entries':
        return onEntries(news);
      case 'typing':
        return reading ? undefined : sink.typing(news.on);
      case 'status':
        return onStatus(news.seq, news.status);
    }
  });
  void begin();
  return end;

  async function begin(): Promise<void> {
    try {
      await readOn(Math.max(0, after - STATUS_MEMORY));
      if (!ended) sink.ready(last);
    } catch (error) {
      fail(error);
    }
  }

  function onEntries(news: Extract<News, { kind: 'entries' }>): void {
    if (reading) {
      stale = true;
      return;
    }
    const fresh = news.entries.filter((entry) => entry.seq > last);
    if (fresh.length === 0) return;
    if (fresh[0]?.seq === last + 1) handOver(fresh, 'new');
    else void readOn().catch(fail);
  }

  /**
   * Reads until nothing new came in meanwhile; from then on, news are handed over as they come. Of what the client has already, from
   * `from` on, it is told the status: all in one read, since ten thousand clients may come back in the same moment.
   */
  async function readOn(from = last): Promise<void> {
    reading = true;
    let behind = from;
    do {
      stale = false;
      const page = await engine.transcript(conversation, behind, last - behind + PAGE);
      if (ended) return;
      for (const { seq, status } of page) if (seq <= last) sink.status(seq, status);
      const fresh = page.filter(({ seq }) => seq > last);
      if (fresh.length > 0) {
        handOver(fresh, 'past');
        stale ||= fresh.length === PAGE;
        await sink.drained();
      }
      behind = last;
    } while (stale && !ended);
    reading = false;
    for (const [seq, status] of changed) onStatus(seq, status);
    changed.clear();
  }

  function handOver(entries: readonly Entry[], age: 'past' | 'new'): void {
    last = entries.at(-1)?.seq ?? last;
    sink.entries(entries, age);
  }

  /** While a page is being read, an older status may be on its way in it: the newer one is told afterwards. */
  function onStatus(seq: number, status: Entry['status']): void {
    if (reading) changed.set(seq, status);
    else if (seq <= last) sink.status(seq, status);
  }

  function fail(error: unknown): void {
    if (ended) return;
    end();
    sink.failed(error);
  }
}
