import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { openDoors } from '../../src/bot/doors.ts';
import { openBot, type RunningBot } from '../../src/bot/open-bot.ts';
import type { Log } from '../../src/log.ts';
import type { Attachment } from '../../src/message.ts';
import type { Listening } from '../../src/server/listen.ts';
import { ModelServer } from '../support/model-server.ts';

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const WEBM = Buffer.concat([
  Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0x87, 0x42, 0x82, 0x84]),
  Buffer.from('webm\x86\x86A_OPUS', 'latin1'),
  Buffer.alloc(60, 0xa5),
]);
const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(200, 7)]);
const SENSES = '{understanding: false, answer: false, llm: false, vision: see, speech: hear}';

const server = new ModelServer();
let base = '';
let directory: string;
let bot: RunningBot;
let doors: Listening;
let token = '';

beforeAll(async () => {
  base = await server.listen();
  await import('openai');
});
afterEach(async () => {
  await doors.close(500);
  await bot.stop(500);
  rmSync(directory, { recursive: true, force: true });
});
afterAll(() => server.close());

async function open(tasks: string): Promise<void> {
  server.asked.length = 0;
  directory = mkdtempSync(join(tmpdir(), 'parley-web-voice-'));
  mkdirSync(join(directory, 'flows'));
  writeFileSync(
    join(directory, 'parley.yaml'),
    `name: Shop
locales: [en, zh]
notice: false
channels: {web: {kind: web, files: {megabytes: 1, megabytes_per_conversation: 2}}}
models: {base: "\${MODEL_BASE}", model: m, try: 1s, retries: 0, cache: 0, tasks: ${tasks}}
`,
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
  bot = await openBot({ directory, environment: { MODEL_BASE: base }, log: silent });
  await bot.engine.start();
  doors = await openDoors(bot, { port: 0, host: '127.0.0.1', secret: undefined, log: silent });
}

/** A visitor's browser, speaking this language. */
async function visit(locale: string): Promise<void> {
  token = '';
  const answer = await post('/chat/session', JSON.stringify({ locale }), { 'content-type': 'application/json' });
  ({ token } = (await answer.json()) as { token: string });
}

function post(path: string, body: string | Uint8Array, headers: Record<string, string>): Promise<Response> {
  const bearer = token === '' ? {} : { authorization: `Bearer ${token}` };
  return fetch(doors.url + path, {
    method: 'POST',
    headers: { ...headers, ...bearer },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
}

function upload(bytes: Uint8Array, name: string): Promise<Response> {
  return post('/chat/files', bytes, { 'content-type': 'audio/webm;codecs=opus', 'x-file-name': name });
}

async function send(message: object): Promise<number> {
  const { status } = await post('/chat/messages', JSON.stringify(message), { 'content-type': 'application/json' });
  return status;
}

async function sendFile(bytes: Uint8Array, name: string): Promise<Attachment> {
  const uploaded = await upload(bytes, name);
  expect(uploaded.status).toBe(201);
  const file = (await uploaded.json()) as Attachment;
  expect(await send({ id: 'm1', files: [file.id] })).toBe(202);
  return file;
}

/** The conversation as the visitor sees it, once the bot has said this. */
async function seen(words: RegExp): Promise<readonly Line[]> {
  let messages: readonly Line[] = [];
  for (const end = performance.now() + 10_000; performance.now() < end; await pause(10)) {
    const answer = await fetch(`${doors.url}/chat/messages?after=0`, { headers: { authorization: `Bearer ${token}` } });
    ({ messages } = (await answer.json()) as { messages: readonly Line[] });
    if (messages.some(({ from, text }) => from === 'bot' && words.test(text))) return messages;
  }
  throw new Error(`Never heard ${words}: ${JSON.stringify(messages)}`);
}

interface Line {
  readonly from: string;
  readonly text: string;
  readonly attachments?: readonly Attachment[];
}

const told = (lines: readonly Line[]) => lines.filter(({ from }) => from === 'bot').map(({ text }) => text);

describe('a visitor of web chat', () => {
  test.each([
    ['en', 'where is my parcel', 'I heard: “where is my parcel”', 'Which number is it?'],
    ['zh', '我的包裹在哪', '我听到的是：“我的包裹在哪”', '单号是多少？'],
  ])('speaks a voice note, and it is heard as her words (%s)', async (locale, words, heard, asked) => {
    await open(SENSES);
    await visit(locale);
    server.script = [words];
    const file = await sendFile(WEBM, 'voice.webm');
    const lines = await seen(/Which number|单号/);
    expect(told(lines)).toEqual([heard, asked]);
    expect(lines.flatMap(({ attachments = [] }) => attachments)).toEqual([file]);
    expect(server.asked.map(({ path, body }) => [path, body.file])).toEqual([
      ['/audio/transcriptions', { name: 'voice.webm', type: 'audio/webm', size: WEBM.byteLength }],
    ]);
  });

  test('sends a picture, and it is looked at and heard', async () => {
    await open(SENSES);
    await visit('en');
    server.script = [{ shows: 'A torn label.', words: 'where is my parcel' }];
    await sendFile(JPEG, 'label.jpg');
    expect(told(await seen(/Which number/))[0]).toContain('A torn label.');
  });

  test.each([
    ['en', /voice notes/],
    ['zh', /语音/],
  ])('is told what to send instead where no model listens (%s)', async (locale, words) => {
    await open('{}');
    await visit(locale);
    await sendFile(WEBM, 'voice.webm');
    const lines = await seen(words);
    // The original stays for an agent.
    expect(lines.flatMap(({ attachments = [] }) => attachments)).toHaveLength(1);
    expect(server.asked).toEqual([]);
  });

  test('is refused a film, a cut-off recording, one that is too large and one too many, and goes on in words', async () => {
    await open(SENSES);
    await visit('en');
    const film = Buffer.concat([WEBM, Buffer.from('\x86\x85V_VP9', 'latin1')]);
    const long = (fill: number) => Buffer.concat([WEBM, Buffer.alloc(1024 * 1024 - 200, fill)]);
    expect(await refusal(upload(film, 'voice.webm'))).toEqual([415, 'chat.file_type']);
    expect(await refusal(upload(WEBM.subarray(0, 10), 'voice.webm'))).toEqual([415, 'chat.file_type']);
    expect(await refusal(upload(Buffer.concat([long(1), long(1)]), 'voice.webm'))).toEqual([413, 'chat.too_large']);
    expect((await upload(long(2), 'a.webm')).status).toBe(201);
    const second = (await (await upload(long(3).subarray(0, 900_000), 'b.webm')).json()) as Attachment;
    expect(await refusal(upload(long(4), 'c.webm'))).toEqual([413, 'chat.files_full']);
    expect(await send({ id: 'w1', text: 'where is my parcel' })).toBe(202);
    expect(told(await seen(/Which number/))).toEqual(['Which number is it?']);
    expect(server.asked).toEqual([]);
    // What was taken before is still there.
    expect((await fetch(doors.url + second.url)).headers.get('content-type')).toBe('audio/webm');
  });
});

async function refusal(answer: Promise<Response>): Promise<[number, string]> {
  const response = await answer;
  return [response.status, ((await response.json()) as { code: string }).code];
}
