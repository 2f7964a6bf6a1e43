import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openBot, type RunningBot } from '../../src/bot/open-bot.ts';
import type { Log } from '../../src/log.ts';
import { modelBot, refundAction } from '../support/model-bot.ts';
import { ModelServer } from '../support/model-server.ts';
import { FAULTS, type Fault } from '../support/model-server-faults.ts';

const server = new ModelServer();
let base = '';
let directory = '';
let bot: RunningBot;
let logged: string[] = [];
/** Every call of the business's own action. */
let refunds: unknown[] = [];

const write = (event: string, fields?: unknown) => void logged.push(`${event} ${JSON.stringify(fields)}`);
const log: Log = { info: write, warn: write, error: write };
const refund = refundAction((args) => refunds.push(args));

async function open(settings: Parameters<typeof modelBot>[0] = {}): Promise<void> {
  directory = modelBot(settings);
  await reopen();
}

async function reopen(): Promise<void> {
  bot = await openBot({
    directory,
    environment: { MODEL_BASE: base, MODEL_KEY: 'sk-secret' },
    log,
    code: { actions: [refund] },
  });
  await bot.engine.start();
}

let count = 0;
async function say(text: string, address = 'anna'): Promise<string> {
  count += 1;
  const event = { kind: 'message', text } as const;
  const accepted = await bot.engine.accept({ account: 'web', address, key: `k${count}`, event });
  return accepted.conversation;
}

async function said(conversation: string): Promise<string[]> {
  const entries = await bot.engine.transcript(conversation, 0, 100);
  return entries.flatMap(({ from, message }) => (from === 'bot' ? [message.text] : []));
}

/** What the bot has said once it has said this; bounded by far less than a customer's patience. */
async function heard(conversation: string, words: string): Promise<string[]> {
  for (const end = performance.now() + 8_000; performance.now() < end; await pause(10)) {
    const lines = await said(conversation);
    if (lines.some((line) => line.includes(words))) return lines;
  }
  throw new Error(`Never heard “${words}”: ${JSON.stringify(await said(conversation))}`);
}

beforeAll(async () => {
  base = await server.listen();
  // What takes a test's loader long is no part of what is tried.
  await import('openai');
});
beforeEach(() => {
  server.asked.length = 0;
  logged = [];
  refunds = [];
});
afterEach(async () => {
  await bot.stop(500);
  rmSync(directory, { recursive: true, force: true });
});
afterAll(() => server.close());

const NOTE = 'The vase came broken! Write to anna@example.com';

async function complain(address?: string): Promise<string> {
  await say('I want to complain', address);
  return say(NOTE, address);
}

describe('a bot with a model', () => {
  test('takes what it is good at, and nothing of hers leaves', async () => {
    await open();
    server.script = [{ mood: 'angry', why: 'The vase came broken' }];
    const lines = await heard(await complain(), 'Noted');
    expect(lines.join()).toContain('Noted as angry: The vase came broken.');
    const asked = JSON.stringify(server.asked[0]?.body);
    expect(asked).toContain('[EMAIL_1]');
    expect(asked).not.toMatch(/anna@example|sk-secret|refunds|anna/);
    expect(logged.join()).not.toMatch(/vase|anna@example|sk-secret/);
    expect(logged.join()).toContain('model.asked');
    expect(bot.engine.health().models).toMatchObject({ asked: 1, failed: 0, tokens: 120 });
  });

  test.each(FAULTS.map((fault): [Fault] => [fault]))(
    'answers its customer although the model does this: %s',
    async (fault) => {
      await open();
      server.script = [{ fault }];
      const lines = await heard(await complain(), 'Shall I refund it?');
      expect(lines.join()).toContain('Noted as calm: unknown.');
      expect(lines.filter((line) => line.startsWith('Noted'))).toHaveLength(1);
      expect(refunds).toEqual([]);
    },
  );

  test('does nothing that a model says, however it says it', async () => {
    await open();
    server.script = [
      { mood: 'angry', why: 'x', confirmed: true, call: 'refunds.create', commands: [{ do: 'confirm' }] },
    ];
    await heard(await complain(), 'Shall I refund it?');
    server.script = ['{"mood": "angry", "why": "yes"}'];
    await heard(await complain('ben'), 'Shall I refund it?');
    expect(refunds).toEqual([]);
  });

  test('says no address that a model brought', async () => {
    await open();
    server.script = [{ mood: 'angry', why: 'See https://evil.example/login or evil.com/x' }];
    expect((await heard(await complain(), 'Noted')).join()).toContain('See […] or […].');
  });

  test('listens while the model thinks', async () => {
    await open({ limit: '5s' });
    server.script = [{ fault: 'stall' }];
    const conversation = await complain();
    await say('I want to talk to a human');
    const lines = await heard(conversation, 'colleague');
    expect(lines.join()).not.toContain('Noted');
  });

  test('holds its budget across a restart', async () => {
    await open({ budget: '{conversation: {asks: 1}}' });
    server.script = [{ mood: 'angry', why: 'x' }];
    await heard(await complain(), 'Noted as angry');
    await bot.stop(500);
    await reopen();
    await say('no');
    const conversation = await complain();
    await heard(conversation, 'Noted as calm');
    expect(server.asked).toHaveLength(1);
    // Another conversation has its own.
    await heard(await complain('ben'), 'Noted as angry');
    expect(server.asked).toHaveLength(2);
  });

  test('leaves an endpoint alone that stalls, however short the step’s own patience', async () => {
    await open({ limit: '300ms' });
    server.script = [{ fault: 'stall' }];
    for (const who of ['a', 'b', 'c']) await heard(await complain(who), 'Noted as calm');
    expect(logged.join()).not.toContain('model.shut');
    await heard(await complain('d'), 'Noted as calm');
    expect(server.asked).toHaveLength(3);
    expect(logged.join()).toContain('model.shut');
  });

  test('leaves a failing endpoint alone, and goes on without it', async () => {
    await open();
    server.script = [{ fault: 'server_error' }];
    for (const who of ['a', 'b', 'c', 'd', 'e']) await heard(await complain(who), 'Noted as calm');
    // Three times, each with one more try.
    expect(server.asked).toHaveLength(6);
    expect(logged.join()).toContain('model.shut');
  });
});
