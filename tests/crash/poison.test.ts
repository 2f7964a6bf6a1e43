import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openSqlite } from '../../src/store/sqlite.ts';

const INNOCENTS = Array.from({ length: 20 }, (_, n) => `innocent-${n}`);
/** What the first, unsuspecting lives cost, and the five tries that count. */
const LIVES = 8;
/** Milliseconds without a word after which a supervisor ends the process. */
const PATIENCE = 3_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-poison-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('an event whose turn ends the process', () => {
  test.each(['die', 'spin'])(
    'is set aside, and its neighbours live: %s',
    async (poison) => {
      const file = join(folder, 'parley.db');
      // A platform delivers again whatever was not acknowledged; the poison is in front.
      const pending = new Set([poison, ...INNOCENTS]);
      let lives = 1;
      while ((await live(file, pending)) === 'killed') {
        lives += 1;
        expect(lives).toBeLessThanOrEqual(LIVES);
      }
      const store = openSqlite(file);
      expect(await store.quarantined(99)).toMatchObject([{ code: 'turn.killed', event: { text: poison } }]);
      for (const address of INNOCENTS) {
        const { id, version } = (await store.load('web', address))!;
        expect(version).toBe(1);
        expect((await store.transcript(id, 1, 9)).map(({ message }) => message.text)).toEqual([`1: ${address}`]);
      }
      await store.close();
    },
    120_000,
  );
});

/** One life of the deployment: until it is killed, or has acknowledged everything and ends when it is asked to. */
async function live(file: string, pending: Set<string>): Promise<'killed' | 'ended'> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'victim.ts'), file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit') as Promise<[number | null]>;
  child.stdin.on('error', () => undefined); // written to while it was dying
  const supervisor = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  for await (const line of createInterface({ input: child.stdout })) {
    supervisor.refresh();
    const { ack } = JSON.parse(line) as { ack?: string };
    if (ack === undefined)
      for (const text of pending) child.stdin.write(`${JSON.stringify({ address: text, text })}\n`);
    else pending.delete(ack);
    if (pending.size === 0) child.stdin.end();
  }
  const [code] = await exit;
  clearTimeout(supervisor);
  return code === 0 ? 'ended' : 'killed';
}
