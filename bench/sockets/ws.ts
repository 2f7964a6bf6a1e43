import type { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';

/** As much of `ws` as the bench needs. */
export interface Socket extends EventEmitter {
  send(text: string): void;
  terminate(): void;
}

interface Library {
  readonly WebSocket: new (url: string, options: object) => Socket;
  readonly WebSocketServer: new (options: {
    server: Server;
    perMessageDeflate: boolean;
  }) => EventEmitter & { readonly clients: ReadonlySet<Socket> };
}

// Parley's own: where botbuilder is installed, `bench/node_modules` has a much older one.
export const { WebSocket, WebSocketServer } = createRequire(new URL('../../src/server/listen.ts', import.meta.url))(
  'ws',
) as Library;
