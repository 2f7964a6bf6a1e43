import type { Commitment, FinishedTurn, Shown, StoredEntry } from '../store/store.ts';

/** What a committed turn added to the transcript: the customer's words, if they were not there already, and what was said in answer. */
export function newEntries(
  conversation: string,
  { arrival, redacted, effects, delivery }: FinishedTurn,
  { seq, first }: Extract<Commitment, { outcome: 'applied' }>,
): StoredEntry[] {
  const { at, shown } = arrival;
  const entries: StoredEntry[] = [];
  if (shown !== undefined && seq > 0) {
    entries.push(entryOf(redacted === undefined ? shown : { ...shown, message: { text: redacted } }, seq, at));
  }
  const status = delivery === 'fetched' ? 'delivered' : 'queued';
  let next = first;
  for (const effect of effects) {
    if (effect.kind !== 'send') continue;
    entries.push({ seq: next, id: `${conversation}.${next}`, from: effect.from, message: effect.message, at, status });
    next += 1;
  }
  return entries;
}

export function entryOf(shown: Shown, seq: number, at: number): StoredEntry {
  return { ...shown, seq, at, status: 'delivered' };
}
