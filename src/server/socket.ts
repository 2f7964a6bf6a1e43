import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { parseJson } from './body.ts';
import type { Chat, Visit } from './chat.ts';
import type { CloseReason } from './connections.ts';
import { follow } from './follow.ts';
import { Refusal, toProblem, toRefusal } from './refusal.ts';
import { admit, ClientFrame, Hello, type ServerFrame, toWire } from './wire.ts';

/** How long a socket may stay silent before its first frame, which says who it is. */
const HELLO_WITHIN = 10_000;
/** Bytes a slow reader may leave with us. Beyond that it is let go: it comes back and resumes, and nobody else pays for it. */
const BACKLOG_LIMIT = 1024 * 1024;
/** Bytes below which the next page of the past is sent. */
const BACKLOG_LOW = 64 * 1024;
/** Frames of a client that wait their turn. */
const QUEUE_LIMIT = 64;

/** Close codes of our own; what they mean for the client stands in channels/web/README.md. */
const CLOSE = {
  refused: 4400,
  unknownToken: 4401,
  helloLate: 4408,
  tooMany: 4429,
  stopping: 1001,
  failed: 1011,
} as const;

/** Holds one socket, over `line`, from its first frame to its end. `network` is the client's IP address, for its limits. */
export function serveSocket(ws: WebSocket, line: Duplex, chat: Chat, network: string): void {
  let visit: Visit | undefined;
  let leave = (): void => undefined;
  let queue: Promise<void> = Promise.resolve();
  let queued = 0;
  let held = false;
  const waitingForRoom: (() => void)[] = [];

  const late = setTimeout(() => ws.close(CLOSE.helloLate, 'hello'), HELLO_WITHIN);
  // Protocol errors (an oversize frame, bad UTF-8) arrive here and ws closes by itself; `close` follows.
  ws.on('error', (error) => chat.log.info('socket.failed', { error }));
  ws.on('close', () => {
    clearTimeout(late);
    leave();
    for (const resolve of waitingForRoom.splice(0)) resolve();
  });
  ws.on('message', (data: Buffer, isBinary) => {
    if (isBinary) return refuse(new Refusal(400, 'chat.invalid', 'Frames are text.'));
    // Strictly one after the other: two messages sent at once stay in order.
    if (++queued > QUEUE_LIMIT) return refuse(new Refusal(429, 'chat.rate_limited', 'Too many frames at once.'));
    queue = queue.then(() => take(data)).finally(() => queued--);
  });

  async function take(data: Buffer): Promise<void> {
    if (ws.readyState !== ws.OPEN) return;
    try {
      const value = parseJson(data);
      if (visit === undefined) await enter(value);
      else await onFrame(visit, value);
    } catch (error) {
      refuse(error);
    }
  }

  async function enter(value: unknown): Promise<void> {
    const hello = admit(Hello, value);
    clearTimeout(late);
    chat.limits.network.take(network);
    const visitor = await chat.visit(hello.token);
    if (ws.readyState !== ws.OPEN) return;
    const forget = chat.connections.add(visitor.address, { close });
    const unfollow = follow(chat.engine, visitor.conversation, hello.after, {
      entries: (entries, age) => {
        // The past is paced and may overdraw the backlog by a page.
        const give = age === 'new' ? send : write;
        for (const entry of entries) give({ type: 'message', message: toWire(entry) });
      },
      ready: (last) => send({ type: 'ready', last }),
      typing: (on) => send({ type: 'typing', on }),
      status: (seq, status) => send({ type: 'status', seq, status }),
      drained: () =>
        ws.bufferedAmount <= BACKLOG_LOW ? Promise.resolve() : new Promise((resolve) => waitingForRoom.push(resolve)),
      failed: (error) => refuse(error),
    });
    leave = () => {
      unfollow();
      forget();
    };
    visit = visitor;
  }

  async function onFrame(visitor: Visit, value: unknown): Promise<void> {
    const frame = admit(ClientFrame, value);
    switch (frame.type) {
      case 'send': {
        const { type: _type, ...request } = frame;
        const id = typeof request.id === 'string' ? request.id : undefined;
        try {
          const accepted = await chat.send(visitor, request);
          send({ type: 'ack', id: accepted.id, seq: accepted.seq });
        } catch (error) {
          // A refused message is the client's to mend or to send again: the socket stays.
          tell(error, id);
        }
        return;
      }
      case 'read':
        // A widget gives several signs with every message: they must not use up what she may send, nor end her socket. The next
        // `read` says what a lost one would have said.
        if (chat.limits.visitor.allows(`signs ${visitor.conversation}`)) await chat.read(visitor, frame.seq);
        return;
      case 'typing':
        // Heard and not passed on: nobody listens for it until agents sit at a desk.
        return;
    }
  }

  function send(frame: ServerFrame): void {
    if (ws.bufferedAmount <= BACKLOG_LIMIT) return write(frame);
    if (ws.readyState !== ws.OPEN) return;
    chat.log.info('socket.slow_reader', { size: ws.bufferedAmount });
    chat.metrics.count('parley_slow_readers_total');
    // A closing handshake would wait behind the backlog that nobody reads.
    ws.terminate();
  }

  function write(frame: ServerFrame): void {
    if (ws.readyState !== ws.OPEN) return;
    holdBack();
    ws.send(JSON.stringify(frame), onWritten);
  }

  /** What is said in one go (her line, the answer, the acknowledgement; a page of the past) leaves by one call of the system. */
  function holdBack(): void {
    if (held) return;
    held = true;
    line.cork();
    process.nextTick(() => {
      held = false;
      line.uncork();
    });
  }

  function onWritten(): void {
    if (ws.bufferedAmount > BACKLOG_LOW) return;
    for (const resolve of waitingForRoom.splice(0)) resolve();
  }

  function tell(error: unknown, id?: string): Refusal {
    const refusal = toRefusal(error);
    if (refusal.status >= 500) chat.log.error('socket.refused', { error: refusal.cause ?? refusal });
    chat.metrics.count('parley_refused_total', { code: refusal.code });
    send({ type: 'error', ...toProblem(refusal), ...(id === undefined ? {} : { id }) });
    return refusal;
  }

  /** What is wrong with the socket itself ends it. */
  function refuse(error: unknown): void {
    const refusal = tell(error);
    ws.close(closeCodeOf(refusal), refusal.code);
  }

  function close(reason: CloseReason): void {
    if (reason === 'withdrawn') ws.close(CLOSE.unknownToken, 'chat.unknown_token');
    else ws.close(CLOSE.stopping, 'server.stopping');
  }
}

function closeCodeOf(refusal: Refusal): number {
  if (refusal.status === 401) return CLOSE.unknownToken;
  if (refusal.status === 429) return CLOSE.tooMany;
  return refusal.status >= 500 ? CLOSE.failed : CLOSE.refused;
}
