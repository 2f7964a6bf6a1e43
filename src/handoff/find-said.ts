import type { Store, StoredEntry } from '../store/store.ts';

/** What an agent said under this command, as it stands in the transcript; `undefined`: too long ago, or never. */
export async function findSaid(
  store: Pick<Store, 'find' | 'transcript'>,
  conversation: string,
  said: string,
): Promise<StoredEntry | undefined> {
  const { seq = 0 } = (await store.find(conversation)) ?? {};
  for (let end = seq; end > Math.max(0, seq - BACK); end -= PAGE) {
    const entries = await store.transcript(conversation, Math.max(0, end - PAGE), Math.min(PAGE, end));
    const found = entries.find(({ message }) => message.said === said);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Lines that are looked through: nobody mends what is longer ago. */
const BACK = 500;
const PAGE = 50;
