import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ModelServer } from '../../support/model-server.ts';
import { opinionBot, proposing } from '../../support/opinion-bot.ts';

const server = new ModelServer();
const directory = opinionBot({ timeout: '4s' });
const VICTIM = join(import.meta.dirname, '..', '..', 'models', 'victim.ts');
let base = '';
const living: ChildProcess[] = [];

beforeAll(async () => {
  base = await server.listen();
});
afterAll(async () => {
  for (const child of living) child.kill('SIGKILL');
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Lives until `isDone` of what has been said, or of the server; then it is killed where it stands. */
async function live(words: readonly string[], isDone: (lines: readonly string[]) => boolean) {
  const child = spawn(process.execPath, [VICTIM, directory, ...words], {
    env: { ...process.env, MODEL_BASE: base, MODEL_KEY: 'k', NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  living.push(child);
  let lines: readonly string[] = [];
  child.stdout.on('data', (data: Buffer) => {
    const whole = data
      .toString()
      .split('\n')
      .findLast((line) => line.endsWith(']'));
    if (whole !== undefined) lines = JSON.parse(whole) as string[];
  });
  const gone = new Promise((done) => child.on('exit', done));
  for (const end = performance.now() + 20_000; !isDone(lines) && performance.now() < end; ) await pause(20);
  child.kill('SIGKILL');
  await gone;
  return lines.filter((line) => line.startsWith('bot'));
}

test('a bot that is killed while its model thinks acts upon her words once, in the order in which she wrote them', async () => {
  server.script = [{ fault: 'stall' }];
  const isThinking = (lines: readonly string[]) => server.asked.length > 0 && lines.some((line) => /washer/.test(line));
  await live(['hmm, that thing with the water again', 'the washer'], isThinking);
  server.script = [proposing({ do: 'start', flow: 'repair_visit' })];
  const after = await live([], (lines) => lines.some((line) => line.includes('What is wrong')));
  expect(after).toEqual(['bot: Which machine?', expect.stringContaining('What is wrong with it?')]);
  const later = await live([], (lines) => lines.length > 0);
  expect(later).toEqual(after);
}, 60_000);
