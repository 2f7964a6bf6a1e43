import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { findBrowser, type OpenBrowser, openBrowser } from '../../support/browser.ts';
import { ScriptedChatServer } from '../../support/scripted-chat-server.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ATTACKS = [
  '<script>window.hacked=1</script>',
  '<img src=x onerror="window.hacked=1">',
  '[click](javascript:window.hacked=1)',
  '"><svg onload=window.hacked=1>',
  '**<b onmouseover=window.hacked=1>**',
];
const suite = findBrowser() ? describe : describe.skip;

suite('the widget, in a browser', () => {
  let browser: OpenBrowser;
  let server: ScriptedChatServer;
  let page: Page;
  let address: string;
  let complaints: string[];

  beforeAll(async () => {
    browser = await openBrowser({ acceptDownloads: true });
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    server = new ScriptedChatServer();
    server.answer = (said) => [{ text: `You said: ${said}` }];
    address = await server.listen();
    page = await browser.context.newPage();
    complaints = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterEach(async () => {
    await browser.context.setOffline(false);
    await page.close();
    await server.close();
  });

  const open = async () => {
    await page.goto(address);
    await page.locator('.launcher').click();
    await page.locator('.live').waitFor();
  };
  const say = async (text: string) => {
    await page.locator('.field textarea').fill(text);
    await page.locator('.field textarea').press('Enter');
  };
  const bubbles = () => page.locator('.message .bubble').allInnerTexts();
  const focused = () => page.evaluate('(document.activeElement?.shadowRoot ?? document).activeElement?.className');

  test('carries a conversation under the strictest policy without a complaint', async () => {
    await open();
    await say('hello');
    await page.getByText('You said: hello').waitFor();
    expect(await bubbles()).toEqual(['hello', 'You said: hello']);
    expect(complaints).toEqual([]);
  });

  test('keeps the conversation over a reload, and counts what came meanwhile', async () => {
    await open();
    await say('hello');
    await page.getByText('You said: hello').waitFor();
    await page.goto('about:blank');
    server.say({ text: 'Your parcel has left.' });
    await page.goto(address);
    await page.locator('.badge').waitFor();
    expect(await page.locator('.badge').innerText()).toBe('1');
    await page.locator('.launcher').click();
    await page.getByText('Your parcel has left.').waitFor();
    expect(await page.locator('.badge').count()).toBe(0);
    expect(await bubbles()).toHaveLength(3);
  });

  test('sends what was written offline once, in order, when it is back', async () => {
    await open();
    await browser.context.setOffline(true);
    await page.getByText('You are offline.').waitFor();
    for (const text of ['one', 'two', 'three']) await say(text);
    await page.getByText('Sending…').waitFor();
    await browser.context.setOffline(false);
    await page.getByText('You said: three').waitFor();
    expect(server.received).toEqual(['one', 'two', 'three']);
    expect((await bubbles()).filter((text) => !text.startsWith('You said'))).toEqual(['one', 'two', 'three']);
  });

  test('repeats under the same id what the server took without saying so', async () => {
    await open();
    server.fault = { status: 503, taken: true };
    await say('pay');
    await page.getByText('You said: pay').waitFor();
    await page.getByText('Sent', { exact: true }).waitFor();
    expect(server.received).toEqual(['pay']);
  });

  test('shows a refusal and lets the customer try again', async () => {
    await open();
    server.fault = { status: 422, body: { code: 'chat.empty', message: 'No text.' } };
    await say('hm');
    await page.getByText('No text.').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('You said: hm').waitFor();
    expect(server.received).toEqual(['hm']);
  });

  test('begins a new conversation when the server has forgotten the old one, without losing the message', async () => {
    await open();
    server.conversations.clear();
    await say('still here?');
    await page.getByText('You said: still here?').waitFor();
    expect(server.received).toEqual(['still here?']);
  });

  test('resumes after a broken connection with nothing lost or doubled', async () => {
    await open();
    for (const text of ['a', 'b', 'c']) {
      server.say({ text });
      server.hangUp();
      server.say({ text: text.toUpperCase() });
    }
    await page.getByText('C', { exact: true }).waitFor();
    expect(await bubbles()).toEqual(['a', 'A', 'b', 'B', 'c', 'C']);
  });

  test.each([
    ['the event stream', ['socket'], 'events'],
    ['polling', ['socket', 'events'], 'messages'],
  ] as const)('falls back to %s', async (_name, blocked, used) => {
    for (const way of blocked) server.blocked.add(way);
    await open();
    await say('hello');
    await page.getByText('You said: hello').waitFor();
    server.say({ text: 'And later.' });
    await page.getByText('And later.').waitFor();
    expect(server.opened[used]).toBeGreaterThan(0);
    expect(server.opened.socket).toBe(0);
  });

  test('tells of trouble, keeps trying, and recovers', async () => {
    for (const way of ['socket', 'events', 'messages'] as const) server.blocked.add(way);
    await page.goto(address);
    await page.locator('.launcher').click();
    await page.getByText('No connection').waitFor();
    server.blocked.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.live').waitFor();
  });

  test('does not send while an input method composes', async () => {
    await open();
    const field = page.locator('.field textarea');
    await field.fill('你好');
    for (const init of [
      { key: 'Enter', isComposing: true },
      { key: 'Enter', keyCode: 229 },
    ])
      await field.dispatchEvent('keydown', init);
    expect(await field.inputValue()).toBe('你好');
    await field.press('Shift+Enter');
    await field.press('Enter');
    await page.getByText('You said: 你好').waitFor();
    expect(server.received).toEqual(['你好']);
  });

  test('is usable by keyboard alone, and gives the focus back', async () => {
    server.greeting = [
      {
        text: 'Which?',
        choices: [
          { token: 'x', label: 'Blanket' },
          { token: 'y', label: 'Lamp' },
        ],
      },
    ];
    await page.goto(address);
    await page.locator('.launcher').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Which?').waitFor();
    expect(await page.locator('.field textarea').evaluate((field) => field.matches(':focus'))).toBe(true);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByText('You said: Lamp').waitFor();
    expect(await page.locator('.field textarea').evaluate((field) => field.matches(':focus'))).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.locator('.panel').count()).toBe(0);
    expect(await focused()).toBe('launcher');
  });

  test('takes the focus from nobody where it stands open from the start', async () => {
    server.page = 'data-open=""';
    await page.goto(address);
    await page.locator('.live').waitFor();
    expect(await page.evaluate('document.activeElement?.localName')).toBe('body');
    await page.locator('.field textarea').focus();
    await page.keyboard.press('Escape');
    expect(await focused()).toBe('launcher');
  });

  test('sends several choices at once', async () => {
    server.greeting = [
      { text: 'Which?', multiple: true, choices: ['Blanket', 'Lamp', 'Mug'].map((label) => ({ token: label, label })) },
    ];
    await open();
    await page.getByText('Blanket').click();
    await page.getByText('Mug').click();
    await page.locator('.sheet .primary').click();
    await page.getByText('You said: Blanket, Mug').waitFor();
    expect(await page.locator('.choices').count()).toBe(0);
  });

  test('does not send none of several', async () => {
    server.greeting = [{ text: 'Which?', multiple: true, choices: [{ token: 'x', label: 'Blanket' }] }];
    await open();
    await page.locator('.sheet .primary').click();
    expect(await page.locator('.sheet :invalid').count()).toBeGreaterThan(0);
    await page.getByText('Blanket').click();
    await page.locator('.sheet .primary').click();
    await page.getByText('You said: Blanket').waitFor();
  });

  test('offers a calendar where a day is asked for', async () => {
    server.greeting = [{ text: 'Which day?', input: 'date' }];
    await open();
    await page.getByRole('form', { name: 'Which day?' }).getByLabel('Which day?').fill('2026-12-24');
    await page.locator('.sheet .primary').click();
    await page.getByText('You said: 2026-12-24').waitFor();
    expect(await page.locator('.sheet').count()).toBe(0);
  });

  describe('a form', () => {
    const options = ['Morning', 'Evening'].map((label, index) => ({ value: String(index), label }));
    const FORM = {
      token: 'form1',
      title: 'Your delivery',
      submit: 'Send it',
      fields: [
        { name: 'day', label: 'Which day?', kind: 'date' },
        { name: 'slot', label: 'When?', kind: 'choice', options },
        { name: 'floors', label: 'Floor', kind: 'number' },
        { name: 'extras', label: 'Extras', kind: 'choices', options, optional: true },
        { name: 'email', label: 'Email', kind: 'email', optional: true },
        { name: 'phone', label: 'Phone', kind: 'phone', optional: true },
        { name: 'code', label: 'Code', kind: 'text', secret: true },
        { name: 'note', label: 'Note', kind: 'text', long: true, optional: true },
      ],
    };
    const field = (label: string) => page.getByRole('form', { name: FORM.title }).getByLabel(label);
    const fillIn = async () => {
      await field('Which day?').fill('2026-12-24');
      await field('When?').selectOption('Evening');
      await field('Floor').fill('3');
      await field('Morning').check();
      await field('Evening').check();
      await field('Code').fill('123456');
    };

    test('is filled in and sent at once, by keyboard, and its secrets are shown to nobody', async () => {
      server.greeting = [{ text: 'Which day?', form: FORM, choices: [{ token: 'x', label: 'Never' }] }];
      await open();
      expect(await bubbles()).toEqual(['Your delivery']);
      expect(await page.locator('.choices button').count()).toBe(0);
      await fillIn();
      await field('Note').focus();
      await page.keyboard.type('Ring twice');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByText('Note: Ring twice').first().waitFor();
      expect(server.forms).toEqual([
        {
          token: 'form1',
          values: {
            day: '2026-12-24',
            slot: '1',
            floors: '3',
            extras: '0,1',
            email: '',
            phone: '',
            code: '123456',
            note: 'Ring twice',
          },
        },
      ]);
      expect((await bubbles())[1]).toBe(
        'Which day? 2026-12-24\nWhen? Evening\nFloor: 3\nExtras: Morning, Evening\nCode: ••••••\nNote: Ring twice',
      );
      expect(await page.locator('.sheet').count()).toBe(0);
      expect(complaints).toEqual([]);
    });

    test('is not sent while something it needs is missing', async () => {
      server.greeting = [{ text: 'Which day?', form: FORM }];
      await open();
      await page.getByRole('button', { name: 'Send it' }).click();
      expect(await page.locator('.sheet :is(input, select):invalid').count()).toBe(4);
      expect(server.forms).toEqual([]);
    });

    test('keeps what was typed when it is shown again further down, and lets her type instead', async () => {
      server.greeting = [{ text: 'Which day?', form: FORM }];
      server.answer = () => [{ text: 'It is free.' }, { text: 'Which day?', form: FORM }];
      await open();
      await field('Floor').fill('3');
      await say('what does it cost?');
      await page.getByText('It is free.').waitFor();
      await page.locator('.sheet').waitFor();
      expect(await field('Floor').inputValue()).toBe('3');
      expect(await page.locator('.sheet').count()).toBe(1);
    });

    test('says what was wrong, at its place, with what she had written', async () => {
      const fields = [
        { name: 'floors', label: 'Floor', kind: 'number', value: '30', error: 'A floor from 0 to 9.' },
        { name: 'slot', label: 'When?', kind: 'choice', options, error: 'Please answer this as well.' },
      ];
      server.greeting = [{ text: 'No.', form: { ...FORM, text: 'Please have another look.', fields } }];
      await open();
      await page.getByText('Please have another look.').waitFor();
      expect(await field('Floor').inputValue()).toBe('30');
      const described = await field('Floor').evaluate((input) => {
        const root = input.getRootNode() as unknown as { getElementById(id: string | null): { textContent: string } };
        return root.getElementById(input.getAttribute('aria-describedby')).textContent;
      });
      expect(described).toBe('A floor from 0 to 9.');
    });
  });

  test('asks for a human in the customer’s language, always', async () => {
    server.page = 'data-locale="zh-CN"';
    await open();
    await page.getByRole('button', { name: '转人工客服' }).click();
    await page.getByText('You said: 转人工客服').waitFor();
  });

  test('runs no script that comes in by text, name, title, label, address or file name', async () => {
    server.greeting = ATTACKS.flatMap((attack) => [
      { text: attack, choices: [{ token: 'x', label: attack }] },
      { from: 'agent' as const, name: attack, text: attack },
      {
        text: '',
        card: {
          title: attack,
          text: attack,
          fields: [{ name: attack, value: attack }],
          links: [{ title: attack, url: 'javascript:window.hacked=1' }],
        },
        links: [{ title: attack, url: 'data:text/html,<script>window.hacked=1</script>' }],
        image: { url: 'javascript:window.hacked=1', alt: attack },
        file: { name: attack, url: 'javascript:window.hacked=1' },
      },
    ]);
    await open();
    for (const attack of ATTACKS) await say(attack);
    await page.locator('input[type=file]').setInputFiles({
      name: '<img src=x onerror=window.hacked=1>.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('x'),
    });
    await page.locator('.upload progress[value="1"]').waitFor();
    await page.locator('.send, .field [type=submit]').click();
    await page.getByText('onerror=window.hacked=1>.txt').waitFor();
    for (const link of await page.locator('.log a').all()) expect(await link.getAttribute('href')).toMatch(/^https?:/);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  test('links to the web and to text messages, and to nothing else', async () => {
    const urls = ['https://shop.example/a', 'sms:+15550001111?body=K7Q2', 'sms:javascript', 'tel:+1', 'file:///etc'];
    server.greeting = [{ text: 'Go on there', links: urls.map((url) => ({ title: url, url })) }];
    await open();
    await page.getByText('sms:+15550001111').waitFor();
    const links = await page.locator('.log a').all();
    expect(await Promise.all(links.map((link) => link.getAttribute('href')))).toEqual(urls.slice(0, 2));
  });

  test('uploads a picked file and sends it with the text', async () => {
    await open();
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'receipt 收据.txt', mimeType: 'text/plain', buffer: Buffer.from('12.00') });
    await page.locator('.upload progress[value="1"]').waitFor();
    await say('my receipt');
    await page.locator('.message.customer a', { hasText: 'receipt 收据.txt' }).waitFor();
    expect(await page.locator('.upload').count()).toBe(0);
  });

  test('uploads what is dropped on it or pasted into it', async () => {
    await open();
    // In the page's own words: the tests know no DOM.
    await page.evaluate(`{
      const find = (selector) => document.querySelector('parley-chat').shadowRoot.querySelector(selector);
      const holding = (name) => {
        const data = new DataTransfer();
        data.items.add(new File([name], name, { type: 'text/plain' }));
        return data;
      };
      const dropped = { dataTransfer: holding('dropped.txt'), bubbles: true, cancelable: true };
      for (const kind of ['dragover', 'drop']) find('.panel').dispatchEvent(new DragEvent(kind, dropped));
      const pasted = { clipboardData: holding('pasted.txt'), bubbles: true, cancelable: true };
      find('textarea').dispatchEvent(new ClipboardEvent('paste', pasted));
    }`);
    await page.locator('.upload progress[value="1"]').nth(1).waitFor();
    await say('both');
    for (const name of ['dropped.txt', 'pasted.txt'])
      await page.locator('.message.customer a', { hasText: name }).waitFor();
  });

  test('keeps its borders where the system chooses the colours', async () => {
    await page.emulateMedia({ forcedColors: 'active' });
    await open();
    await say('hello');
    await page.getByText('You said: hello').waitFor();
    const width = (selector: string) =>
      page.evaluate<string>(
        `getComputedStyle(document.querySelector('parley-chat').shadowRoot.querySelector('${selector}')).borderTopWidth`,
      );
    expect([await width('.launcher'), await width('.bubble')]).toEqual(['1px', '1px']);
    await page.emulateMedia({ forcedColors: null });
  });

  test('shows one conversation in two tabs', async () => {
    await open();
    const other = await browser.context.newPage();
    await other.goto(address);
    await other.locator('.launcher').click();
    await say('from the first');
    await other.getByText('You said: from the first').waitFor();
    expect(await other.locator('.message .bubble').allInnerTexts()).toEqual([
      'from the first',
      'You said: from the first',
    ]);
    await other.close();
  });

  test('saves the transcript', async () => {
    await open();
    await say('hello');
    await page.getByText('You said: hello').waitFor();
    await page.locator('summary').click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Save transcript').click()]);
    expect(readFileSync(await download.path(), 'utf8')).toContain('You said: hello');
  });

  test('changes its language on request', async () => {
    await open();
    await page.locator('summary').click();
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('button', { name: '转人工客服' }).waitFor();
    expect(await focused()).toBe('quiet');
    // The bot must hear of it, too.
    await page.getByText('You said: 中文').waitFor();
  });

  test.each([
    ['light', 'en'],
    ['dark', 'en'],
    ['light', 'zh-CN'],
    ['light', 'ar'],
  ])('has no accessibility violation, closed or open (%s, %s)', async (theme, locale) => {
    server.page = `data-theme="${theme}" data-locale="${locale}" data-greeting="Hello?"`;
    server.greeting = [
      { text: 'Hi, **I** am `Ada`, see https://e.com', links: [{ title: 'Shop', url: 'https://e.com' }] },
      { from: 'agent', name: 'Maya', text: 'Me too.' },
      { from: 'system', text: 'Maya left' },
      {
        text: '',
        carousel: [
          {
            title: 'Lamp',
            fields: [{ name: 'Price', value: '€ 9' }],
            links: [{ title: 'View', url: 'https://e.com' }],
          },
          { title: 'Mug' },
        ],
      },
      {
        text: 'Which?',
        multiple: true,
        choices: [
          { token: 'x', label: 'Blanket' },
          { token: 'y', label: 'Lamp' },
        ],
      },
    ];
    const violations = async () => {
      await page.evaluate(AXE);
      await page.evaluate(
        "Promise.all(document.querySelector('parley-chat').shadowRoot.getAnimations().map((one) => one.effect.getTiming().iterations === 1 && one.finished))",
      );
      const found = (await page.evaluate(
        "axe.run('parley-chat', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
      )) as {
        violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
      };
      return found.violations.map(({ id, nodes }) => [id, nodes[0]?.html, nodes[0]?.failureSummary]);
    };
    await page.goto(address);
    await page.locator('.greeting').waitFor();
    expect(await violations()).toEqual([]);
    await page.locator('.launcher').click();
    await page.locator('.choices').waitFor();
    expect(await violations()).toEqual([]);
    await page.locator('summary').click();
    await say('hello');
    await page.locator('.fate').waitFor();
    expect(await violations()).toEqual([]);
    const options = [{ value: '0', label: 'Morning' }];
    const fields = [
      { name: 'day', label: 'Which day?', kind: 'date' },
      { name: 'slot', label: 'When?', kind: 'choice', options, error: 'Please answer this.' },
      { name: 'extras', label: 'Extras', kind: 'choices', options, optional: true, error: 'Not that.' },
      { name: 'note', label: 'Note', kind: 'text', long: true, optional: true },
    ];
    server.say({ text: '?', form: { token: 'form1', title: 'Both', text: 'Again.', submit: 'Send', fields } });
    await page.getByLabel('Which day?').waitFor();
    expect(await violations()).toEqual([]);
  });

  test('has targets of at least 24 pixels, and fits a zoomed window without scrolling sideways', async () => {
    server.greeting = [{ text: 'Which?', choices: [{ token: 'x', label: 'A rather long answer '.repeat(6) }] }];
    await page.setViewportSize({ width: 320, height: 400 });
    await open();
    await page.locator('.choice').waitFor();
    for (const target of await page.locator('button:visible, summary').all()) {
      const box = await target.boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(24);
    }
    expect(await page.locator('.log').evaluate((log) => log.scrollWidth - log.clientWidth)).toBe(0);
  });

  test('answers a click on the loader’s button before the rest has come', async () => {
    await page.route('**/widget-app.js*', async (route) => {
      await new Promise((go) => setTimeout(go, 300));
      await route.continue();
    });
    await page.goto(address);
    await page.locator('parley-chat button').click();
    await page.locator('.panel').waitFor();
  });
});
