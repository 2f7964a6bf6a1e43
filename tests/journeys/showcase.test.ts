import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { PLATFORMS } from '../../src/playground/platforms.ts';
import { findBrowser, type OpenBrowser, openBrowser } from '../support/browser.ts';
import { openShowcase, type Showcase } from './showcase.ts';

const suite = findBrowser() ? describe : describe.skip;
const KINDS = Object.keys(PLATFORMS);

/** A phone on the page, in the hand of somebody who taps what can be tapped, and writes where there is nothing. */
class Hand {
  readonly device: Locator;

  constructor(page: Page, kind: string) {
    this.device = page.locator(`#device-${kind}`);
  }

  async begins(): Promise<void> {
    await this.device.getByRole('button', { name: 'Start over' }).click();
    await this.device.locator('.screen > .nothing').waitFor();
    const begin = this.device.locator('.begin');
    if ((await begin.count()) > 0) await begin.click();
  }

  async says(text: string): Promise<void> {
    const field = this.device.getByRole('textbox', { name: /^Message/ });
    await field.fill(text);
    await field.press('Enter');
  }

  async hears(words: RegExp): Promise<Locator> {
    const bubble = this.device.locator('[data-from="bot"]').filter({ hasText: words }).last();
    await bubble.waitFor();
    return bubble;
  }

  /** By its button, in its list, or by its number. */
  async picks(asked: RegExp, label: string): Promise<void> {
    const bubble = await this.hears(asked);
    const button = bubble.getByRole('button', { name: label });
    if ((await button.count()) > 0) return button.first().click();
    const list = bubble.locator('button[aria-expanded]');
    if ((await list.count()) > 0) {
      await list.first().click();
      await bubble.locator('select').selectOption({ label });
      return bubble.locator('form [type=submit]').click();
    }
    const number = new RegExp(`(\\d+)\\. ${label}`).exec((await bubble.innerText()).replaceAll(/\s+/g, ' '))?.[1];
    await this.says(number ?? label);
  }

  /** In a calendar where there is one. */
  async picksDay(asked: RegExp, day: string): Promise<void> {
    const bubble = await this.hears(asked);
    const calendar = bubble.locator('button[aria-expanded]');
    if ((await calendar.count()) === 0) return this.says(day);
    await calendar.first().click();
    await bubble.locator('input[type=date]').fill(day);
    await bubble.locator('form [type=submit]').click();
  }

  /** In a form where there is one, in the message or over it; else question by question. */
  async fillsIn(form: RegExp, answers: readonly (readonly [question: RegExp, answer: string])[]): Promise<void> {
    const [[first] = [/./]] = answers;
    const bubble = await this.hears(new RegExp(`${form.source}|${first.source}`));
    const opener = bubble.locator('button.key');
    if ((await opener.count()) === 0) {
      for (const [question, answer] of answers) {
        await this.hears(question);
        await this.says(answer);
      }
      return;
    }
    await opener.first().click();
    const fields = this.device.locator('form.form').last();
    await fields.waitFor();
    for (const [question, answer] of answers) await fields.getByLabel(question).fill(answer);
    await fields.locator('[type=submit]').click();
  }
}

suite('the playground', () => {
  let showcase: Showcase;
  let browser: OpenBrowser;
  let page: Page;
  let complaints: string[] = [];

  beforeAll(async () => {
    [showcase, browser] = await Promise.all([
      openShowcase(),
      openBrowser({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce' }),
    ]);
    // Nobody is asked for the pictures of a shop that is not there.
    await browser.context.route('https://shop.example/**', (route) =>
      route.fulfill({ contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' }),
    );
    page = await browser.context.newPage();
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${showcase.url}?lang=en`);
    await page.locator('.device[data-chosen="true"]').waitFor();
  }, 60_000);
  beforeEach(() => {
    complaints = [];
  });
  afterEach(() => expect(complaints).toEqual([]));
  afterAll(async () => {
    await browser.close();
    await showcase.close();
  }, 30_000);

  test.each(KINDS)(
    'shows everything that a message may have on %s, and everything can be answered',
    async (kind) => {
      const she = new Hand(page, kind);
      await she.begins();
      await she.says('show me everything');
      await she.picks(/Tea or coffee/, 'Green tea');
      await she.hears(/Stoneware mug/);
      await she.hears(/12 euros/);
      await she.hears(/Desk lamp/);
      await she.device
        .locator('[data-from="bot"]')
        .filter({ hasText: /Like this/ })
        .first()
        .waitFor();
      const picture = she.device.locator('[data-from="bot"] img[alt="Picture of a mug"]');
      await picture
        .or(await she.hears(/Picture of a mug|Like this/))
        .first()
        .waitFor();
      await she.hears(/care\.pdf/);
      const link = she.device.locator('[data-from="bot"]').filter({ hasText: /shop\.example\/mugs|Visit the shop/ });
      await link.first().waitFor();
      await she.picks(/Which size/, 'Number 47');
      await she.picksDay(/Which day/, '2026-12-24');
      await she.fillsIn(/Your delivery/, [
        [/Which name is on the door/, 'Anna'],
        [/Where shall we leave it/, 'At the door'],
      ]);
      await she.hears(/tea, s7, .*24.*, Anna, At the door: done\./);
    },
    30_000,
  );

  test('keeps back what comes too late for a window of 48 hours, until she writes again', async () => {
    const [inWindow, free] = [new Hand(page, 'wechat'), new Hand(page, 'telegram')];
    for (const she of [inWindow, free]) {
      await she.begins();
      await she.says('show me everything');
      await she.hears(/Tea or coffee/);
    }
    await pass('+ 2 days');
    await pass('+ 1 day');
    await free.hears(/Are you still there/);
    expect(await inWindow.device.getByText('Are you still there').count()).toBe(0);
    await inWindow.says('Green tea');
    await inWindow.hears(/Are you still there/);
    await inWindow.hears(/You chose/);
  }, 30_000);

  async function pass(time: string): Promise<void> {
    await page.locator('summary', { hasText: /Let time pass|ahead/ }).click();
    await page.getByRole('button', { name: time }).click();
  }
});
