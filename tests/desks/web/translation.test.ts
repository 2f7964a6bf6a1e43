import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { openDoors } from '../../../src/bot/doors.ts';
import { openBot, type RunningBot } from '../../../src/bot/open-bot.ts';
import type { Listening } from '../../../src/server/listen.ts';
import { Folder } from '../../cli/deployment-folder.ts';
import { findBrowser, type OpenBrowser, openBrowser } from '../../support/browser.ts';
import { ModelServer } from '../../support/model-server.ts';

const suite = findBrowser() ? describe : describe.skip;
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };
/** What must stay text, and calls nobody. */
const EVIL = '<img src=x onerror="window.ran = 1"> [click](javascript:window.ran=1) **bold** <!channel>';
const FILES = {
  'parley.yaml': `name: Shop
locales: [en]
notice: false
data: data
channels: {web: {kind: web}}
models: {base: "\${MODEL_BASE}", key: "\${MODEL_KEY}", model: m, retries: 0, tasks: {understanding: false}}
desk:
  language: zh
  undo_window: 0s
  queues: {support: {routing: manual}}
  agents: {mia: {name: Mia, queues: [support]}}
`,
  'flows/order/flow.yaml':
    'flow: order\ntriggers: {examples: {en: [where is my order]}}\nsteps:\n  - say: "It is on its way."\n',
};

suite('a customer of another language, at the web desk', () => {
  const server = new ModelServer();
  let folder: Folder;
  let bot: RunningBot;
  let doors: Listening;
  let browser: OpenBrowser;
  let page: Page;

  beforeAll(async () => {
    server.reads = ({ body }) => {
      const asked = JSON.stringify(body.messages);
      if (!asked.includes('Translate \\"text\\"')) return { lines: [] };
      return asked.includes('马上发货')
        ? { translation: 'It ships right away.' }
        : { translation: `订单在哪？${EVIL}` };
    };
    folder = new Folder(FILES);
    const environment = { MODEL_BASE: await server.listen(), MODEL_KEY: 'k' };
    bot = await openBot({ directory: folder.path, environment, log: LOG });
    await bot.engine.start();
    bot.webDesk!.letAnyoneIn();
    doors = await openDoors(bot, { port: 0, host: undefined, secret: undefined, log: LOG });
    browser = await openBrowser({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce' });
    page = await browser.context.newPage();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await doors.close(1_000);
    await bot.stop(1_000);
    await server.close();
    folder[Symbol.dispose]();
  }, 30_000);

  test('is read in both, and is sent only what the agent has accepted', async () => {
    const address = randomUUID();
    const write = (text: string) =>
      bot.engine.accept({ account: 'web', address, key: randomUUID(), event: { kind: 'message', text } });
    await write('where is my order');
    const { conversation } = await write('human please');
    await write(`now where is it? ${EVIL}`);
    await page.goto(`${doors.url}/console/desk`);
    await page.getByRole('button', { name: 'Sign in as Mia' }).click();
    await page.locator('.row').first().click();
    await page.getByRole('button', { name: 'Claim' }).first().click();

    const post = page.locator('.post[data-from="customer"]').filter({ hasText: 'now where is it?' });
    await post.locator('.translation').waitFor();
    const shown = await post.locator('.translation .said').textContent();
    // The link, which leads to no allowed host, the models' room has taken out.
    expect(shown).toBe('订单在哪？<img src=x onerror="window.ran = 1"> click **bold** <!channel>');
    expect(await page.locator('.translation :is(a, img, strong)').count()).toBe(0);
    expect(await page.evaluate('window.ran')).toBeUndefined();

    const field = page.locator('.composer textarea');
    await field.fill('马上发货');
    await page.getByRole('button', { name: 'Translate (en)' }).click();
    await page.locator('.meant').waitFor();
    expect(await field.inputValue()).toBe('It ships right away.');
    const said = async () => (await bot.engine.transcript(conversation, 0, 100)).filter(({ from }) => from === 'agent');
    expect(await said()).toEqual([]);
    await field.fill('It ships today.');
    await field.press('Enter');
    await page.locator('.post[data-from="agent"]').filter({ hasText: 'It ships today.' }).waitFor();
    expect((await said()).map(({ message }) => message.text)).toEqual(['It ships today.']);
    expect(await page.locator('.meant').count()).toBe(0);
  }, 60_000);
});
