import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createFileStore } from '../../src/server/file-store.ts';
import { Lives } from '../support/lives.ts';
import { ModelServer } from '../support/model-server.ts';

const FLOW = `flow: parcels
description: Finds a parcel
triggers: {examples: {en: [where is my parcel]}}
slots: {number: string}
steps:
  - collect: number
    ask: Which number is it?
  - end: resolved
`;
const RETURNS = '# Returns\n## How long do I have to return something?\nYou can return any item within 30 days.\n';

let server: ModelServer;
let directory: string;
let lives: Lives;

beforeEach(async () => {
  server = new ModelServer();
  const base = await server.listen();
  directory = mkdtempSync(join(tmpdir(), 'parley-reads-killed-'));
  for (const folder of ['flows', 'help']) mkdirSync(join(directory, folder));
  writeFileSync(join(directory, 'flows/parcels.yaml'), FLOW);
  writeFileSync(join(directory, 'help/returns.md'), RETURNS);
  for (const other of ['lamps', 'birthdays', 'opening hours', 'dogs in the shop'])
    writeFileSync(
      join(directory, `help/${other}.md`),
      `# On ${other}\nThis page tells of ${other} and nothing else.\n`,
    );
  writeFileSync(
    join(directory, 'parley.yaml'),
    `name: Shop
locales: [en]
notice: false
channels: {web: {kind: web}}
knowledge: {help: {folder: help}}
models: {base: "\${MODEL_BASE}", model: m, try: 3s, retries: 0, cache: 0, tasks: {understanding: false, llm: false, speech: hear}}
`,
  );
  lives = new Lives(directory, base);
});
afterEach(async () => {
  lives.end();
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

const wasAsked = () => server.asked.length > 0;
const hasSpoken = (said: readonly string[]) => said.length > 0;

test('a bot that is killed while its model writes an answer asks again, and says one answer that stands in its documents', async () => {
  server.script = [{ fault: 'stall' }];
  expect(await lives.next(['How long do I have to return something?'], wasAsked)).toEqual([]);
  server.script = [
    { answered: true, sentences: [{ text: 'Any item can be returned within 30 days.', passages: ['p1'] }] },
  ];
  const answer = ['bot: Any item can be returned within 30 days.\n\nWritten by AI from: Returns'];
  expect(await lives.next([], hasSpoken)).toEqual(answer);
  const asked = server.asked.length;
  expect(await lives.next([], hasSpoken)).toEqual(answer);
  // Reading twice harms nobody: on a slow machine a life may ask once more before it ends. What was said is never asked for again.
  expect(asked).toBeGreaterThanOrEqual(2);
  expect(server.asked.length).toBe(asked);
}, 60_000);

test('a bot that is killed while its model listens to a voice note listens again, and acts upon its words once', async () => {
  const files = createFileStore(join(directory, '.parley', 'files'));
  const bytes = Buffer.concat([Buffer.from('OggS'), Buffer.alloc(24), Buffer.from('OpusHead')]);
  const attachment = await files.keep('web\nanna', { name: 'voice.ogg', type: 'audio/ogg', bytes });
  const note = JSON.stringify({ kind: 'message', text: '', attachments: [attachment] });
  server.script = [{ fault: 'stall' }];
  expect(await lives.next([note], wasAsked)).toEqual([]);
  server.script = ['where is my parcel'];
  const heard = ['bot: I heard: “where is my parcel”', 'bot: Which number is it?'];
  const isHeard = (said: readonly string[]) => said.some((line) => line.includes('Which number'));
  expect(await lives.next([], isHeard)).toEqual(heard);
  // The same note again, as after a lost acknowledgement, is the one that has been heard.
  expect(await lives.next([note], isHeard)).toEqual(heard);
  expect(server.asked.map(({ path }) => path)).toEqual(['/audio/transcriptions', '/audio/transcriptions']);
}, 60_000);
