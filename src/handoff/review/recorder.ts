import type { Shown } from '../mirror.ts';
import type { ReviewBook } from './book.ts';
import { entryOf } from './record.ts';

const CURSOR = 'desk.reviews';

/**
 * What agents judge becomes rows of the book, from the desk's log and by a cursor of its own: after a crash it goes on where it was, and
 * what is taken twice has the same key.
 */
export async function recordReviews(
  store: Pick<Shown, 'cursor' | 'keepCursor' | 'desk'>,
  book: ReviewBook,
): Promise<void> {
  for (;;) {
    const after = Number((await store.cursor(CURSOR)) ?? 0);
    const lines = await store.desk.lines(after, PAGE);
    for (const line of lines) {
      const entry = entryOf(line);
      if (entry !== undefined) await book.judged(entry);
    }
    const last = lines.at(-1);
    if (last === undefined) return;
    await store.keepCursor(CURSOR, String(last.id));
  }
}

const PAGE = 100;
