import type { Chat, Visit } from './chat.ts';
import { follow } from './follow.ts';
import { toProblem, toRefusal } from './refusal.ts';
import { type ServerFrame, toWire } from './wire.ts';

/** Bytes a slow reader may leave with us before it is let go. */
const BACKLOG_LIMIT = 1024 * 1024;
/** Milliseconds between signs of life, so that no proxy takes silence for an end. */
const HEARTBEAT = 15_000;

/**
 * The socket's frames as server-sent events, for networks that let no socket through. Its client reads it with `fetch`, because
 * `EventSource` can send no Authorization header and a token must not go into a URL.
 * @param cut breaks the connection of a reader that is too slow
 */
export function eventStream(chat: Chat, visitor: Visit, after: number, cut: () => void = () => undefined): Response {
  const bytes = new TextEncoder();
  let end = (): void => undefined;
  let onRoom = (): void => undefined;

  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let open = true;
        const forget = chat.connections.add(visitor.address, { close: finish });
        const heartbeat = setInterval(() => write(': alive\n\n'), HEARTBEAT);
        const unfollow = follow(chat.engine, visitor.conversation, after, {
          entries: (entries, age) => {
            for (const entry of entries) {
              const frame: ServerFrame = { type: 'message', message: toWire(entry) };
              if (age === 'new') push(frame);
              else write(toText(frame));
            }
          },
          ready: (last) => push({ type: 'ready', last }),
          typing: (on) => push({ type: 'typing', on }),
          status: (seq, status) => push({ type: 'status', seq, status }),
          drained: () => (room() >= BACKLOG_LIMIT ? Promise.resolve() : new Promise((resolve) => (onRoom = resolve))),
          failed: (error) => {
            push({ type: 'error', ...toProblem(toRefusal(error)) });
            finish();
          },
        });
        end = () => {
          open = false;
          clearInterval(heartbeat);
          unfollow();
          forget();
          onRoom();
        };

        function push(frame: ServerFrame): void {
          if (room() > 0) return write(toText(frame));
          if (!open) return;
          chat.metrics.count('parley_slow_readers_total');
          finish();
          // Ended is not enough: what is waiting would wait on for a reader that does not read.
          cut();
        }

        function write(text: string): void {
          if (open) controller.enqueue(bytes.encode(text));
        }

        /** Bytes that may still wait; the past, which is paced, may overdraw it by a page. */
        function room(): number {
          return controller.desiredSize ?? 0;
        }

        function finish(): void {
          if (!open) return;
          end();
          controller.close();
        }
      },
      pull: (controller) => {
        if ((controller.desiredSize ?? 0) >= BACKLOG_LIMIT) onRoom();
      },
      cancel: () => end(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: BACKLOG_LIMIT }),
  );
  return new Response(stream, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  });
}

function toText(frame: ServerFrame): string {
  const id = frame.type === 'message' ? `id: ${frame.message.seq}\n` : '';
  return `${id}data: ${JSON.stringify(frame)}\n\n`;
}
