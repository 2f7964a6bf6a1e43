import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Bot, createBot, defineAction, defineChannel } from '../../src/index.ts';

const FLOW = `
flow: lunch
description: What is for lunch
triggers: {examples: {en: [what is for lunch]}}
slots: {day: "enum(monday,tuesday)"}
steps:
  - collect: day
    ask: Which day?
  - action: kitchen.menu
    with: {day: =day}
    as: menu
  - say: "We cook {menu.dish}."
  - end: resolved
`;

const menu = defineAction({
  name: 'kitchen.menu',
  effect: 'read',
  in: { day: { kind: 'string' } },
  out: { kind: 'object', name: 'Menu', fields: { dish: { kind: 'string' } } },
  run: async ({ day }) => ({ dish: day === 'monday' ? 'soup' : 'rice' }),
});

let directory: string;
let bot: Bot | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'parley-bot-'));
  mkdirSync(join(directory, 'flows', 'lunch'), { recursive: true });
  writeFileSync(join(directory, 'flows', 'lunch', 'flow.yaml'), FLOW);
});

afterEach(async () => {
  await bot?.stop(1_000);
  bot = undefined;
  rmSync(directory, { recursive: true, force: true });
});

function settings(channels: string): void {
  writeFileSync(join(directory, 'parley.yaml'), `name: Canteen\nlocales: [en]\ntimezone: UTC\nchannels: ${channels}\n`);
}

describe('a bot made in code', () => {
  test('holds a conversation over its own channel and its own action', async () => {
    const sent: string[] = [];
    const pager = defineChannel<{ prefix: string }>({
      kind: 'pager',
      settings: () => ({ prefix: '> ' }),
      can: {
        text: { limit: 500, unit: 'characters' },
        markup: 'none',
        links: false,
        cards: false,
        carousel: false,
        images: false,
        files: false,
        typing: false,
        edit: false,
        idempotent: true,
      },
      plan: (messages) => messages.map(({ text }) => ({ text })),
      send: async (part, { settings: { prefix } }) => {
        sent.push(`${prefix}${String(part.text)}`);
        return {};
      },
    });
    settings('{pager: {kind: pager}}');
    bot = await createBot({ directory, environment: {}, actions: [menu], channels: [pager] });
    const say = (key: string, text: string) =>
      bot?.accept({ account: 'pager', address: 'anna', key, event: { kind: 'message', text } });

    const first = await say('1', 'what is for lunch');
    const again = await say('1', 'what is for lunch');
    await say('2', 'Monday');
    const until = Date.now() + 5_000;
    while (!sent.some((text) => text.includes('soup')) && Date.now() < until)
      await new Promise((done) => setTimeout(done, 10));

    expect(again).toEqual({ ...first, duplicate: true });
    expect(sent.filter((text) => text === '> Which day?')).toHaveLength(1);
    expect(sent).toContain('> We cook soup.');
    const lines = await bot.transcript(first?.conversation ?? '');
    expect(lines.filter(({ from }) => from === 'customer').map(({ message }) => message.text)).toEqual([
      'what is for lunch',
      'Monday',
    ]);
  });

  test('opens its web chat, and answers there', async () => {
    settings('{web: {kind: web}}');
    bot = await createBot({ directory, environment: {}, actions: [menu] });
    const url = await bot.listen();
    const session = await fetch(`${url}/chat/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"locale":"en"}',
    });
    expect(session.status).toBe(201);
  });

  test('begins a flow by an event of the business, in the conversation that it is for', async () => {
    settings('{web: {kind: web}}');
    mkdirSync(join(directory, 'flows', 'late'), { recursive: true });
    writeFileSync(
      join(directory, 'flows', 'late', 'flow.yaml'),
      'flow: late\ncallable_only: true\ntriggers: {events: [meal.late]}\ninputs: {meal: string}\nsteps:\n  - say: "{meal} is late."\n',
    );
    const environment = { PARLEY_EVENTS_SECRET: 'secret' };
    bot = await createBot({ directory, environment, actions: [menu] });
    const url = await bot.listen();
    const places = ['anna', 'bob'].map((address) => ({ account: 'web', address }));
    const [anna, bob] = await Promise.all(
      places.map((place) => bot?.accept({ ...place, key: '1', event: { kind: 'message', text: 'hello' } })),
    );
    const tell = async (to: { account: string; address: string } | undefined, id = 'e1') => {
      const body = JSON.stringify({ id, data: { meal: 'Soup' }, to });
      const timestamp = String(Math.floor(Date.now() / 1000));
      const signature = createHmac('sha256', 'secret').update(`${timestamp}.${body}`).digest('hex');
      const headers = { 'x-parley-timestamp': timestamp, 'x-parley-signature': `sha256=${signature}` };
      return (await fetch(`${url}/events/meal.late`, { method: 'POST', body, headers })).json();
    };
    expect(await tell(places[0])).toEqual({ woken: 1 });
    expect(await tell(places[0])).toEqual({ woken: 1 });
    expect(await tell({ account: 'web', address: 'nobody' })).toEqual({ woken: 0 });
    expect(await tell(undefined, 'e2')).toEqual({ woken: 0 });
    const heard = async (at: typeof anna) =>
      (await bot?.transcript(at?.conversation ?? ''))?.filter(({ message }) => message.text === 'Soup is late.').length;
    expect([await heard(anna), await heard(bob)]).toEqual([1, 0]);
  });

  test('refuses a folder with errors, and tells each with its place', async () => {
    settings('{web: {kind: web}}');
    await expect(createBot({ directory, environment: {} })).rejects.toMatchObject({
      code: 'deployment.errors',
      problems: [{ file: 'flows/lunch/flow.yaml', line: 9, code: 'action.unknown' }],
    });
  });
});
