import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { openDoors } from '../../src/bot/doors.ts';
import { openBot, type RunningBot } from '../../src/bot/open-bot.ts';
import type { Log } from '../../src/log.ts';
import type { Opened } from '../../src/playground/platform.ts';
import { telegram } from '../../src/playground/platforms/telegram.ts';
import { wechat } from '../../src/playground/platforms/wechat.ts';
import { createFileStore } from '../../src/server/file-store.ts';
import type { Listening } from '../../src/server/listen.ts';
import { ModelServer } from '../support/model-server.ts';

const server = new ModelServer();
let base = '';
const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const OGG = Buffer.concat([Buffer.from('OggS'), Buffer.alloc(60, 1)]);
const AMR = Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(60, 1)]);
const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(200, 7)]);
const SEEN = { shows: 'A torn label.', words: 'where is my parcel' };

let directory = '';
let opened: Opened | undefined;
let bot: RunningBot;
let doors: Listening;

beforeAll(async () => {
  base = await server.listen();
  await import('openai');
});
afterEach(async () => {
  await doors.close(500);
  await bot.stop(500);
  await opened?.simulator.close();
  opened = undefined;
  rmSync(directory, { recursive: true, force: true });
});
afterAll(() => server.close());

const SENSES = 'tasks: {understanding: false, answer: false, llm: false, vision: see, speech: hear}';

async function open(platform: 'web' | typeof telegram | typeof wechat, tasks = SENSES): Promise<void> {
  server.asked.length = 0;
  directory = mkdtempSync(join(tmpdir(), 'parley-perceiving-'));
  mkdirSync(join(directory, 'flows'));
  const port = await freePort();
  if (platform !== 'web') {
    const webhook = `http://127.0.0.1:${port}/channels/app`;
    opened = await platform.open({ webhook, now: Date.now, ids: 1, secret: () => 'q'.repeat(43) });
  }
  const account = JSON.stringify(opened?.account ?? { kind: 'web' });
  writeFileSync(
    join(directory, 'parley.yaml'),
    `name: Shop\nlocales: [en, zh]\nnotice: false\nchannels: {app: ${account}}\nmodels: {base: "\${MODEL_BASE}", model: m, try: 1s, retries: 0, cache: 0, ${tasks}}\n`,
  );
  writeFileSync(
    join(directory, 'flows/parcels.yaml'),
    `flow: parcels
description: Finds a parcel
triggers: {examples: {en: [where is my parcel], zh: [我的包裹在哪]}}
slots: {number: string}
steps:
  - collect: number
    ask: {en: Which number is it?, zh: 单号是多少？}
  - end: resolved
`,
  );
  bot = await openBot({ directory, environment: { MODEL_BASE: base, ...opened?.environment }, log: silent });
  await bot.engine.start();
  doors = await openDoors(bot, { port, host: '127.0.0.1', secret: undefined, log: silent });
  await opened?.connect?.();
}

/** A port that nobody listens at: the platform must know it before the bot does. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

const ANN = { name: 'Ann', locale: 'en', number: '+4915112345678' };

/** All that the bot has said in the conversation, once it has said this. */
async function heard(address: string, words: RegExp): Promise<string> {
  let said = '';
  for (const end = performance.now() + 10_000; performance.now() < end; await pause(10)) {
    const conversation = await bot.engine.find('app', address);
    const entries = conversation === undefined ? [] : await bot.engine.transcript(conversation, 0, 50);
    said = entries.flatMap(({ from, message }) => (from === 'bot' ? [message.text] : [])).join('\n');
    if (words.test(said)) return said;
  }
  throw new Error(`Never heard ${words}: ${said}`);
}

async function originals(address: string): Promise<readonly string[]> {
  const conversation = (await bot.engine.find('app', address)) ?? '';
  const entries = await bot.engine.transcript(conversation, 0, 50);
  return entries.flatMap(({ attachments = [] }) => attachments.map(({ type }) => type));
}

describe.each([
  ['Telegram', telegram, OGG, 'audio/ogg'],
  ['WeChat', wechat, AMR, 'audio/amr'],
] as const)('on %s', (_, platform, voice, type) => {
  test('a voice note is fetched, listened to and heard, and its original stays', async () => {
    await open(platform);
    server.script = ['where is my parcel'];
    const phone = opened!.simulator.phone(ANN);
    await phone.attach?.({ name: 'voice.ogg', type: 'audio/ogg', bytes: voice });
    expect(await heard(phone.address, /Which number|单号/)).toMatch(/(I heard: |我听到的是：)“where is my parcel”/);
    expect(server.asked.map(({ path }) => path)).toEqual(['/audio/transcriptions']);
    expect(server.asked[0]?.body.file).toMatchObject({ size: voice.byteLength });
    expect(await originals(phone.address)).toEqual([type]);
  });

  test('a picture is fetched, looked at and heard', async () => {
    await open(platform);
    server.script = [SEEN];
    const phone = opened!.simulator.phone(ANN);
    await phone.attach?.({ name: 'photo.jpg', type: 'image/jpeg', bytes: JPEG });
    expect(await heard(phone.address, /Which number|单号/)).toMatch(
      /(I see: |我在图片中看到：)A torn label\.\nwhere is/,
    );
    expect(server.lastWords).toContain(`data:image/jpeg;base64,${JPEG.toString('base64').slice(0, 40)}`);
    // The platform's own address of it, which holds the account's key, went nowhere.
    expect(JSON.stringify(server.asked)).not.toMatch(/q{20}|https?:\/\/127/);
  });

  test('without a model she is told what to send instead', async () => {
    await open(platform, 'tasks: {}');
    const phone = opened!.simulator.phone(ANN);
    await phone.attach?.({ name: 'voice.ogg', type: 'audio/ogg', bytes: voice });
    await heard(phone.address, /I cannot make out voice notes here|听不了语音/);
    expect(server.asked).toEqual([]);
  });
});

describe('on web chat', () => {
  async function send(address: string): Promise<void> {
    const files = createFileStore(join(bot.deployment.data, 'files'));
    const attachment = await files.keep(`app\n${address}`, { name: 'photo.jpg', type: 'image/jpeg', bytes: JPEG });
    const event = { kind: 'message', text: '', attachments: [attachment] } as const;
    await bot.engine.accept({ account: 'app', address, key: `p-${address}`, event });
  }

  test('a picture is looked at and heard', async () => {
    await open('web');
    server.script = [SEEN];
    await send('ann');
    expect(await heard('ann', /Which number/)).toContain('A torn label.');
  });

  test.each(['stall', 'cut', 'server_error', 'empty', 'wrong_schema', 'huge', 'refusal'] as const)(
    'she is told what to send instead when the model does this: %s',
    async (fault) => {
      await open('web');
      server.script = [{ fault }];
      await send('ann');
      expect(await heard('ann', /./)).toMatch(/^I cannot make out pictures here/);
    },
  );

  test('a bot that is restarted while it looks, looks again, and says what comes of it once', async () => {
    await open('web');
    server.script = [{ fault: 'stall' }];
    await send('ann');
    while (server.asked.length === 0) await pause(5);
    await doors.close(0);
    await bot.stop(0);
    server.script = [SEEN];
    bot = await openBot({ directory, environment: { MODEL_BASE: base }, log: silent });
    await bot.engine.start();
    doors = await openDoors(bot, { port: 0, host: '127.0.0.1', secret: undefined, log: silent });
    const said = await heard('ann', /Which number/);
    expect(said.match(/In your picture/g)).toHaveLength(1);
  });
});
