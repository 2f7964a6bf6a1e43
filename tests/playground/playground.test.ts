import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openPlayground, type Playground } from '../../src/playground/playground.ts';
import type { Act } from '../../src/playground/protocol.ts';
import { Page } from './events.ts';

const HERE = 'http://127.0.0.1:3000';

let playground: Playground;
/** The bot's door, which nobody opens here: what is delivered to it is lost. */
beforeEach(async () => {
  playground = await openPlayground({ bot: 'http://127.0.0.1:9', kinds: ['sms', 'telegram'] });
});
afterEach(async () => {
  playground.dismiss();
  await playground.close();
});

function get(path: string, origin = HERE): Promise<Response> {
  return playground.fetch(new Request(`${origin}/playground${path}`));
}

function act(wanted: Act | string, headers: Record<string, string> = {}, origin = HERE): Promise<Response> {
  return playground.fetch(
    new Request(`${origin}/playground/acts`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json', ...headers },
      body: typeof wanted === 'string' ? wanted : JSON.stringify(wanted),
    }),
  );
}

async function codeOf(answer: Response): Promise<string> {
  const { code }: { code: string } = JSON.parse(await answer.text());
  return `${answer.status} ${code}`;
}

/** Said without waiting for the platform, which tries for a while to reach a bot that is not there. */
function say(text: string, kind = 'sms'): void {
  void act({ do: 'write', kind, text });
}

describe('the playground’s door', () => {
  test('opens the page under a policy that lets no string become markup', async () => {
    const answer = await get('');
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("trusted-types 'none'");
    expect(policy).not.toContain('unsafe');
    expect(await answer.text()).not.toMatch(/<script>|<style|style=|onclick/);
    for (const name of ['page.js', 'page.css', 'web', 'web-zh', 'web.css'])
      expect((await get(`/${name}`)).status).toBe(200);
  });

  test('is shut to a page of another name, even one that leads to this machine', async () => {
    expect(await codeOf(await get('/events', 'http://evil.example'))).toBe('403 playground.not_here');
    expect(await codeOf(await act({ do: 'pass', hours: 1 }, {}, 'http://evil.example:3000'))).toBe(
      '403 playground.not_here',
    );
    expect((await get('', 'http://localhost:3000')).status).toBe(200);
  });

  test.each([{ origin: 'http://evil.example' }, { origin: 'null' }, { origin: 'http://127.0.0.1:3001' }])(
    'takes no act from a foreign page (%j)',
    async (headers) => {
      expect(await codeOf(await act({ do: 'pass', hours: 1 }, headers))).toBe('403 playground.foreign_page');
    },
  );

  test('takes no act from whom nobody names', async () => {
    const request = new Request(`${HERE}/playground/acts`, { method: 'POST', body: '{}' });
    expect(await codeOf(await playground.fetch(request))).toBe('403 playground.foreign_page');
  });

  test('refuses what is no act, or too much of one', async () => {
    expect(await codeOf(await act('{}', { 'content-type': 'text/plain' }))).toBe('415 playground.not_json');
    expect(await codeOf(await act('{'))).toBe('400 playground.unknown_act');
    expect(await codeOf(await act('{"do":"explode"}'))).toBe('400 playground.unknown_act');
    expect(await codeOf(await act({ do: 'write', kind: 'sms', text: '' }))).toBe('400 playground.unknown_act');
    expect(await codeOf(await act({ do: 'pass', hours: -1 }))).toBe('400 playground.unknown_act');
    expect(await codeOf(await act(`{"do":"${'x'.repeat(3_000_000)}"}`))).toBe('413 playground.too_large');
    expect(await codeOf(await act({ do: 'write', kind: 'fax', text: 'hi' }))).toBe('400 playground.unknown_phone');
    expect(await codeOf(await act({ do: 'fail', kind: 'sms', fault: 'flu' }))).toBe('400 playground.unknown_fault');
    expect(await codeOf(await get('/../secrets'))).toBe('404 playground.not_found');
    expect((await playground.fetch(new Request(`${HERE}/playground`, { method: 'DELETE' }))).status).toBe(405);
  });

  test('lets sixteen pages look on and no more; one that leaves makes room', async () => {
    const pages = [];
    for (let count = 0; count < 16; count++) pages.push(new Page(await get('/events')));
    expect(await codeOf(await get('/events'))).toBe('503 playground.full');
    await pages[0]?.leave();
    expect((await get('/events')).status).toBe(200);
  });

  test('lets every page go when it is dismissed', async () => {
    const page = new Page(await get('/events'));
    playground.dismiss();
    expect(await page.ends()).toBe(true);
  });
});

describe('the phones', () => {
  test('are told whole to a page that comes, and then as they change', async () => {
    const page = new Page(await get('/events'));
    const { world } = await page.hears('world');
    expect(world.platforms.map(({ kind }) => kind)).toEqual(['sms', 'telegram']);
    expect(world.platforms.find(({ kind }) => kind === 'telegram')?.can).toEqual({ open: true, attach: true });
    say('hello');
    const { phone } = await page.hears('phone', ({ phone }) => phone.screen.length > 0);
    expect(phone.kind).toBe('sms');
    expect(phone.screen[0]).toMatchObject({ from: 'customer', text: [{ text: 'hello' }] });
  });

  test('show a picture once, at an address of its own', async () => {
    const page = new Page(await get('/events'));
    const data = Buffer.from('not really a picture').toString('base64');
    void act({ do: 'attach', kind: 'telegram', name: 'crack.png', type: 'image/png', data });
    const { phone } = await page.hears('phone', ({ phone }) => phone.screen.length > 0);
    const address = phone.screen[0]?.image?.url ?? '';
    expect(address).toMatch(/^\/playground\/media\/[\w-]{22}$/);
    const answer = await get(address.replace('/playground', ''));
    expect(await answer.text()).toBe('not really a picture');
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
  });

  test('change hands, and are found again as they were', async () => {
    const page = new Page(await get('/events'));
    const before = await page.hears('phone', ({ phone }) => phone.kind === 'sms');
    say('mine');
    await page.hears('phone', ({ phone }) => phone.screen.length === 1);
    const anna = (await page.hears('world')).world.who;
    await act({ do: 'be', who: { name: '李伟', email: 'li.wei@example.com', locale: 'zh' } });
    const { phone } = await page.hears(
      'phone',
      ({ phone }) => phone.kind === 'sms' && phone.address !== before.phone.address,
    );
    expect(phone.screen).toEqual([]);
    await act({ do: 'be', who: anna });
    const again = new Page(await get('/events'));
    const found = await again.hears('phone', ({ phone }) => phone.kind === 'sms');
    expect(found.phone).toMatchObject({ address: before.phone.address, screen: [{ text: [{ text: 'mine' }] }] });
  });

  test('can be replaced by one that the bot has never met', async () => {
    const page = new Page(await get('/events'));
    const { phone: old } = await page.hears('phone', ({ phone }) => phone.kind === 'telegram');
    expect((await act({ do: 'renew', kind: 'telegram' })).status).toBe(204);
    const fresh = await page.hears('phone', ({ phone }) => phone.kind === 'telegram' && phone.address !== old.address);
    expect(fresh.phone.screen).toEqual([]);
  });
});

describe('its clock', () => {
  test('moves on for the bot and the platforms alike, and never back', async () => {
    const page = new Page(await get('/events'));
    const before = playground.clock.now();
    await act({ do: 'pass', hours: 48 });
    expect(playground.clock.now() - before).toBeGreaterThanOrEqual(48 * 3_600_000);
    expect((await page.hears('world', ({ world }) => world.ahead > 0)).world.ahead).toBe(48 * 3_600_000);
    say('two days later');
    const { phone } = await page.hears('phone', ({ phone }) => phone.screen.length === 1);
    expect(phone.screen[0]?.at).toBeGreaterThanOrEqual(before + 48 * 3_600_000);
  });
});

describe('its accounts', () => {
  test('name their secrets, and every secret is new', async () => {
    const { accounts, environment } = playground;
    expect(Object.keys(accounts)).toEqual(['sms', 'telegram']);
    expect(JSON.stringify(accounts)).not.toContain(environment.PLAYGROUND_SMS_TOKEN);
    const other = await openPlayground({ bot: HERE, kinds: ['sms'] });
    expect(other.environment.PLAYGROUND_SMS_TOKEN).not.toBe(environment.PLAYGROUND_SMS_TOKEN);
    other.dismiss();
    await other.close();
  });
});

describe('a bot that is no demo', () => {
  test('never loads it: one file asks for it, and only when it is needed', () => {
    const root = join(import.meta.dirname, '../..');
    const readers = globSync(['src/**/*.ts', 'channels/**/*.ts'], { cwd: root })
      .filter((file) => !file.startsWith('src/playground/'))
      .flatMap((file) =>
        [...readFileSync(join(root, file), 'utf8').matchAll(/^.*(?:from|import\() ?'[^']*\/playground\/.*$/gm)].map(
          ([line]) => `${file}: ${line.trim()}`,
        ),
      );
    expect(readers).toEqual([
      "src/cli/start.ts: import type { Playground } from '../playground/playground.ts';",
      "src/cli/start.ts: const { openPlayground } = await import('../playground/playground.ts');",
    ]);
  });
});
