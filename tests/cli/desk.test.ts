import { expect, test } from '@jest/globals';
import { openBot } from '../../src/bot/open-bot.ts';
import { Folder } from './deployment-folder.ts';
import { parley } from './parley.ts';

const FILES = {
  'parley.yaml': 'name: Shop\ndata: data\ndesk: {queues: {support: {}}, agents: {mia: {queues: [support]}}}\n',
  'flows/order/flow.yaml':
    'flow: order\ntriggers: {examples: {en: [where is my order]}}\nsteps:\n  - say: It is on its way.\n',
};
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };

test('prints a link that lets an agent in once, while the deployment runs', async () => {
  using folder = new Folder(FILES);
  const bot = await openBot({ directory: folder.path, environment: {}, log: LOG });
  await bot.engine.start();
  try {
    const printed = await parley(['desk', 'mia', folder.path, '--port', '4000']);
    const link = new URL(printed.out.trim());
    expect([link.origin, link.pathname, link.search]).toEqual(['http://127.0.0.1:4000', '/console/desk', '']);
    const enter = () =>
      bot.webDesk!.fetch(
        new Request(`${link.origin}/console/desk/session`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', origin: link.origin, host: link.host },
          body: JSON.stringify({ code: new URLSearchParams(link.hash.slice(1)).get('code') }),
        }),
      );
    expect([(await enter()).status, (await enter()).status]).toEqual([204, 401]);
    const stranger = await parley(['desk', 'mallory', folder.path]);
    expect([stranger.code, stranger.err]).toEqual([expect.any(Number), expect.stringContaining('mallory')]);
    expect(stranger.code).not.toBe(0);
  } finally {
    await bot.stop(1_000);
  }
}, 30_000);
