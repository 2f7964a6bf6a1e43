import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { modelBot } from '../support/model-bot.ts';
import { ModelServer } from '../support/model-server.ts';

const server = new ModelServer();
const directory = modelBot({ limit: '4s' });
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

/** Lives until `isDone` of what it has said, or of the server; then it is killed where it stands. */
async function live(
  words: readonly string[],
  isDone: (lines: readonly string[]) => boolean,
): Promise<readonly string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'victim.ts'), directory, ...words], {
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
  return lines;
}

test('a bot that is killed while its model thinks asks again, and says what comes of it once', async () => {
  server.script = [{ fault: 'stall' }];
  await live(['I want to complain', 'It came broken'], () => server.asked.length > 0);
  const before = server.asked.length;
  server.script = [{ mood: 'angry', why: 'broken' }];
  const lines = await live([], (all) => all.some((line) => line.includes('Shall I')));
  expect(lines.filter((line) => line.includes('Noted'))).toEqual([expect.stringMatching(/Noted as angry/)]);
  const again = await live([], (all) => all.length > 0);
  expect(again.filter((line) => line.includes('Noted'))).toHaveLength(1);
  expect(server.asked.length - before).toBeLessThanOrEqual(2);
}, 60_000);
