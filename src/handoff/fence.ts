import type { Message } from '../message.ts';

/**
 * For the engine, before every send: why this must not be said any more, as a code; `undefined`: it may be.
 * @param epoch of the conversation now; 0: no human ever had it
 */
export function fenced(epoch: number, message: Message): string | undefined {
  if (message.owed || message.agent !== undefined) return undefined;
  return (message.epoch ?? 0) < epoch ? 'desk.stale' : undefined;
}
