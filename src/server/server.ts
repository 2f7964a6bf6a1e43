import type { Engine } from '../engine/engine.ts';
import type { Log } from '../log.ts';
import { createApp } from './app.ts';
import { type Chat, createChat } from './chat.ts';
import { createConnections } from './connections.ts';
import type { CalledDesks } from './desk-routes.ts';
import { createDirectline } from './directline/directline.ts';
import type { DirectlineAccount } from './directline/settings.ts';
import { openStreams } from './directline/stream.ts';
import type { FileStore } from './file-store.ts';
import { createIdentify } from './identity.ts';
import type { Intake, PlatformAccount } from './intake.ts';
import type { KnowledgeDoor } from './knowledge-routes.ts';
import { type Listening, listen } from './listen.ts';
import { createMetrics } from './metrics.ts';
import type { PageParts } from './page-routes.ts';
import { createRateLimit } from './rate-limit.ts';
import type { ChatSettings } from './settings.ts';
import type { SignalParts } from './signal-routes.ts';
import type { Nudge } from './webhook-routes.ts';

export interface ServerParts extends PageParts {
  readonly engine: Engine;
  readonly files: FileStore;
  /** The web chat: its account in `parley.yaml`, and what `channels/web` read of it. Absent: nobody writes from a website. */
  readonly chat?: { readonly account: string; readonly settings: ChatSettings };
  /** Takes in what platforms bring. */
  readonly intake: Intake;
  /** Accounts whose platforms call `/channels/<account>`. */
  readonly webhooks?: ReadonlyMap<string, PlatformAccount>;
  /** A platform says that there is something to ask it for. */
  readonly nudge?: Nudge;
  /** Accounts whose clients speak Direct Line. */
  readonly directline?: readonly DirectlineAccount[];
  /** Desks in apps that call `/desks/<kind>`. */
  readonly calledDesks?: CalledDesks;
  /** Where platforms reach this server, when a proxy stands before it. */
  readonly publicUrl?: string;
  /** Where a customer is told something that she has not just asked for. Absent: customers are known by their addresses only. */
  readonly wayTo?: SignalParts['wayTo'];
  /** Reverse proxies in front of this server whose `X-Forwarded-For` is believed; default 0. */
  readonly proxies?: number;
  /** Opens `POST /events/<name>` to whoever signs with it. */
  readonly eventsSecret?: string;
  /** Opens `PUT` and `DELETE /knowledge/<id>` to whoever has the secret. */
  readonly knowledge?: { readonly door: KnowledgeDoor; readonly secret: string | undefined };
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** What platforms and Direct Line go by, where that is another one; the business's own systems go by `clock`. */
  readonly platformClock?: () => number;
}

export interface Server {
  /** One request without a network: for tests, and for hosts that bring their own listener. Sockets need {@link Server.listen}. */
  fetch(request: Request): Promise<Response>;
  /** Opens the doors; port 0 takes a free one. @throws `server.port_taken` */
  listen(port: number, host?: string): Promise<Listening>;
}

/** The house's doors to the network: web chat, webhooks, signals, health and pages. It keeps nothing that a restart would miss. */
export function createServer(parts: ServerParts): Server {
  const {
    engine,
    files,
    log,
    clock,
    intake,
    webhooks = new Map(),
    nudge,
    publicUrl,
    eventsSecret,
    proxies = 0,
  } = parts;
  const { directline = [], platformClock = clock } = parts;
  const metrics = createMetrics();
  const connections = createConnections();
  const chat = openChat(parts, { engine, files, log, metrics, connections });
  const lines = new Map(
    directline.map(
      (own) =>
        [own.name, createDirectline(own, { engine, files, metrics, log, proxies, clock: platformClock })] as const,
    ),
  );
  const more = openStreams(lines, publicUrl);
  const common = { engine, files, connections, metrics, log, proxies, chat, lines, more };
  const app = createApp({
    ...common,
    webhooks: {
      engine,
      intake,
      webhooks,
      metrics,
      clock: platformClock,
      ...(nudge === undefined ? {} : { nudge }),
      ...(publicUrl === undefined ? {} : { publicUrl }),
    },
    signals: { engine, wayTo: parts.wayTo ?? nowhere, secret: eventsSecret, metrics, clock },
    knowledge: parts.knowledge && { ...parts.knowledge, clock },
    calledDesks: parts.calledDesks ?? new Map(),
    pages: parts,
  });
  return {
    fetch: async (request) => app.fetch(request),
    listen: (port, host = '127.0.0.1') => listen(app, common, port, host),
  };
}

async function nowhere(): Promise<undefined> {
  return undefined;
}

function openChat(
  { chat, clock }: ServerParts,
  common: Pick<Chat, 'engine' | 'files' | 'log' | 'metrics' | 'connections'>,
): Chat | undefined {
  if (chat === undefined) return undefined;
  const { account, settings } = chat;
  return createChat({
    ...common,
    account,
    settings,
    identify: createIdentify(settings.identity, clock),
    limits: {
      visitor: createRateLimit(settings.limits.visitor, clock),
      network: createRateLimit(settings.limits.network, clock),
      sessions: createRateLimit(settings.limits.sessions, clock),
    },
  });
}
