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

  test('refuses a folder with errors, and tells each with its place', async () => {
    settings('{web: {kind: web}}');
    await expect(createBot({ directory, environment: {} })).rejects.toMatchObject({
      code: 'deployment.errors',
      problems: [{ file: 'flows/lunch/flow.yaml', line: 9, code: 'action.unknown' }],
    });
  });
});
