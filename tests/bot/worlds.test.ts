import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openBot, type RunningBot } from '../../src/bot/open-bot.ts';
import type { Log } from '../../src/log.ts';

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const FILES: Readonly<Record<string, string>> = {
  'parley.yaml': `name: Two shops
locales: [en, zh]
notice: false
channels: {tea: {kind: web}, lamps: {kind: web}}
knowledge:
  teas: {folder: teas, accounts: [tea]}
  lamps: {folder: lamps, accounts: [lamps]}
  both: {folder: both}
`,
  'flows/hello.yaml':
    'flow: hello\ntriggers: {examples: {en: [say hello], zh: [打招呼]}}\nsteps: [say: {en: Hello., zh: 您好。}]\n',
  'teas/en/warranty.md': '# Teas\n## How long is the warranty?\nTea keeps for two years.\n',
  'teas/zh/warranty.md': '# 茶\n## 保修期多长？\n茶叶保质两年。\n',
  'lamps/en/warranty.md': '# Lamps\n## How long is the warranty?\nLamps have a warranty of five years.\n',
  'lamps/zh/warranty.md': '# 灯\n## 保修期多长？\n灯具保修五年。\n',
  'both/en/hours.md': '# Hours\n## When are you open?\nWe are open from nine to six.\n',
};

let directory: string;
let bot: RunningBot;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'parley-worlds-'));
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  }
  bot = await openBot({ directory, environment: {}, log: silent });
  await bot.engine.start();
});
afterAll(async () => {
  await bot.stop(1_000);
  rmSync(directory, { recursive: true, force: true });
});

async function answer(account: string, locale: string, text: string): Promise<string> {
  const key = randomUUID();
  const { conversation } = await bot.engine.accept({
    ...{ account, address: key, key, locale },
    event: { kind: 'message', text },
  });
  const entries = await bot.engine.transcript(conversation, 0, 9);
  return entries.flatMap(({ from, message }) => (from === 'bot' ? [message.text] : [])).join('\n');
}

describe('the world of a bot', () => {
  test.each([
    ['tea', 'en', 'How long is the warranty?', 'two years', 'five years'],
    ['lamps', 'en', 'How long is the warranty?', 'five years', 'two years'],
    ['tea', 'zh', '保修期多长？', '茶叶保质两年', 'Tea'],
    ['lamps', 'zh', '保修期多长？', '灯具保修五年', 'Lamps'],
  ])('is that of the account and the language: %s, %s', async (account, locale, question, said, never) => {
    const told = await answer(account, locale, question);
    expect(told).toContain(said);
    expect(told).not.toContain(never);
  });

  test('holds what is for all accounts in each', async () => {
    for (const account of ['tea', 'lamps'])
      expect(await answer(account, 'en', 'When are you open?')).toContain('nine to six');
  });

  test('does not hold what is said in another language only', async () => {
    expect(await answer('tea', 'zh', '你们几点开门？')).not.toContain('nine to six');
  });
});
