import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ShopOptions, startShop } from '../../shop/shop.ts';

export interface Answer {
  readonly status: number;
  // What a test expects of it, it says itself.
  readonly body: Record<string, unknown> & readonly Record<string, unknown>[];
}

/** A real shop on a real socket with a real file, and a client that knows its key. */
export async function openShop(options: Partial<ShopOptions> = {}) {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'shop-'));
  const shop = await startShop({ data, today: '2026-11-21', ...options });
  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(shop.url + path, {
      method,
      headers: { authorization: 'Bearer shop-demo-key', 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('<') ? text : JSON.parse(text) };
  };
  return {
    url: shop.url,
    data,
    get: (path: string, headers?: Record<string, string>) => ask('GET', path, undefined, headers),
    post: (path: string, body: unknown, key: string = randomUUID()) =>
      ask('POST', path, body, { 'idempotency-key': key }),
    ask,
    /** Closes it and keeps the file: the shop may be opened again. */
    close: () => shop.close(),
    async remove() {
      await shop.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

export type OpenShop = Awaited<ReturnType<typeof openShop>>;
