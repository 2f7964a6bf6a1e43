import type { Report } from '../channel.ts';
import { ParleyError } from '../errors.ts';
import type { Store } from '../store/store.ts';

/** A part of something said. */
export interface Place {
  /** Public id. */
  readonly conversation: string;
  readonly seq: number;
  readonly part: number;
}

/** What a send's key says: `<conversation>.<seq>.<part>`. `undefined`: it is no key of ours. */
export function placeOf(key: string): Place | undefined {
  const [, conversation, seq, part] = /^([\w-]{1,64})\.(\d{1,9})\.(\d{1,4})$/.exec(key) ?? [];
  return conversation === undefined ? undefined : { conversation, seq: Number(seq), part: Number(part) };
}

/**
 * What a report is of. `undefined`: of nothing of ours.
 * @throws `engine.busy` (retryable): perhaps of what is being sent at this moment, and has no id on disk yet
 */
export async function placeIn(account: string, told: Report, store: Store): Promise<Place | undefined> {
  if ('key' in told) return placeOf(told.key);
  const conversation = await store.load(account, told.address);
  if (conversation === undefined) return undefined;
  const { id, seq: last } = conversation;
  const entries = await store.transcript(id, Math.max(0, last - LOOKED_BACK), LOOKED_BACK);
  for (const { seq, from } of entries.toReversed()) {
    if (from === 'customer') continue;
    const part = (await store.receipts(id, seq)).indexOf(told.id);
    if (part >= 0) return { conversation: id, seq, part };
  }
  if (!entries.some(({ status }) => status === 'sending')) return undefined;
  throw new ParleyError('engine.busy', 'What this reports on is still being sent.', {
    hint: 'The platform reports it again.',
    retryable: true,
  });
}

/** Lines of a conversation: platforms report within moments. */
const LOOKED_BACK = 64;
