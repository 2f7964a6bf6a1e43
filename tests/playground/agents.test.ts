import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DESK_WORDS } from '../../src/playground/page/desk/words.ts';
import { reference } from '../../src/playground/platform.ts';
import { openPlayground, type Playground } from '../../src/playground/playground.ts';
import type { ChannelView, Deed, DeskView } from '../../src/playground/protocol.ts';
import { Page } from './events.ts';

const HERE = 'http://127.0.0.1:3000';

let playground: Playground;
/** The bot's door, which nobody opens here: what is delivered to it is lost. */
beforeEach(async () => {
  const colleagues = [
    { name: 'mia', shown: 'Mia' },
    { name: 'lin', shown: '林晓' },
  ];
  playground = await openPlayground({ bot: 'http://127.0.0.1:9', kinds: ['sms'], colleagues });
});
afterEach(async () => {
  playground.dismiss();
  await playground.close();
});

async function does(deed: Deed, agent = 'mia'): Promise<string> {
  const answer = await playground.fetch(
    new Request(`${HERE}/playground/acts`, {
      method: 'POST',
      headers: { origin: HERE, 'content-type': 'application/json' },
      body: JSON.stringify({ do: 'desk', agent, deed }),
    }),
  );
  const { code = '' } = (answer.status === 204 ? {} : await answer.json()) as { code?: string };
  return `${answer.status} ${code}`.trim();
}

async function look(): Promise<Page> {
  return new Page(await playground.fetch(new Request(`${HERE}/playground/events`)));
}

async function desk(): Promise<{ view: DeskView; support: ChannelView }> {
  const page = await look();
  const { desk: view } = await page.hears('desk');
  const { channel: support } = await page.hears('channel', ({ channel }) => channel.name === 'support');
  await page.leave();
  return { view, support };
}

test('the bot is told the workspace as parley.yaml would have it, its secrets by name alone', async () => {
  const { support, view } = await desk();
  const { settings, agents } = playground.slack ?? {};
  expect(settings).toMatchObject({ receive: 'webhook', fallback: support.id, reply_mode: 'claimed' });
  expect(settings?.bot_token).toBe(reference('PLAYGROUND_DESK_TOKEN'));
  expect(playground.environment.PLAYGROUND_DESK_TOKEN).toMatch(/^xoxb-/);
  expect(agents).toEqual(Object.fromEntries(view.members.map(({ name, user }) => [name, user])));
});

test('what can go wrong there is called by its name, in every language of the page', async () => {
  const { faults } = (await desk()).view;
  expect(faults.length).toBeGreaterThan(0);
  for (const words of Object.values(DESK_WORDS))
    expect(faults.filter((fault) => words.faults[fault] === undefined)).toEqual([]);
});

test('a playground without colleagues has no workspace', async () => {
  const alone = await openPlayground({ bot: 'http://127.0.0.1:9', kinds: ['sms'] });
  const page = new Page(await alone.fetch(new Request(`${HERE}/playground/events`)));
  await page.hears('world');
  expect(alone.slack).toBeUndefined();
  expect(page.told.map(({ tell }) => tell)).not.toContain('desk');
  alone.dismiss();
  await alone.close();
});

test('what one writes all are shown, and what she has not written she cannot change', async () => {
  const { support } = await desk();
  const page = await look();
  expect(await does({ do: 'say', channel: support.id, text: 'hello <!channel>' })).toBe('204');
  const { channel } = await page.hears('channel', ({ channel }) => channel.messages.length === 1);
  const [message] = channel.messages;
  expect(message).toMatchObject({ isApp: false, text: 'hello &lt;!channel&gt;' });
  const ts = message?.ts ?? '';
  await does({ do: 'edit', channel: support.id, ts, text: 'mine' }, 'lin');
  await does({ do: 'remove', channel: support.id, ts }, 'lin');
  expect((await desk()).support.messages[0]?.text).toBe('hello &lt;!channel&gt;');
  await does({ do: 'edit', channel: support.id, ts, text: 'good morning' });
  expect((await desk()).support.messages[0]).toMatchObject({ text: 'good morning', edited: true });
  await does({ do: 'remove', channel: support.id, ts });
  expect((await desk()).support.messages).toEqual([]);
});

test('refuses what nobody there can do', async () => {
  const { support } = await desk();
  const gone = { channel: support.id, ts: '1.000001' };
  expect(await does({ do: 'say', channel: support.id, text: 'hi' }, 'nobody')).toBe('400 playground.unknown_agent');
  expect(await does({ do: 'say', channel: 'C0NOWHERE', text: 'hi' })).toBe('400 playground.gone');
  expect(await does({ do: 'touch', ...gone, block: 'b', action: 'desk.claim' })).toBe('400 playground.gone');
  expect(await does({ do: 'touch_own', on: 'home', block: 'b', action: 'a' })).toBe('400 playground.gone');
  expect(await does({ do: 'submit', filled: {} })).toBe('400 playground.gone');
  expect(await does({ do: 'break', fault: 'flu' }, '')).toBe('400 playground.unknown_fault');
  expect(await does({ do: 'say', channel: support.id, text: '' })).toBe('400 playground.unknown_act');
});

test('nothing can be done there while Slack is down, until its ten minutes have passed', async () => {
  const { support } = await desk();
  await does({ do: 'break', fault: 'rest' }, '');
  expect((await desk()).view.restsUntil).toBeGreaterThan(playground.clock.now());
  expect(await does({ do: 'say', channel: support.id, text: 'hi' })).toBe('400 playground.desk_down');
  await playground.fetch(
    new Request(`${HERE}/playground/acts`, {
      method: 'POST',
      headers: { origin: HERE, 'content-type': 'application/json' },
      body: JSON.stringify({ do: 'pass', hours: 0.2 }),
    }),
  );
  expect((await desk()).view.restsUntil).toBeUndefined();
  expect(await does({ do: 'say', channel: support.id, text: 'hi' })).toBe('204');
});

test('what is shared there is never run by the page that shows it', async () => {
  const { support } = await desk();
  await does({ do: 'say', channel: support.id, text: 'root' });
  const thread = (await desk()).support.messages[0]?.ts ?? '';
  const data = Buffer.from('<script>alert(1)</script>').toString('base64');
  await does({ do: 'share', channel: support.id, thread, text: '', name: 'a.html', type: 'text/html', data });
  const [file] = (await desk()).support.messages.at(-1)?.files ?? [];
  const answer = await playground.fetch(new Request(`${HERE}/playground/media/${file?.id}`));
  expect(answer.headers.get('content-type')).toBe('application/octet-stream');
  expect(answer.headers.get('content-security-policy')).toContain('sandbox');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
});
