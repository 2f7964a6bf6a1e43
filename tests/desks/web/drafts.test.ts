import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { openDoors } from '../../../src/bot/doors.ts';
import { openBot, type RunningBot } from '../../../src/bot/open-bot.ts';
import type { Listening } from '../../../src/server/listen.ts';
import { Folder } from '../../cli/deployment-folder.ts';
import { findBrowser, type OpenBrowser, openBrowser } from '../../support/browser.ts';

const suite = findBrowser() ? describe : describe.skip;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };
const FILES = {
  'parley.yaml': `name: Shop
locales: [en]
data: data
channels: {web: {kind: web}}
knowledge: {help: {folder: knowledge, push: true, base: "https://shop.example"}}
review: {mode: approve, owners: [mia]}
desk:
  undo_window: 0s
  queues: {support: {routing: manual}}
  agents: {mia: {name: Mia, queues: [support]}, tom: {name: Tom, queues: [support]}}
`,
  'flows/order/flow.yaml': `flow: order
triggers: {examples: {en: [where is my order]}}
slots: {number: string}
steps:
  - collect: number
    ask: Which order?
  - say: "Order {number} is on its way."
`,
  'knowledge/returns.md': `# Returns <img src=x onerror="window.ran = 1">

## How long do I have to send something back?

You can send anything back within 30 days. We pay the postage.

## How soon is the money back?

The money is back on your card within 5 days after the parcel has arrived.
`,
};
const QUESTION = 'how long do I have to send something back?';

suite('the bot’s drafts at the web desk', () => {
  let folder: Folder;
  let bot: RunningBot;
  let doors: Listening;
  let browser: OpenBrowser;
  let page: Page;
  let complaints: string[];
  let conversation: string;
  let address: string;

  beforeAll(async () => {
    folder = new Folder(FILES);
    bot = await openBot({ directory: folder.path, environment: {}, log: LOG });
    await bot.engine.start();
    bot.webDesk!.letAnyoneIn();
    doors = await openDoors(bot, { port: 0, host: undefined, secret: undefined, log: LOG });
    browser = await openBrowser({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce' });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await doors.close(1_000);
    await bot.stop(1_000);
    folder[Symbol.dispose]();
  }, 30_000);
  beforeEach(async () => {
    page = await browser.context.newPage();
    complaints = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await browser.context.clearCookies();
    await page.goto(`${doors.url}/console/desk`);
    await page.evaluate(`localStorage.setItem('parley.desk.language', 'en')`);
    address = randomUUID();
    await write(QUESTION);
    await bot.office!.settled();
    await page.goto(`${doors.url}/console/desk#c=${conversation}`);
    await page.reload();
  });
  afterEach(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });

  async function write(text: string): Promise<void> {
    const event = { kind: 'message', text } as const;
    ({ conversation } = await bot.engine.accept({ account: 'web', address, key: randomUUID(), event }));
  }
  const lines = async () =>
    (await bot.engine.transcript(conversation, 0, 100)).map(({ from, message }) => `${from}: ${message.text}`);
  const be = (agent: string) => page.getByRole('button', { name: `Sign in as ${agent}` }).click();
  const draft = () => page.locator('.draft');
  const press = (name: string) => draft().getByRole('button', { name, exact: true }).click();

  test('a draft shows its question, its answer and its source, and is sent by a click', async () => {
    await be('Tom');
    await draft().waitFor();
    expect(await draft().innerText()).toContain(QUESTION);
    expect(await draft().innerText()).toContain('You can send anything back within 30 days.');
    expect(await draft().innerText()).toContain('Grounded 2/2');
    await draft().locator('summary').click();
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(await page.locator('[data-group=decide] .row').count()).toBe(1);
    if (process.env.SCREENS) await page.screenshot({ path: `${process.env.SCREENS}/draft.png` });
    await press('Send');
    await draft().waitFor({ state: 'detached' });
    expect((await lines()).at(-1)).toContain('within 30 days');
  });

  test('a draft is changed, an owner accepts what it says, and the next question is answered so', async () => {
    await be('Tom');
    await press('Edit');
    await draft().getByLabel('What the customer should read').fill('You can send anything back within 60 days.');
    await draft().getByLabel('Why did you change it?').selectOption('Outdated source');
    if (process.env.SCREENS) await page.screenshot({ path: `${process.env.SCREENS}/edit.png` });
    await press('Send');
    await draft().waitFor({ state: 'detached' });
    expect((await lines()).at(-1)).toContain('within 60 days');
    await bot.office!.settled();
    expect(await page.getByRole('button', { name: /Proposed knowledge/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await be('Mia');
    await page.getByRole('button', { name: 'Proposed knowledge (1)' }).click();
    if (process.env.SCREENS) await page.screenshot({ path: `${process.env.SCREENS}/proposals.png` });
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.getByText('Nothing is proposed.').waitFor();
    await page.getByRole('button', { name: 'OK', exact: true }).click();
    await write(QUESTION);
    await page.locator('.row').first().click();
    await draft().waitFor();
    expect(await draft().innerText()).toContain('within 60 days');
    await press('Send');
    await draft().waitFor({ state: 'detached' });
  });

  test('a draft is rejected by keys alone, in Chinese', async () => {
    await page.evaluate(`localStorage.setItem('parley.desk.language', 'zh')`);
    await page.reload();
    await page.getByRole('button', { name: '以 Tom 的身份登录' }).click();
    const reject = draft().getByRole('button', { name: '拒绝', exact: true });
    await reject.focus();
    await page.keyboard.press('Enter');
    const reason = draft().getByLabel('哪里有问题？');
    expect(await page.evaluate('document.activeElement.name')).toBe('reason');
    await reason.selectOption('不安全');
    if (process.env.SCREENS) await page.screenshot({ path: `${process.env.SCREENS}/reject.png` });
    await draft().getByLabel('还有什么需要说明？（可不填）').focus();
    await page.keyboard.press('Enter');
    await draft().waitFor({ state: 'detached' });
    expect((await bot.store.desk.stand(conversation))?.at).toBe('queued');
  });

  test('nothing of it is out of reach for a screen reader', async () => {
    await be('Mia');
    await press('Edit');
    await page.evaluate(AXE);
    const found = (await page.evaluate(
      'axe.run().then(({ violations }) => violations.map(({ id }) => id))',
    )) as string[];
    expect(found).toEqual([]);
  });
});
