import type { Store } from '../store/store.ts';

/** How long things are kept, in milliseconds; what is absent is kept for ever. */
export interface Retention {
  /** Keys by which a second delivery of the same thing is known: longer than any platform goes on delivering. */
  readonly keys: number;
  readonly insights?: number;
  /** Lines of transcripts. */
  readonly transcripts?: number;
  /** What was done for customers. */
  readonly memories?: number;
}

/** Forgets what is older than that. Resolves with how many rows went. A page at a time: others are served in between. */
export async function forget(
  store: Store,
  { keys, insights, transcripts, memories }: Retention,
  now: number,
): Promise<number> {
  const before = {
    keys: now - keys,
    ...(insights === undefined ? {} : { insights: now - insights }),
    ...(transcripts === undefined ? {} : { entries: now - transcripts }),
    ...(memories === undefined ? {} : { memories: now - memories }),
  };
  let pruned = 0;
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = await store.prune({ ...before, after, limit: PAGE });
    pruned += page.pruned;
    after = page.next;
  }
  return pruned;
}

/** Conversations at a time: a few milliseconds. */
const PAGE = 500;
