import type { ReviewRow, ReviewTable } from '../review.ts';
import { copy } from './tables.ts';

/** What was made of the bot's drafts, of the store without a disk. */
export function reviewsInMemory(): ReviewTable {
  const rows: ReviewRow[] = [];
  return {
    async reviewed(entry) {
      if (!rows.some(({ key }) => key === entry.key)) rows.push({ ...copy(entry), id: (rows.at(-1)?.id ?? 0) + 1 });
    },
    reviews: async (after, limit) =>
      rows
        .filter(({ id }) => id > after)
        .slice(0, limit)
        .map(copy),
  };
}
