import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDoors } from '../../../src/bot/doors.ts';
import { openBot, type RunningBot } from '../../../src/bot/open-bot.ts';
import type { Event } from '../../../src/event.ts';
import type { Listening } from '../../../src/server/listen.ts';
import { Folder } from '../../cli/deployment-folder.ts';
import { findBrowser, type OpenBrowser, openBrowser } from '../../support/browser.ts';

const suite = findBrowser() ? describe : describe.skip;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };
const EVIL = '<img src=x onerror="window.ran = 1"><script>window.ran = 1</script>';
const FILES = {
  'parley.yaml': `name: Shop
locales: [en]
data: data
channels: {web: {kind: web}}
desk:
  undo_window: 0s
  queues: {support: {routing: manual}}
  agents: {mia: {name: Mia, queues: [support]}}
  replies: {hello: "Hello {customer.name}, about {attach.why}"}
`,
  'flows/refund/flow.yaml': `flow: refund
triggers: {examples: {en: [i want my money back]}}
slots: {why: string, mail: string}
steps:
  - collect: why
    ask: Why?
  - collect: mail
    ask: Where to?
  - handoff: {queue: support, mode: approval, reason: refund, attach: [why]}
  - handoff: {queue: support, reason: refund_talk, attach: [why, mail]}
`,
};

suite('what a customer is called and writes, at the web desk', () => {
  let folder: Folder;
  let bot: RunningBot;
  let doors: Listening;
  let browser: OpenBrowser;

  beforeAll(async () => {
    folder = new Folder(FILES);
    bot = await openBot({ directory: folder.path, environment: {}, log: LOG });
    await bot.engine.start();
    bot.webDesk?.letAnyoneIn();
    doors = await openDoors(bot, { port: 0, host: undefined, secret: undefined, log: LOG });
    browser = await openBrowser({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce' });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await doors.close(1_000);
    await bot.stop(1_000);
    folder[Symbol.dispose]();
  }, 30_000);

  test('runs nothing: not her name, her words, a canned reply, a decision, nor what is revealed', async () => {
    const page = await browser.context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => void dialog.dismiss().then(() => complaints.push('dialog')));
    const address = randomUUID();
    const hears = (event: Event) => bot.engine.accept({ account: 'web', address, key: randomUUID(), event });
    const write = (text: string) => hears({ kind: 'message', text });
    await write('i want my money back');
    await hears({ kind: 'identified', customer: 'c1', attributes: { name: EVIL } });
    await write(EVIL);
    const { conversation } = await write(`ann@example.com ${EVIL}`);
    await bot.office?.settled();

    await page.goto(`${doors.url}/console/desk`);
    await page.getByRole('button', { name: 'Sign in as Mia' }).click();
    await page.locator('.row').first().click();
    await page.getByRole('button', { name: 'Approve', exact: true }).waitFor();
    expect(await page.locator('.tasks').textContent()).toContain('<img src=x');
    // An open decision shuts nobody out.
    await page.evaluate(AXE);
    const checked = (await page.evaluate('axe.run(document)')) as { violations: readonly { id: string }[] };
    expect(checked.violations.map(({ id }) => id)).toEqual([]);
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await bot.office?.settled();
    await page.getByRole('button', { name: 'Claim' }).first().click();
    const reveal = page.locator('.reveal').first();
    await reveal.waitFor();
    await reveal.click();
    await page.getByText('ann@example.com').first().waitFor();
    await page.locator('.canned select').selectOption('hello');
    expect(await page.locator('textarea[placeholder]').inputValue()).toContain('<img src=x');
    await page.locator('textarea[placeholder]').press('Enter');
    await page.locator('.post[data-from="agent"]').first().waitFor();

    expect(JSON.stringify((await bot.office?.head(conversation))?.customer.attributes)).toContain('<img');
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(await page.evaluate('document.querySelectorAll("[onerror], iframe").length')).toBe(0);
    expect(await page.evaluate('document.querySelectorAll("script").length')).toBe(1);
    expect(complaints).toEqual([]);
    await page.close();
  }, 60_000);
});
