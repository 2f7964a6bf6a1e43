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
 */
export function eventStream(chat: Chat, visitor: Visit, after: number): Response {
  const bytes = new TextEncoder();
  let end = (): void => undefined;
  let onRoom = (): void => undefined;

  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let open = true;
        const send = (frame: ServerFrame): void => {
          if (!open) return;
          if ((controller.desiredSize ?? 0) <= 0) {
            chat.metrics.count('parley_slow_readers_total');
            finish();
            return;
          }
          const id = frame.type === 'message' ? `id: ${frame.message.seq}\n` : '';
          controller.enqueue(bytes.encode(`${id}data: ${JSON.stringify(frame)}\n\n`));
        };
        const finish = (): void => {
          end();
          controller.close();
        };
        const forget = chat.connections.add(visitor.address, { close: finish });
        const heartbeat = setInterval(() => controller.enqueue(bytes.encode(': alive\n\n')), HEARTBEAT);
        end = () => {
          if (!open) return;
          open = false;
          clearInterval(heartbeat);
          unfollow();
          forget();
          onRoom();
        };
        const unfollow = follow(chat.engine, visitor.conversation, after, {
          entries: (entries) => {
            for (const entry of entries) send({ type: 'message', message: toWire(entry) });
          },
          ready: (last) => send({ type: 'ready', last }),
          typing: (on) => send({ type: 'typing', on }),
          status: (seq, status) => send({ type: 'status', seq, status }),
          drained: () =>
            (controller.desiredSize ?? 0) > BACKLOG_LIMIT / 2
              ? Promise.resolve()
              : new Promise((resolve) => {
                  onRoom = resolve;
                }),
          failed: (error) => {
            send({ type: 'error', ...toProblem(toRefusal(error)) });
            finish();
          },
        });
      },
      pull: () => onRoom(),
      cancel: () => end(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: BACKLOG_LIMIT }),
  );
  return new Response(stream, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  });
}
