import type { WebSocket } from 'ws';
import { follow } from '../follow.ts';
import type { SocketDoor } from '../listen.ts';
import { networkOf } from '../network.ts';
import { foreignOrigin, isAllowedOrigin } from '../origin.ts';
import { toRefusal } from '../refusal.ts';
import { type Directline, readWatermark } from './directline.ts';
import { badToken, noAccount } from './refusals.ts';
import { toActivitySet, typingOf } from './told.ts';

/** The Direct Line accounts, by their names in `parley.yaml`. */
export type Lines = ReadonlyMap<string, Directline>;

/** Milliseconds between empty messages, by which clients and whatever stands between see that the line is good. */
const KEEP_ALIVE = 15_000;
/** Bytes a slow reader may leave with us, and below which it gets the next page of the past: as in web chat. */
const BACKLOG_LIMIT = 1024 * 1024;
const BACKLOG_LOW = 64 * 1024;

const PATH = /^\/channels\/([\w.~-]+)\/v3\/directline\/conversations\/([A-Za-z0-9_-]{1,64})\/stream$/;

/**
 * `WS …/conversations/:id/stream`: what is said, as it is said. A conversation has one stream; a newer one ends the older with the
 * reason `collision`, as Direct Line does, because the older is mostly one that nobody has noticed to be dead.
 */
export function openStreams(lines: Lines, publicUrl: string | undefined): SocketDoor {
  const streams = new Map<string, WebSocket>();

  return async (request, url) => {
    const [, name = '', conversation = ''] = PATH.exec(url.pathname) ?? [];
    if (conversation === '') return undefined;
    const line = lines.get(name);
    if (line === undefined) throw noAccount();
    const { house, limits, account, tokens } = line;
    limits.network.take(networkOf(request, house.proxies));
    const { origin = null, host = null } = request.headers;
    if (!isAllowedOrigin(origin, host, account.settings.origins)) throw foreignOrigin();
    const after = readWatermark(url.searchParams.get('watermark') ?? undefined);
    if ((await tokens.punch(url.searchParams.get('t') ?? '')) !== conversation) throw badToken();
    const inside = await line.find(conversation);
    const base = publicUrl ?? `http://${host ?? 'localhost'}`;
    return (ws) => {
      const place = `${account.name}/${conversation}`;
      streams.get(place)?.close(1000, 'collision');
      streams.set(place, ws);
      ws.on('close', () => {
        if (streams.get(place) === ws) streams.delete(place);
      });
      serveStream(ws, line, { conversation, inside, after, base });
    };
  };
}

interface Place {
  readonly conversation: string;
  /** The engine's own name for it. */
  readonly inside: string;
  readonly after: number;
  readonly base: string;
}

function serveStream(
  ws: WebSocket,
  { account, house }: Directline,
  { conversation, inside, after, base }: Place,
): void {
  const { engine, log, metrics, clock } = house;
  const telling = { account, conversation, base };
  const waitingForRoom: (() => void)[] = [];
  let watermark = after;

  const unfollow = follow(engine, inside, after, {
    entries(entries, age) {
      const set = toActivitySet(entries, watermark, telling);
      watermark = Number(set.watermark);
      // The past is paced and may overdraw the backlog by a page.
      if (age === 'new') send(JSON.stringify(set));
      else write(JSON.stringify(set));
    },
    ready: () => undefined,
    typing(on) {
      if (on) send(JSON.stringify({ activities: [typingOf(telling, clock())], watermark: String(watermark) }));
    },
    // Direct Line has no receipts.
    status: () => undefined,
    drained: () =>
      ws.bufferedAmount <= BACKLOG_LOW ? Promise.resolve() : new Promise((resolve) => waitingForRoom.push(resolve)),
    failed(error) {
      const refusal = toRefusal(error);
      log.error('directline.stream_failed', { error: refusal.cause ?? refusal });
      ws.close(1011, refusal.code);
    },
  });
  const alive = setInterval(() => send(''), KEEP_ALIVE).unref();

  // What a client says here is a sign of life, and an empty one: it posts its activities.
  ws.on('error', (error) => log.info('socket.failed', { error }));
  ws.on('close', () => {
    clearInterval(alive);
    unfollow();
    for (const resolve of waitingForRoom.splice(0)) resolve();
  });

  function send(text: string): void {
    if (ws.bufferedAmount <= BACKLOG_LIMIT) return write(text);
    if (ws.readyState !== ws.OPEN) return;
    log.info('socket.slow_reader', { size: ws.bufferedAmount });
    metrics.count('parley_slow_readers_total');
    // A closing handshake would wait behind the backlog that nobody reads.
    ws.terminate();
  }

  function write(text: string): void {
    if (ws.readyState !== ws.OPEN) return;
    ws.send(text, () => {
      if (ws.bufferedAmount <= BACKLOG_LOW) for (const resolve of waitingForRoom.splice(0)) resolve();
    });
  }
}
