import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startShop } from '../../shop/shop.ts';
import type { Opened, Platform } from '../../src/playground/platform.ts';
import { PLATFORMS } from '../../src/playground/platforms.ts';
import { writeDemo } from './demo-folder.ts';
import { addTo, moveIn, rename, written } from './neighbours.ts';
import { Program, scratch } from './process.ts';
import { Shopper } from './shopper.ts';
import { web } from './web-phone.ts';

const EVERY: Readonly<Record<string, () => Promise<Platform>>> = { web: async () => web, ...PLATFORMS };

/** Kinds of conversation: whatever the playground has a stand-in for, and the web chat. */
export const KINDS = Object.keys(EVERY);

const PEOPLE = { en: { name: 'Anna Schmidt', locale: 'en' }, zh: { name: '李伟', locale: 'zh-CN' } } as const;

export type Language = keyof typeof PEOPLE;
type Secrets = Readonly<Record<string, string>>;

/**
 * The demo's flows as they ship, held everywhere at once: one bot as a process of its own over its SQLite file, with an account at every
 * platform's stand-in, and one shop behind it.
 */
export class Town {
  readonly #data: string;
  readonly #shop: Awaited<ReturnType<typeof startShop>>;
  readonly #opened: ReadonlyMap<string, Opened>;
  readonly #bot: Program;
  #people = 0;

  private constructor(parts: {
    data: string;
    shop: Awaited<ReturnType<typeof startShop>>;
    opened: ReadonlyMap<string, Opened>;
    bot: Program;
  }) {
    this.#data = parts.data;
    this.#shop = parts.shop;
    this.#opened = parts.opened;
    this.#bot = parts.bot;
  }

  /** @param settings of `parley.yaml`, in place of the demo's; and what they read from the environment */
  static async open(kinds: readonly string[] = KINDS, settings: object = {}, secrets: Secrets = {}): Promise<Town> {
    const [data, port, secret] = [scratch(), await freePort(), randomBytes(32).toString('hex')];
    const url = `http://127.0.0.1:${port}`;
    const shop = await startShop({ data: join(data, 'shop'), webhook: { url: `${url}/events`, secret } });
    const opened = await openPlatforms(kinds, url);
    const bot = startBot(data, port, opened, settings, {
      ...{ SHOP_URL: shop.url, PARLEY_EVENTS_SECRET: secret },
      ...secrets,
    });
    const town = new Town({ data: join(data, 'shop'), shop, opened, bot });
    try {
      await bot.says(/is at (http:\S+)/);
      for (const { connect } of opened.values()) await connect?.();
      return town;
    } catch (error) {
      await town.close();
      throw error;
    }
  }

  /** Somebody new, who lives like nobody else and speaks this language. */
  shopper(kind: string, language: Language): Shopper {
    const [neighbour] = moveIn(this.#data, language, 1, this.#people++);
    const simulator = this.#opened.get(kind)?.simulator;
    if (simulator === undefined || neighbour === undefined) throw new Error(`Nobody lives at ${kind}.`);
    const number = `+1415555${String(2_000 + this.#people)}`;
    return new Shopper(simulator.phone({ ...PEOPLE[language], number }), neighbour, this);
  }

  /** Where the shop's mails can be read. */
  get mailbox(): string {
    return `${this.#shop.url}/mailbox`;
  }

  /** That order had this article in it, too. */
  alsoBought(order: string, sku: string): void {
    addTo(this.#data, order, sku);
  }

  /** She is called so, and all that she has bought. */
  rename(she: Shopper, name: string, goods = name): void {
    rename(this.#data, she.has, name, goods);
  }

  /** Returns and disputes that the shop has taken. */
  get written(): number {
    return written(this.#data);
  }

  /** The parcel is back in the warehouse, and the shop tells its bot. */
  async takeBack(rma: string): Promise<void> {
    const headers = { 'idempotency-key': randomUUID() };
    const answer = await fetch(`${this.#shop.url}/returns/${rma}/receive`, { method: 'POST', headers });
    if (!answer.ok) throw new Error(`The warehouse does not take ${rma}: ${await answer.text()}`);
  }

  /** What the bot's process has said, for who looks for a fault. */
  complaints(): string {
    return this.#bot.lines.slice(-5).join('\n');
  }

  async close(): Promise<void> {
    await Promise.all([...this.#opened.values()].map(({ simulator }) => simulator.close()));
    // Everybody has gone: nothing is left to be ended in good order.
    await this.#bot.end('SIGKILL');
    await this.#shop.close();
  }
}

export async function openPlatforms(kinds: readonly string[], url: string): Promise<Map<string, Opened>> {
  const secret = () => randomBytes(24).toString('hex');
  const opened = new Map<string, Opened>();
  for (const kind of kinds) {
    const platform = await EVERY[kind]?.();
    if (platform === undefined) throw new Error(`There is no platform ${kind}.`);
    opened.set(kind, await platform.open({ webhook: `${url}/channels/${kind}`, now: Date.now, ids: 1_000, secret }));
  }
  return opened;
}

function startBot(
  data: string,
  port: number,
  opened: ReadonlyMap<string, Opened>,
  settings: object,
  environment: Secrets,
): Program {
  const folder = join(data, 'bot');
  mkdirSync(folder);
  const channels = Object.fromEntries([...opened].map(([kind, { account }]) => [kind, account]));
  writeDemo(folder, { ...settings, channels });
  const secrets = Object.assign({}, ...[...opened.values()].map((each) => each.environment));
  return Program.parley(['start', folder, '--port', String(port)], { ...environment, ...secrets });
}

export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
