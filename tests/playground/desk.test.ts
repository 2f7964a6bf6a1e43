import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import type { Act, ChannelView } from '../../src/playground/protocol.ts';
import { endAll, type Running, scratch, startDemo } from '../journeys/process.ts';
import { findBrowser, type OpenBrowser, openBrowser } from '../support/browser.ts';
import { Page as Told } from './events.ts';

const suite = findBrowser() ? describe : describe.skip;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The agents' workspace on a page, as whoever sits there uses it. */
class Desk {
  readonly page: Page;
  readonly window: Locator;
  readonly thread: Locator;

  constructor(page: Page) {
    this.page = page;
    this.window = page.locator('.slack');
    this.thread = page.getByRole('region', { name: 'Thread' });
  }

  /** The newest conversation, with its customer's phone beside it. */
  async openNewest(): Promise<void> {
    await this.window
      .locator('.post[data-stands]')
      .last()
      .getByRole('button', { name: /repl(y|ies)/ })
      .click();
    await this.thread.waitFor();
  }

  async be(name: string): Promise<void> {
    await this.window.locator('.members').getByRole('button', { name }).click();
    await this.window.locator('.members [aria-pressed="true"]', { hasText: name }).waitFor();
  }

  async write(text: string): Promise<void> {
    const field = this.thread.getByRole('textbox');
    await field.fill(text);
    await field.press('Enter');
  }

  async press(label: string): Promise<void> {
    await this.thread.locator('.actions').first().getByRole('button', { name: label, exact: true }).click();
  }

  /** A message of the thread with these words. */
  said(words: string): Locator {
    return this.thread.locator('.post').filter({ hasText: words });
  }

  get modal(): Locator {
    return this.page.getByRole('dialog');
  }
}

suite('the agents’ workspace in the playground', () => {
  let demo: Running;
  let browser: OpenBrowser;
  let page: Page;
  let desk: Desk;
  let complaints: string[];

  beforeAll(async () => {
    [demo, browser] = await Promise.all([
      startDemo(scratch()),
      openBrowser({ viewport: { width: 1440, height: 1000 }, locale: 'en-GB', reducedMotion: 'reduce' }),
    ]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await endAll();
  });
  beforeEach(async () => {
    page = await browser.context.newPage();
    desk = new Desk(page);
    complaints = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${demo.url}/playground?lang=en`);
    await page.locator('.views').waitFor();
  });
  afterEach(async () => {
    await page.evaluate('localStorage.clear()');
    await page.close();
    expect(complaints).toEqual([]);
  });

  async function act(wanted: Act): Promise<void> {
    const answer = await fetch(`${demo.url}/playground/acts`, {
      method: 'POST',
      headers: { origin: demo.url, 'content-type': 'application/json' },
      body: JSON.stringify(wanted),
    });
    expect(answer.status).toBe(204);
  }

  async function support(): Promise<ChannelView> {
    const look = new Told(await fetch(`${demo.url}/playground/events`));
    const { channel } = await look.hears('channel', ({ channel }) => channel.name === 'support');
    await look.leave();
    return channel;
  }

  /** As two agents would who press the button in the same moment. */
  async function claimTogether(...agents: readonly string[]): Promise<void> {
    const { id, messages } = await support();
    const card = messages.findLast(({ thread, stands }) => thread === undefined && stands === 'queued');
    const buttons = card?.blocks?.find(({ type }) => type === 'actions');
    if (card === undefined || buttons === undefined) throw new Error('Nobody waits.');
    const block = String(buttons.block_id);
    await Promise.all(
      agents.map((agent) =>
        act({ do: 'desk', agent, deed: { do: 'touch', channel: id, ts: card.ts, block, action: 'desk.claim' } }),
      ),
    );
  }

  test('a customer of the web chat is passed from the bot to two agents and back', async () => {
    const chat: FrameLocator = page.frameLocator('#device-web iframe');
    // By the keys: where a frame's own page has scrolled, the browser is told a wrong place to click at.
    await chat.getByRole('button', { name: 'Talk to a human' }).press('Enter');
    await page.getByRole('button', { name: /her card is at the agents’ desk/ }).click();
    await desk.thread.waitFor();
    await page.locator('#device-web').waitFor();

    await claimTogether('mia', 'tom');
    const holder = await desk.window
      .locator('.talk .context')
      .filter({ hasText: /Agent: (Mia|Tom)/ })
      .last()
      .textContent();
    const [winner, loser] = holder?.includes('Mia') ? ['Mia', 'Tom'] : ['Tom', 'Mia'];
    await desk.be(loser);
    await desk.window
      .locator('.whisper')
      .filter({ hasText: `Taken by ${winner}.` })
      .waitFor();
    await desk.be(winner);
    expect(await desk.window.locator('.whisper').count()).toBe(0);

    await desk.write('Hello, a human here.');
    await chat.getByText('Hello, a human here.').waitFor();
    await desk.said('Hello, a human here.').locator('[data-mark]').waitFor();
    await chat.getByRole('textbox').fill('My parcel is late!');
    await chat.getByRole('textbox').press('Enter');
    await desk.said('My parcel is late!').last().waitFor();

    await desk.write('// she sounds upset');
    await desk.said('she sounds upset').locator('[data-mark="lock"]').waitFor();
    await desk.write('I ask a colleague.');
    await chat.getByText('I ask a colleague.').waitFor();
    expect(await chat.getByText('upset').count()).toBe(0);

    await desk.press('Assign…');
    await desk.modal.getByRole('button', { name: 'Save' }).click();
    await desk.modal.getByRole('alert').first().waitFor();
    await desk.modal.getByLabel('To').selectOption({ label: loser });
    await desk.modal.getByLabel('What should they know?').fill('A late parcel.');
    await desk.modal.getByRole('button', { name: 'Save' }).click();
    await desk.thread.getByText(`Agent: ${loser}`).waitFor();

    await desk.be(loser);
    await desk.write('I have found it.');
    await chat.getByText('I have found it.').waitFor();
    await desk.press('Close…');
    await desk.modal.getByLabel('Outcome').selectOption('solved');
    await desk.modal.getByLabel('Topic').fill('late parcel');
    await desk.modal.getByRole('button', { name: 'Save' }).click();
    await desk.press('Finish');
    await chat.getByText('How was that for you?').waitFor();
    await chat.getByRole('button', { name: /5/ }).last().press('Enter');
    await chat.getByText('Thank you for telling us.').waitFor();
  }, 90_000);

  test.each([
    ['sms', 'Talk to a human', 'I look into it.'],
    ['wechat', '转人工', '马上为您查看。'],
  ])(
    'a customer on %s is answered by an agent and given back',
    async (kind, wish, answer) => {
      await page
        .getByRole('button', { name: /Agents’ desk/ })
        .first()
        .click();
      const known = await desk.window.locator('.post[data-stands="queued"]').count();
      if (kind === 'wechat') await act({ do: 'open', kind });
      await act({ do: 'write', kind, text: wish });
      await desk.window.locator('.post[data-stands="queued"]').nth(known).waitFor();
      await desk.openNewest();
      const phone = page.locator(`#device-${kind}`);
      await phone.getByText(wish, { exact: true }).last().waitFor();
      await desk.press('Claim');
      await desk.press('Reply…');
      await desk.modal.getByRole('textbox').fill(answer);
      await desk.modal.getByRole('button', { name: 'Send' }).click();
      await phone.getByText(answer).waitFor();
      await desk.press('Back to bot');
      await desk.thread.getByText('with the bot').first().waitFor();
    },
    60_000,
  );

  test('a command is completed, and its answer only its author reads', async () => {
    await page
      .getByRole('button', { name: /Agents’ desk/ })
      .first()
      .click();
    await desk.be('林晓');
    const field = desk.window.getByRole('textbox', { name: /Message #support/ });
    await field.fill('/desk av');
    await desk.window.locator('.slash').getByRole('button').click();
    expect(await field.inputValue()).toBe('/desk available');
    await field.press('Enter');
    await desk.window.locator('.whisper').filter({ hasText: 'You are available' }).waitFor();
    await desk.be('Tom');
    expect(await desk.window.locator('.whisper').filter({ hasText: 'You are available' }).count()).toBe(0);
    await desk.be('林晓');
    await desk.window.getByRole('button', { name: 'My desk' }).click();
    await desk.window.locator('.home').getByText('My conversations').waitFor();
    await desk.window.locator('.home').getByRole('combobox').selectOption({ label: 'offline' });
    await desk.window.getByRole('button', { name: /support/ }).click();
    await desk.window.getByRole('button', { name: 'Dismiss message' }).click();
    await desk.window.locator('.whisper').waitFor({ state: 'detached' });
  }, 60_000);

  test('while Slack is down nothing is lost', async () => {
    await page
      .getByRole('button', { name: /Agents’ desk/ })
      .first()
      .click();
    await desk.window.locator('.caption summary').click();
    await desk.window.getByRole('button', { name: /down for 10 minutes/ }).click();
    await desk.window.getByText(/Nothing is lost/).waitFor();
    const before = (await support()).messages.length;
    await act({ do: 'open', kind: 'telegram' });
    await act({ do: 'write', kind: 'telegram', text: 'Talk to a human' });
    await act({ do: 'write', kind: 'telegram', text: 'Is anybody there?' });
    await page.getByRole('navigation', { name: 'Channels' }).getByRole('button', { name: 'Telegram' }).click();
    await page.locator('#device-telegram').getByText('I am passing you to a colleague').waitFor();
    expect((await support()).messages.length).toBe(before);
    await desk.window.getByRole('button', { name: /Let 10 minutes pass/ }).click();
    const card = desk.window.locator('.post[data-stands]').filter({ hasText: 'telegram' });
    await card.waitFor({ timeout: 40_000 });
    await desk.openNewest();
    await desk.said('Is anybody there?').last().waitFor({ timeout: 20_000 });
  }, 90_000);

  test('is drawn for everybody, with a form open, too', async () => {
    await page
      .getByRole('button', { name: /Agents’ desk/ })
      .first()
      .click();
    await desk.openNewest();
    expect(await violations(page)).toEqual([]);
    await desk.press('Profile');
    await desk.modal.getByText('Channel:').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await desk.modal.waitFor({ state: 'detached' });
  }, 60_000);
});

async function violations(page: Page): Promise<unknown[]> {
  await page.evaluate(AXE);
  const found = (await page.evaluate(
    `axe.run('.slack, .views', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  )) as { violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] };
  return found.violations.map(({ id, nodes }) => [id, nodes[0]?.html, nodes[0]?.failureSummary]);
}
