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
import { HEAD } from './desk-world.ts';

const suite = findBrowser() ? describe : describe.skip;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };
const FILES = {
  'parley.yaml': `name: Shop
locales: [en]
data: data
channels: {web: {kind: web}}
desk:
  undo_window: 1s
  queues: {support: {offer: 10m, wrap_up: 10m, routing: manual, sla: {first_reply: 2m, resolution: 1h}}}
  agents: {mia: {name: Mia, queues: [support]}, tom: {name: Tom, queues: [support]}}
  replies: {hello: "Hello, this is {agent}."}
`,
  'flows/order/flow.yaml': `flow: order
triggers: {examples: {en: [where is my order]}}
slots: {number: string}
steps:
  - collect: number
    ask: Which order?
  - say: "Order {number} is on its way."
`,
};
/** What must stay text wherever it stands. */
const EVIL = [
  '<script>window.ran = 1</script>',
  '<img src=x onerror="window.ran = 1">',
  '<svg onload="window.ran = 1"><a href="javascript:window.ran = 1">x</a></svg>',
  '[click](javascript:window.ran=1) **bold** [data](data:text/html,<script>window.ran=1</script>)',
  '"><iframe srcdoc="<script>parent.ran = 1</script>">',
  '<!channel> <@U1> @everyone',
  'invoice\u202Egpj.exe\u2066\u200B',
  '{{constructor.constructor("window.ran = 1")()}}',
];

suite('the web desk in a browser', () => {
  let folder: Folder;
  let bot: RunningBot;
  let doors: Listening;
  let browser: OpenBrowser;
  let page: Page;
  let complaints: string[];

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
    page.on('dialog', (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    await browser.context.clearCookies();
    await page.goto(`${doors.url}/console/desk`);
  });
  afterEach(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });

  const write = (address: string, text: string) =>
    bot.engine.accept({ account: 'web', address, key: randomUUID(), event: { kind: 'message', text } });
  const lines = async (conversation: string) =>
    (await bot.engine.transcript(conversation, 0, 100)).map(({ from, message }) => `${from}: ${message.text}`);
  const be = async (agent: string, on = page) => on.getByRole('button', { name: `Sign in as ${agent}` }).click();

  const rowOf = (number: number) =>
    page.locator('.row').filter({ has: page.locator('.name', { hasText: new RegExp(`^(Customer|客户) ${number}$`) }) });

  /** A customer who asks for a human. */
  async function waiting(address = randomUUID()): Promise<{ conversation: string; number: number; address: string }> {
    await write(address, 'where is my order');
    const { conversation } = await write(address, 'human please');
    await bot.office!.settled();
    const { number } = (await bot.office!.head(conversation))!;
    return { conversation, number, address };
  }

  /** The element that has the focus shows it. */
  async function focusIsSeen(): Promise<void> {
    const outline = await page.evaluate(
      'document.activeElement === document.body ? "none" : getComputedStyle(document.activeElement).outlineStyle',
    );
    expect(outline).toBe('solid');
  }

  async function tabTo(selector: string): Promise<void> {
    for (let tries = 0; tries < 60; tries++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
    }
    throw new Error(`No way leads to ${selector} by the Tab key.`);
  }

  async function violations(): Promise<unknown[]> {
    await page.evaluate(AXE);
    const found = (await page.evaluate(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
    )) as { violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] };
    return found.violations.map(({ id, nodes }) => [id, nodes[0]?.html, nodes[0]?.failureSummary]);
  }

  test('is worked by keys alone, from signing in to closing, and shows where the focus is', async () => {
    const { conversation, number } = await waiting();
    await page.locator('.agents button').first().waitFor();
    await tabTo('.agents button');
    await focusIsSeen();
    await page.keyboard.press('Enter');
    await tabTo('.row');
    await focusIsSeen();
    const isHers = `document.activeElement.textContent.includes('Customer ${number}')`;
    while (!(await page.evaluate(isHers))) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('.whose h2', { hasText: `#${number}` }).waitFor();
    await page.keyboard.press('c');
    await page.locator('.event', { hasText: 'Mia took the conversation' }).waitFor();
    await page.keyboard.press('r');
    await focusIsSeen();
    await page.keyboard.type('Hello, I am looking into it.');
    await page.keyboard.press('Enter');
    await page.locator('.post[data-from="agent"]:not(.held)', { hasText: 'looking into it' }).waitFor();
    expect(await lines(conversation)).toContain('agent: Hello, I am looking into it.');
    await page.keyboard.press('Escape');
    await page.keyboard.press('n');
    await page.keyboard.type('She is in a hurry.');
    await page.keyboard.press('Enter');
    await page.locator('.note', { hasText: 'She is in a hurry.' }).waitFor();
    expect((await lines(conversation)).join('\n')).not.toContain('hurry');
    await page.keyboard.press('Escape');

    await page.keyboard.press('t');
    await page.locator('dialog[open]').waitFor();
    await focusIsSeen();
    await tabTo('[name="note"]');
    await page.keyboard.type('You know about parcels.');
    await tabTo('dialog[open] [type="submit"]');
    await page.keyboard.press('Enter');
    await page.locator('.note', { hasText: 'You know about parcels.' }).waitFor();
    await page.keyboard.press('c');
    await page.locator('.stand[data-at="active"]').first().waitFor();

    await page.keyboard.press('e');
    await tabTo('[name="topic"]');
    await page.keyboard.type('A late parcel');
    await page.keyboard.press('Enter');
    await page.locator('.event', { hasText: 'Mia closed it: Solved' }).waitFor();
    await page.keyboard.press('e');
    await page.locator('.whose .stand[data-at="closed"]').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
  }, 60_000);

  test('takes a reply back that has not gone out', async () => {
    const { conversation, number } = await waiting();
    await be('Mia');
    await rowOf(number).click();
    await page.getByRole('button', { name: 'Claim' }).click();
    await page.keyboard.press('r');
    await page.keyboard.type('Oops.');
    await page.keyboard.press('Enter');
    await page.locator('[data-undo]').click();
    await page.locator('.held').waitFor({ state: 'detached' });
    await page.keyboard.press('r');
    await page.keyboard.type('Good morning.');
    await page.keyboard.press('Enter');
    await page.locator('.post[data-from="agent"]:not(.held)', { hasText: 'Good morning.' }).waitFor();
    expect(await lines(conversation)).not.toContain('agent: Oops.');
  }, 30_000);

  test('tells who was first, and shows every tab and colleague the same', async () => {
    const { conversation, number, address } = await waiting();
    await be('Mia');
    const tab = await browser.context.newPage();
    await tab.goto(`${doors.url}/console/desk#c=${conversation}`);
    await tab.locator('.whose h2', { hasText: `#${number}` }).waitFor();
    await rowOf(number).click();
    const claim = page.getByRole('button', { name: 'Claim' });
    await claim.waitFor();
    // Somebody is quicker than the page could know.
    await page.route('**/acts', async (route) => {
      await bot.office!.give({ conversation, command: randomUUID(), happening: { on: 'claimed', agent: 'tom' } });
      await route.continue();
    });
    await claim.click();
    await page.locator('.notices', { hasText: 'Tom' }).waitFor();
    for (const one of [page, tab]) await one.locator('.whose', { hasText: 'with Tom' }).waitFor();
    await write(address, 'are you there?');
    for (const one of [page, tab]) await one.locator('.post', { hasText: 'are you there?' }).waitFor();
    await tab.close();
  }, 30_000);

  test('goes on where it was when the line breaks', async () => {
    const { number, address } = await waiting();
    await be('Mia');
    await rowOf(number).click();
    await page.locator('.post').first().waitFor();
    complaints.length = 0;
    await browser.context.setOffline(true);
    bot.webDesk!.end();
    await page.locator('.lost').waitFor();
    await write(address, 'while you were away');
    await browser.context.setOffline(false);
    await page.locator('.post', { hasText: 'while you were away' }).waitFor();
    await page.locator('.lost').waitFor({ state: 'detached' });
    // The browser itself tells of the broken line.
    complaints.length = 0;
  }, 30_000);

  test('runs nothing of what others wrote', async () => {
    const { number } = await waiting();
    const evil = EVIL.join(' ');
    await bot.webDesk!.open(
      {
        ...HEAD,
        ...{ conversation: 'evil', number: 66, queue: 'support', reason: evil, summary: EVIL, priority: 'urgent' },
        attach: { [evil]: evil },
        customer: { ...HEAD.customer, name: evil, attributes: { name: evil, [evil]: evil }, locale: evil },
      },
      [],
    );
    const file = { id: 'f', type: 'image/png', size: 1 };
    for (const [index, text] of EVIL.entries()) {
      const post = { key: `${index + 1}`, attachments: [], at: 1_000 } as const;
      await bot.webDesk!.post('evil', {
        ...{ ...post, from: 'customer', message: { text } },
        attachments: [{ ...file, name: text, url: 'javascript:window.ran=1' }],
      });
      await bot.webDesk!.post('evil', {
        ...{ ...post, key: `${index + 100}`, from: 'bot' },
        message: {
          ...{ text, image: { url: 'javascript:window.ran=1', alt: text }, links: [{ title: text, url: text }] },
          card: { title: text, text, fields: [{ name: text, value: text }] },
          choices: [{ token: 't', label: text }],
        },
      });
      await bot.webDesk!.note('evil', { key: `n${index}`, by: text, text, kind: 'note' });
    }
    await be('Mia');
    await page.locator('.row', { hasText: 'window.ran' }).first().click();
    await page
      .locator('.note')
      .nth(EVIL.length - 1)
      .waitFor({ state: 'attached' });
    expect(await page.locator('.post[data-from="customer"] .said').first().textContent()).toBe(EVIL[0]);
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(await page.evaluate('document.querySelectorAll("script").length')).toBe(1);
    expect(await page.evaluate('document.querySelectorAll("iframe, [onerror], [onload], .log svg a").length')).toBe(0);
    expect(await page.locator('a[href^="javascript"], a[href^="data"], img[src^="javascript"]').count()).toBe(0);
    expect(await page.evaluate('/[\\u202A-\\u202E\\u2066-\\u2069\\u200B]/.test(document.body.textContent)')).toBe(
      false,
    );
    await rowOf(number).waitFor();
    expect(await violations()).toEqual([]);
  }, 30_000);

  test.each([
    ['light', 'en', 1440],
    ['dark', 'en', 1440],
    ['dark', 'zh', 390],
  ] as const)(
    'has nothing that shuts anybody out, %s, %s, %i wide',
    async (colorScheme, language, width) => {
      const { number, conversation } = await waiting();
      await page.evaluate(`localStorage.setItem('parley.desk.language', '${language}')`);
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 850 });
      await page.reload();
      await page.locator('.agents button').first().click();
      await page.locator('.row').first().waitFor();
      expect(await violations()).toEqual([]);
      await rowOf(number).click();
      await page.locator('.post').first().waitFor();
      const seen: unknown[] = [await violations()];
      await page.locator('[data-shortcut="c"]').click();
      await page.locator('.composer[data-mode="reply"]').waitFor();
      await page.locator('.composer textarea').fill('Good day');
      await page.keyboard.press('Enter');
      await page.locator('.held').waitFor();
      await bot.office!.give({
        ...{ conversation, command: randomUUID() },
        happening: { on: 'noted', agent: 'tom', text: 'Be nice.' },
      });
      await page.locator('.note').waitFor();
      seen.push(await violations());
      await page.keyboard.press('Escape');
      for (const form of ['t', 'o', 'h', 'b', 'e']) {
        await page.locator(`[data-shortcut="${form}"]`).click();
        await page.locator('dialog[open]').waitFor();
        seen.push(await violations());
        await page.keyboard.press('Escape');
      }
      await page.locator('[data-shortcut="n"]').click();
      if (width < 760) await page.locator('.to-packet').click();
      seen.push(await violations());
      if (width < 760) await page.locator('.to-talk').click();
      await page.locator('.controls .icon-button').first().click();
      seen.push(await violations());
      expect(seen.flat()).toEqual([]);
      await page.evaluate('localStorage.clear()');
    },
    60_000,
  );
});
