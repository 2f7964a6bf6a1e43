import type { WebSocket } from 'ws';

/** Finds out which sockets are gone without saying so. */
export interface Heartbeat {
  /** Counts this one in, until it closes. */
  add(ws: WebSocket): void;
  stop(): void;
}

/** Milliseconds between two beats of one socket; one that missed a whole round is gone. */
const ROUND = 30_000;
/** Pinging ten thousand at once takes a tenth of a second, in which nobody else is served: each round is cut into as many slices. */
const SLICES = 30;

export function startHeartbeat(): Heartbeat {
  const slices = Array.from({ length: SLICES }, () => new Set<WebSocket>());
  const alive = new WeakSet<WebSocket>();
  let next = 0;
  let added = 0;

  const timer = setInterval(() => {
    for (const ws of slices[next % SLICES] ?? []) {
      if (!alive.delete(ws)) ws.terminate();
      else ws.ping();
    }
    next += 1;
  }, ROUND / SLICES).unref();

  return {
    add(ws) {
      const slice = slices[added % SLICES];
      added += 1;
      slice?.add(ws);
      alive.add(ws);
      ws.on('pong', () => alive.add(ws));
      ws.on('close', () => slice?.delete(ws));
    },
    stop: () => clearInterval(timer),
  };
}
