import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../errors.ts';
import type { Shared } from './parts.ts';

/**
 * For what the engine itself writes, and nobody outside waits for: while the disk is full it is tried again until there is room, so
 * that nothing that was done is forgotten. Anything else, and the end of the engine, is thrown.
 */
export function patiently<T>(shared: Shared, write: () => Promise<T>): Promise<T> {
  return write().catch(async (error: unknown) => {
    if (codeOf(error) !== 'store.full' || shared.abort.signal.aborted) throw error;
    await sleep(TRY_EVERY, undefined, { signal: shared.abort.signal });
    return patiently(shared, write);
  });
}

/** A failure of the store, after which the same event may well be turned: not the event's fault. */
export function isStoreFailure(error: unknown): boolean {
  return codeOf(error).startsWith('store.') || codeOf(error) === 'ABORT_ERR';
}

const TRY_EVERY = 250;
