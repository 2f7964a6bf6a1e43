import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openDoors } from '../../src/bot/doors.ts';
import { openBot } from '../../src/bot/open-bot.ts';
import type { Log } from '../../src/log.ts';
import { openPlayground } from '../../src/playground/playground.ts';
import { scratch } from './process.ts';

/** Says one of everything, asks in every way that there is, and repeats what it was told. */
const FLOW = `flow: show
triggers: {examples: {en: [show me everything, show]}}
slots:
  drink: "enum(tea,coffee)"
  size: "enum(${Array.from({ length: 12 }, (_, at) => `s${at}`).join(',')})"
  day: date
  name: string
  note: string
steps:
  - collect: drink
    ask: Tea or coffee?
    choices: {tea: Green tea, coffee: Black coffee}
    inactivity:
      - {after: 50h, say: Are you still there?}
  - say: {en: "You chose {drink}.", card: {title: Stoneware mug, text: Holds a lot., fields: [{name: Price, value: "12 euros"}]}}
  - say: {en: Have a look., carousel: [{title: Blue mug, text: As the sea.}, {title: Desk lamp, text: Warm light.}]}
  - say: {en: Like this., image: {url: "https://shop.example/mug.png", alt: Picture of a mug}}
  - say: {en: With this., file: {url: "https://shop.example/care.pdf", name: care.pdf}}
  - say: {en: More of it., buttons: [{title: Visit the shop, url: "https://shop.example/mugs"}]}
  - collect: size
    ask: Which size?
    choices: {${Array.from({ length: 12 }, (_, at) => `s${at}: Number ${at + 40}`).join(', ')}}
  - collect: day
    ask: Which day?
  - collect: name
    form: Your delivery
    ask: Which name is on the door?
  - collect: note
    ask: Where shall we leave it?
  - say: "{drink}, {size}, {day}, {name}, {note}: done."
  - end: resolved
`;

const LOG: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: (event, fields) => console.error(event, fields),
};

export interface Showcase {
  /** The playground's page. */
  readonly url: string;
  close(): Promise<void>;
}

/** The playground with a bot that shows everything a message may have. */
export async function openShowcase(): Promise<Showcase> {
  const directory = scratch();
  mkdirSync(join(directory, 'flows', 'show'), { recursive: true });
  writeFileSync(join(directory, 'flows', 'show', 'flow.yaml'), FLOW);
  // JSON is YAML.
  const settings = { name: 'Showcase', locales: ['en'], links: ['shop.example'], channels: { web: { kind: 'web' } } };
  writeFileSync(join(directory, 'parley.yaml'), JSON.stringify(settings));
  const shop = await openShop();
  const port = await freePort();
  const playground = await openPlayground({ bot: `http://127.0.0.1:${port}` });
  const bot = await openBot({
    directory,
    environment: { ...playground.environment },
    log: LOG,
    code: { accounts: playground.accounts },
    clock: playground.clock,
    witness: playground.witness,
  });
  await bot.engine.start();
  const doors = await openDoors(bot, {
    port,
    host: undefined,
    secret: undefined,
    log: LOG,
    demo: { page: new Map(), shop: `http://127.0.0.1:${portOf(shop)}`, playground: playground.fetch },
    platformClock: playground.clock.now,
  });
  await playground.begin(bot.engine);
  return {
    url: `${doors.url}/playground`,
    async close() {
      playground.dismiss();
      await doors.close(1_000);
      await bot.stop(1_000);
      await playground.close();
      shop.closeAllConnections();
      shop.close();
    },
  };
}

/** The demo's page asks its shop for people and mail: there is nobody, and none. */
async function openShop(): Promise<Server> {
  const shop = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
  });
  await new Promise<void>((open) => shop.listen(0, '127.0.0.1', open));
  return shop;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((open) => server.listen(0, '127.0.0.1', open));
  const port = portOf(server);
  await new Promise((closed) => server.close(closed));
  return port;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
