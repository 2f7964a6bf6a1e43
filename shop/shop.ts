import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Announcements, type Webhook } from './announcements.ts';
import { billing } from './billing.ts';
import { openBooks } from './books.ts';
import type { Shop } from './counter.ts';
import { customers } from './customers.ts';
import { openDoor } from './door.ts';
import { Faults } from './faults.ts';
import { giftCards } from './gift-cards.ts';
import { identity } from './identity.ts';
import { forgetOldAnswers } from './once.ts';
import { describeApi } from './openapi.ts';
import { orders } from './orders.ts';
import { addPages } from './pages.ts';
import { recommendations } from './recommendations.ts';
import { returns } from './returns.ts';
import { seed } from './seed/seed.ts';
import { demoPeople } from './try.ts';

export interface ShopOptions {
  /** Folder of its SQLite file; made and seeded when empty. */
  readonly data: string;
  /** 0, the default: any free one. */
  readonly port?: number;
  /** Default 127.0.0.1. Mailbox and faults are served to this machine whatever it is. */
  readonly host?: string;
  /** What `Authorization: Bearer` must carry; default `shop-demo-key`. */
  readonly apiKey?: string;
  /** Who is told when a return comes in. */
  readonly webhook?: Webhook;
  /** `YYYY-MM-DD`: the day around which the seeded dates lie, and at noon of which the shop's clock starts. Default: the real one. */
  readonly today?: string;
}

/** Opens the demo shop: a business with customers, orders, returns and bills behind an HTTP API, remembered in its own SQLite file. */
export async function startShop(options: ShopOptions): Promise<{ url: string; close(): Promise<void> }> {
  const books = openBooks(options.data);
  const now = clock(options.today);
  seed(books, new Date(now()).toISOString().slice(0, 10));
  const announcements = options.webhook === undefined ? undefined : new Announcements(books, options.webhook);
  let url = '';
  const shop: Shop = {
    books,
    now,
    url: () => url,
    announce(event, data) {
      books
        .prepare('INSERT INTO announcement (key, event, data, created_at) VALUES (?, ?, ?, ?)')
        .run(randomUUID(), event, JSON.stringify(data), now());
      setImmediate(() => announcements?.wake());
    },
  };
  forgetOldAnswers(shop);

  const faults = new Faults();
  const endpoints = [
    ...orders,
    ...returns,
    ...billing,
    ...identity,
    ...giftCards,
    ...customers,
    ...recommendations,
    ...demoPeople,
    ...faults.endpoints,
  ];
  const app = openDoor({ shop, endpoints, faults, apiKey: options.apiKey ?? 'shop-demo-key' });
  const api = describeApi(endpoints);
  app.get('/openapi.json', (c) => c.json(api));
  addPages(app, shop);

  const host = options.host ?? '127.0.0.1';
  const server = createAdaptorServer({ fetch: app.fetch });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port ?? 0, host, resolve);
    });
  } catch (error) {
    await announcements?.close();
    books.close();
    throw error;
  }
  url = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async close() {
      await announcements?.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
      books.close();
    },
  };
}

/** The real clock, or one that starts at noon of a given day and runs on. */
function clock(today: string | undefined): () => number {
  if (today === undefined) return Date.now;
  const shift = Date.parse(`${today}T12:00:00Z`) - Date.now();
  if (Number.isNaN(shift)) throw new RangeError(`"${today}" is not a day; write one such as 2026-11-21.`);
  return () => Date.now() + shift;
}
