import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { PLATFORMS } from '../../src/playground/platforms.ts';
import { findBrowser, type OpenBrowser, openBrowser } from '../support/browser.ts';
import { endAll, type Running, scratch, startBot, startDemo } from './process.ts';

const suite = findBrowser() ? describe : describe.skip;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** One phone on the page, used by what stands on it. */
class OnPage {
  readonly device: Locator;

  constructor(page: Page, kind: string) {
    this.device = page.locator(`#device-${kind}`);
  }

  /** With a phone on which nothing stands yet. */
  async startOver(): Promise<void> {
    await this.device.getByRole('button', { name: 'Start over' }).click();
    await this.device.locator('.screen > .nothing').waitFor();
  }

  /** Where the app has such a thing. */
  async open(): Promise<void> {
    await this.device.locator('.begin, .suggestions').first().waitFor();
    const begin = this.device.locator('.begin');
    if ((await begin.count()) === 0) return;
    await begin.click();
    await this.device.locator('.suggestions').waitFor();
  }

  async say(text: string, answer: RegExp): Promise<void> {
    const before = await this.said(answer).count();
    const field = this.device.getByRole('textbox');
    await field.fill(text);
    await field.press('Enter');
    await this.said(answer).nth(before).waitFor();
  }

  /** By one tap, as it is proposed above the keyboard. */
  async sayProposed(proposal: RegExp, answer: RegExp): Promise<void> {
    const before = await this.said(answer).count();
    await this.device.locator('.suggestions button').filter({ hasText: proposal }).first().click();
    await this.said(answer).nth(before).waitFor();
  }

  said(words: RegExp): Locator {
    return this.device.locator('[data-from="bot"]').filter({ hasText: words });
  }
}

async function violations(page: Page, where: string): Promise<unknown[]> {
  await page.evaluate(AXE);
  const found = (await page.evaluate(
    `axe.run(${where}, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  )) as { violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] };
  return found.violations.map(({ id, nodes }) => [id, nodes[0]?.html, nodes[0]?.failureSummary]);
}

test('a bot that is no demo has no playground', async () => {
  const bot = await startBot(scratch(), 'http://127.0.0.1:9');
  expect((await fetch(`${bot.url}/playground`)).status).toBe(404);
  expect((await fetch(`${bot.url}/playground/events`)).status).toBe(404);
  await bot.program.end('SIGTERM');
}, 30_000);

suite('a newcomer on the playground', () => {
  let demo: Running;
  let browser: OpenBrowser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    [demo, browser] = await Promise.all([
      startDemo(scratch()),
      openBrowser({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce' }),
    ]);
  }, 40_000);
  afterAll(async () => {
    await browser.close();
    await endAll();
  });
  beforeEach(async () => {
    page = await browser.context.newPage();
    complaints = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${demo.url}/playground?lang=en`);
    await page.locator('.device[data-chosen="true"]').waitFor();
  });
  afterEach(async () => {
    await page.evaluate('localStorage.clear()');
    await page.close();
    expect(complaints).toEqual([]);
  });

  test.each(Object.keys(PLATFORMS))(
    'learns on %s where a parcel is, by what is proposed alone',
    async (kind) => {
      const phone = new OnPage(page, kind);
      await phone.open();
      await phone.sayProposed(/AB123456/, /email|邮箱/);
      await phone.sayProposed(/anna\.schmidt/, /6-digit code|6 位验证码/);
      await phone.sayProposed(/^\d{6}$/, /AB123456/);
      // What happened inside stands beside it, with how far the last message has come.
      const inside = page.locator('.inside');
      await inside.locator('.command', { hasText: 'start order_status' }).first().waitFor({ state: 'attached' });
      await inside.locator('[data-effect="read"]').first().waitFor({ state: 'attached' });
      await inside.locator('.delivery').first().waitFor({ state: 'attached' });
    },
    30_000,
  );

  test('taps a button that the app has', async () => {
    const phone = new OnPage(page, 'telegram');
    await phone.startOver();
    await phone.open();
    await phone.device.locator('.key', { hasText: 'Return something' }).click();
    await phone.said(/Which email/).waitFor();
  }, 30_000);

  test('opts out by SMS and hears nothing more', async () => {
    const phone = new OnPage(page, 'sms');
    await phone.startOver();
    await phone.say('hello', /automated assistant/);
    await phone.device.locator('.suggestions button', { hasText: /^STOP$/ }).click();
    await phone.device.locator('[data-from="system"]', { hasText: 'unsubscribed' }).waitFor();
    const before = await phone.said(/./).count();
    await phone.device.getByRole('textbox').fill('are you there?');
    await phone.device.getByRole('textbox').press('Enter');
    await page.locator('.inside .event', { hasText: 'Customer wrote' }).nth(2).waitFor();
    expect(await phone.said(/./).count()).toBe(before);
  }, 30_000);

  test('lets time pass until a question that nobody answered is followed up', async () => {
    const phone = new OnPage(page, 'sms');
    await phone.startOver();
    await phone.say('where is my order?', /Which email/);
    await page.getByText('Let time pass').click();
    await page.getByRole('button', { name: '+ 1 hour' }).click();
    await page.locator('.inside .event', { hasText: 'A timer went off' }).waitFor();
  }, 30_000);

  test('works a menu by keys alone, and gets out of it by Escape', async () => {
    const summary = page.locator('#device-sms .caption summary');
    await summary.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Too many requests (429)' }).filter({ visible: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#device-sms .caption .sheet').waitFor({ state: 'hidden' });
    expect(await page.evaluate('document.activeElement?.tagName')).toBe('SUMMARY');
  }, 30_000);

  test('talks to every platform three days later, signatures, tokens and all', async () => {
    await page.getByText('Let time pass').click();
    await page.getByRole('button', { name: '+ 2 days' }).click();
    await page.locator('summary', { hasText: 'ahead' }).click();
    await page.getByRole('button', { name: '+ 1 day' }).click();
    for (const kind of Object.keys(PLATFORMS)) {
      const phone = new OnPage(page, kind);
      await phone.startOver();
      await phone.open();
      await phone.say('I want to return something', /Which email|请提供您账户的邮箱/);
    }
  }, 40_000);

  test('breaks the line while the bot answers, and is answered all the same', async () => {
    const phone = new OnPage(page, 'telegram');
    await phone.startOver();
    await phone.open();
    await phone.device.getByText('Break it').click();
    await phone.device.getByRole('button', { name: 'Platform is down (5xx)' }).click();
    await phone.device.getByRole('status').waitFor();
    await phone.say('where is my order?', /Which email/);
  }, 30_000);

  test('换成中文，换一个人，再查包裹', async () => {
    await page.getByRole('button', { name: '中文' }).first().click();
    await page.locator('.who', { hasText: '李伟' }).waitFor();
    const phone = new OnPage(page, 'sms');
    await phone.sayProposed(/CN200001/, /请提供您账户的邮箱/);
    await phone.sayProposed(/li\.wei/, /6 位验证码/);
    await page.getByRole('button', { name: '邮箱' }).first().click();
    await page.locator('.letter').first().getByRole('button').click();
    await phone.said(/顺丰速运/).waitFor();
    await page.getByRole('button', { name: 'EN', exact: true }).click();
    await page.locator('.who', { hasText: 'Anna' }).waitFor();
  }, 30_000);

  test.each([
    ['light', 1440],
    ['dark', 1440],
    ['light', 390],
    ['dark', 390],
  ] as const)(
    'finds nothing in the way of anybody (%s, %i px)',
    async (colorScheme, width) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 844 });
      await page.reload();
      await page.locator('.device[data-chosen="true"]').waitFor();
      expect(await violations(page, '{ exclude: ["iframe"] }')).toEqual([]);
      for (const pane of ['Inside', 'Mailbox', 'People']) {
        await page.getByRole('button', { name: pane }).filter({ visible: true }).first().click();
        // The phones do not change with the panes beside them.
        expect(await violations(page, '".panel"')).toEqual([]);
      }
      expect(
        await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
      ).toBeLessThanOrEqual(0);
    },
    40_000,
  );
});
