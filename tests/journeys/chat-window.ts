import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { mailsTo, readCode } from './mailbox.ts';

/** The chat on the demo's page, as a customer sees and touches it. Pictures go to PARLEY_PICTURES when that is set. */
export class ChatWindow {
  readonly page: Page;
  private readonly url: string;
  private readonly name: string;
  private pictures = 0;

  constructor(page: Page, url: string, name: string) {
    this.page = page;
    this.url = url;
    this.name = name;
  }

  async open(language: 'en' | 'zh' = 'en'): Promise<void> {
    await this.page.goto(`${this.url}/chat?lang=${language}`);
    await this.page.locator('.launcher').click();
    await this.page.locator('.live').waitFor();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    if ((await this.page.locator('.panel').count()) === 0) await this.page.locator('.launcher').click();
    await this.page.locator('.live').waitFor();
  }

  /** Types, sends, and waits for an answer that has these words. */
  async say(text: string, answer: string | RegExp): Promise<void> {
    const before = await this.count(answer);
    const field = this.page.locator('.field textarea');
    await field.fill(text);
    await field.press('Enter');
    await this.hear(answer, before);
  }

  /** Taps an offered answer. */
  async tap(label: string | RegExp, answer: string | RegExp): Promise<void> {
    const before = await this.count(answer);
    await this.page.locator('.choices .choice').filter({ hasText: label }).first().click();
    await this.hear(answer, before);
  }

  /** Fills in the form that is open, by its labels, and sends it. */
  async fillIn(answers: Readonly<Record<string, string>>, answer: string | RegExp): Promise<void> {
    const before = await this.count(answer);
    const form = this.page.locator('.sheet');
    for (const [label, value] of Object.entries(answers)) {
      const field = form.getByLabel(label);
      const isList = (await field.evaluate((one) => one.localName)) === 'select';
      await (isList ? field.selectOption(value) : field.fill(value));
    }
    await this.picture();
    await form.locator('.primary').click();
    await this.hear(answer, before);
  }

  async attach(file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    await this.page.locator('input[type=file]').setInputFiles(file);
    await this.page.locator('.upload progress[value="1"]').waitFor();
    await this.picture();
  }

  /** By the button that is always there. */
  async askForHuman(button: string, answer: string): Promise<void> {
    const before = await this.count(answer);
    await this.page.locator('.composer .human', { hasText: button }).click();
    await this.hear(answer, before);
  }

  /** Reads the newest code in her mailbox and types it. */
  async prove(email: string, ask: RegExp, answer: string | RegExp): Promise<void> {
    const mailbox = `${this.url}/demo/mailbox`;
    const seen = (await mailsTo(mailbox, email)).length;
    await this.say(email, ask);
    await this.say(await readCode(mailbox, email, seen), answer);
  }

  get bubbles(): Locator {
    return this.page.locator('.message:not(.customer) .bubble');
  }

  async heard(): Promise<string[]> {
    return this.bubbles.allInnerTexts();
  }

  async picture(): Promise<void> {
    const { PARLEY_PICTURES: folder } = process.env;
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    this.pictures += 1;
    await this.page.screenshot({
      animations: 'disabled',
      path: join(folder, `${this.name}-${String(this.pictures).padStart(2, '0')}.png`),
    });
  }

  private count(words: string | RegExp): Promise<number> {
    return this.bubbles.filter({ hasText: words }).count();
  }

  private async hear(words: string | RegExp, before: number): Promise<void> {
    try {
      await this.bubbles.filter({ hasText: words }).nth(before).waitFor();
    } catch (cause) {
      await this.picture();
      throw new Error(`Not heard: ${words}. Heard:\n${(await this.heard()).join('\n')}`, { cause });
    }
    await this.picture();
  }
}
