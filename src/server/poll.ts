import type { Entry } from '../engine/engine.ts';
import type { Chat, Visit } from './chat.ts';

/** Seconds a poll may wait. */
export const WAIT_LIMIT = 30;
const PAGE = 100;

/**
 * The entries after `after`; when there are none yet, waits for the first of them at most `wait` seconds. The simplest way to
 * follow a conversation, and the one that passes every proxy.
 */
export async function poll(
  chat: Chat,
  visitor: Visit,
  after: number,
  wait: number,
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  if (wait === 0) return chat.engine.transcript(visitor.conversation, after, PAGE);
  // The bell is hung before the first look, so that nothing rings unheard between look and wait.
  const bell = ring(chat, visitor, wait, signal);
  try {
    const there = await chat.engine.transcript(visitor.conversation, after, PAGE);
    if (there.length > 0) return there;
    await bell.rung;
    return await chat.engine.transcript(visitor.conversation, after, PAGE);
  } finally {
    bell.takeDown();
  }
}

/** Rings at the first news, at the end of the wait, and when either side goes away. */
function ring(chat: Chat, visitor: Visit, wait: number, signal: AbortSignal) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const forget = chat.connections.add(visitor.address, { close: () => resolve() });
  const unwatch = chat.engine.watch(visitor.conversation, (news) => {
    if (news.kind === 'entries') resolve();
  });
  const timer = setTimeout(resolve, wait * 1000);
  signal.addEventListener('abort', () => resolve(), { once: true });
  return {
    rung: promise,
    takeDown(): void {
      clearTimeout(timer);
      unwatch();
      forget();
    },
  };
}
