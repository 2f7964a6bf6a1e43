import type { Engine } from '../engine/engine.ts';
import type { Log } from '../log.ts';
import { createApp } from './app.ts';
import { createChat } from './chat.ts';
import { createConnections } from './connections.ts';
import type { FileStore } from './file-store.ts';
import { createIdentify } from './identity.ts';
import { createIntake, type PlatformAccount } from './intake.ts';
import { type Listening, listen } from './listen.ts';
import { createMetrics } from './metrics.ts';
import type { PageParts } from './page-routes.ts';
import { createRateLimit } from './rate-limit.ts';
import type { ChatSettings } from './settings.ts';

export interface ServerParts extends PageParts {
  readonly engine: Engine;
  /** The web chat's account in `parley.yaml`. */
  readonly account: string;
  /** What `channels/web` read of it. */
  readonly settings: ChatSettings;
  readonly files: FileStore;
  /** Accounts whose platforms call `POST /channels/<account>`. */
  readonly webhooks?: ReadonlyMap<string, PlatformAccount>;
  /** Where platforms reach this server, when a proxy stands before it. */
  readonly publicUrl?: string;
  /** Opens `POST /events/<name>` to whoever signs with it. */
  readonly eventsSecret?: string;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

export interface Server {
  /** One request without a network: for tests, and for hosts that bring their own listener. Sockets need {@link Server.listen}. */
  fetch(request: Request): Promise<Response>;
  /** Opens the doors; port 0 takes a free one. @throws `server.port_taken` */
  listen(port: number, host?: string): Promise<Listening>;
}

/** The house's doors to the network: web chat, webhooks, signals, health and pages. It keeps nothing that a restart would miss. */
export function createServer(parts: ServerParts): Server {
  const { engine, account, settings, files, log, clock } = parts;
  const metrics = createMetrics();
  const chat = createChat({
    engine,
    account,
    settings,
    files,
    log,
    metrics,
    connections: createConnections(),
    identify: createIdentify(settings.identity, clock),
    limits: {
      visitor: createRateLimit(settings.limits.visitor, clock),
      network: createRateLimit(settings.limits.network, clock),
      sessions: createRateLimit(settings.limits.sessions, clock),
    },
  });
  const { webhooks = new Map(), publicUrl, eventsSecret: secret } = parts;
  const intake = createIntake({ engine, files, limits: settings.files, log });
  const app = createApp(
    chat,
    { intake, webhooks, metrics, clock, ...(publicUrl === undefined ? {} : { publicUrl }) },
    { engine, secret, metrics, clock },
    parts,
  );
  return {
    fetch: async (request) => app.fetch(request),
    listen: (port, host = '127.0.0.1') => listen(app, chat, port, host),
  };
}
