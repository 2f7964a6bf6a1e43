import type { Outgoing } from './outbox.ts';
import type { ChatMessage } from './protocol.ts';

/** The conversation as this tab knows it. Values in, values out. */
export interface Timeline {
  /** By `seq`, without doubles. */
  readonly messages: readonly ChatMessage[];
  /**
   * Everything up to here has arrived. Moved by what the server *pushes*, never by an acknowledgement: a bot's line with a
   * smaller `seq` may still be under way when our own is acknowledged.
   */
  readonly cursor: number;
}

export const EMPTY: Timeline = { messages: [], cursor: 0 };

/** A message from the server; a second one with the same `seq` replaces the first. */
export function receive(timeline: Timeline, message: ChatMessage): Timeline {
  return { messages: insert(timeline.messages, message), cursor: Math.max(timeline.cursor, message.seq) };
}

/** The server has our message, as number `seq`. */
export function acknowledge(timeline: Timeline, { id, text, files, at }: Outgoing, seq: number): Timeline {
  if (timeline.messages.some((message) => message.seq === seq)) return timeline;
  const message = {
    seq,
    id,
    text,
    at,
    from: 'customer',
    status: 'sent',
    ...(files && { attachments: files }),
  } as const;
  return { ...timeline, messages: insert(timeline.messages, message) };
}

/** Delivered means delivered up to there, read means read up to there. */
export function mark(timeline: Timeline, seq: number, status: string): Timeline {
  const messages = timeline.messages.map((message) =>
    message.from === 'customer' && message.seq <= seq ? { ...message, status } : message,
  );
  return { ...timeline, messages };
}

/**
 * Where to go on after a broken connection. One step before our own last message while it is not read: its status may have
 * changed meanwhile, and only messages are sent again, not the changes.
 */
export function resumeAfter({ messages, cursor }: Timeline): number {
  const own = messages.findLast((message) => message.from === 'customer');
  return own && own.status !== 'read' ? Math.min(cursor, own.seq - 1) : cursor;
}

/** The message that can still be answered by tap or form: the last one that offers that, until the customer has said something after it. */
export function openChoices({ messages }: Timeline, waiting: readonly Outgoing[]): ChatMessage | undefined {
  if (waiting.length > 0) return undefined;
  const last = messages.findLast(
    (message) => message.from === 'customer' || message.form || message.input || message.choices,
  );
  return last?.from === 'customer' ? undefined : last;
}

export function unread({ messages }: Timeline, readUpTo: number): number {
  return messages.filter((message) => message.from !== 'customer' && message.seq > readUpTo).length;
}

function insert(messages: readonly ChatMessage[], message: ChatMessage): readonly ChatMessage[] {
  const others = messages.filter((other) => other.seq !== message.seq);
  const place = others.findLastIndex((other) => other.seq < message.seq) + 1;
  return others.toSpliced(place, 0, message);
}
